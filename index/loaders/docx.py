"""Word documents, by python-docx."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from index.errors import LoadError
from index.loaders.documents import of_document
from index.loaders.draft import Draft
from index.loaders.normalising import one_line, rejoined
from index.loaders.office_zip import checked
from index.loaders.parsing import needing

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Text that was deleted or moved away, notes in the margin, fields' formulas, pictures' other forms.
_SKIPPED = frozenset(
    f"{_W}{name}" for name in "del moveFrom instrText delText commentReference pict".split()
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
# The file that python-docx makes new documents from was created on this day.
_TEMPLATE_YEAR = 2013


def draft(data: bytes, name: str) -> Draft:
    """The body of the document; headers, footers, comments and notes are no part of it.

    The day of the last change is known; that of creation is the file's (often of another one that
    it was made from), and never the day of publication.
    Raises LoadError for what is no readable document.
    """
    try:
        import docx
    except ImportError as error:
        raise needing("office", "Word documents") from error
    checked(data).close()
    try:
        document: Any = docx.Document(io.BytesIO(data))
        properties = document.core_properties
        changed: datetime | None = properties.modified
        facts = [str(fact or "") for fact in (properties.title, properties.author)]
        language = str(properties.language or "")
        found = list(_blocks(document))
    except Exception as error:  # a broken document finds the library's own errors, and lxml's
        raise LoadError(f"a damaged Word document ({type(error).__name__})") from error
    heading = ""
    blocks = list[str]()
    for text, is_title in found:
        if is_title and not heading and not blocks:
            heading = one_line(text)
        else:
            blocks.append(text)
    return of_document(
        rejoined("\n\n".join(blocks)),
        name,
        title=facts[0],
        heading=heading,
        author=facts[1],
        modified=changed.date() if changed and changed.year > _TEMPLATE_YEAR else None,
        language=language,
    )


def _blocks(document: Any) -> Iterator[tuple[str, bool]]:
    """(text, whether it has a title's style) of each paragraph and table row, in order."""
    titles = {
        style.style_id
        for style in document.styles
        if style.name in ("Title", "Heading 1", "heading 1")
    }
    for element in document.element.body.iterchildren():
        if element.tag == f"{_W}p":
            yield _text(element), _style(element) in titles
        elif element.tag == f"{_W}tbl":
            for row in element.iter(f"{_W}tr"):
                cells = (one_line(_text(cell)) for cell in row.iterchildren(f"{_W}tc"))
                yield " | ".join(filter(None, cells)), False
        elif element.tag == f"{_W}sdt":  # a field that was filled in
            for paragraph in element.iter(f"{_W}p"):
                yield _text(paragraph), False


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return "" if style is None else str(style.get(f"{_W}val"))


def _text(element: Any) -> str:
    """The words of a paragraph or cell, inserted ones too."""
    found = list[str]()
    for child in element.iterchildren():
        tag = child.tag
        if tag in _SKIPPED or (tag == f"{_W}r" and child.find(f"{_W}rPr/{_W}vanish") is not None):
            continue
        if tag == f"{_W}t":
            found.append(child.text or "")
        elif tag in (f"{_W}br", f"{_W}cr"):
            found.append("\n")
        elif tag == f"{_W}tab":
            found.append(" ")
        elif tag == f"{_W}noBreakHyphen":
            found.append("-")
        elif tag == f"{_W}softHyphen":
            found.append("\u00ad")
        else:
            found.append(_text(child))
            if tag == f"{_W}p":
                found.append(" ")
    return "".join(found)
