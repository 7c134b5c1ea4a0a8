"""Rows of the database: the nouns as columns and back.

The last column of every row is a CRC-32 over all the others.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import reduce
from operator import xor

import apsw
import numpy as np

from index.embedder import Vectors
from index.types import Article, Filter, Span

Row = tuple[object, ...]


def checksum(columns: Iterable[object]) -> int:
    """CRC-32 over the columns, each with its type and length, so that no two rows run together."""
    crc = 0
    for column in columns:
        data = column if isinstance(column, bytes) else str(column).encode()
        crc = zlib.crc32(f"{type(column).__name__} {len(data)} ".encode(), crc)
        crc = zlib.crc32(data, crc)
    return crc


ARTICLE = (
    "id, origin, title, text, source, url, authors, published, modified, fetched, language, "
    "sha256, file_sha256, passages, crc"
)


# By the index that has all of them: the rows themselves are mostly text.
FACTS = "id, source, authors, published, passages FROM article a INDEXED BY article_facts"

PASSAGE = "id, article_id, sentences, input_sha256, vector, crc"


def fact(connection: apsw.Connection, key: str) -> tuple[str, bool] | None:
    """A fact about the whole collection, and whether its row is sound; None if there is none."""
    row = connection.execute("SELECT key, value, crc FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else (str(row[1]), is_sound(row))


def set_fact(connection: apsw.Connection, key: str, value: str) -> None:
    """Inside a transaction."""
    connection.execute(
        "INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", (key, value, checksum((key, value)))
    )


def filterable(connection: apsw.Connection, where: str = "", *parameters: object) -> int:
    """All that filters look at, as one number, in whatever order the rows come."""
    found = connection.execute(f"SELECT {FACTS} {where}", parameters)
    return reduce(xor, (zlib.crc32(repr(row).encode("utf-8", "replace")) for row in found), 0)


def is_sound(row: Sequence[object]) -> bool:
    """Whether a row, its checksum last, is as it was written."""
    return checksum(row[:-1]) == row[-1]


def narrowing(filter: Filter) -> tuple[str, list[object]]:
    """`filter` as an SQL condition on `article a`, and its parameters."""
    conditions, parameters = ["1"], list[object]()

    def among(template: str, values: Sequence[str]) -> None:
        if values:
            conditions.append(template.format(", ".join("?" * len(values))))
            parameters.extend(values)

    among("casefold(a.source) IN ({})", [source.casefold() for source in filter.sources])
    among(
        "(a.source IS NULL OR casefold(a.source) NOT IN ({}))",
        [source.casefold() for source in filter.excluded_sources],
    )
    among(
        "EXISTS (SELECT 1 FROM json_each(a.authors) WHERE casefold(value) IN ({}))",
        [author.casefold() for author in filter.authors],
    )
    among("a.id IN ({})", filter.article_ids)
    if filter.published_from:
        conditions.append("a.published >= ?")
        parameters.append(filter.published_from.isoformat())
    if filter.published_to:
        conditions.append("a.published <= ?")
        parameters.append(filter.published_to.isoformat())
    return " AND ".join(conditions), parameters


def casefold(*values: apsw.SQLiteValue) -> apsw.SQLiteValue:
    """The SQL function `casefold(text)`; SQLite's own lower() knows ASCII only."""
    (value,) = values
    return value.casefold() if isinstance(value, str) else value


def article_columns(article: Article) -> Row:
    """The columns of an article up to its content hash, in the order of ARTICLE."""
    return (
        article.id,
        article.origin,
        article.title,
        article.text,
        article.source,
        article.url,
        json.dumps(article.authors, ensure_ascii=False),
        article.published.isoformat() if article.published else None,
        article.modified.isoformat() if article.modified else None,
        article.fetched.isoformat(),
        article.language,
        article.sha256,
    )


def article(row: Row) -> Article:
    """The inverse of article_columns."""
    id, origin, title, text, source, url, authors, published, modified, fetched, language, sha = (
        row[:12]
    )
    return Article(
        id=str(id),
        origin=str(origin),
        title=str(title),
        text=str(text),
        source=_optional(source),
        url=_optional(url),
        authors=tuple(json.loads(str(authors))),
        published=_date(published),
        modified=_date(modified),
        fetched=datetime.fromisoformat(str(fetched)),
        language=_optional(language),
        sha256=str(sha),
    )


def _optional(column: object) -> str | None:
    return None if column is None else str(column)


def _date(column: object) -> date | None:
    return None if column is None else date.fromisoformat(str(column))


def passage_columns(
    id: int, article_id: str, sentences: Sequence[Span], input_sha256: str, vector: Vectors
) -> Row:
    """The columns of a passage up to its checksum, in the order of PASSAGE."""
    return id, article_id, json.dumps(sentences), input_sha256, vector.astype("<f4").tobytes()


def spans(column: object) -> tuple[Span, ...]:
    """The sentences of a passage, from their column."""
    return tuple(Span(*pair) for pair in json.loads(str(column)))


def vector(column: object) -> Vectors:
    """The vector of a passage, from its column."""
    assert isinstance(column, bytes)
    return np.frombuffer(column, "<f4")
