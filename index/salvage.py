"""Reading a damaged database: row by row, whatever SQLite can still find."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from index import copies, files, rows
from index.copies import Copy
from index.database import Database
from index.errors import CollectionError, DamageError
from index.types import Article

COLUMNS = {
    "article": rows.ARTICLE,
    "passage": rows.PASSAGE,
    "staged": rows.PASSAGE,
    "copy": copies.COLUMNS,
    "sketch": "article_id, keys, crc",
    "alike": "one, other, crc",
}
# Every way to the rows of a table: where one page is damaged, another way may lead around it.
_WAYS = {
    "article": (
        "NOT INDEXED ORDER BY rowid",
        "NOT INDEXED ORDER BY rowid DESC",
        "INDEXED BY sqlite_autoindex_article_1 ORDER BY id",
        "INDEXED BY sqlite_autoindex_article_2 ORDER BY origin",
        "INDEXED BY article_file ORDER BY file_sha256",
        "INDEXED BY article_text ORDER BY sha256",
    ),
    "passage": (
        "NOT INDEXED ORDER BY rowid",
        "NOT INDEXED ORDER BY rowid DESC",
        "INDEXED BY passage_article ORDER BY article_id",
    ),
    "staged": ("NOT INDEXED ORDER BY rowid",),
    "copy": (
        "NOT INDEXED ORDER BY rowid",
        "NOT INDEXED ORDER BY rowid DESC",
        "INDEXED BY sqlite_autoindex_copy_1 ORDER BY origin",
    ),
    "sketch": ("NOT INDEXED ORDER BY rowid",),
    "alike": ("NOT INDEXED ORDER BY rowid",),
}


# The beginning of every database that this program makes, by the places of its bytes
# (https://www.sqlite.org/fileformat.html, section 1.3): pages of 4,096 bytes, a WAL, UTF-8, and
# no list of free pages, which reading does not need.
_PAGE = 4_096
_HEADER = {
    0: b"SQLite format 3\0\x10\0\2\2\0\x40\x20\x20",
    32: bytes(8),
    44: bytes([0, 0, 0, 4]),
    52: bytes([0, 0, 0, 0, 0, 0, 0, 1]),
}


@dataclass(frozen=True, slots=True)
class Lost:
    """A row that is not as it was written, with what can still be read of it."""

    where: str
    why: str
    columns: dict[str, str] = field(default_factory=dict)


def mend(damaged: Path, copy: Path) -> None:
    """Copy a database that SQLite does not open, with a sound header and no page missing.

    Raises OSError.
    """
    for kind in ("", "-wal"):
        file = damaged.with_name(f"{damaged.name}{kind}")
        if file.exists():
            shutil.copyfile(file, copy.with_name(f"{copy.name}{kind}"))
    with copy.open("r+b") as opened:
        header = bytearray(opened.read(100).ljust(100, b"\0"))
        for place, right in _HEADER.items():
            header[place : place + len(right)] = right
        there = -(-files.size(copy) // _PAGE)
        said = int.from_bytes(header[28:32], "big")
        pages = said if there <= said <= 100 * there else there
        header[28:32] = pages.to_bytes(4, "big")
        header[92:96] = header[24:28]  # or the number of pages is not believed
        opened.seek(0)
        opened.write(header)
        opened.truncate(pages * _PAGE)


def reason(error: CollectionError) -> str:
    """What SQLite said, without the advice that others need."""
    return str(error.__cause__ or error)


def rowids(database: Database, table: str) -> tuple[list[int], bool]:
    """Of all rows that some way leads to, rising; and whether one way could be gone to its end."""
    found, complete = set[int](), False
    for way in _WAYS[table]:
        ids, ended = database.scan(f"SELECT rowid FROM {table} {way}")
        found.update(ids)
        complete = complete or ended
    return sorted(found), complete


def row(database: Database, table: str, rowid: int) -> rows.Row:
    """One row, its checksum right. Raises DamageError."""
    with database.errors():
        found = database.connection.execute(
            f"SELECT {COLUMNS[table]} FROM {table} WHERE rowid = ?", (rowid,)
        ).fetchone()
    if found is None:
        raise DamageError("its row is missing")
    if not rows.is_sound(found):
        raise DamageError("does not match its checksum")
    return tuple(found)


def passages(database: Database, article_id: str) -> list[rows.Row]:
    """The passages of an article by rising id, unproved. Raises DamageError."""
    with database.errors():
        return database.connection.execute(
            f"SELECT {rows.PASSAGE} FROM passage WHERE article_id = ? ORDER BY id", (article_id,)
        ).fetchall()


def articles(database: Database) -> Iterator[tuple[Article, str, int] | Lost]:
    """Every article with its file's hash and the count of its passages, or what is left of it."""
    ids, complete = rowids(database, "article")
    if not complete:
        yield Lost("articles", "there may have been more than could be found")
    for rowid in ids:
        try:
            found = row(database, "article", rowid)
        except DamageError as error:
            yield lost(database, rowid, reason(error))
        else:
            yield rows.article(found), str(found[12]), int(str(found[13]))


def further_origins(database: Database) -> Iterator[Copy | Lost]:
    """The same for the files in which an article was found again."""
    ids, complete = rowids(database, "copy")
    if not complete and _has(database, "copy"):
        yield Lost("further origins", "there may have been more than could be found")
    for rowid in ids:
        try:
            yield copies.of_row(row(database, "copy", rowid))
        except DamageError as error:
            columns = _columns(database, "copy", rowid)
            where = columns.get("origin", f"in row {rowid}")
            yield Lost(f"further origin {where}", reason(error), columns)


def _has(database: Database, table: str) -> bool:
    """Whether there is such a table; older formats have fewer."""
    with suppress(DamageError), database.errors():
        sql = "SELECT 1 FROM sqlite_schema WHERE name = ?"
        return database.connection.execute(sql, (table,)).get is not None
    return True


def lost(database: Database, rowid: int, why: str) -> Lost:
    """What can be read of a damaged article."""
    columns = _columns(database, "article", rowid)
    where = columns.get("id", f"in row {rowid}")
    where += f" ({columns['origin']})" if "origin" in columns else ""
    return Lost(f"article {where}", why, columns)


def _columns(database: Database, table: str, rowid: int) -> dict[str, str]:
    """What can be read of a damaged row, each column by itself."""
    columns = dict[str, str]()
    # The indexes first, for the row itself is damaged.
    ways = (*_WAYS[table][2:], "NOT INDEXED")
    for way, name in ((way, name) for way in ways for name in COLUMNS[table].split(", ")):
        if way == "NOT INDEXED" or way.endswith(f" BY {name}"):
            sql = f"SELECT CAST({name} AS BLOB) FROM {table} {way.split(' ORDER')[0]}"
            with suppress(DamageError), database.errors():
                value = database.connection.execute(f"{sql} WHERE rowid = ?", (rowid,)).get
                if isinstance(value, bytes):
                    columns.setdefault(name, value.decode("utf-8", "replace"))
    return columns
