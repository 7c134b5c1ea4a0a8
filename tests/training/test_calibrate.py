from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import calibration
from qa.confidence import Judgement
from training import calibrate
from training.askings import Asking
from training.calibrate import Top


def asking(number: int, group: str, draw: random.Random) -> Asking:
    """Eight sentences; the right one has a higher margin, relevance is nothing but noise."""
    right = draw.randrange(8) if group in ("news", "squad") else None
    judgements = tuple(
        Judgement(
            article_id=str(n // 2),
            answer=f"word{draw.randrange(50)}",
            relevance=draw.gauss(0, 1),
            margin=draw.gauss(3.0 if n == right else 0.0, 1),
            retrieval=draw.random(),
        )
        for n in range(8)
    )
    return Asking(str(number), group, ("word",), judgements, tuple(n == right for n in range(8)))


def askings(seed: int, n: int) -> list[Asking]:
    draw = random.Random(seed)
    return [asking(k, group, draw) for group in calibrate.SHARES for k in range(n)]


@pytest.fixture(scope="module")
def combination() -> calibrate.Combination:
    return calibrate.fit(askings(1, 150))


def test_what_tells_right_from_wrong_gets_the_weight(
    combination: calibrate.Combination,
) -> None:
    rating, probability = combination.rating, combination.probability
    assert rating.margin > 1
    assert abs(rating.relevance) < 0.3
    assert probability.margin > 5 * abs(probability.relevance)


def test_what_is_fitted_holds_on_other_questions(combination: calibrate.Combination) -> None:
    found = calibrate.tops(askings(2, 400), combination)
    answerable = found[:400]
    assert np.mean([top.right for top in answerable]) > 0.8
    good, bad = ([top.score for top in found if top.right is flag] for flag in (True, False))
    assert np.mean(good) > np.mean(bad) + 0.2


def test_probabilities_are_those_of_the_mix_that_was_fitted(
    combination: calibrate.Combination,
) -> None:
    groups = askings(3, 400)
    mixed = groups[:400] + groups[400:600] + groups[800:1000] + groups[1200:1400]
    found = calibrate.tops(mixed, combination)
    error = calibration.expected_error([top.score for top in found], [top.right for top in found])
    assert error < 0.08


def test_the_threshold_answers_as_many_as_are_right_often_enough() -> None:
    sure = [Top(0.9 - n / 1000, n % 10 > 0, "") for n in range(80)]
    unsure = [Top(0.5 - n / 1000, n % 2 > 0, "") for n in range(20)]
    assert calibrate.choose(sure + unsure) == pytest.approx(0.5 - 0.019)
    hopeless = [Top(0.5 - n / 1000, False, "") for n in range(100)]
    scores = [top.score for top in sure + hopeless]
    answered = 72 / calibrate.RIGHT
    assert calibrate.choose(sure + hopeless) == pytest.approx(scores[math.floor(answered) - 1])


def test_where_nothing_is_right_often_enough_only_the_best_is_answered() -> None:
    found = [Top(0.9, True, ""), *(Top(0.8 - n / 1000, n % 2 > 0, "") for n in range(20))]
    assert calibrate.choose(found) == 0.9
    assert calibrate.choose([top._replace(right=False) for top in found]) == 0.9


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=30))
def test_each_point_of_the_curve_is_what_its_threshold_gives(
    answers: list[tuple[int, bool]],
) -> None:
    scores, right = [score / 5 for score, _ in answers], [flag for _, flag in answers]
    points = calibration.curve(scores, right)
    assert [point.least for point in points] == sorted(set(scores), reverse=True)
    for point in points:
        answered = [r for s, r in zip(scores, right, strict=True) if s >= point.least]
        assert point.coverage == pytest.approx(len(answered) / len(answers))
        assert point.right == pytest.approx(sum(answered) / len(answered))
    assert calibration.at(points, 1.0) == points[-1]


def test_the_calibration_error_is_how_far_the_scores_are_off() -> None:
    right = [n % 4 > 0 for n in range(400)]
    assert calibration.expected_error([0.75] * 400, right) == pytest.approx(0, abs=1e-9)
    assert calibration.expected_error([0.95] * 400, right) == pytest.approx(0.2)
