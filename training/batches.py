"""Pairs of similar length together, so that little of a batch is padding."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import torch
from torch import Tensor

from training.tokens import Pair

# Pairs that are sorted by length at a time: enough for like lengths, few enough to stay mixed.
_POOL = 4_000


class Batch(NamedTuple):
    """Padded pairs: (n, tokens) each, `start` and `end` (n,) positions, `end` inclusive."""

    ids: Tensor
    types: Tensor
    mask: Tensor
    readable: Tensor
    start: Tensor
    end: Tensor

    @property
    def answers(self) -> Tensor:
        """(n,) 1.0 where the passage answers, else 0.0."""
        return (self.start > 0).float()


def batches(pairs: Iterable[Pair], tokens: int, draw: random.Random) -> Iterator[list[Pair]]:
    """Every pair once, in batches of at most `tokens` tokens with their padding.

    A pair that is longer than that alone is a batch of its own.
    """
    rest = iter(pairs)
    while pool := sorted(islice(rest, _POOL), key=_length):
        cuts = list(_filled(pool, tokens))
        draw.shuffle(cuts)
        yield from cuts


def collate(pairs: Sequence[Pair]) -> Batch:
    """The pairs as tensors, padded to the longest."""
    shape = len(pairs), max(map(_length, pairs))
    ids, types, mask = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    readable = torch.zeros(shape, dtype=torch.bool)
    for row, one in enumerate(pairs):
        length = _length(one)
        ids[row, :length] = torch.from_numpy(one.ids.astype("int64"))
        types[row, one.asked : length] = 1
        mask[row, :length] = 1
        readable[row, one.begin : one.end] = True
    start = torch.tensor([one.answer.start for one in pairs])
    end = torch.tensor([one.answer.end - 1 for one in pairs])
    return Batch(ids, types, mask, readable, start, end)


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
