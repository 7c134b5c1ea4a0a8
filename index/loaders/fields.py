"""The fields of records of data (JSON, CSV): which of them is what.

Apart from `rows`, which makes articles of records: to tell that one may be an article, none of
what that imports is needed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from index.loaders.normalising import one_line

# Our name for a field -> the names that others give it, in lower case without marks.
NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline", "webtitle", "name", "subject"),
    "text": (
        *("text", "body", "content", "fulltext", "articlebody", "articletext", "bodytext"),
        *("contenttext", "maintext", "article", "story", "contenthtml", "html", "cleantext"),
    ),
    "published": (
        *("published", "datepublished", "publishedat", "publisheddate", "publicationdate"),
        *("pubdate", "publishdate", "datepublish", "publishedtime", "publishedon", "postedat"),
        *("firstpublished", "firstpublicationdate", "webpublicationdate", "publicationdatetime"),
        *("date", "issued", "dategmt"),
    ),
    "modified": (
        *("modified", "datemodified", "modifiedat", "updated", "updatedat", "lastmodified"),
        *("modifieddate", "lastupdated", "dateupdated", "datemodify", "updateddate"),
    ),
    "url": ("url", "link", "canonicalurl", "permalink", "weburl", "sourceurl", "externalurl"),
    "authors": ("authors", "author", "byline", "creator", "writer"),
    "source": (
        "source",
        "publisher",
        "publication",
        "site",
        "sitename",
        "outlet",
        "newspaper",
        "sourcename",
        "sourcedomain",
        "domain",
        "hostname",
    ),
    "language": ("language", "lang", "inlanguage"),
    "id": ("id", "articleid", "uuid", "guid", "docid", "url", "link"),
}
# Values inside an object that stands where a plain one could.
_INSIDE = ("rendered", "main", "original", "name", "title", "value", "text", "#text", "href")

Row = Mapping[str, Any]


def has_text(row: Row) -> bool:
    """Whether a record can be an article at all."""
    return bool(value_of(by_name(row), "text"))


def mapped(row: Row, mapping: Mapping[str, list[str]]) -> Row:
    """The record under our names: `mapping` gives for each of them those of the file, in order.

    Fields that it does not mention keep their names; several names for a text are put together.
    """
    if not mapping:
        return row
    taken = {theirs for names in mapping.values() for theirs in names}
    renamed = {name: value for name, value in row.items() if name not in taken}
    for ours, names in mapping.items():
        renamed[ours] = [row[name] for name in names if row.get(name)]
    return renamed


def key(row: Row) -> str:
    """What names the record among others; "" if nothing does."""
    return one_line(value_of(by_name(row), "id"))[:300]


def by_name(row: Row) -> dict[str, Any]:
    """The record's values by the names of their fields, in lower case without marks."""
    return {re.sub(r"[\W_]+", "", str(name)).lower(): value for name, value in row.items()}


def value_of(fields: Mapping[str, Any], wanted: str) -> str:
    """The first text in a field that may be the one `wanted`, by our name; "" if none has any."""
    for name in NAMES[wanted]:
        if text := text_of(fields.get(name)):
            return text
    return ""


def text_of(value: object) -> str:
    """What a value says, as text; "" if it says nothing."""
    if isinstance(value, str):
        return value if value.strip() not in ("", "null", "None", "NaN") else ""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        return next((text for name in _INSIDE if (text := text_of(value.get(name)))), "")
    if isinstance(value, Sequence):
        return "\n\n".join(filter(None, map(text_of, value)))
    return ""
