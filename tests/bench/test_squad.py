from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import squad

SCORES = st.lists(st.integers(-3, 3), min_size=1, max_size=12)


def test_case_punctuation_and_articles_do_not_count() -> None:
    assert squad.exact("The Old Bridge.", ["old bridge"]) == 1
    assert squad.f1("the old stone bridge", ["an old bridge", "mill"]) == pytest.approx(0.8)


def test_nothing_given_is_right_only_where_nothing_answers() -> None:
    assert squad.f1("", []) == squad.exact("", []) == 1
    assert squad.f1("", ["bridge"]) == squad.f1("bridge", []) == 0


def test_a_sentence_holds_an_answer_as_whole_words_in_a_row() -> None:
    sentence = "Oregon’s 1,800-cow farm burnt down; the U.S. Army came."
    for answer in ("Oregon", "the US Army", "1,800", "cow farm"):
        assert squad.holds(sentence, ["nothing", answer])
    for answer in ("Oreg", "Oregon farm", "8", "", "the"):
        assert not squad.holds(sentence, [answer])


@given(SCORES, SCORES)
def test_auroc_is_the_share_of_pairs_in_the_right_order(
    positive: list[int], negative: list[int]
) -> None:
    pairs = [(a > b) + (a == b) / 2 for a in positive for b in negative]
    assert squad.auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))


@given(st.lists(st.tuples(st.integers(-3, 3), st.sampled_from([0.0, 0.5, 1.0])), min_size=1))
def test_no_threshold_brings_more_than_the_best_among_distinct_scores(
    made: list[tuple[int, float]],
) -> None:
    scores = [score + n / 1000 for n, (score, _) in enumerate(made)]
    kept, refused = [gain for _, gain in made], [0.4 for _ in made]

    def total(threshold: float) -> float:
        return sum(
            k if s >= threshold else r for s, k, r in zip(scores, kept, refused, strict=True)
        )

    best = squad.best_threshold(scores, kept, refused)
    assert total(best) == pytest.approx(max(map(total, [*scores, float("inf")])))
