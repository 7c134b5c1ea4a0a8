"""How far a probability can be trusted (Guo et al. 2017; Geifman and El-Yaniv 2017)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

# Bins of the calibration error hold equally many answers each.
_BINS = 10


class Point(NamedTuple):
    """Answering the share `coverage` of the questions, the surest first, `right` of it is right.

    `least` is the score of the least sure of them.
    """

    coverage: float
    right: float
    least: float


def expected_error(scores: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error: how far bins of like scores are from their share of right."""
    order = np.argsort(np.asarray(scores, np.float64), kind="stable")
    bins = np.array_split(order, min(_BINS, max(len(order), 1)))
    value, label = np.asarray(scores, np.float64), np.asarray(right, np.float64)
    return float(
        sum(abs(value[some].sum() - label[some].sum()) for some in bins) / max(len(order), 1)
    )


def curve(scores: Sequence[float], right: Sequence[bool]) -> list[Point]:
    """A point for each possible threshold, from answering least to answering all."""
    order = np.argsort(-np.asarray(scores, np.float64), kind="stable")
    value = np.asarray(scores, np.float64)[order]
    share = np.cumsum(np.asarray(right, np.float64)[order]) / np.arange(1, len(order) + 1)
    # Equal scores are answered together or not at all.
    ends = [n for n in range(len(order)) if n + 1 == len(order) or value[n + 1] < value[n]]
    return [Point((n + 1) / len(order), float(share[n]), float(value[n])) for n in ends]


def at(points: Sequence[Point], coverage: float) -> Point:
    """The first point that answers at least so many. `points` as `curve` made them, not empty."""
    return next((point for point in points if point.coverage >= coverage), points[-1])
