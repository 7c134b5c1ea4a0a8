"""Dense hits + lexical hits -> fused hits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.types import Filter, Hit
from qa.articles import Articles
from qa.nearness import nearness
from qa.types import TimeFrame

# Hits taken of each stage before fusion.
DEPTH = 100


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of the fused score counts; tuned on the news questions of 2022-2023.

    With the lexical share at .6 to .8 the hybrid beats both of its parts; at .5 it does not beat
    BM25. Nearness counts only where the day asked about is known; .1 to .3 are alike.
    """

    lexical: float = 0.7
    dense: float = 0.3
    nearness: float = 0.2


class Retriever:
    """The passages most likely to answer, by meaning, by words and by date."""

    def __init__(
        self, articles: Articles, *, depth: int = DEPTH, weights: Weights | None = None
    ) -> None:
        self._articles = articles
        self._depth = depth
        self._weights = weights or Weights()

    def retrieve(
        self,
        question: str,
        k: int,
        filter: Filter | None = None,
        near: date | None = None,
        frame: TimeFrame | None = None,
    ) -> list[Hit]:
        """The `k` best passages, best first; none for k < 1. Stage `fused`, scores of at most 1.

        With `near`, articles published shortly before that day are preferred; with a `frame`, those
        that it prefers, and no other if it is of publication.
        """
        depth = max(self._depth, k)
        if frame is not None and frame.only:
            filter = narrowed(filter, frame)
        dense = self._articles.search_dense(question, depth, filter)
        lexical = self._articles.search_lexical(question, depth, filter)
        near_by: dict[str, float] = {}
        if near is not None or frame is not None:
            found = {hit.passage.article_id for hit in (*dense, *lexical)}
            near_by = nearness(self._articles.published(found), frame, near)
        return fuse(dense, lexical, near_by, self._weights, max(k, 0))


def narrowed(filter: Filter | None, frame: TimeFrame) -> Filter:
    """The filter, also to articles published within the frame."""
    known = filter or Filter()
    first = [day for day in (known.published_from, frame.first) if day]
    last = [day for day in (known.published_to, frame.last) if day]
    return replace(
        known,
        published_from=max(first, default=None),
        published_to=min(last, default=None),
    )


def fuse(
    dense: Sequence[Hit],
    lexical: Sequence[Hit],
    nearness: Mapping[str, float],
    weights: Weights,
    k: int | None = None,
) -> list[Hit]:
    """One ranking of all hits or the `k` best, best first, equal scores by rising passage id.

    The score is the weighted mean of both stages' scores, each divided by the highest of its
    stage, and of the `nearness` by article id (not counted if empty); what is missing counts 0.
    """
    passages = {hit.passage.id: hit.passage for hit in (*dense, *lexical)}
    by_meaning, by_words = _normalised(dense), _normalised(lexical)
    total = weights.lexical + weights.dense + (weights.nearness if nearness else 0.0)
    fused = [
        (
            -(
                weights.lexical * by_words.get(id, 0.0)
                + weights.dense * by_meaning.get(id, 0.0)
                + weights.nearness * nearness.get(passage.article_id, 0.0)
            )
            / total,
            id,
        )
        for id, passage in passages.items()
    ]
    return [Hit(passages[id], -score, "fused") for score, id in sorted(fused)[:k]]


def _normalised(hits: Sequence[Hit]) -> dict[int, float]:
    highest = max((hit.score for hit in hits), default=0.0)
    return {hit.passage.id: hit.score / highest if highest > 0 else 0.0 for hit in hits}
