"""The nouns of the history: what is kept of a conversation. All are frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from index.types import Article, Filter, Span
from qa.types import Answer, Citation, Turn, day

Verdict = Literal["right", "wrong", "wrong source"]
Standing = Literal["same", "changed", "removed", "damaged"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation in a list of them.

    `collection` is the folder of the articles that were asked, `owner` whose it is where several
    people use one history, "" where one does. `started` and `changed` are times in UTC.
    """

    id: int
    title: str
    collection: str
    owner: str
    started: datetime
    changed: datetime
    turns: int


@dataclass(frozen=True, slots=True)
class Reference:
    """What an article was when it was shown: enough to name it when it has gone."""

    article_id: str
    article_sha256: str
    origin: str
    title: str
    source: str | None
    url: str | None
    published: date | None

    @classmethod
    def of(cls, article: Article) -> Reference:
        """An article without its text."""
        return cls(
            article.id,
            article.sha256,
            article.origin,
            article.title,
            article.source,
            article.url,
            article.published,
        )

    @property
    def byline(self) -> str:
        """Title, source and date as one line."""
        parts = [self.title, self.source or "", day(self.published)]
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Rating:
    """What a person thinks of an answer."""

    verdict: Verdict
    note: str
    rated: datetime


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """One question of a conversation with its whole answer, as it was shown.

    `asked_on` is the day that the question's words about time were taken from, `kept` the time of
    asking, in UTC. Of the answer's hits those are kept that hold a quote or, where nothing was
    quoted, the nearest. `references` are the articles of all hits, by id.
    """

    id: int
    conversation: int
    number: int
    kept: datetime
    asked_on: date
    answer: Answer
    filter: Filter = field(default_factory=Filter)
    references: Mapping[str, Reference] = field(default_factory=dict)
    rating: Rating | None = None

    @property
    def turn(self) -> Turn:
        """As `ask` takes it for its `history`."""
        return Turn(self.answer.question, self.answer.asked_as, self.answer)


@dataclass(frozen=True, slots=True)
class DamagedTurn:
    """A question and its answer that cannot be read any more; those beside it can."""

    conversation: int
    number: int
    problem: str

    def __str__(self) -> str:
        return f"Answer {self.number} is damaged in the history ({self.problem}) and left out."


@dataclass(frozen=True, slots=True)
class Checked:
    """How an old citation stands to the collection as it is now.

    `same`: the article has the same hash, and the quote stands at its place. `changed`: the
    article is another one now; `now` is where the quote still stands in it, None if nowhere.
    `removed`: there is no such article. `damaged`: it cannot be read.
    """

    citation: Citation
    standing: Standing
    now: Span | None = None

    def __str__(self) -> str:
        match self.standing, self.now:
            case "same", _:
                return "stands as it was quoted"
            case "changed", None:
                return "changed since: the quote is no longer in the article"
            case "changed", _:
                return "changed since: the quote is still in the article"
            case "removed", _:
                return "removed since: the article is no longer in the collection"
            case _:
                return "cannot be checked: the article is damaged"
