"""OpenDocument texts (LibreOffice and others), by odfdo."""

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

# Text that was deleted, notes, indexes that repeat the headings, and what is only declared.
_SKIPPED = frozenset(
    "text:tracked-changes office:annotation office:annotation-end text:note text:table-of-content "
    "text:alphabetical-index text:sequence-decls office:forms svg:title svg:desc "
    "text:bibliography-mark text:variable-decls text:user-field-decls".split()
)
_BREAKS = {"text:line-break": "\n", "text:tab": " ", "text:s": " ", "text:soft-page-break": ""}


def draft(data: bytes, name: str) -> Draft:
    """The body of the document; headers and footers, notes and deleted text are no part of it.

    Of its dates only that of the last change is used, as for Word documents.
    Raises LoadError for what is no readable document.
    """
    try:
        import odfdo
    except ImportError as error:
        raise needing("office", "OpenDocument texts") from error
    checked(data).close()
    try:
        document: Any = odfdo.Document(io.BytesIO(data))
        blocks = list(_blocks(document.body))
        title, author, language, changed = _facts(document.meta)
    except LoadError:
        raise
    except Exception as error:  # a broken document finds the library's own errors, and lxml's
        raise LoadError(f"a damaged OpenDocument text ({type(error).__name__})") from error
    heading = ""
    if blocks and blocks[0][1]:
        heading = one_line(blocks.pop(0)[0])
    return of_document(
        rejoined("\n\n".join(text for text, _ in blocks)),
        name,
        title=title,
        heading=heading,
        author=author,
        modified=changed.date() if changed else None,
        language=language,
    )


def _facts(meta: Any) -> tuple[str, str, str, datetime | None]:
    author = meta.get_initial_creator() or meta.get_creator()
    changed = meta.get_modification_date()
    facts = [str(fact or "") for fact in (meta.get_title(), author, meta.get_language())]
    return facts[0], facts[1], facts[2], changed if isinstance(changed, datetime) else None


def _blocks(element: Any) -> Iterator[tuple[str, bool]]:
    """(text, whether it is a title) of each heading, paragraph and table row, in order."""
    for child in element.children:
        if child.tag in _SKIPPED:
            continue
        if child.tag in ("text:p", "text:h"):
            style = str(child.get_attribute("text:style-name") or "")
            first = child.tag == "text:h" and child.get_attribute("text:outline-level") in (1, "1")
            yield "".join(_text(child)), first or style in ("Title", "Heading_20_1")
        elif child.tag == "table:table-row":
            cells = (one_line(" ".join(_cell(cell))) for cell in child.children)
            yield " | ".join(filter(None, cells)), False
        else:
            yield from _blocks(child)


def _cell(cell: Any) -> list[str]:
    return [text for text, _ in _blocks(cell)]


def _text(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element.children:
        if child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag not in _SKIPPED:
            yield from _text(child)
        yield child.tail or ""
