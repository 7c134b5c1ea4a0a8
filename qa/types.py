"""The nouns of question answering. All are frozen."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from index.types import Hit

# What happened in a period is reported on until so long after it.
REPORTED_FOR = timedelta(days=7)

Status = Literal["answered", "not_found"]
Shape = Literal["plain", "development", "positions", "comparison"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A proved quote: `article.text[start:end] == quote` for the article of that id and hash.

    `marker` is the number in the answer's text, from 1. `speaker` is who says it, as the quoted
    sentence names them; "" where it names nobody for sure.
    """

    marker: int
    article_id: str
    article_sha256: str
    title: str
    source: str | None
    url: str | None
    published: date | None
    quote: str
    start: int
    end: int
    speaker: str = ""

    @property
    def byline(self) -> str:
        """Title, source and date as one line; an unknown one is left out or said to be unknown."""
        parts = [self.title, self.source or "", day(self.published)]
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class TimeFrame:
    """What a question says of time.

    `words` are the question's own. `first` and `last` are the days it is about, None where it is
    open. Only articles published in between are searched if `only`; otherwise those published
    then, or soon after, are preferred. With `newest`, the newest article that answers is.
    """

    words: str
    first: date | None = None
    last: date | None = None
    only: bool = False
    newest: bool = False

    def about_now(self, today: date) -> bool:
        """Whether it asks for the newest, or of a time that has not ended."""
        begun = self.first is None or self.first <= today
        ended = self.last is not None and self.last < today
        return self.newest or (begun and not ended)

    def tells_of(self, published: date | None) -> bool:
        """Whether an article of that day may tell of the time; not if its day is unknown."""
        if published is None:
            return False
        first, last = self.first or date.min, self.last or date.max
        return first <= published <= last + min(REPORTED_FOR, date.max - last)

    def __str__(self) -> str:
        if self.newest:
            return "newest first"
        if self.first == self.last:
            said = day(self.first)
        elif self.first is None:
            said = f"until {day(self.last)}"
        elif self.last is None:
            said = f"since {day(self.first)}"
        else:
            said = f"{day(self.first)} to {day(self.last)}"
        if self.only:
            return f"published {said}"
        return f"about {said}" if self.first and self.last else said


@dataclass(frozen=True, slots=True)
class Part:
    """One thing of several that an answer says, on a line of its own.

    `markers` are those of its citations: the first is of the quote that is shown, which is of the
    day `published` and names `speaker`; the others give the same answer. `claim` are the words in
    it that answer. `articles` say so, counting those that only repeat one of the sentences; so many
    of them as are `independent` are no copies of one another.
    """

    markers: tuple[int, ...]
    published: date | None = None
    speaker: str = ""
    claim: str = ""
    articles: int = 1
    independent: int = 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown for one question.

    `text` holds quoted sentences, each followed by markers like `[1] [2]`: the first is of that
    sentence, the others of sentences in other articles that give the same answer. In any `shape`
    but a plain one each stands on a line of its own, after its date and who says it, and `parts`
    has these lines in order: a development oldest first, a comparison of what the articles say
    newest first, positions surest first (their own words before what others tell). The markers are
    exactly those of `citations`, in order. `asked_as` is the stand-alone question that was
    searched. `short_answer` lies inside the first quote (empty when there is none, or no single
    one).
    `remark` is ours, not quoted: whether articles agree, how old they are, or why nothing is
    quoted; it may be empty. `frame` is what was made of the question's words about time, None if
    nothing. `hits` are the passages that were read, best first. `confidence` is the calibrated
    probability that the first quote answers (in a development, told oldest first, the surest
    one), None when nothing is quoted. `timings` are seconds per step.
    """

    question: str
    asked_as: str
    status: Status
    text: str
    short_answer: str = ""
    remark: str = ""
    shape: Shape = "plain"
    parts: tuple[Part, ...] = ()
    frame: TimeFrame | None = None
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    confidence: float | None = None
    timings: Mapping[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        lines = [
            textwrap.fill(line, 88, break_long_words=False, break_on_hyphens=False)
            for line in self.text.split("\n")
        ]
        lines += ["", self.remark] if self.remark else []
        lines += ["", f"“{self.frame.words}”: {self.frame}"] if self.frame else []
        for citation in self.citations:
            lines += ["", f"[{citation.marker}] {citation.byline}"]
            lines += [f"    {citation.url}"] if citation.url else []
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and what came of it."""

    question: str
    asked_as: str
    answer: Answer | None = None


def day(value: date | None) -> str:
    """A date as people read it, `18 August 2024`."""
    return f"{value.day} {value:%B %Y}" if value else "date unknown"
