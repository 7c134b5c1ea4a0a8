"""Pairs of similar length together, so that little of a batch is padding."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from qa.tokens import Pair

# Pairs that are sorted by length at a time: enough for like lengths, few enough to stay mixed.
_POOL = 4_000


def batches(pairs: Iterable[Pair], tokens: int, draw: random.Random) -> Iterator[list[Pair]]:
    """Every pair once, in batches of at most `tokens` tokens with their padding.

    A pair that is longer than that alone is a batch of its own.
    """
    rest = iter(pairs)
    while pool := sorted(islice(rest, _POOL), key=_length):
        cuts = list(_filled(pool, tokens))
        draw.shuffle(cuts)
        yield from cuts


def _filled(pool: Sequence[Pair], tokens: int) -> Iterator[list[Pair]]:
    """Cuts of a list sorted by length, each as long as its longest, the last, allows."""
    batch: list[Pair] = []
    for one in pool:
        if batch and _length(one) * (len(batch) + 1) > tokens:
            yield batch
            batch = []
        batch.append(one)
    yield batch


def _length(one: Pair) -> int:
    return len(one.ids)
