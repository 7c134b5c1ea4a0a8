"""The nouns of the index. All are frozen; a stage returns new values."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

Stage = Literal["dense", "lexical", "fused", "read"]


class Span(NamedTuple):
    """Characters `start` (inclusive) to `end` (exclusive) of an article's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it is stored; `text` is final and every offset refers to it.

    `origin` is where it was read (absolute path or URL) and its identity for updates; `source` is
    the publisher shown to the reader. `published` and `modified` are the article's own dates,
    `fetched` is when we read it; an unknown date is None, never another date.
    `sha256` is the hex digest of `text` in UTF-8.
    """

    id: str
    origin: str
    title: str
    text: str
    source: str | None
    url: str | None
    authors: tuple[str, ...]
    published: date | None
    modified: date | None
    fetched: datetime
    language: str | None
    sha256: str

    @classmethod
    def create(
        cls,
        *,
        origin: str,
        title: str,
        text: str,
        fetched: datetime,
        source: str | None = None,
        url: str | None = None,
        authors: tuple[str, ...] = (),
        published: date | None = None,
        modified: date | None = None,
        language: str | None = None,
    ) -> Article:
        """An article with its id (from the origin) and its content hash worked out."""
        return cls(
            id=hashlib.sha256(origin.encode()).hexdigest()[:16],
            origin=origin,
            title=title,
            text=text,
            source=source,
            url=url,
            authors=authors,
            published=published,
            modified=modified,
            fetched=fetched,
            language=language,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
        )

    def at(self, origin: str) -> Article:
        """The same article, read elsewhere."""
        id = hashlib.sha256(origin.encode()).hexdigest()[:16]
        return dataclasses.replace(self, id=id, origin=origin)


@dataclass(frozen=True, slots=True)
class Passage:
    """Some whole sentences of one article: `article.text[start:end] == text`.

    `sentences` are spans of the article's text, in order, inside [start, end). `id` is given by
    the store, rises with time and is never reused. `language` is the article's.
    """

    id: int
    article_id: str
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    language: str | None = None

    def text_at(self, span: Span) -> str:
        """The characters of a span of the article that lies inside the passage."""
        return self.text[span.start - self.start : span.end - self.start]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found by one stage. Higher is better; compare scores within one stage only."""

    passage: Passage
    score: float
    stage: Stage


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles may be searched; an empty field does not narrow.

    Both dates are inclusive; an article without a publication date fails a date limit.
    `sources` and `authors` are compared without regard to case. Articles of `excluded_sources` are
    left out; those without a source are not.
    """

    sources: tuple[str, ...] = ()
    published_from: date | None = None
    published_to: date | None = None
    authors: tuple[str, ...] = ()
    article_ids: tuple[str, ...] = ()
    excluded_sources: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Filter()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not added, and why."""

    origin: str
    reason: str


@dataclass(frozen=True, slots=True)
class Move:
    """A file that was at `before` when it was added, and is now at `origin`."""

    before: str
    origin: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file in which is what the article of the origin `of` says already: one article, two
    origins.
    """

    origin: str
    of: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an add has come: `done` of `total` bytes of files, or articles where it is given
    articles (`total` is 0 where it is not known), and what it did so far, after so many seconds.
    """

    done: int
    total: int
    articles: int
    seconds: float

    @property
    def remaining(self) -> float | None:
        """About how many seconds are left; None if that cannot be said yet."""
        if not 0 < self.done <= self.total or self.seconds < 1:
            return None
        return self.seconds * (self.total - self.done) / self.done


@dataclass(frozen=True, slots=True)
class AddReport:
    """What an add did, as origins in the order in which they were met.

    `removed` is what `sync` removed because it has left the folder; an add removes nothing.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    moved: tuple[Move, ...] = ()
    removed: tuple[str, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()

    def __str__(self) -> str:
        always = {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "refused": self.refused,
        }
        seldom = {"duplicate": self.duplicates, "moved": self.moved, "removed": self.removed}
        counts = always | {name: what for name, what in seldom.items() if what}
        return ", ".join(f"{len(what)} {name}" for name, what in counts.items())
