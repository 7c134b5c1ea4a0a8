"""What the chat needs of the rest, and its nouns of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from index.types import AddReport, Article, Filter, Hit
from qa.records_types import Verdict
from qa.types import Answer, Turn


class Asks(Protocol):
    """What answers questions: `qa.assistant.Assistant`."""

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filter: Filter | None = None,
        heed_time: bool = True,
    ) -> Answer:
        """The answer. Raises an ArticleQAError whose message is for people."""

    def retrieve(
        self,
        question: str,
        k: int = 10,
        *,
        filter: Filter | None = None,
        heed_time: bool = True,
    ) -> list[Hit]:
        """The passages most likely to answer, best first. Raises as `ask` does."""


class Counts(Protocol):
    """How much a collection holds."""

    @property
    def articles(self) -> int:
        """How many articles."""

    @property
    def passages(self) -> int:
        """How many passages they were cut into."""


class Library(Protocol):
    """The articles as they are stored now: `index.collection.Collection`, in the folder `path`."""

    path: Path

    def article(self, article_id: str) -> Article:
        """The article of that id. Raises NotFoundError when it is gone."""

    def articles(self) -> Iterator[Article]:
        """All of them, in any order."""

    def stats(self) -> Counts:
        """Their number; quick, since the page asks often."""

    def change(self) -> int:
        """A number that rises with every change of an article."""


class Keeper(Library, Protocol):
    """A collection that articles may be added to and removed from, one writer at a time."""

    def add(self, *paths: str | Path) -> AddReport:
        """Add files. Raises LockedError where another one is writing, CollectionError."""

    def origins(self, article_id: str) -> tuple[str, ...]:
        """Where it and its exact copies were found. Raises NotFoundError, CollectionError."""

    def remove(self, article_id: str) -> Article:
        """Forget an article with its copies. Raises NotFoundError, LockedError, CollectionError."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is at the page: whose history is shown, and whether they may add and remove articles."""

    owner: str = ""
    may_change: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as it was put.

    `alone`: without the questions before it, because it was edited to stand by itself. Without
    `heed_time`, its words about time are mere words. Only articles that `filter` admits are
    searched. `again` is the number of the exchange that it takes the place of, 0 if none.
    """

    question: str
    alone: bool = False
    heed_time: bool = True
    filter: Filter = field(default_factory=Filter)
    again: int = 0


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what came of it: an answer, a problem, or neither while it is searched.

    `number` counts from 1 within a conversation and is never used twice in it. `kept` is the id
    of the turn in the history, None if it is in none; `verdict` what a person said of the answer,
    `note` what the program has to say beside it.
    """

    number: int
    question: str
    answer: Answer | None = None
    problem: str = ""
    asking: Asking = field(default_factory=lambda: Asking(""))
    kept: int | None = None
    verdict: Verdict | None = None
    note: str = ""

    @property
    def pending(self) -> bool:
        """Whether it is still being searched."""
        return self.answer is None and not self.problem


@dataclass(frozen=True, slots=True)
class Conversation:
    """Exchanges, oldest first; `kept` is its id in the history, None before the first answer."""

    exchanges: tuple[Exchange, ...] = ()
    kept: int | None = None

    def turn(self, number: int) -> Exchange | None:
        """The exchange of that number."""
        return next((one for one in self.exchanges if one.number == number), None)


def turns(exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The answered part of a conversation, as the assistant wants its history."""
    return tuple(
        Turn(exchange.question, exchange.answer.asked_as, exchange.answer)
        for exchange in exchanges
        if exchange.answer is not None
    )
