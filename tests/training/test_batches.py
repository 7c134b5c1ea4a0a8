from __future__ import annotations

import random
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.types import Span
from qa.network import collate
from qa.tokens import Pair, pair
from training.batches import batches


def tokens(one: Pair) -> int:
    return len(one.ids)


def made(tokens: int, number: int) -> Pair:
    """A pair with so many tokens of a passage, the first of them `number`."""
    passage = np.full(tokens, number, np.uint16)
    question, title = np.array([9], np.uint16), passage[:0]
    return pair(question, passage, title, limit=500, first=0, answer=Span(0, 1))


@given(st.lists(st.integers(1, 400), max_size=80), st.integers(0, 5))
def test_batches_hold_every_pair_once_and_respect_the_token_budget(
    lengths: list[int], seed: int
) -> None:
    pairs = [made(length, n) for n, length in enumerate(lengths)]
    cut = list(batches(pairs, 512, random.Random(seed), tokens))
    assert Counter(id(one) for batch in cut for one in batch) == Counter(map(id, pairs))
    assert all(batch and len(batch) * max(len(one.ids) for one in batch) <= 512 for batch in cut)


def test_the_same_seed_gives_the_same_batches() -> None:
    pairs = [made(1 + n % 90, n) for n in range(300)]
    first, second = (list(batches(pairs, 512, random.Random(3), tokens)) for _ in range(2))
    assert [[id(one) for one in batch] for batch in first] == [
        [id(one) for one in batch] for batch in second
    ]


def test_padding_is_masked_and_only_passages_are_readable() -> None:
    batch = collate([made(2, 50), made(5, 60)])
    assert batch.ids[0].tolist() == [101, 9, 102, 50, 50, 102, 0, 0, 0]
    assert batch.mask[0].tolist() == [1, 1, 1, 1, 1, 1, 0, 0, 0]
    assert batch.types[0].tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0]
    assert batch.readable[0].nonzero().flatten().tolist() == [3, 4]
    assert batch.start.tolist() == batch.end.tolist() == [3, 3]
    assert batch.answers.tolist() == [1.0, 1.0]
