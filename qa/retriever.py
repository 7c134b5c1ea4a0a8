"""Dense hits + lexical hits -> fused hits."""

from __future__ import annotations

from collections.abc import Sequence

from index.types import Filter, Hit
from qa.articles import Articles

# Hits taken of each stage before fusion.
DEPTH = 100
# The share of the lexical score in the fused one.
LEXICAL_WEIGHT = 0.5


class Retriever:
    """The passages most likely to answer, by meaning and by words."""

    def __init__(
        self, articles: Articles, *, depth: int = DEPTH, lexical_weight: float = LEXICAL_WEIGHT
    ) -> None:
        self._articles = articles
        self._depth = depth
        self._lexical_weight = lexical_weight

    def retrieve(self, question: str, k: int, filter: Filter | None = None) -> list[Hit]:
        """The `k` best passages, best first; none for k < 1. Stage `fused`."""
        depth = max(self._depth, k)
        dense = self._articles.search_dense(question, depth, filter)
        lexical = self._articles.search_lexical(question, depth, filter)
        return fuse(dense, lexical, lexical_weight=self._lexical_weight)[: max(k, 0)]


def fuse(dense: Sequence[Hit], lexical: Sequence[Hit], *, lexical_weight: float) -> list[Hit]:
    """One ranking of all hits, best first, equal scores by rising passage id.

    The score is the weighted sum of both stages' scores, each divided by the highest of its
    stage; a passage that a stage did not return has 0 there.
    """
    passages = {hit.passage.id: hit.passage for hit in (*dense, *lexical)}
    by_meaning, by_words = _normalised(dense), _normalised(lexical)
    fused = [
        Hit(
            passage,
            lexical_weight * by_words.get(id, 0.0) + (1 - lexical_weight) * by_meaning.get(id, 0.0),
            "fused",
        )
        for id, passage in passages.items()
    ]
    return sorted(fused, key=lambda hit: (-hit.score, hit.passage.id))


def _normalised(hits: Sequence[Hit]) -> dict[int, float]:
    highest = max((hit.score for hit in hits), default=0.0)
    return {hit.passage.id: hit.score / highest if highest > 0 else 0.0 for hit in hits}
