"""The weights of candidates: what tells terms from others is found."""

from __future__ import annotations

import numpy as np
import pytest

from qa.candidates import FEATURES, Weights
from training import weighing


def test_what_tells_terms_weighs_and_what_does_not_weighs_nothing() -> None:
    draw = np.random.default_rng(0)
    rows = draw.normal(size=(4_000, len(FEATURES)))
    rows[:, 5] = 1.0  # the same everywhere
    odds = 2.0 * rows[:, 0] - rows[:, 3] - 0.5
    labels = (draw.random(4_000) < 1 / (1 + np.exp(-odds))).astype(float)
    fitted = weighing.fitted(rows, labels, ridge=1e-4)
    assert fitted.bias == pytest.approx(-0.5, abs=0.15)
    assert fitted.features[0] == pytest.approx(2.0, abs=0.2)
    assert fitted.features[3] == pytest.approx(-1.0, abs=0.2)
    assert np.abs(np.delete(fitted.features, [0, 3])).max() < 0.15


def test_settings_bring_the_weights_back() -> None:
    weights = Weights(-1.5, tuple(float(n) for n in range(len(FEATURES))))
    assert Weights.of(weighing.described(weights)) == weights
    with pytest.raises(KeyError):
        Weights.of({"bias": 0.0})
