"""Articles in memory and a reader that counts words: real, only simple, and without a model."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from index.errors import NotFoundError
from index.passages import sentences
from index.terms import content_words, stems
from index.types import Article, Filter, Hit, Passage, Span
from qa.reader import Reading
from tests import articles


def article(title: str, text: str, **fields: Any) -> Article:
    """An article of one origin for each title, from the Harbour News of 3 May 2024."""
    values = {"source": "Harbour News", "published": date(2024, 5, 3), **fields}
    return articles.article(text, f"/articles/{title}.txt", title=title, **values)


def passage(of: Article, id: int = 1) -> Passage:
    """The whole article as one passage."""
    spans = tuple(sentences(of.text))
    return Passage(id, of.id, 0, len(of.text), of.text, spans, of.language)


class Library:
    """Implements `qa.articles.Articles` by brute force; every article is one passage."""

    def __init__(self, *articles: Article) -> None:
        self.shelf = {item.id: item for item in articles}
        self.copy_of: dict[str, str] = {}
        self.searched: list[tuple[str, str, int, Filter | None]] = []

    def put(self, item: Article) -> None:
        self.shelf[item.id] = item

    def remove(self, article_id: str) -> None:
        del self.shelf[article_id]

    def article(self, article_id: str) -> Article:
        if article_id not in self.shelf:
            raise NotFoundError(f"no article {article_id}")
        return self.shelf[article_id]

    def published(self, article_ids: Iterable[str]) -> dict[str, date]:
        found = ((id, self.article(id).published) for id in article_ids)
        return {id: day for id, day in found if day}

    def clusters(self, article_ids: Iterable[str]) -> dict[str, str]:
        return {id: self.copy_of.get(id, id) for id in article_ids}

    def sources(self) -> list[str]:
        return sorted({item.source for item in self.shelf.values() if item.source})

    def authors(self) -> list[str]:
        return sorted({name for item in self.shelf.values() for name in item.authors})

    def count(self) -> int:
        return len(self.shelf)

    def search_dense(self, question: str, k: int, filter: Filter | None = None) -> list[Hit]:
        """By the cosine of the words' counts."""
        self.searched.append(("dense", question, k, filter))
        asked = Counter(stems(question))
        return self._best(
            k,
            filter,
            [
                Hit(found, _cosine(asked, Counter(stems(found.text))), "dense")
                for found in self._passages()
            ],
        )

    def search_lexical(self, question: str, k: int, filter: Filter | None = None) -> list[Hit]:
        """By the number of words in common; none without one."""
        self.searched.append(("lexical", question, k, filter))
        asked = _content(question)
        hits = [
            Hit(found, float(len(asked & set(stems(found.text)))), "lexical")
            for found in self._passages()
        ]
        return self._best(k, filter, [hit for hit in hits if hit.score > 0])

    def _passages(self) -> Iterator[Passage]:
        for id, item in enumerate(self.shelf.values(), 1):
            yield passage(item, id)

    def _best(self, k: int, filter: Filter | None, hits: list[Hit]) -> list[Hit]:
        admitted = [hit for hit in hits if filter is None or self._admits(filter, hit)]
        return sorted(admitted, key=lambda hit: (-hit.score, hit.passage.id))[:k]

    def _admits(self, filter: Filter, hit: Hit) -> bool:
        item = self.shelf[hit.passage.article_id]
        source = (item.source or "").casefold()
        authors = {author.casefold() for author in item.authors}
        return (
            (not filter.article_ids or item.id in filter.article_ids)
            and (not filter.sources or source in map(str.casefold, filter.sources))
            and source not in map(str.casefold, filter.excluded_sources)
            and (not filter.authors or not authors.isdisjoint(map(str.casefold, filter.authors)))
        )


class CoverageReader:
    """Scores a sentence by the share of the question's content words that it has."""

    threshold = 0.5

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        readings = [
            Reading(hit, span, _coverage(question, hit.passage, span))
            for hit in hits
            for span in hit.passage.sentences
        ]
        return sorted(readings, key=lambda reading: -reading.score)


def _coverage(question: str, within: Passage, span: Span) -> float:
    asked = _content(question)
    sentence = within.text[span.start - within.start : span.end - within.start]
    return len(asked & set(stems(sentence))) / len(asked) if asked else 0.0


def _content(text: str) -> set[str]:
    return set(stems(" ".join(content_words(text))))


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    norms = math.sqrt(sum(n * n for n in one.values()) * sum(n * n for n in other.values()))
    return sum(one[word] * other[word] for word in one) / norms if norms else 0.0
