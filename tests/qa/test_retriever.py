from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Filter, Hit, Passage, Span, Stage
from qa.retriever import Retriever, Weights, fuse
from qa.types import TimeFrame
from tests.qa.library import Library, article

FERRY = article("Ferry", "The ferry to Holm sails at nine. It carries forty cars.")
STORM = article("Storm", "A storm closed the harbour. The ferry stayed in port.")
BAKERY = article("Bakery", "The bakery on the quay sells rye bread.")

EVEN = Weights(lexical=0.5, dense=0.5, nearness=0.2)


def hit(id: int, score: float, stage: Stage) -> Hit:
    """Of passage `id`, in an article of its own."""
    return Hit(Passage(id, f"article {id}", 0, 1, "x", (Span(0, 1),)), score, stage)


def order(hits: list[Hit]) -> list[int]:
    return [h.passage.id for h in hits]


def stage(name: Stage) -> st.SearchStrategy[list[Hit]]:
    scores = st.floats(-1, 40, allow_nan=False).map(lambda score: round(score, 3))
    found = st.dictionaries(st.integers(1, 12), scores, max_size=8)
    return found.map(lambda scored: [hit(id, score, name) for id, score in scored.items()])


weights = st.builds(Weights, st.floats(0.1, 1), st.floats(0.1, 1), st.floats(0, 1))
near_by = st.dictionaries(st.integers(1, 12).map("article {}".format), st.floats(0, 1))


@given(stage("dense"), stage("lexical"), near_by, weights)
def test_fused_scores_are_the_weighted_mean_of_what_each_part_says(
    dense: list[Hit], lexical: list[Hit], near: dict[str, float], parts: Weights
) -> None:
    def share(id: int, hits: list[Hit]) -> float:
        best = max([h.score for h in hits], default=0.0)
        mine = [h.score for h in hits if h.passage.id == id]
        return mine[0] / best if mine and best > 0 else 0.0

    whole = parts.lexical + parts.dense + (parts.nearness if near else 0)
    expected = {
        id: (
            parts.lexical * share(id, lexical)
            + parts.dense * share(id, dense)
            + parts.nearness * near.get(f"article {id}", 0)
        )
        / whole
        for id in {h.passage.id for h in dense + lexical}
    }
    fused = fuse(dense, lexical, near, parts)
    scores = {h.passage.id: h.score for h in fused}
    assert scores == pytest.approx(expected)
    assert order(fused) == sorted(scores, key=lambda id: (-scores[id], id))
    assert {h.stage for h in fused} <= {"fused"}


def test_passages_with_equal_scores_come_by_rising_id() -> None:
    dense = [hit(9, 0.5, "dense"), hit(2, 0.5, "dense"), hit(5, 0.5, "dense")]
    assert order(fuse(dense, [], {}, EVEN)) == [2, 5, 9]


def test_the_unit_of_a_stages_scores_does_not_matter() -> None:
    dense = [hit(1, 0.9, "dense"), hit(2, 0.6, "dense"), hit(3, 0.1, "dense")]
    lexical = [hit(3, 12.0, "lexical"), hit(2, 7.0, "lexical")]
    eightfold = [hit(h.passage.id, h.score * 8, "lexical") for h in lexical]
    assert fuse(dense, lexical, {}, EVEN) == fuse(dense, eightfold, {}, EVEN)


def test_a_passage_that_both_stages_find_beats_one_that_either_finds_alone() -> None:
    dense = [hit(1, 0.8, "dense"), hit(2, 0.7, "dense")]
    lexical = [hit(3, 9.0, "lexical"), hit(2, 8.0, "lexical")]
    assert order(fuse(dense, lexical, {}, EVEN))[0] == 2


def test_the_weights_decide_between_meaning_and_words() -> None:
    dense, lexical = [hit(1, 0.9, "dense")], [hit(2, 5.0, "lexical")]
    assert order(fuse(dense, lexical, {}, Weights(lexical=0.9, dense=0.1))) == [2, 1]
    assert order(fuse(dense, lexical, {}, Weights(lexical=0.1, dense=0.9))) == [1, 2]


def test_the_best_k_passages_are_returned_best_first() -> None:
    retriever = Retriever(Library(FERRY, STORM, BAKERY))
    hits = retriever.retrieve("Which ferry sails to Holm?", 2)
    assert [h.passage.article_id for h in hits] == [FERRY.id, STORM.id]
    assert hits[0].score > hits[1].score
    assert hits == retriever.retrieve("Which ferry sails to Holm?", 10)[:2]


@pytest.mark.parametrize("k", [0, -3])
def test_no_passage_is_returned_for_a_k_below_one(k: int) -> None:
    assert Retriever(Library(FERRY)).retrieve("ferry", k) == []


def test_nothing_is_found_where_there_are_no_articles() -> None:
    assert Retriever(Library()).retrieve("ferry", 5) == []
    assert Retriever(Library()).retrieve("ferry", 5, near=date(2024, 5, 3)) == []


def test_both_searches_get_the_filter_and_look_at_least_k_deep() -> None:
    library, only = Library(FERRY, STORM), Filter(article_ids=(STORM.id,))
    hits = Retriever(library, depth=3).retrieve("ferry", 50, only)
    assert [h.passage.article_id for h in hits] == [STORM.id]
    assert library.searched == [("dense", "ferry", 50, only), ("lexical", "ferry", 50, only)]


def test_more_is_taken_of_each_stage_than_is_returned() -> None:
    library = Library(FERRY, STORM)
    Retriever(library, depth=30).retrieve("ferry", 1)
    assert [k for _, _, k, _ in library.searched] == [30, 30]


def test_of_two_articles_that_say_the_same_the_one_near_the_day_comes_first() -> None:
    text = "The ferry to Holm is late."
    old = article("Old", text, published=date(2023, 1, 5))
    new = article("New", text, published=date(2024, 8, 17))
    undated = article("Undated", text, published=None)
    retriever = Retriever(Library(old, undated, new))
    near = retriever.retrieve("ferry to Holm", 3, near=date(2024, 8, 18))
    assert [h.passage.article_id for h in near] == [new.id, old.id, undated.id]
    near = retriever.retrieve("ferry to Holm", 3, near=date(2023, 1, 6))
    # What appeared long after the day cannot be what was meant.
    assert [h.passage.article_id for h in near] == [old.id, undated.id, new.id]


def test_an_article_of_the_period_that_is_asked_about_comes_first() -> None:
    text = "The ferry to Holm is late."
    articles = [article(f"{y}", text, published=date(y, 3, 5)) for y in (2021, 2022, 2023)]
    retriever = Retriever(Library(*articles))
    frame = TimeFrame("in 2022", date(2022, 1, 1), date(2022, 12, 31))
    hits = retriever.retrieve("ferry to Holm", 3, frame=frame)
    assert hits[0].passage.article_id == articles[1].id
    assert len(hits) == 3


def test_a_period_of_publication_narrows_what_is_searched() -> None:
    library = Library(FERRY)
    frame = TimeFrame("since March", date(2022, 3, 1), date(2022, 8, 1), only=True)
    known = Filter(sources=("Harbour News",), published_from=date(2022, 5, 1))
    Retriever(library).retrieve("ferry", 3, known, frame=frame)
    (_, _, _, narrowed), _ = library.searched
    assert narrowed == Filter(
        sources=("Harbour News",),
        published_from=date(2022, 5, 1),
        published_to=date(2022, 8, 1),
    )


def test_without_a_day_the_dates_of_articles_do_not_count() -> None:
    text = "The ferry to Holm is late."
    articles = [article(f"{y}", text, published=date(y, 1, 5)) for y in (2020, 2024, 2022)]
    hits = Retriever(Library(*articles)).retrieve("ferry to Holm", 3)
    assert [h.passage.article_id for h in hits] == [a.id for a in articles]
    assert len({h.score for h in hits}) == 1
