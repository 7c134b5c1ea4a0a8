"""The bytes of one article -> a draft, by the format that they have. Runs in a child process."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from index.errors import LoadError
from index.loaders.draft import Draft
from index.loaders.limits import too_large
from index.loaders.recognising import Format, format_of, limit_of

Drafting = Callable[[bytes, str], Draft]

# A module with `draft(data, name) -> Draft` for each format, imported when it is used.
FORMATS: dict[Format, str] = {
    "text": "text",
    "markdown": "markdown",
    "html": "html",
    "mhtml": "mhtml",
    "mail": "mail",
    "pdf": "pdf",
    "docx": "docx",
    "odt": "odt",
    "rtf": "rtf",
    "epub": "epub",
    "json": "rows",
}


def drafted(data: bytes, name: str) -> Draft:
    """Raises LoadError with a short reason that can be read after the file's name."""
    kind = format_of(data, name)
    if kind not in FORMATS:
        raise LoadError("a file of several articles, which are read one by one")
    if len(data) > limit_of(kind):
        raise LoadError(too_large(len(data), limit_of(kind)))
    module = import_module(f"index.loaders.{FORMATS[kind]}")
    return cast(Drafting, module.draft)(data, name)


def needing(extra: str, what: str) -> LoadError:
    """The error for a format whose library is not installed."""
    return LoadError(f"{what} need an extra: pip install 'article-qa[{extra}]'")
