"""Dates that a page prints, and the one in its address."""

from __future__ import annotations

import itertools
import re
from collections import deque
from collections.abc import Iterator
from datetime import date
from typing import Any

from index.loaders.datelines import (
    DATELINE_CHARACTERS,
    Dated,
    dates_in,
    is_dateline,
    leading_date,
)
from index.loaders.metadata import parse_date

# Where English is written, the day comes first in all countries but one; a page that says only
# "en", or "en-US" as programs do by themselves, tells nothing.
_DAY_FIRST = re.compile(r"(?!en\b)[a-z]{2,3}\b|en[-_](?:gb|ie|au|nz|in|za)\b", re.IGNORECASE)
_PATH_DATE = re.compile(
    r"/((?:19|20)\d\d)(?:([/-])(\d\d?)\2(\d\d?)|/([a-z]{3,9})/(\d\d?)|(\d\d)(\d\d))(?=[/_.-]|$)",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"(?:^|\s)(?:comment|related|sidebar|recommend|promo|footer|most-?(?:read|popular)|teaser"
    r"|trending|latest|more-(?:news|stories|from|on))"
)
_ASIDES = ("aside", "footer", "nav", "ol", "ul")
_CHANGED = re.compile(r"\b(?:updated|modified)\b")
_LINES = frozenset(
    "time span div p li td th small em i b strong a dd dt h2 h3 h4 h5 h6 address abbr font".split()
)
# A line about a date is a leaf of the page, or nearly.
_MAX_CHILDREN = 8
# A headline and a teaser of another story, which has its own link.
CARD_CHARACTERS = 400
# A cell with more than that is no label of the one after it.
LABEL_CHARACTERS = 40
# Elements beside the headline in which its dateline can stand.
_BESIDE = 60


class Printed:
    """What the parsed page `tree` prints, `heading` being the element of its headline, if any.

    `address` is where it was when it was saved, "" if that is not known.
    """

    def __init__(self, tree: Any, heading: Any, address: str) -> None:
        self._tree = tree
        self._heading = heading
        self._address = address
        language = tree.get("lang") or tree.get("xml:lang") or ""
        self._day_first = _DAY_FIRST.match(language) is not None

    def in_address(self) -> Iterator[date]:
        """The day in each of the page's own addresses."""
        for address in (*addresses(self._tree), self._address):
            if (path := _PATH_DATE.search(address)) and (day := _of_path(path)):
                yield day

    def labelled(self) -> Iterator[Dated]:
        """Dates that are printed with a word for what they are, in the page's order."""
        for element in self._tree.iter(*_LINES):
            found = list(self._dates(_short_text(element)))
            if len(found) == 1 and found[0].kind == "bare":
                # "Published" in a cell or an element of its own.
                before = element.getprevious()
                label = "" if before is None else _short_text(before)
                found = list(self._dates(f"{label} {_short_text(element)}"))
                found = found if len(label) <= LABEL_CHARACTERS else []
            named = [dated for dated in found if dated.kind != "bare"]
            if named and not is_elsewhere(element):
                yield from named

    def in_date_elements(self) -> Iterator[date]:
        """Days that stand in elements for dates, without any label that says "updated"."""
        for element in self._tree.iter("time", "span", "div", "p"):
            if element.tag == "time" or re.search("date|time|byline", _class(element)):
                found = [
                    dated.day
                    for dated in self._dates(_short_text(element))
                    if dated.kind != "modified"
                ]
                if found and not is_elsewhere(element):
                    yield from found

    def beside_headline(self) -> date | None:
        """The only day in datelines around the headline; None if there is none, or several."""
        found = set[date]()
        for element in self._around():
            text = _short_text(element)
            if element.tag == "time" and (day := parse_date(element.get("datetime") or "")):
                days = {day}
            else:
                days = {day for kind, day in self._dates(text) if kind == "bare"}
                days = days if days and is_dateline(text) else set()
            is_changed = _CHANGED.search(_class(element)) and "published" not in _class(element)
            if days and not is_changed and not is_elsewhere(element):
                found |= days
        return found.pop() if len(found) == 1 else None

    def leading(self) -> date | None:
        """The day with which one of the first paragraphs begins, after its place."""
        first = itertools.islice((one for one in self._tree.iter("p") if _is_story(one)), 3)
        return leading_date(" ".join("".join(one.itertext()).split()) for one in first)

    def _around(self) -> Iterator[Any]:
        """The elements shortly before and after the headline, up to the story."""
        heading = self._heading
        if heading is None:
            return
        inside = next(heading.iterancestors("article", "main", "header"), None)
        before = deque[Any](maxlen=_BESIDE)
        following = self._tree.iter()
        for element in following:
            if element is heading:
                break
            if element.tag in _LINES:
                before.append(element)
        yield from (one for one in before if inside is not None and inside in one.iterancestors())
        after = (one for one in following if one.tag in _LINES)
        yield from itertools.takewhile(
            lambda one: not _is_story(one), itertools.islice(after, _BESIDE)
        )

    def _dates(self, text: str) -> Iterator[Dated]:
        return dates_in(text, day_first=self._day_first)


def addresses(tree: Any) -> Iterator[str]:
    """What the page calls its own address."""
    for element in tree.iter("link", "meta"):
        if "canonical" in (element.get("rel") or "") or element.get("property") == "og:url":
            yield element.get("href") or element.get("content") or ""


def is_elsewhere(element: Any) -> bool:
    """Whether it lies in a part of the page that is not about the article."""
    around = (element, *element.iterancestors())
    return any(map(_is_aside, around)) or _is_of_card(around)


def _is_aside(element: Any) -> bool:
    if element.tag in ("body", "html", "article", "main"):
        return False
    is_masthead = (
        element.tag == "header" and next(element.iterancestors("article", "main"), None) is None
    )
    named = element.tag in _ASIDES[:3] or is_masthead or _ELSEWHERE.search(_class(element))
    # A layout may be named after the column that it leaves room for.
    return bool(named) and next(element.iter("h1"), None) is None


def _is_of_card(around: tuple[Any, ...]) -> bool:
    """Whether the nearest elements are the link to another story, with its headline."""
    for element in around[1:6]:
        if element.tag in ("body", "main") or len("".join(element.itertext())) > CARD_CHARACTERS:
            return False
        if next(element.iter("h1"), None) is not None:
            return False
        if any(next(one.iter("a"), None) is not None for one in element.iter("h2", "h3", "h4")):
            return True
    return False


def _is_story(element: Any) -> bool:
    return element.tag in ("p", "blockquote") and (
        len("".join(element.itertext()).strip()) > DATELINE_CHARACTERS
    )


def _of_path(path: re.Match[str]) -> date | None:
    year, _, month, day, name, its_day, packed, packed_day = path.groups()
    if name:
        return parse_date(f"{its_day} {name} {year}")
    return parse_date(f"{year}-{month or packed}-{day or packed_day}")


def _short_text(element: Any) -> str:
    """Its text on one line if it is no longer than a dateline; "" otherwise."""
    if len(element) > _MAX_CHILDREN or sum(1 for _ in element.iter()) > 2 * _MAX_CHILDREN:
        return ""
    text = " ".join("".join(element.itertext()).split())
    return text if len(text) <= DATELINE_CHARACTERS else ""


def _class(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower()
