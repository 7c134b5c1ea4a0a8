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
# The fact that says how often each article is found again: one that is missing is noticed.
TOTAL = "copies"


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
    _count(connection, _number(copy.article_id))


def forget(connection: apsw.Connection, origin: str) -> None:
    """Inside a transaction; nothing if there is none."""
    _forget(connection, "origin", origin)


def forget_of(connection: apsw.Connection, article_id: str) -> None:
    """All of an article. Inside a transaction."""
    _forget(connection, "article_id", article_id)


def _forget(connection: apsw.Connection, where: str, value: str) -> None:
    gone = connection.execute(
        f"DELETE FROM copy WHERE {where} = ? RETURNING article_id", (value,)
    ).fetchall()
    if gone:
        _count(connection, -sum(_number(id) for (id,) in gone))


def _count(connection: apsw.Connection, change: int) -> None:
    said = rows.fact(connection, TOTAL)
    now = total(connection) if said is None else int(said[0]) + change
    rows.set_fact(connection, TOTAL, str(now))


def _number(article_id: object) -> int:
    return rows.checksum((article_id,))


def total(connection: apsw.Connection) -> int:
    """All articles that have further origins as one number, by the index that finds them."""
    found = connection.execute("SELECT article_id FROM copy INDEXED BY copy_article")
    return sum(_number(id) for (id,) in found)


def are_whole(connection: apsw.Connection) -> bool:
    """Whether the further origins of an article can be found: none is missing in the index."""
    said = rows.fact(connection, TOTAL)
    return said is None or (said[1] and int(said[0]) == total(connection))


def found(connection: apsw.Connection, where: str, value: str) -> Iterator[rows.Row]:
    """The rows, unproved, by rising origin; `where` is a column, or "" for all."""
    narrow, values = (f"WHERE {where} = ?", (value,)) if where else ("", ())
    yield from connection.execute(f"SELECT {COLUMNS} FROM copy {narrow} ORDER BY origin", values)


def of_row(row: rows.Row) -> Copy:
    """A row as a value."""
    return Copy(str(row[0]), str(row[1]), str(row[2]))
