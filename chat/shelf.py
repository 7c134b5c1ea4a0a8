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
    "Why did Ukraine cross into the Kursk region?",
    "What is article 51 of the UN charter about?",
    "Which bridges over the Seim were hit?",
)
SUGGESTIONS = 3
TITLE_LENGTH = 80  # a longer title makes no readable question


@dataclass(frozen=True, slots=True)
class Welcome:
    """What greets a person before the first question."""

    articles: int
    newest: date | None
    examples: tuple[str, ...]


class Shelf:
    """Facts about a collection, read again only when the number of its articles or passages has
    changed. Safe to use from several threads.

    `examples` replace the suggested questions; pass none to suggest nothing.
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
        if self._examples is not None:
            examples = tuple(self._examples)
        elif sample:
            examples = SAMPLE_QUESTIONS
        else:
            titles = [title for _, title in heapq.nlargest(SUGGESTIONS, titled)]
            examples = tuple(f"What is said about {title}?" for title in titles)
        return Welcome(count, newest, examples if count else ())
