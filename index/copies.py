"""Further origins of an article: files in which the very same was found. A row each.

The article stands once, under the origin where it was met first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import apsw

from index import rows
from index.types import Article

SCHEMA = """
CREATE TABLE copy(
    origin TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES article(id),
    file_sha256 TEXT NOT NULL, crc INTEGER NOT NULL
) STRICT;
CREATE INDEX copy_article ON copy(article_id);
CREATE INDEX copy_file ON copy(file_sha256);
CREATE INDEX article_text ON article(sha256);
"""
COLUMNS = "origin, article_id, file_sha256, crc"


class Copy(NamedTuple):
    """An origin whose article is stored under another one, and the hash of the file there."""

    origin: str
    article_id: str
    file_sha256: str


def adds_nothing(one: Article, other: Article) -> bool:
    """Whether `one` is the same text under the same title, and says nothing that `other` does not.

    The same text from another publisher, or of another day, is an article of its own.
    """
    return (one.sha256, one.title) == (other.sha256, other.title) and all(
        not mine or mine == theirs
        for mine, theirs in (
            (one.source, other.source),
            (one.url, other.url),
            (one.authors, other.authors),
            (one.published, other.published),
            (one.modified, other.modified),
        )
    )


def put(connection: apsw.Connection, copy: Copy) -> None:
    """Inside a transaction; an older row of the origin goes."""
    forget(connection, copy.origin)
    connection.execute("INSERT INTO copy VALUES (?, ?, ?, ?)", (*copy, rows.checksum(copy)))


def forget(connection: apsw.Connection, origin: str) -> None:
    """Inside a transaction; nothing if there is none."""
    connection.execute("DELETE FROM copy WHERE origin = ?", (origin,))


def forget_of(connection: apsw.Connection, article_id: str) -> None:
    """All of an article. Inside a transaction."""
    connection.execute("DELETE FROM copy WHERE article_id = ?", (article_id,))


def found(connection: apsw.Connection, where: str, value: str) -> Iterator[rows.Row]:
    """The rows, unproved, by rising origin; `where` is a column, or "" for all."""
    narrow, values = (f"WHERE {where} = ?", (value,)) if where else ("", ())
    yield from connection.execute(f"SELECT {COLUMNS} FROM copy {narrow} ORDER BY origin", values)


def of_row(row: rows.Row) -> Copy:
    """A row as a value."""
    return Copy(str(row[0]), str(row[1]), str(row[2]))
