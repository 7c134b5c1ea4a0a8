"""Dense search against the inner product in numpy."""

import threading
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import arrays, dense
from index.dense import PLAIN, SCANNED, DenseIndex, Mask, Scored
from index.embedder import Vectors

D = 16


def unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def made(seed: int, n: int) -> tuple[Vectors, Vectors]:
    random = np.random.default_rng(seed)
    return unit(random.normal(size=(n, D))), unit(random.normal(size=(1, D)))[0]


def clustered(n: int, d: int = D, seed: int = 0) -> tuple[Vectors, Vectors]:
    """As passages of articles are: near to others of their subject; and 50 questions."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(n // 100, d))
    rows = centres[random.integers(len(centres), size=n)] + random.normal(size=(n, d))
    asked = centres[random.integers(len(centres), size=50)] + random.normal(size=(50, d))
    return unit(rows), unit(asked)


def expected(vectors: Vectors, vector: Vectors, k: int, allowed: Mask | None = None) -> Scored:
    scores = vectors.astype(np.float64) @ vector.astype(np.float64)
    found = [
        (row, float(score)) for row, score in enumerate(scores) if allowed is None or allowed[row]
    ]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]


def search(
    index: DenseIndex, vector: Vectors, k: int, allowed: Mask | None = None, exactly: bool = False
) -> Scored:
    rows, scores = index.search(vector, k, allowed, exactly=exactly)
    return list(zip(rows.tolist(), scores.tolist(), strict=True))


def kept(index: DenseIndex, folder: Path) -> DenseIndex:
    """The same, out of a file."""
    file = folder / "some.index"
    found = arrays.read(file, arrays.write(file, index.said, index.arrays))
    assert found is not None
    restored = DenseIndex.restored(found)
    assert restored is not None
    return restored


def assert_same(found: Scored, wanted: Scored) -> None:
    assert len(found) == len(wanted)
    for (_, score), (_, cosine) in zip(found, wanted, strict=True):
        assert score == pytest.approx(cosine, abs=1e-6)


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.integers(1, 80), st.integers(1, 100), st.floats(0, 1))
def test_rows_and_cosines_are_those_of_brute_force(seed: int, n: int, k: int, share: float) -> None:
    vectors, vector = made(seed, n)
    index = DenseIndex.build(vectors)
    assert index.kind == "Flat"
    for allowed in (None, np.arange(n) < round(share * n)):
        found = search(index, vector, k, allowed)
        assert_same(found, expected(vectors, vector, k, allowed))
        cosines = dict(expected(vectors, vector, n, allowed))
        assert_same(found, [(row, cosines.pop(row)) for row, _ in found])


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Vectors, Vectors, DenseIndex]:
    vectors, asked = clustered(PLAIN + 2_000)
    return vectors, asked, kept(DenseIndex.build(vectors), tmp_path_factory.mktemp("scanned"))


@pytest.fixture(scope="module")
def divided(tmp_path_factory: pytest.TempPathFactory) -> tuple[Vectors, Vectors, DenseIndex]:
    vectors, asked = clustered(SCANNED + 1_000)
    return vectors, asked, kept(DenseIndex.build(vectors), tmp_path_factory.mktemp("divided"))


def recall(vectors: Vectors, asked: Vectors, index: DenseIndex, more: int = 0) -> float:
    shares = []
    for vector in asked:
        wanted = set(np.argpartition(-(vectors @ vector), 10)[:10].tolist())
        shares.append(len(wanted & set(index.search(vector, 10 + more)[0].tolist())) / 10)
    return sum(shares) / len(shares)


def test_half_precision_finds_what_brute_force_finds(
    scanned: tuple[Vectors, Vectors, DenseIndex],
) -> None:
    vectors, asked, index = scanned
    assert index.kind == "SQfp16"
    assert recall(vectors, asked, index, more=6) == 1
    for vector in asked[:5]:
        found = search(index, vector, 20)
        assert [score for _, score in found] == pytest.approx(
            [score for _, score in expected(vectors, vector, 20)], abs=2e-3
        )


def test_cells_find_nearly_all_that_brute_force_finds_and_say_so(
    divided: tuple[Vectors, Vectors, DenseIndex],
) -> None:
    vectors, asked, index = divided
    assert index.kind.startswith("IVF512,SQ8, recall@10 0.9")
    assert index.said["recall"] >= dense.RECALL
    assert index.said["probes"] < index.said["cells"]
    assert recall(vectors, asked, index, more=6) >= 0.98


@pytest.mark.parametrize("share", [0.001, 0.1, 0.9])
def test_of_some_rows_cells_find_all_that_brute_force_finds(
    divided: tuple[Vectors, Vectors, DenseIndex], share: float
) -> None:
    vectors, asked, index = divided
    allowed = np.random.default_rng(1).random(len(vectors)) < share
    for vector in asked[:5]:
        near = np.where(allowed, vectors @ vector, -1)
        wanted = set(np.argpartition(-near, 10)[:10].tolist())
        rows, _ = index.search(vector, 26, allowed, exactly=True)
        assert allowed[rows].all()
        assert wanted <= set(rows.tolist())


def test_scores_are_best_first_whatever_the_kind(
    scanned: tuple[Vectors, Vectors, DenseIndex], divided: tuple[Vectors, Vectors, DenseIndex]
) -> None:
    for _, asked, index in (scanned, divided):
        found = search(index, asked[0], 50)
        assert all(a[1] >= b[1] for a, b in pairwise(found))
        assert len({row for row, _ in found}) == 50


def test_equal_scores_come_by_rising_row() -> None:
    vectors, vector = made(1, 1)
    found = search(DenseIndex.build(np.repeat(vectors, 5, axis=0)), vector, 5)
    assert [row for row, _ in found] == [0, 1, 2, 3, 4]


def test_exact_scores_do_not_depend_on_what_stands_beside() -> None:
    vectors, vector = made(8, 99)
    together = dense.scores(vectors, vector)
    alone = [dense.scores(vectors[row : row + 1], vector)[0] for row in range(99)]
    assert together.tolist() == alone


@pytest.mark.parametrize("k", [0, -1, -100])
def test_no_rows_wanted_gives_none(k: int) -> None:
    vectors, vector = made(3, 5)
    assert search(DenseIndex.build(vectors), vector, k) == []


def test_none_allowed_gives_none(
    scanned: tuple[Vectors, Vectors, DenseIndex], divided: tuple[Vectors, Vectors, DenseIndex]
) -> None:
    vectors, vector = made(4, 5)
    for index in (DenseIndex.build(vectors), scanned[2], divided[2]):
        assert search(index, vector, 3, np.zeros(len(index), bool)) == []
        assert search(index, vector, 3, np.zeros(len(index), bool), exactly=True) == []


def test_an_empty_index_finds_nothing() -> None:
    index = DenseIndex.build(np.zeros((0, D), np.float32))
    assert search(index, np.ones(D, np.float32), 3) == []


def test_the_same_vectors_make_the_same_index() -> None:
    vectors, _ = clustered(PLAIN + 1)
    one, other = DenseIndex.build(vectors), DenseIndex.build(vectors)
    np.testing.assert_array_equal(*(arrays.whole(made.arrays["faiss"]) for made in (one, other)))


@pytest.mark.parametrize("count", [100, SCANNED + 100])
def test_rows_that_come_a_few_at_a_time_make_the_same_index(count: int) -> None:
    vectors, _ = clustered(count)
    cuts = [0, 1, 40, 40, count // 2, count]
    some = DenseIndex.made(count, lambda: (vectors[a:b] for a, b in pairwise(cuts)))
    at_once = DenseIndex.build(vectors)
    assert some.said == at_once.said
    assert np.array_equal(*(arrays.whole(one.arrays["faiss"]) for one in (some, at_once)))


def test_a_disk_that_fails_while_an_index_is_written_is_told() -> None:
    def failing(piece: object) -> None:
        raise OSError(28, "No space left on device")

    given = DenseIndex.build(clustered(100)[0]).arrays["faiss"]
    assert isinstance(given, arrays.Streamed)
    with pytest.raises(OSError, match="No space left"):
        given.give(failing)


def test_what_this_faiss_cannot_read_is_no_index() -> None:
    data = np.frombuffer(b"IxNew of a later version", np.uint8)
    said = {"kind": "SQfp16", "rows": 5}
    assert DenseIndex.restored(arrays.Contents(said, {"faiss": data})) is None


@pytest.mark.parametrize("kind", ["plain", "scanned", "divided"])
def test_many_threads_may_search_one_index(
    kind: str,
    scanned: tuple[Vectors, Vectors, DenseIndex],
    divided: tuple[Vectors, Vectors, DenseIndex],
) -> None:
    vectors, _ = made(7, 500)
    index = {"scanned": scanned[2], "divided": divided[2]}.get(kind) or DenseIndex.build(vectors)
    alone = [search(index, vector, 5) for vector in vectors]
    together: dict[int, list[Scored]] = {}

    def search_all(number: int) -> None:
        together[number] = [search(index, vector, 5) for vector in vectors]

    threads = [threading.Thread(target=search_all, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(together) == 4
    assert all(found == alone for found in together.values())
