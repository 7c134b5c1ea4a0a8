"""What a step is trained on: reading pairs, or marking the terms of follow-ups."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from qa.network import Network, collate
from qa.tokens import Pair
from training.checkpoint import Position
from training.followups import Labels, Marked

RELEVANCE_WEIGHT = 0.5


class Losses:
    """Sums of what was seen since the last line of the log."""

    def __init__(self) -> None:
        self._sums: dict[str, float] = defaultdict(float)
        self._seen: dict[str, int] = defaultdict(int)
        self._tokens = 0
        self._began = time.monotonic()

    def of(self, reader: Network, batch: Sequence[Pair] | Sequence[Marked]) -> Tensor:
        """The loss to go down by; its parts are added to what was seen."""
        shown = collate(read_in(batch))
        with torch.autocast("cpu", torch.bfloat16):
            logits = reader(shown.ids, shown.types, shown.mask, shown.readable)
        self._tokens += int(shown.mask.sum())
        labels = [one.labels for one in batch if isinstance(one, Marked)]
        if labels:
            return self._saw("terms", of_terms(logits.term, labels))
        span = cross_entropy(logits.start, shown.start) + cross_entropy(logits.end, shown.end)
        relevance = binary_cross_entropy_with_logits(logits.relevance, shown.answers)
        return self._saw("span", span / 2) + RELEVANCE_WEIGHT * self._saw("relevance", relevance)

    def _saw(self, name: str, loss: Tensor) -> Tensor:
        self._sums[name] += loss.item()
        self._seen[name] += 1
        return loss

    def line(self, position: Position, learning_rate: float) -> str:
        """Means per step of each kind, and the speed."""
        speed = self._tokens / max(time.monotonic() - self._began, 1e-9)
        means = " ".join(f"{name} {self._sums[name] / n:.3f}" for name, n in self._seen.items())
        return (
            f"step {position.step} epoch {position.epoch} {means} rate {learning_rate:.2e} "
            f"{speed:.0f} tokens/s {position.seconds / 60:.1f} min"
        )


def of_terms(logits: Tensor, labels: Sequence[Labels]) -> Tensor:
    """Whether each word of the earlier turns belongs to the question; `logits` (n, tokens)."""
    wanted = torch.full(logits.shape, -1.0)
    for row, mine in enumerate(labels):
        wanted[row, : len(mine)] = torch.from_numpy(mine)
    told = wanted >= 0
    return binary_cross_entropy_with_logits(logits[told], wanted[told])


def read_in(batch: Sequence[Pair] | Sequence[Marked]) -> list[Pair]:
    """The pairs that the encoder reads."""
    return [one.pair if isinstance(one, Marked) else one for one in batch]
