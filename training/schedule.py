"""How fast to learn, by the share of the budget that is spent."""

from __future__ import annotations

from dataclasses import dataclass

WARM_UP = 0.06


@dataclass(frozen=True, slots=True)
class Budget:
    """Minutes of training or optimiser steps, whichever is given (one of them must be).

    By minutes, a busy machine makes fewer steps, but the rate still comes down to nothing.
    """

    minutes: float | None = None
    steps: int | None = None

    def __post_init__(self) -> None:
        if (self.minutes is None) == (self.steps is None):
            raise ValueError("give either minutes or steps")

    def share(self, seconds: float, steps: int) -> float:
        """The share spent, from 0 to 1."""
        if self.minutes is not None:
            spent = seconds / 60 / self.minutes if self.minutes > 0 else 1.0
        else:
            assert self.steps is not None
            spent = steps / self.steps if self.steps > 0 else 1.0
        return min(max(spent, 0.0), 1.0)


def rate(share: float, peak: float, warm_up: float = WARM_UP) -> float:
    """Linear from nothing to `peak` at `warm_up`, and linear to nothing at 1."""
    if share < warm_up:
        return peak * share / warm_up
    return peak * (1 - share) / (1 - warm_up)
