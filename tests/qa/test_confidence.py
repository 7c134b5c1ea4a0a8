from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.confidence import (
    ALONE,
    FLATTER,
    LEAST,
    SAME,
    Combination,
    Judgement,
    Probability,
    Rating,
    features,
    scores,
)

RATING = Rating(relevance=0.1, margin=0.5, retrieval=3.0, agreement=0.8)
COMBINATION = Combination(
    RATING,
    Probability(relevance=0.1, margin=0.2, retrieval=2.0, agreement=0.4, lead=0.5, bias=0.3),
)
NUMBERS = st.floats(-8, 8)
JUDGEMENTS = st.lists(
    st.builds(
        Judgement,
        st.sampled_from("abc"),
        st.sampled_from(["the Old Bridge", "Old Bridge", "bridge of Old", "1871", "mill", "", "…"]),
        NUMBERS,
        NUMBERS,
        st.floats(0, 1),
    ),
    min_size=1,
    max_size=8,
)


def said(answer: str, article: str = "a", margin: float = 1.0) -> Judgement:
    return Judgement(article, answer, 0.0, margin, 0.5)


def plainly(judgements: Sequence[Judgement], rating: Rating) -> list[list[float]]:
    """The features by the definitions of their docstrings, one sentence after the other."""
    names = [set(one.answer.lower().replace("…", "").split()) - {"the"} for one in judgements]

    def alike(i: int, j: int) -> float:
        return len(names[i] & names[j]) / len(names[i] | names[j]) if names[i] | names[j] else 0.0

    n = range(len(judgements))
    own = [
        rating.relevance * one.relevance
        + rating.margin * one.margin
        + rating.retrieval * one.retrieval
        for one in judgements
    ]
    total = sum(math.exp(FLATTER * value) for value in own)
    share = [math.exp(FLATTER * value) / total for value in own]
    articles = {one.article_id for one in judgements}
    agreement = []
    for i in n:
        best = [
            max(alike(i, j) * share[j] for j in n if judgements[j].article_id == article)
            for article in articles - {judgements[i].article_id}
        ]
        agreement.append(math.log(sum(best) + LEAST) if len(articles) > 1 else ALONE)
    rated = [value + rating.agreement * a for value, a in zip(own, agreement, strict=True)]
    weight = [math.exp(value - max(rated)) for value in rated]
    made = []
    for i in n:
        same = [j for j in n if j == i or alike(i, j) >= SAME]
        others = [j for j in n if j not in same]
        lead = math.log(sum(weight[j] for j in same) + LEAST) - math.log(
            sum(weight[j] for j in others) + LEAST
        )
        one = judgements[i]
        made.append([one.relevance, one.margin, one.retrieval, agreement[i], lead])
    return made


@given(JUDGEMENTS)
def test_the_features_are_what_their_definitions_say(judgements: list[Judgement]) -> None:
    found = features(judgements, RATING).tolist()
    for row, plain in zip(found, plainly(judgements, RATING), strict=True):
        assert row == pytest.approx(plain, abs=1e-9)


@given(JUDGEMENTS)
def test_scores_are_probabilities_and_do_not_depend_on_the_order(
    judgements: list[Judgement],
) -> None:
    found = scores(judgements, COMBINATION)
    assert all(0 <= probability <= alone <= 1 for probability, alone in found)
    again = scores(judgements[::-1], COMBINATION)[::-1]
    assert [one.probability for one in again] == pytest.approx([one.probability for one in found])
    assert [one.alone for one in again] == pytest.approx([one.alone for one in found])


def test_nothing_is_scored_for_nothing() -> None:
    assert scores([], COMBINATION) == []


def test_a_sentence_gains_when_another_article_gives_the_same_answer() -> None:
    alone, _ = scores([said("1871"), said("a mill", "b")], COMBINATION)
    agreed, _ = scores([said("1871"), said("in 1871", "b")], COMBINATION)
    repeated, _ = scores([said("1871"), said("in 1871", "a")], COMBINATION)
    assert agreed.probability > repeated.probability > alone.probability


def test_a_sentence_loses_when_another_answer_comes_close() -> None:
    ahead, _ = scores([said("1871"), said("1902", margin=-5.0)], COMBINATION)
    close, _ = scores([said("1871"), said("1902", margin=0.9)], COMBINATION)
    assert ahead.probability > close.probability


def test_another_answer_takes_nothing_from_what_a_sentence_is_alone() -> None:
    ahead, behind = scores([said("1871"), said("1902", margin=0.9)], COMBINATION)
    assert ahead.alone == ahead.probability
    assert behind.probability < behind.alone < ahead.alone


def test_extreme_logits_give_probabilities_too() -> None:
    found = scores([said("1871", margin=1e4), said("mill", margin=-1e4)], COMBINATION)
    assert [one.probability for one in found] == pytest.approx([1.0, 0.0])


def test_a_combination_comes_back_from_what_is_written_of_it() -> None:
    assert Combination.of(dataclasses.asdict(COMBINATION)) == COMBINATION
