"""What the page says about the collection: how much it holds, and what one might ask of it."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chat.catalogue import Catalogue
from chat.markup import render
from index.errors import ArticleQAError

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
    of articles, `problem` why the collection cannot be read."""

    articles: int
    newest: date | None
    examples: tuple[str, ...]
    titles: bool = False
    problem: str = ""


class Shelf:
    """Facts about a collection. Safe to use from several threads.

    `examples` replace the suggested questions; an empty sequence suggests nothing. Without them,
    the samples of this project come with questions of their own, and any other collection with
    its newest titles: made into questions by rule they were answered less often.
    """

    def __init__(self, catalogue: Catalogue, examples: Sequence[str] | None = None) -> None:
        self._catalogue = catalogue
        self._examples = examples

    def welcome(self) -> Welcome:
        """What greets a person now. Raises nothing."""
        try:
            entries = self._catalogue.entries()
        except ArticleQAError as error:
            return Welcome(0, None, (), problem=str(error))
        if not entries:
            return Welcome(0, None, ())
        newest = max((one.published for one in entries if one.published), default=None)
        if self._examples is not None:
            return Welcome(len(entries), newest, tuple(self._examples))
        if any(one.source == SAMPLE_SOURCE for one in entries):
            return Welcome(len(entries), newest, SAMPLE_QUESTIONS)
        titled = (
            (one.published or date.min, one.title)
            for one in entries
            if 0 < len(one.title) <= TITLE_LENGTH
        )
        titles = tuple(title for _, title in heapq.nlargest(SUGGESTIONS, titled))
        return Welcome(len(entries), newest, titles, titles=True)

    def glance(self) -> Welcome:
        """What can be said without reading the articles. Raises nothing."""
        try:
            return Welcome(self._catalogue.count(), None, ())
        except ArticleQAError as error:
            return Welcome(0, None, (), problem=str(error))

    def header(self, welcome: Welcome | None = None, *, can_leave: bool = False) -> str:
        """The line at the top of the page, as HTML, for somebody who has logged in if `can_leave`.
        Raises nothing."""
        return render("header.html", welcome=welcome or self.welcome(), can_leave=can_leave)
