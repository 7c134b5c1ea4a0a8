"""Markup that is all text: a chapter, a message, a field of a record. Nothing is judged there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from index.errors import LoadError
from index.loaders.html_limits import check_size
from index.loaders.normalising import paragraphs

_SPACE = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:font-size|max-height)\s*:\s*0(?![.\d]*[1-9])"
)
_SKIPPED = frozenset("script style head template noscript svg math form button select nav".split())
_BLOCKS = frozenset(
    "p div h1 h2 h3 h4 h5 h6 li ul ol dl dt dd blockquote pre table tr section article header "
    "footer figure figcaption aside main address center hr body".split()
)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^<>]*\?>")


def fragment_paragraphs(markup: str) -> list[str]:
    """The paragraphs that a reader sees, in order. Raises LoadError for hostile markup."""
    return paragraphs("".join(_flow(parsed(markup))))


def parsed(markup: str) -> Any:
    """The tree of a page or of a part of one; no entity of its own is expanded."""
    from lxml import html

    check_size(markup)
    try:
        return html.document_fromstring(_XML_DECLARATION.sub("", markup, count=1))
    except Exception as error:  # lxml's errors for markup without any element have no one base
        raise LoadError("no article text found") from error


def _flow(root: Any) -> Iterator[str]:
    """Text with blank lines between blocks; a stack, since trees may be deep."""
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        element, leaving = stack.pop()
        block = element.tag in _BLOCKS
        if leaving:
            yield "\n\n" if block else " " if element.tag in ("td", "th") else ""
            yield _SPACE.sub(" ", element.tail or "")
            continue
        if not isinstance(element.tag, str) or _is_hidden(element):
            yield _SPACE.sub(" ", element.tail or "")
            continue
        yield "\n\n" if block else "\n" if element.tag == "br" else ""
        text = element.text or ""
        yield text.replace("\n", "\n\n") if element.tag == "pre" else _SPACE.sub(" ", text)
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))


def _is_hidden(element: Any) -> bool:
    return (
        element.tag in _SKIPPED
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or _HIDDEN.search((element.get("style") or "").lower()) is not None
    )
