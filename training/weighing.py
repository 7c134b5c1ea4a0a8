"""Fit the weights of `qa.candidates` to questions that the network was not trained on.

Logistic regression with a ridge, by Newton's method. (What the network says of conversations that
it was trained on is surer than what it says of others.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qa.candidates import FEATURES, Weights, candidates
from qa.resolver import Terms
from qa.tokens import WordPieces
from qa.turns import Earlier, told

# Of standardised features, beside the mean loss. A third or three times as much changes little.
RIDGE = 0.02
_STEPS = 30

Matrix = NDArray[np.float64]


class Case(NamedTuple):
    """A question, what is read of the turns before it, and the stems of its terms."""

    question: str
    turns: list[Earlier]
    terms: frozenset[str]


def examples(cases: Sequence[Case], pieces: WordPieces, network: Terms) -> tuple[Matrix, Matrix]:
    """(words, features) of all that may be terms, and (words,) whether they are."""
    rows, labels = [], []
    for case in cases:
        shown = told(pieces, case.question, [turn.text for turn in case.turns])
        if not shown.words:
            continue
        found = candidates(case.question, case.turns, shown, network.terms(shown.pair))
        rows += list(found.values())
        labels += [stem in case.terms for stem in found]
    return np.array(rows, np.float64), np.array(labels, np.float64)


def fitted(rows: Matrix, labels: Matrix, ridge: float = RIDGE) -> Weights:
    """The weights of least logistic loss, with `ridge` times the sum of their squares."""
    mean, scale = rows.mean(0), rows.std(0) + 1e-6
    scaled = np.hstack([(rows - mean) / scale, np.ones((len(rows), 1))])
    penalty = np.full(scaled.shape[1], 2 * ridge)
    penalty[-1] = 0.0
    weights = np.zeros(scaled.shape[1])
    for _ in range(_STEPS):
        shares = 1 / (1 + np.exp(-np.clip(scaled @ weights, -30, 30)))
        slope = scaled.T @ (shares - labels) / len(rows) + penalty * weights
        bend = (scaled.T * (shares * (1 - shares))) @ scaled / len(rows) + np.diag(penalty + 1e-9)
        weights -= np.linalg.solve(bend, slope)
    plain = weights[:-1] / scale
    return Weights(float(weights[-1] - plain @ mean), tuple(float(one) for one in plain))


def described(weights: Weights) -> dict[str, float]:
    """As `config.json` has them."""
    named = zip(FEATURES, weights.features, strict=True)
    return {"bias": round(weights.bias, 4)} | {name: round(value, 4) for name, value in named}
