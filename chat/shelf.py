"""What the page says about the collection: how much it holds, and what one might ask of it."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chat.markup import render
from chat.types import Library

SAMPLE_SOURCE = "Article QA sample"
SAMPLE_QUESTIONS = (
    "What is the UK's position on Storm Shadow use?",
    "How far can Storm Shadow fly?",
    "What does article 51 of the UN charter say?",
    "Was the destroyed tank a Challenger 2?",
)
SUGGESTIONS = 3
TITLE_LENGTH = 80  # a longer title makes no readable question


@dataclass(frozen=True, slots=True)
class Welcome:
    """What greets a person before the first question; `titles` says that the examples are titles
    of articles."""

    articles: int
    newest: date | None
    examples: tuple[str, ...]
    titles: bool = False


class Shelf:
    """Facts about a collection, read again only when the number of its articles or passages has
    changed. Safe to use from several threads.

    `examples` replace the suggested questions; an empty sequence suggests nothing. Without them,
    the samples of this project come with questions of their own, and any other collection with
    its newest titles: made into questions by rule they were answered less often.
    """

    def __init__(self, library: Library, examples: Sequence[str] | None = None) -> None:
        self._library = library
        self._examples = examples
        self._lock = threading.Lock()
        self._read: tuple[tuple[int, int], Welcome] | None = None

    def welcome(self) -> Welcome:
        """What greets a person now."""
        counts = self._library.stats()
        size = (counts.articles, counts.passages)
        with self._lock:
            if self._read is None or self._read[0] != size:
                self._read = size, self._survey(counts.articles)
            return self._read[1]

    def header(self) -> str:
        """The line at the top of the page, as HTML."""
        return render("header.html", welcome=self.welcome())

    def _survey(self, count: int) -> Welcome:
        newest: date | None = None
        sample = False
        titled: list[tuple[date, str]] = []
        for article in self._library.articles():
            published = article.published or date.min
            newest = max(newest or date.min, published) if article.published else newest
            sample = sample or article.source == SAMPLE_SOURCE
            if 0 < len(article.title) <= TITLE_LENGTH:
                titled.append((published, article.title))
        if not count:
            return Welcome(0, None, ())
        if self._examples is not None or sample:
            given = SAMPLE_QUESTIONS if self._examples is None else tuple(self._examples)
            return Welcome(count, newest, given)
        titles = tuple(title for _, title in heapq.nlargest(SUGGESTIONS, titled))
        return Welcome(count, newest, titles, titles=True)
