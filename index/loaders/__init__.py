"""Files to articles: what a file is, the articles in it, and each of them as clean text.

`parts` gives the articles of a file as bytes, `load` makes one of them an `Article`. A new format
is a module with `draft(data, name) -> Draft`, a line in `parsing.FORMATS` and one in
`recognising`. Parsers run in a child process (`worker`), so that asking a question loads none of
them and a hostile file harms nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from index.errors import LoadError
from index.loaders import parts as _parts
from index.loaders.files import find, read
from index.loaders.limits import MAX_BYTES, MAX_FILE, ParsingTime
from index.loaders.normalising import MAX_TITLE, one_line, shortened
from index.loaders.parts import Part
from index.loaders.recognising import SUPPORTED
from index.loaders.records import read_mapping
from index.loaders.worker import parsed
from index.types import Article

__all__ = [
    "LOADERS_VERSION",
    "MAX_BYTES",
    "MAX_FILE",
    "SUPPORTED",
    "ParsingTime",
    "Part",
    "find",
    "load",
    "parts",
    "read",
]

# Raised when a change of the loaders changes what is stored: files count as changed then.
LOADERS_VERSION = 7


def parts(path: Path) -> Iterator[Part]:
    """The articles in the file at `path`, as bytes; one for most formats, under the file's origin.

    Those of an archive, a mailbox or a dump come one after the other, each with an origin as if
    the file were a folder, and perhaps with a reason why there is none. They are not parsed yet.

    Raises LoadError for the file as a whole, possibly after some of its parts.
    """
    yield from _parts.parts(read(path), str(path), path.name, read_mapping(path))


def load(
    data: bytes, origin: str, name: str, fetched: datetime, time: ParsingTime | None = None
) -> Article:
    """The article in a part's bytes, parsed in another process.

    `origin` is its identity (absolute path or URL), `name` the file's name, which decides the
    format where the content cannot, and `fetched` when it was read. What parsing takes is spent
    from `time`.

    The text is clean: paragraphs on one line each, exactly one blank line between them, no
    control or other invisible characters, never empty.

    Raises LoadError with a short reason that can be read after the file's name.
    """
    draft = parsed(data, name, time)
    if not any(character.isalnum() for line in draft.paragraphs for character in line):
        raise LoadError("no article text found")
    published, modified = _passed(draft.published, fetched), _passed(draft.modified, fetched)
    if published and modified and modified < published:
        modified = None  # what was changed before it appeared was a draft then
    return Article.create(
        origin=origin,
        title=shortened(one_line(draft.title), MAX_TITLE) or "Untitled",
        text="\n\n".join(draft.paragraphs),
        fetched=fetched,
        source=one_line(draft.source or "") or None,
        url=draft.url,
        authors=draft.authors,
        published=published,
        modified=modified,
        language=draft.language,
    )


def _passed(day: date | None, fetched: datetime) -> date | None:
    """The day, unless it was still to come: whatever that is, the article has appeared already."""
    # It may be tomorrow already where the publisher is.
    return day if day and day <= fetched.date() + timedelta(days=1) else None
