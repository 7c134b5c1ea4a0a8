"""When a page says it was published and modified."""

from __future__ import annotations

import copy
import json
import logging
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from index.loaders.metadata import parse_date

log = logging.getLogger(__name__)

PUBLISHED = frozenset(
    "article:published_time article:published og:published_time datepublished date.published "
    "pubdate publishdate publish-date publication_date published-date parsely-pub-date "
    "sailthru.date citation_publication_date dc.date dc.date.issued dcterms.date dcterms.issued "
    "dc.date.created dcterms.created".split()
)
MODIFIED = frozenset(
    "article:modified_time article:modified og:updated_time og:modified_time datemodified "
    "date.modified last-modified dcterms.modified dc.date.modified".split()
)
# More script text than this is not metadata about one article.
MAX_JSON = 500_000
_CHANGED = re.compile(r"\b(?:updated|modified|edited|copyright|©)", re.IGNORECASE)
# A dateline is short; a date in a longer paragraph is part of the story.
DATELINE_CHARACTERS = 120


def page_dates(tree: Any) -> tuple[date | None, date | None]:
    """(published, modified) of a parsed page; None where it does not say.

    What the page declares (JSON-LD, meta tags, microdata) goes before what is printed in it, and
    the day it was modified is never taken for the day it was published.
    """
    declared = list(_declared(tree))
    published = next((day for names, day in declared if names & PUBLISHED), None)
    modified = next((day for names, day in declared if names & MODIFIED), None)
    return published or _printed(tree, modified), modified


def _declared(tree: Any) -> Iterator[tuple[frozenset[str], date]]:
    for key, value in _json_ld(tree):
        if day := parse_date(value):
            yield frozenset((key.lower(),)), day
    for element in tree.iter("meta", "time", "abbr", "span"):
        names = frozenset(
            name.lower()
            for attribute in ("property", "name", "itemprop", "http-equiv")
            for name in (element.get(attribute) or "").split()
        )
        value = element.get("content") or element.get("datetime") or element.get("title") or ""
        if names & (PUBLISHED | MODIFIED) and (day := parse_date(value)):
            yield names, day


def _json_ld(tree: Any) -> Iterator[tuple[str, str]]:
    """The date fields of the page's structured data, outermost first."""
    for script in tree.iter("script"):
        text = script.text or ""
        if "ld+json" not in (script.get("type") or "") or len(text) > MAX_JSON:
            continue
        try:
            level = [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            continue
        while level:
            inner: list[object] = []
            for value in level:
                for key, item in value.items() if isinstance(value, dict) else ():
                    if key in ("datePublished", "dateModified") and isinstance(item, str):
                        yield key, item
                    # A comment, a video or a related story has dates of its own.
                    elif key in ("@graph", "mainEntity", "mainEntityOfPage"):
                        inner.append(item)
                if isinstance(value, list):
                    inner.extend(value)
            level = inner


def _printed(tree: Any, modified: date | None) -> date | None:
    """The date in the page's address or dateline, as htmldate finds it; None if doubtful."""
    from htmldate import find_date

    tree = copy.deepcopy(tree)
    for element in list(tree.iter("p", "li", "footer", "script", "small")):
        if element.getparent() is None:
            continue
        text = "".join(element.itertext()) if element.tag != "script" else ""
        if element.tag == "script" or len(text) > DATELINE_CHARACTERS or _CHANGED.search(text):
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
    # htmldate completes a bare month or year with the first day.
    return None if day is None or day.day == 1 or day == modified else day
