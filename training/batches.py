"""Pairs of similar length together, so that little of a batch is padding."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

# Pairs that are sorted by length at a time: enough for like lengths, few enough to stay mixed.
_POOL = 4_000


def batches(
    ones: Iterable[T], tokens: int, draw: random.Random, length: Callable[[T], int]
) -> Iterator[list[T]]:
    """Each once, in batches of at most `tokens` tokens with their padding.

    One that is longer than that alone is a batch of its own.
    """
    rest = iter(ones)
    while pool := sorted(islice(rest, _POOL), key=length):
        cuts = list(_filled(pool, tokens, length))
        draw.shuffle(cuts)
        yield from cuts


def _filled(pool: Sequence[T], tokens: int, length: Callable[[T], int]) -> Iterator[list[T]]:
    """Cuts of a list sorted by length, each as long as its longest, the last, allows."""
    batch: list[T] = []
    for one in pool:
        if batch and length(one) * (len(batch) + 1) > tokens:
            yield batch
            batch = []
        batch.append(one)
    yield batch
