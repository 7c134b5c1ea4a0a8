"""Rich text, by striprtf."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial

from index.errors import LoadError
from index.loaders.documents import of_document
from index.loaders.draft import Draft
from index.loaders.normalising import paragraphs
from index.loaders.parsing import needing

# The library's time grows with them; a long book has a tenth of it.
MAX_GROUPS = 500_000
MAX_INFORMATION = 20_000

_INFORMATION = re.compile(r"\{\\info\b")
_FIELD = re.compile(r"\{\\(?:\*\\)?(title|author)\s((?:[^{}\\]|\\.)*)\}", re.DOTALL)
_CHANGED = re.compile(r"\{\\revtim\\yr(\d{4})\\mo(\d\d?)\\dy(\d\d?)")


def draft(data: bytes, name: str) -> Draft:
    """The text of the document. Raises LoadError for what is no readable one."""
    try:
        from striprtf.striprtf import rtf_to_text
    except ImportError as error:
        raise needing("office", "RTF documents") from error
    # RTF is ASCII that escapes the rest; what is not is in the encoding that it names.
    source = data.decode("latin-1")
    if source.count("{") > MAX_GROUPS:
        raise LoadError(f"more than {MAX_GROUPS:,} groups in one document")
    page = re.search(r"\\ansicpg(\d{3,5})", source[:2000])
    encoding = f"cp{page[1]}" if page else "cp1252"
    try:
        plain: Callable[[str], str] = partial(rtf_to_text, encoding=encoding, errors="replace")
        text = plain(source)
        facts = _facts(source, plain)
    except (LookupError, ValueError, IndexError, TypeError, OverflowError) as error:
        raise LoadError(f"a damaged RTF document ({type(error).__name__})") from error
    return of_document(
        paragraphs(text),
        name,
        title=facts.get("title", ""),
        author=facts.get("author", ""),
        modified=_changed(source),
    )


def _facts(source: str, plain: Callable[[str], str]) -> dict[str, str]:
    start = _INFORMATION.search(source[:MAX_INFORMATION])
    if not start:
        return {}
    found = _FIELD.findall(source[start.start() : start.start() + MAX_INFORMATION])
    return {field: plain("{\\rtf1 " + value + "}") for field, value in found}


def _changed(source: str) -> date | None:
    found = _CHANGED.search(source[:MAX_INFORMATION])
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
