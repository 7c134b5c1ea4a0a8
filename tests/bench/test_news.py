from __future__ import annotations

import pytest

from bench import news
from index.types import Hit, Passage, Span


def hits(*scores: float) -> list[Hit]:
    return [
        Hit(Passage(n, "a", 0, 5, "Gulls", (Span(0, 5),)), score, "fused")
        for n, score in enumerate(scores)
    ]


def test_what_is_left_scores_as_if_the_removed_had_never_been_there() -> None:
    left = news.left(hits(0.9, 0.8, 0.6, 0.3), {0, 2})
    assert [hit.passage.id for hit in left] == [1, 3]
    assert [hit.score for hit in left] == pytest.approx([0.9, 0.3375])


def test_nothing_may_be_left() -> None:
    assert news.left(hits(0.9, 0.8), {0, 1}) == []
    assert news.left([], set()) == []


def test_a_limit_draws_the_same_items_every_time_and_no_limit_all() -> None:
    some = news.drawn(range(100), 10)
    assert some == news.drawn(range(100), 30)[:10]
    assert len(set(some)) == 10
    assert sorted(news.drawn(range(100), None)) == list(range(100))
