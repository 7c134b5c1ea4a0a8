"""When a page says it was published and modified.

In this order, because each is less about this article than the one before it:

1. the article's structured data (JSON-LD with an article's type, then others);
2. meta tags that name the publication (OpenGraph, citation and CMS names), then microdata;
3. general meta tags (`dc.date`), which some sites fill with the day of the last change;
4. a printed label: "Published 12 March 2024", "Written: ...";
5. what htmldate finds in the page's address and dateline;
6. the state of the page's program, if all of it is one day.

A declared instant in UTC is the publisher's own day where the page also says that.
"""

from __future__ import annotations

import copy
import logging
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from index.loaders import json_ld
from index.loaders.datelines import DATELINE_CHARACTERS, dates_in
from index.loaders.metadata import parse_date

log = logging.getLogger(__name__)

PUBLISHED = frozenset(
    "article:published_time article:published article.published og:published_time published_time "
    "datepublished date.published published-date published_date rnews:datepublished publishdate "
    "publish-date publish_date pubdate pub_date bt:pubdate publicationdate publication-date "
    "publication_date originalpublicationdate parsely-pub-date sailthru.date "
    "cxenseparse:recs:publishtime citation_publication_date citation_online_date "
    "dcterms.issued dc.date.issued".split()
)
GENERAL = frozenset(
    "dc.date dcterms.date dc.date.created dcterms.created dc.date.publication".split()
)
MODIFIED = frozenset(
    "article:modified_time article:modified og:updated_time og:modified_time datemodified "
    "date.modified last-modified dcterms.modified dc.date.modified".split()
)
# What blog software writes where there is no date.
PLACEHOLDERS = frozenset((date(1970, 1, 1), date(1969, 12, 31)))

_CHANGED = re.compile(r"\b(?:updated|modified|edited|copyright|©)", re.IGNORECASE)
_UTC = re.compile(r"T(\d\d):\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]00:?00)$", re.IGNORECASE)
_PATH_DATE = re.compile(r"/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?:[/_-]|$)")
_ELSEWHERE = re.compile(
    r"(?:^|\s)(?:comment|related|sidebar|recommend|promo|footer|most-?(?:read|popular)|teaser"
    r"|trending)"
)
_ASIDES = ("aside", "footer", "nav", "ol", "ul")
# A line about a date is a leaf of the page, or nearly.
_MAX_CHILDREN = 8


def page_dates(tree: Any) -> tuple[date | None, date | None]:
    """(published, modified) of a parsed page; None where it does not say.

    The day it was modified is never taken for the day it was published.
    """
    declared = list(_declared(tree))
    printed = list(_labelled(tree))
    modified = next((day for names, _, day in declared if names & MODIFIED), None)
    modified = modified or next((day for kind, day in printed if kind == "modified"), None)
    for wanted in (PUBLISHED, GENERAL):
        for names, value, day in declared:
            if names & wanted:
                return _as_printed(tree, value, day), modified
    published = next((day for kind, day in printed if kind == "published"), None)
    published = published or _found(tree, modified) or _of_state(tree)
    return published, modified


def _declared(tree: Any) -> Iterator[tuple[frozenset[str], str, date]]:
    for said in json_ld.fields(tree):
        if day := _declared_day(said.value):
            yield frozenset((said.key.lower(),)), said.value, day
    for element in tree.iter("meta", "time", "abbr", "span"):
        names = frozenset(
            name.lower()
            for attribute in ("property", "name", "itemprop", "http-equiv")
            for name in (element.get(attribute) or "").split()
        )
        value = element.get("content") or element.get("datetime") or element.get("title") or ""
        if names & (PUBLISHED | GENERAL | MODIFIED) and (day := _declared_day(value)):
            yield names, value, day


def _declared_day(value: str) -> date | None:
    day = parse_date(value)
    return None if day in PLACEHOLDERS else day


def _as_printed(tree: Any, value: str, day: date) -> date:
    """The publisher's day: an instant in UTC can be a day off, and the page tells.

    Only a neighbouring day that some time zone has at that instant counts.
    """
    utc = _UTC.search(value.strip())
    if not utc:
        return day
    hour = int(utc[1])
    near = set[date]()
    if hour < 12:
        near.add(day - timedelta(days=1))
    if hour >= 10:
        near.add(day + timedelta(days=1))
    # The first of each, since later ones are of comments and other stories; the address before
    # what is printed, since pages may begin with the day on which they are looked at.
    said = (next(_path_dates(tree), None), next(_times(tree), None))
    return next((one for one in said if one == day or one in near), day) or day


def _path_dates(tree: Any) -> Iterator[date]:
    """The day in the page's own address."""
    for element in tree.iter("link", "meta"):
        if "canonical" in (element.get("rel") or "") or element.get("property") == "og:url":
            address = element.get("href") or element.get("content") or ""
            if path := _PATH_DATE.search(address):
                try:
                    yield date(*map(int, path.groups()))
                except ValueError:
                    continue


def _times(tree: Any) -> Iterator[date]:
    """Days that stand in date elements, without any label that says "updated"."""
    for element in tree.iter("time", "span", "div", "p"):
        text = _short_text(element)
        of_date = element.tag == "time" or re.search("date|time|byline", _class(element))
        if text and of_date and not _is_elsewhere(element):
            yield from (day for kind, day in dates_in(text) if kind != "modified")


def _labelled(tree: Any) -> Iterator[tuple[str, date]]:
    """Dates that the page prints with a word for what they are, in its order."""
    for element in tree.iter("time", "span", "div", "p", "li", "td", "small", "em", "i", "b", "dd"):
        text = _short_text(element)
        if text and not _is_elsewhere(element):
            yield from ((kind, day) for kind, day in dates_in(text) if kind != "bare")


def _short_text(element: Any) -> str:
    """Its text on one line if it is no longer than a dateline; "" otherwise."""
    if len(element) > _MAX_CHILDREN or sum(1 for _ in element.iter()) > 2 * _MAX_CHILDREN:
        return ""
    text = " ".join("".join(element.itertext()).split())
    return text if len(text) <= DATELINE_CHARACTERS else ""


def _is_elsewhere(element: Any) -> bool:
    """Whether it lies in a part of the page that is not about the article."""
    return any(map(_is_aside, (element, *element.iterancestors())))


def _is_aside(element: Any) -> bool:
    if element.tag in ("body", "html", "article", "main"):
        return False
    named = element.tag in _ASIDES[:3] or _ELSEWHERE.search(_class(element))
    # A layout may be named after the column that it leaves room for.
    return bool(named) and next(element.iter("h1"), None) is None


def _class(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower()


def _of_state(tree: Any) -> date | None:
    days = {_declared_day(value) for value in json_ld.state_dates(tree)} - {None}
    return days.pop() if len(days) == 1 else None


def _found(tree: Any, modified: date | None) -> date | None:
    """The date in the page's address or dateline, as htmldate finds it; None if doubtful."""
    from htmldate import find_date

    tree = copy.deepcopy(tree)
    for element in list(tree.iter("p", "li", "script", "small", "div", "section", *_ASIDES)):
        # Those inside one that was dropped have another root now.
        if element.getparent() is not None and (element.tag == "script" or _misleads(element)):
            element.drop_tree()
    for element in list(tree.iter("meta")):
        if _CHANGED.search(f"{element.get('property')} {element.get('name')}"):
            element.drop_tree()
    try:
        found = find_date(tree, extensive_search=False, original_date=True)
    except Exception:  # its own assertions fail on some broken pages
        log.debug("looking for a date", exc_info=True)
        return None
    day = parse_date(found) if found else None
    if day is None or day == modified:
        return None
    # htmldate completes a bare month or year with the first day.
    return day if day.day != 1 or day in (*_path_dates(tree), *_times(tree)) else None


def _misleads(element: Any) -> bool:
    """Whether its dates are of a change, of the story itself or of other things."""
    if element.tag in ("p", "li", "small"):
        text = "".join(element.itertext())
        return len(text) > DATELINE_CHARACTERS or _CHANGED.search(text) is not None
    return _is_aside(element)
