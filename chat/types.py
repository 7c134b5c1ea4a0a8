"""What the chat needs of the rest, and its one noun of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.types import Article
from qa.types import Answer, Turn


class Asks(Protocol):
    """What answers questions: `qa.assistant.Assistant`."""

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Answer:
        """The answer. Raises an ArticleQAError whose message is for people."""


class Counts(Protocol):
    """How much a collection holds."""

    @property
    def articles(self) -> int:
        """How many articles."""

    @property
    def passages(self) -> int:
        """How many passages they were cut into."""


class Library(Protocol):
    """The articles as they are stored now: `index.collection.Collection`."""

    def article(self, article_id: str) -> Article:
        """The article of that id. Raises NotFoundError when it is gone."""

    def articles(self) -> Iterator[Article]:
        """All of them, in any order."""

    def stats(self) -> Counts:
        """Their number; quick, since the page asks often."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what came of it: an answer, a problem, or neither while it is searched.

    `number` counts from 1 within a conversation and is never used twice in it.
    """

    number: int
    question: str
    answer: Answer | None = None
    problem: str = ""

    @property
    def pending(self) -> bool:
        """Whether it is still being searched."""
        return self.answer is None and not self.problem


def turns(exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The answered part of a conversation, as the assistant wants its history."""
    return tuple(
        Turn(exchange.question, exchange.answer.asked_as, exchange.answer)
        for exchange in exchanges
        if exchange.answer is not None
    )
