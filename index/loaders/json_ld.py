"""The structured data of a page (JSON-LD) and of its program's state: what they say of dates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

# More script text than this is not metadata about one article.
MAX_JSON = 500_000
# A page's state can hold a whole site.
MAX_STATE = 5_000_000

_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review|Recipe|Story|Column)$")
# They have dates of their own, which are not the article's.
_NOT_ARTICLES = re.compile(
    r"(?:Video|Image|Audio|Media)Object|Comment|Event|Product|Offer|Person|Organization"
    r"|(?:Podcast|TV|Radio)\w*|JobPosting|Dataset|BreadcrumbList|ItemList|Clip"
)
# Names that programs give to the day of publication, in the state that they send with a page.
_STATE = re.compile(
    r"\\?\"(?:datePublished|date_published|publishedDate|published_date|publishDate|publish_date"
    r"|publicationDate|publication_date|publishedAt|published_at|firstPublished(?:At|Date)?"
    r"|pubDate|pub_date)\\?\"\s*:\s*\\?\"([^\"\\]{8,40})\\?\""
)


class Said(NamedTuple):
    """A field of structured data, and whether it is an article's own."""

    key: str
    value: str
    of_article: bool


def fields(tree: Any) -> list[Said]:
    """The date fields that stand in the page's JSON-LD; those of articles first, then outermost."""
    found = [said for script in tree.iter("script") for said in _said(script)]
    return sorted(found, key=lambda said: not said.of_article)


def state_dates(tree: Any) -> set[str]:
    """Every publication date in the page's scripts: of one article only if they are one day."""
    found: set[str] = set()
    for script in tree.iter("script"):
        text = script.text or ""
        if "ld+json" not in (script.get("type") or "") and len(text) <= MAX_STATE:
            found.update(_STATE.findall(text))
    return found


def _said(script: Any) -> Iterator[Said]:
    text = script.text or ""
    if "ld+json" not in (script.get("type") or "") or len(text) > MAX_JSON:
        return
    try:
        level = [json.loads(text.strip().rstrip(";"), strict=False)]
    except (ValueError, RecursionError):
        return
    while level:
        inner: list[object] = []
        for value in level:
            if isinstance(value, list):
                inner.extend(value)
            elif isinstance(value, dict):
                types = value.get("@type")
                names = [str(one) for one in (types if isinstance(types, list) else [types])]
                if any(map(_NOT_ARTICLES.fullmatch, names)):
                    continue
                of_article = any(map(_ARTICLE.search, names))
                for key, item in value.items():
                    if key in ("datePublished", "dateModified") and isinstance(item, str):
                        yield Said(key, item, of_article)
                    # A comment, a video or a related story has dates of its own.
                    elif key in ("@graph", "mainEntity", "mainEntityOfPage"):
                        inner.append(item)
        level = inner
