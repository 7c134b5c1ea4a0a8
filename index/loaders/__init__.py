"""Files to articles: one module per format behind `load`.

A new format is a module with `draft(data, name) -> Draft` and a line in `FORMATS`. The modules
import their libraries when they are used, so that asking a question loads none of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import PurePath

from index.errors import LoadError
from index.loaders import html, markdown, text
from index.loaders.draft import Draft
from index.loaders.files import MAX_BYTES, find, read
from index.loaders.normalising import MAX_TITLE, one_line, shortened
from index.types import Article

__all__ = ["FORMATS", "LOADERS_VERSION", "MAX_BYTES", "find", "load", "read"]

# Raised when a change of the loaders changes what is stored: files count as changed then.
LOADERS_VERSION = 2

FORMATS: dict[str, Callable[[bytes, str], Draft]] = {
    ".txt": text.draft,
    ".text": text.draft,
    ".md": markdown.draft,
    ".markdown": markdown.draft,
    ".html": html.draft,
    ".htm": html.draft,
    ".xhtml": html.draft,
}
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^<>]*>\s*)?<(?:!doctype\s+html|html)\b", re.I)


def load(data: bytes, origin: str, name: str, fetched: datetime) -> Article:
    """The article in a file's bytes.

    `origin` is its identity (absolute path or URL), `name` the file's name, which decides the
    format unless the content is plainly a web page, and `fetched` when it was read.

    The text is clean: paragraphs on one line each, exactly one blank line between them, no
    control or other invisible characters, never empty.

    Raises LoadError with a short reason that can be read after the file's name.
    """
    extension = PurePath(name).suffix.lower()
    if extension not in FORMATS:
        wanted = f"unsupported format {extension}" if extension else "no file extension"
        raise LoadError(f"{wanted} (supported: .txt, .md, .html)")
    draft_of = html.draft if _PAGE.match(data[:1000]) else FORMATS[extension]
    draft = draft_of(data, name)
    if not any(character.isalnum() for line in draft.paragraphs for character in line):
        raise LoadError("no article text found")
    return Article.create(
        origin=origin,
        title=shortened(one_line(draft.title), MAX_TITLE) or "Untitled",
        text="\n\n".join(draft.paragraphs),
        fetched=fetched,
        source=one_line(draft.source or "") or None,
        url=draft.url,
        authors=draft.authors,
        published=draft.published,
        modified=draft.modified,
        language=draft.language,
    )
