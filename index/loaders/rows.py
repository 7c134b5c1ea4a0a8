"""Records of data (JSON, CSV) as articles."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from index.errors import LoadError
from index.loaders.boilerplate import split_source, without_notices, without_title
from index.loaders.bylines import without_head
from index.loaders.draft import Draft
from index.loaders.fields import NAMES, Row, by_name, text_of, value_of
from index.loaders.metadata import language_code, parse_date, web_address
from index.loaders.normalising import one_line, paragraphs
from index.loaders.text import MAX_CHARACTERS, titled

_AUTHORS = re.compile(r"\s*[;|]\s*|\s*,\s*(?=[A-Z][\w.'’-]* [A-Z])|\s+and\s+")
_BY = re.compile(r"by\s+(?=\S)", re.IGNORECASE)
_MARKUP = re.compile(
    r"</?(?:p|div|br|h[1-6]|li|ul|ol|blockquote|article|section|span)\b[^<>]*>", re.IGNORECASE
)


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
    fields = by_name(row)
    text = value_of(fields, "text")
    if not text:
        known = ", ".join(list(row)[:8])
        raise LoadError(f"no field with an article's text (fields: {one_line(known)[:200]})")
    if len(text) > MAX_CHARACTERS:
        raise LoadError(f"longer than {MAX_CHARACTERS:,} characters of text")
    head = without_head(without_notices(_paragraphs(text)))
    found, source = split_source(head.paragraphs)
    source = source or head.source
    title = one_line(value_of(fields, "title"))
    if title:
        found = without_title(found, title)
    else:
        title, found = titled(found, name)
    return Draft(
        title=title,
        paragraphs=found,
        source=one_line(value_of(fields, "source")) or source,
        url=web_address(value_of(fields, "url").strip()),
        authors=_authors(fields) or head.authors,
        published=parse_date(value_of(fields, "published")),
        modified=parse_date(value_of(fields, "modified")),
        language=language_code(value_of(fields, "language")),
    )


def _paragraphs(text: str) -> list[str]:
    if len(_MARKUP.findall(text[:20_000])) < 2:
        return paragraphs(text)
    from index.loaders.fragments import fragment_paragraphs

    return fragment_paragraphs(text)


def _authors(fields: Mapping[str, Any]) -> tuple[str, ...]:
    for name in NAMES["authors"]:
        value = fields.get(name)
        if isinstance(value, list):
            names = [one_line(text_of(entry)) for entry in value]
        elif isinstance(value, str) and value.lstrip().startswith("[") and _listed(value):
            names = [one_line(entry) for entry in _listed(value)]
        else:
            names = _AUTHORS.split(_BY.sub("", one_line(text_of(value)), count=1))
        if found := tuple(dict.fromkeys(name for name in names if name)):
            return found
    return ()


def _listed(value: str) -> list[str]:
    """Names in a table's cell that was written as a list: "['Ann Ek', 'Bo Aas']"."""
    return [left or right for left, right in re.findall(r"'([^']+)'|\"([^\"]+)\"", value)]
