"""What the page knows of every article without its text: to list, sort, search and count them."""

from __future__ import annotations

import logging
import threading
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from chat.types import Library
from index.terms import words
from index.types import Article

Order = Literal["newest", "oldest", "title", "source", "added"]
ORDERS: tuple[Order, ...] = get_args(Order)

# While articles are added the list changes all the time. A collection that takes longer to read
# than this is read anew beside what is asked, which goes on with the list as it was, and for a
# third of the time at most.
_QUICK_SECONDS = 0.3

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One article in the list; `words` is what a search looks through."""

    id: str
    title: str
    source: str | None
    published: date | None
    fetched: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles are to be listed, and how; the dates are inclusive, "" is any source."""

    text: str = ""
    source: str = ""
    first: date | None = None
    last: date | None = None
    order: Order = "newest"

    @classmethod
    def of(cls, event: Mapping[str, object]) -> Wanted:
        """What an event of the page asks for; what cannot be understood does not narrow."""
        order = str(event.get("order", ""))
        return cls(
            text=str(event.get("text", ""))[:200],
            source=str(event.get("source", ""))[:500],
            first=day_of(event.get("first")),
            last=day_of(event.get("last")),
            order=next((known for known in ORDERS if known == order), "newest"),
        )


class Catalogue:
    """The entries of a collection, read again when it has changed. Safe to use from threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._entries: tuple[Entry, ...] = ()
        self._change: int | None = None
        self._quick = True
        self._not_before = 0.0
        self._reading: threading.Thread | None = None

    def entries(self) -> tuple[Entry, ...]:
        """All of them, of a large collection as they were some seconds ago. Raises
        CollectionError."""
        with self._lock:
            change = self._library.change()
            if change == self._change:
                return self._entries
            if self._quick or not self._entries:
                self._read(change)
            elif time.monotonic() >= self._not_before and not self._busy():
                self._reading = threading.Thread(target=self._read_beside, args=[change])
                self._reading.daemon = True
                self._reading.start()
            return self._entries

    def count(self) -> int:
        """How many there are, at once. Raises CollectionError."""
        return self._library.stats().articles

    def _busy(self) -> bool:
        return self._reading is not None and self._reading.is_alive()

    def _read_beside(self, change: int) -> None:
        try:
            self._read(change)
        except Exception as error:
            _log.warning("the list of articles could not be read: %s", error)
            self._quick = True  # whoever wants it next is told why

    def _read(self, change: int) -> None:
        begun = time.monotonic()
        self._entries = tuple(map(_entry, self._library.articles()))
        self._change = change
        taken = time.monotonic() - begun
        self._quick = taken <= _QUICK_SECONDS
        self._not_before = time.monotonic() + 2 * taken

    def article(self, article_id: str) -> Article:
        """One article, whole. Raises NotFoundError, CollectionError."""
        return self._library.article(article_id)

    def listed(self, wanted: Wanted) -> list[Entry]:
        """The entries that are wanted, in their order. Every word must begin one of the title,
        the source or the authors."""
        asked = _plain(wanted.text).split()
        found = [one for one in self.entries() if _fits(one, wanted, asked)]
        key, backwards = _order(wanted.order)
        return sorted(found, key=key, reverse=backwards)

    def sources(self) -> list[tuple[str, int]]:
        """Every source with the number of its articles, the largest first."""
        counts = Counter(one.source for one in self.entries() if one.source)
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].casefold()))


def day_of(value: object) -> date | None:
    """A date as the page sends it, `2024-08-18`; None for anything else."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _entry(article: Any) -> Entry:
    said = " ".join((article.title, article.source or "", *article.authors))
    return Entry(
        article.id, article.title, article.source, article.published, article.fetched, _plain(said)
    )


def _plain(text: str) -> str:
    """Its words in lower case and without accents, each with a space before it."""
    letters = unicodedata.normalize("NFD", text)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return "".join(f" {word}" for word in words(bare))


def _fits(entry: Entry, wanted: Wanted, asked: list[str]) -> bool:
    if wanted.source and (entry.source or "").casefold() != wanted.source.casefold():
        return False
    if wanted.first and (entry.published is None or entry.published < wanted.first):
        return False
    if wanted.last and (entry.published is None or entry.published > wanted.last):
        return False
    return all(f" {word}" in entry.words for word in asked)


def _order(order: Order) -> tuple[Callable[[Entry], Any], bool]:
    """The sort key and whether it goes backwards; articles without a date come last."""
    match order:
        case "title":
            return (lambda one: (one.title.casefold(), one.id)), False
        case "source":
            return (lambda one: (not one.source, (one.source or "").casefold(), one.title)), False
        case "added":
            return (lambda one: (one.fetched, one.id)), True
        case "oldest":
            return (lambda one: (one.published or date.max, one.title)), False
    return (lambda one: (one.published or date.min, one.title)), True
