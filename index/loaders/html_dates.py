"""When a page says it was published and modified.

In this order, because each is less about this article than the one before it:

1. the article's structured data (JSON-LD with an article's type, then others);
2. meta tags that name the publication (OpenGraph, citation and CMS names), then microdata;
3. general meta tags (`dc.date`), which some sites fill with the day of the last change;
4. a printed label: "Published 12 March 2024", "Written: ...";
5. a dateline beside the headline, or one that the report begins with;
6. the page's address, then elements for dates if all of them say one day;
7. the state of the page's program, if all of it is one day.

A declared instant in UTC is the publisher's own day where the page also says that. No day is
believed that is still to come.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from index.loaders import json_ld
from index.loaders.html_printed import Printed, addresses, is_elsewhere
from index.loaders.metadata import parse_date
from index.loaders.normalising import one_line

PUBLISHED = frozenset(
    "article:published_time article:published article.published og:published_time published_time "
    "datepublished date.published published-date published_date date-published date_published "
    "rnews:datepublished publishdate publish-date publish_date pubdate pub_date bt:pubdate "
    "publicationdate publication-date publication_date originalpublicationdate parsely-pub-date "
    "sailthru.date cxenseparse:recs:publishtime vr:published_time article_date_original "
    "dcsext.articlefirstpublished citation_publication_date citation_online_date "
    "dcterms.issued dc.date.issued".split()
)
GENERAL = frozenset(
    "dc.date dcterms.date dc.date.created dcterms.created dc.date.publication date "
    "displaydate release_date ptime".split()
)
MODIFIED = frozenset(
    "article:modified_time article:modified og:updated_time og:modified_time datemodified "
    "date.modified last-modified dcterms.modified dc.date.modified revised article.updated".split()
)

# Microformats: <abbr class="published" title="2024-03-12">.
_CLASSES = {"published": "datepublished", "dt-published": "datepublished"}
_CHANGED_CLASSES = {"updated": "datemodified", "dt-updated": "datemodified"}

_UTC = re.compile(r"T(\d\d):\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]00:?00)$", re.IGNORECASE)
_Declared = tuple[frozenset[str], str, date]


def page_dates(tree: Any, address: str = "") -> tuple[date | None, date | None]:
    """(published, modified) of a parsed page that was at `address`; None where it does not say.

    The day it was modified is never taken for the day it was published.
    """
    printed = Printed(tree, next(tree.iter("h1"), None), address)
    declared = list(_declared(tree))
    labelled = [dated for dated in printed.labelled() if not _is_to_come(dated.day)]
    modified = next((day for names, _, day in declared if names & MODIFIED), None)
    modified = modified or next((day for kind, day in labelled if kind == "modified"), None)
    for wanted in (PUBLISHED, GENERAL):
        for names, value, day in declared:
            if names & wanted:
                return _as_printed(printed, value, day), modified
    published = next((day for kind, day in labelled if kind == "published"), None)
    return published or _unnamed(tree, printed, modified), modified


def _unnamed(tree: Any, printed: Printed, modified: date | None) -> date | None:
    """The day of publication where nothing says that it is that."""
    if day := _past(printed.beside_headline()):
        return day if day != modified else None
    if day := _past(printed.leading()):
        return day
    if day := _past(next(printed.in_address(), None)):
        return day
    day = _only(printed.in_date_elements())
    if day and day != modified:
        return day
    return _only(map(parse_date, json_ld.state_dates(tree)))


def _declared(tree: Any) -> Iterator[_Declared]:
    lines = [*tree.iter("h1", "title"), *tree.iter("meta")]
    headlines = {json_ld.words(one_line(_said(line))) for line in lines} - {""}
    for said in json_ld.fields(tree, headlines, set(addresses(tree)) - {""}):
        if day := _past(parse_date(said.value)):
            yield frozenset((said.key.lower(),)), said.value, day
    for element in tree.iter("meta", "time", "abbr", "span"):
        names = _names(element)
        if not names & (PUBLISHED | GENERAL | MODIFIED):
            continue
        value = element.get("content") or element.get("datetime") or element.get("title") or ""
        day = _past(parse_date(value))
        if day and (element.tag == "meta" or not is_elsewhere(element)):
            yield names, value, day


def _names(element: Any) -> frozenset[str]:
    """What the element calls its date, in lower case."""
    if (element.get("http-equiv") or "").lower() == "date":
        return frozenset()  # the server's clock
    named = frozenset(
        name.lower()
        for attribute in ("property", "name", "itemprop", "http-equiv")
        for name in (element.get(attribute) or "").split()
    )
    if named or element.tag == "meta":
        return named
    classes = (element.get("class") or "").lower().split()
    # Blog software calls a date both as long as nothing was changed.
    known = _CLASSES if not _CLASSES.keys().isdisjoint(classes) else _CHANGED_CLASSES
    return frozenset(known[name] for name in classes if name in known)


def _said(element: Any) -> str:
    if element.tag != "meta":
        return "".join(element.itertext())
    return (element.get("content") or "") if element.get("property") == "og:title" else ""


def _as_printed(printed: Printed, value: str, day: date) -> date:
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
    said = (next(printed.in_address(), None), next(printed.in_date_elements(), None))
    return next((one for one in said if one == day or one in near), day) or day


def _only(days: Iterable[date | None]) -> date | None:
    found = set(map(_past, days)) - {None}
    return found.pop() if len(found) == 1 else None


def _past(day: date | None) -> date | None:
    return None if day is None or _is_to_come(day) else day


def _is_to_come(day: date) -> bool:
    # It may be tomorrow already where the publisher is.
    return day > datetime.now(UTC).date() + timedelta(days=1)
