"""The structured data of a page (JSON-LD) and of its program's state: what they say of dates."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

# More script text than this is not metadata about one article.
MAX_JSON = 500_000
# A page's state can hold a whole site.
MAX_STATE = 5_000_000
# Values in one script; each may be malformed by itself.
MAX_VALUES = 50

_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review|Recipe|Story|Column)$")
# They have dates of their own, which are not the article's.
_NOT_ARTICLES = re.compile(
    r"(?:Video|Image|Audio|Media)Object|Comment|Event|Product|Offer|Person|Organization"
    r"|(?:Podcast|TV|Radio)\w*|JobPosting|Dataset|BreadcrumbList|ItemList|Clip"
)
_KEYS = ("datePublished", "dateModified")
# A comment, a video or a related story has dates of its own, which are not looked for.
_INSIDE = ("@graph", "mainEntity", "mainEntityOfPage")
# Names that programs give to the day of publication, in the state that they send with a page.
_STATE = re.compile(
    r"\\?\"(?:datePublished|date_published|publishedDate|published_date|publishDate|publish_date"
    r"|publicationDate|publication_date|publishedAt|published_at|firstPublished(?:At|Date)?"
    r"|pubDate|pub_date)\\?\"\s*:\s*\\?\"([^\"\\]{8,40})\\?\""
)
# What templates leave in their scripts, beside a closing semicolon.
_WRAPPING = re.compile(
    r"^(?:(?:/\*|//)?[ \t]{0,9}<!\[CDATA\[\s*(?:\*/)?|<!--)"
    r"|(?:(?:/\*|//)?[ \t]{0,9}\]\]>(?:\s*\*/)?|-->)$"
)
_EXTRA_COMMA = re.compile(r",(?=\s{0,99}[}\]])")
_WORD = re.compile(r"\w+")


class Said(NamedTuple):
    """A date field of structured data; `rank` is lower the more it is about the page's article."""

    key: str
    value: str
    rank: int


# The article of this page, an article, something else.
THIS, ARTICLE, OTHER = range(3)


def fields(tree: Any, headlines: set[str], addresses: set[str]) -> list[Said]:
    """The date fields that stand in the page's JSON-LD; those of its article first, then outermost.

    A page may describe other articles too: its own is the one that has its headline (of which
    `headlines` has the words, see `words`) or address.
    """
    found = [said for script in tree.iter("script") for said in _said(script, headlines, addresses)]
    return sorted(found, key=lambda said: said.rank)


def state_dates(tree: Any) -> set[str]:
    """Every publication date in the page's scripts: of one article only if they are one day."""
    found: set[str] = set()
    for script in tree.iter("script"):
        text = script.text or ""
        if "ld+json" not in (script.get("type") or "") and len(text) <= MAX_STATE:
            found.update(_STATE.findall(text))
    return found


def words(text: str) -> str:
    """The words of a headline, to be compared."""
    return " ".join(_WORD.findall(text.casefold()))


def _said(script: Any, headlines: set[str], addresses: set[str]) -> Iterator[Said]:
    text = script.text or ""
    if "ld+json" not in (script.get("type") or "") or len(text) > MAX_JSON:
        return
    level = list(_values(text))
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
                rank = ARTICLE if any(map(_ARTICLE.search, names)) else OTHER
                if rank == ARTICLE and _is_this(value, headlines, addresses):
                    rank = THIS
                for key, item in value.items():
                    if key in _KEYS and (day := _plain(item)):
                        yield Said(key, day, rank)
                    elif key in _INSIDE:
                        inner.append(item)
        level = inner


def _values(text: str) -> Iterator[object]:
    """The values of a script: one as a rule, several one after the other in some."""
    text = _WRAPPING.sub("", text.strip()).strip()
    if text.startswith(("{&quot;", "[{&quot;")):
        text = html.unescape(text)
    decoder = json.JSONDecoder(strict=False)
    start = 0
    for attempt in range(MAX_VALUES):
        try:
            value, start = decoder.raw_decode(text, start)
        except RecursionError:
            return
        except ValueError:
            if attempt or (repaired := _EXTRA_COMMA.sub("", text)) == text:
                return
            text = repaired
            continue
        yield value
        start += len(text[start:]) - len(text[start:].lstrip(" \t\r\n;,"))
        if start >= len(text):
            return


def _plain(value: object) -> str:
    """A date as people write it into a field of a single value."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value")
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _is_this(value: dict[str, Any], headlines: set[str], addresses: set[str]) -> bool:
    headline, place = value.get("headline") or value.get("name"), value.get("mainEntityOfPage")
    if isinstance(headline, str) and words(html.unescape(headline)) in headlines:
        return True
    if isinstance(place, dict):
        place = place.get("@id")
    return any(isinstance(one, str) and one in addresses for one in (value.get("url"), place))
