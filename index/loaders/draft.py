"""What a format module makes of a file, before it becomes an `Article`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Draft:
    """The content of one file. `paragraphs` are single lines of stored text, in reading order.

    `title` may still be raw (the package makes it one clean line); an unknown field is None.
    """

    title: str
    paragraphs: list[str]
    source: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    published: date | None = None
    modified: date | None = None
    language: str | None = None
