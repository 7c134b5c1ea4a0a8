"""Dense search against the inner product in numpy."""

import threading
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dense import DenseIndex, Ids, Scored, ranked, scan
from index.embedder import Vectors

D = 16
Search = Callable[[Ids, Vectors, Vectors, int, Sequence[int] | None], Scored]


def by_index(
    ids: Ids, vectors: Vectors, vector: Vectors, k: int, allowed: Sequence[int] | None
) -> Scored:
    return DenseIndex.build(ids, vectors).search(vector, k, allowed)


def by_restored_index(
    ids: Ids, vectors: Vectors, vector: Vectors, k: int, allowed: Sequence[int] | None
) -> Scored:
    data = DenseIndex.build(ids, vectors).to_bytes()
    return DenseIndex.from_bytes(data).search(vector, k, allowed)


@pytest.fixture(params=[by_index, by_restored_index, scan])
def search(request: pytest.FixtureRequest) -> Search:
    found: Search = request.param
    return found


def unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def made(seed: int, n: int) -> tuple[Ids, Vectors, Vectors]:
    random = np.random.default_rng(seed)
    ids = np.sort(random.choice(10_000, n, replace=False)).astype(np.int64) + 1
    return ids, unit(random.normal(size=(n, D))), unit(random.normal(size=(1, D)))[0]


def expected(
    ids: Ids, vectors: Vectors, vector: Vectors, k: int, allowed: Sequence[int] | None
) -> Scored:
    scores = vectors.astype(np.float64) @ vector.astype(np.float64)
    found = [
        (int(id), float(score))
        for id, score in zip(ids, scores, strict=True)
        if allowed is None or id in allowed
    ]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]


def assert_same(found: Scored, wanted: Scored) -> None:
    assert len(found) == len(wanted)
    for (_, score), (_, cosine) in zip(found, wanted, strict=True):
        assert score == pytest.approx(cosine, abs=1e-6)


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.integers(1, 80), st.integers(1, 100), st.floats(0, 1))
@pytest.mark.parametrize("search", [by_index, by_restored_index, scan])
def test_ids_and_cosines_are_those_of_brute_force(
    search: Search, seed: int, n: int, k: int, share: float
) -> None:
    ids, vectors, vector = made(seed, n)
    for allowed in (None, [int(id) for id in ids[: round(share * n)]]):
        found = search(ids, vectors, vector, k, allowed)
        wanted = expected(ids, vectors, vector, k, allowed)
        assert_same(found, wanted)
        cosines = dict(expected(ids, vectors, vector, n, allowed))
        assert_same(found, [(id, cosines.pop(id)) for id, _ in found])


def test_equal_scores_come_by_rising_id(search: Search) -> None:
    _, vectors, vector = made(1, 1)
    ids = np.array([2, 3, 5, 8, 13], np.int64)
    found = search(ids, np.repeat(vectors, 5, axis=0), vector, 5, None)
    assert [id for id, _ in found] == [2, 3, 5, 8, 13]


def test_a_vector_finds_itself_with_cosine_one(search: Search) -> None:
    ids, vectors, _ = made(2, 30)
    id, score = search(ids, vectors, vectors[7], 1, None)[0]
    assert id == ids[7]
    assert score == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("k", [0, -1, -100])
def test_no_hits_wanted_gives_none(search: Search, k: int) -> None:
    ids, vectors, vector = made(3, 5)
    assert search(ids, vectors, vector, k, None) == []


def test_none_allowed_gives_none(search: Search) -> None:
    ids, vectors, vector = made(4, 5)
    assert search(ids, vectors, vector, 3, []) == []


def test_allowed_ids_that_do_not_exist_are_not_found(search: Search) -> None:
    ids, vectors, vector = made(5, 5)
    allowed = [20_000, int(ids[2]), 30_000]
    assert [id for id, _ in search(ids, vectors, vector, 3, allowed)] == [ids[2]]


def test_an_empty_index_finds_nothing(search: Search) -> None:
    ids, vectors = np.zeros(0, np.int64), np.zeros((0, D), np.float32)
    assert search(ids, vectors, np.ones(D, np.float32), 3, None) == []


def test_large_ids_stay_what_they_are(search: Search) -> None:
    _, vectors, vector = made(6, 2)
    ids = np.array([2**40, 2**53 + 1], np.int64)
    assert {id for id, _ in search(ids, vectors, vector, 2, None)} == {2**40, 2**53 + 1}


def test_ranked_is_best_first_and_loses_nothing() -> None:
    scored = [(3, 0.5), (1, 0.5), (2, 0.9), (4, -1.0)]
    assert ranked(scored) == [(2, 0.9), (1, 0.5), (3, 0.5), (4, -1.0)]


def test_many_threads_may_search_one_index() -> None:
    ids, vectors, _ = made(7, 500)
    index = DenseIndex.build(ids, vectors)
    alone = [index.search(vector, 5) for vector in vectors]
    together: dict[int, list[Scored]] = {}

    def search_all(number: int) -> None:
        together[number] = [index.search(vector, 5) for vector in vectors]

    threads = [threading.Thread(target=search_all, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(together) == 4
    for found in together.values():
        assert found == alone
    assert all(a[1] >= b[1] for scored in alone for a, b in pairwise(scored))
