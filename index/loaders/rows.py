"""Records of data (JSON, CSV) as articles: which of their fields is what."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from index.errors import LoadError
from index.loaders.boilerplate import split_source, without_notices, without_title
from index.loaders.bylines import without_head
from index.loaders.draft import Draft
from index.loaders.metadata import language_code, parse_date, web_address
from index.loaders.normalising import one_line, paragraphs
from index.loaders.text import MAX_CHARACTERS, titled

# Our name for a field -> the names that others give it, in lower case without marks.
NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline", "name", "subject"),
    "text": (
        *("text", "body", "content", "fulltext", "articlebody", "articletext", "bodytext"),
        *("contenttext", "maintext", "article", "story", "contenthtml", "html", "cleantext"),
    ),
    "published": (
        *("published", "datepublished", "publishedat", "publisheddate", "publicationdate"),
        *("pubdate", "publishdate", "publishedtime", "publishedon", "firstpublished", "date"),
        *("issued", "dategmt"),
    ),
    "modified": (
        *("modified", "datemodified", "modifiedat", "updated", "updatedat", "lastmodified"),
        *("modifieddate", "lastupdated", "dateupdated"),
    ),
    "url": ("url", "link", "canonicalurl", "permalink", "weburl", "sourceurl", "externalurl"),
    "authors": ("authors", "author", "byline", "creator", "writer"),
    "source": ("source", "publisher", "publication", "site", "sitename", "outlet", "newspaper"),
    "language": ("language", "lang", "inlanguage"),
    "id": ("id", "articleid", "uuid", "guid", "docid", "url", "link"),
}
# Values inside an object that stands where a plain one could.
_INSIDE = ("rendered", "name", "title", "value", "text", "#text", "href")
_AUTHORS = re.compile(r"\s*[;|]\s*|\s*,\s*(?=[A-Z][\w.'’-]* [A-Z])|\s+and\s+")
_BY = re.compile(r"by\s+(?=\S)", re.IGNORECASE)
_MARKUP = re.compile(
    r"</?(?:p|div|br|h[1-6]|li|ul|ol|blockquote|article|section|span)\b[^<>]*>", re.IGNORECASE
)

Row = Mapping[str, Any]


def draft(data: bytes, name: str) -> Draft:
    """One record in JSON. Raises LoadError if it holds no text."""
    try:
        row = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise LoadError("malformed JSON, or nested too deeply") from error
    if isinstance(row, list) and len(row) == 1:
        row = row[0]
    if not isinstance(row, dict):
        raise LoadError("no record with an article's fields")
    return of_row(row, name)


def of_row(row: Row, name: str) -> Draft:
    """Raises LoadError if the record holds no text, or too much of it to be an article."""
    fields = _fields(row)
    text = _value(fields, "text")
    if not text:
        known = ", ".join(list(row)[:8])
        raise LoadError(f"no field with an article's text (fields: {one_line(known)[:200]})")
    if len(text) > MAX_CHARACTERS:
        raise LoadError(f"longer than {MAX_CHARACTERS:,} characters of text")
    head = without_head(without_notices(_paragraphs(text)))
    found, source = split_source(head.paragraphs)
    source = source or head.source
    title = one_line(_value(fields, "title"))
    if title:
        found = without_title(found, title)
    else:
        title, found = titled(found, name)
    return Draft(
        title=title,
        paragraphs=found,
        source=one_line(_value(fields, "source")) or source,
        url=web_address(_value(fields, "url").strip()),
        authors=_authors(fields) or head.authors,
        published=parse_date(_value(fields, "published")),
        modified=parse_date(_value(fields, "modified")),
        language=language_code(_value(fields, "language")),
    )


def has_text(row: Row) -> bool:
    """Whether a record can be an article at all."""
    return bool(_value(_fields(row), "text"))


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
    return one_line(_value(_fields(row), "id"))[:300]


def _fields(row: Row) -> dict[str, Any]:
    return {re.sub(r"[\W_]+", "", str(name)).lower(): value for name, value in row.items()}


def _value(fields: Mapping[str, Any], wanted: str) -> str:
    for name in NAMES[wanted]:
        if text := _text(fields.get(name)):
            return text
    return ""


def _text(value: object) -> str:
    if isinstance(value, str):
        return value if value.strip() not in ("", "null", "None", "NaN") else ""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        return next((text for name in _INSIDE if (text := _text(value.get(name)))), "")
    if isinstance(value, Sequence):
        return "\n\n".join(filter(None, map(_text, value)))
    return ""


def _paragraphs(text: str) -> list[str]:
    if len(_MARKUP.findall(text[:20_000])) < 2:
        return paragraphs(text)
    from index.loaders.fragments import fragment_paragraphs

    return fragment_paragraphs(text)


def _authors(fields: Mapping[str, Any]) -> tuple[str, ...]:
    for name in NAMES["authors"]:
        value = fields.get(name)
        if isinstance(value, list):
            names = [one_line(_text(entry)) for entry in value]
        elif isinstance(value, str) and value.lstrip().startswith("[") and _listed(value):
            names = [one_line(entry) for entry in _listed(value)]
        else:
            names = _AUTHORS.split(_BY.sub("", one_line(_text(value)), count=1))
        if found := tuple(dict.fromkeys(name for name in names if name)):
            return found
    return ()


def _listed(value: str) -> list[str]:
    """Names in a table's cell that was written as a list: "['Ann Ek', 'Bo Aas']"."""
    return [left or right for left, right in re.findall(r"'([^']+)'|\"([^\"]+)\"", value)]
