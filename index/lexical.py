"""Lexical search: BM25 over passages and their titles, in the same database as the articles.

SQLite's FTS5 keeps the terms, so they change in the same transaction as the passages. The table
is contentless: the text itself stands once, in its article. BM25 has FTS5's fixed k1 = 1.2 and
b = 0.75 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework").
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

import apsw

from index.folding import fold
from index.terms import TOKENIZER, content_words, stems, words

SCHEMA = f"""
CREATE VIRTUAL TABLE term USING fts5(
    title, text, content='', contentless_delete=1,
    tokenize='{" ".join(TOKENIZER)}'
);
CREATE VIRTUAL TABLE term_row USING fts5vocab('term', 'row');
"""

# A term or another key, a passage id, and where it is or how long.
Entry = tuple[str, int, tuple[Any, ...]]

# A term of the title counts as this many in the passage.
TITLE_WEIGHT = 1.0

# Terms in more than this share of the passages say little and cost most of the time
# (100,000 passages: 438 ms with the 50 commonest words in the question, 5 ms without).
COMMON_SHARE = 0.2
# In fewer passages than this no term costs time, and in a small collection every word says much.
_FEW = 50


def insert(connection: apsw.Connection, rows: Iterable[tuple[int, str, str]]) -> None:
    """Index (passage id, title, text) rows."""
    connection.executemany(
        "INSERT INTO term(rowid, title, text) VALUES (?, ?, ?)",
        ((id, fold(title), fold(text)) for id, title, text in rows),
    )


def delete(connection: apsw.Connection, ids: Iterable[int]) -> None:
    """Forget passages."""
    connection.executemany("DELETE FROM term WHERE rowid = ?", ((id,) for id in ids))


def merge(connection: apsw.Connection) -> None:
    """Put all terms into one piece, without what removed passages have left."""
    connection.execute("INSERT INTO term(term) VALUES ('optimize')")


def terms(connection: apsw.Connection, question: str, passages: int) -> list[str]:
    """The distinct words of `question` worth searching among `passages` passages, rarest first.

    Words of every question and those in many passages (more than COMMON_SHARE of them) are left
    out, but never all: the rarest one that occurs is kept.
    """
    # Words go into the search as they are: a stem stemmed again may be another one.
    by_stem = {
        stem: word for word in content_words(question) or words(question) for stem in stems(word)
    }
    frequency = {
        stem: int(count)
        for stem in by_stem
        for (count,) in connection.execute("SELECT doc FROM term_row WHERE term = ?", (stem,))
    }
    found = sorted(frequency, key=lambda stem: (frequency[stem], stem))
    rare = [stem for stem in found if frequency[stem] <= max(COMMON_SHARE * passages, _FEW)]
    return [by_stem[stem] for stem in rare or found[:1]]


def search(
    connection: apsw.Connection,
    question: str,
    k: int,
    *,
    passages: int,
    where: str = "",
    parameters: Sequence[object] = (),
) -> list[tuple[int, float]]:
    """(passage id, BM25) of the `k` best, best first, equal scores by rising id.

    `where` narrows `passage p JOIN article a`, with `parameters` in order.
    """
    wanted = terms(connection, question, passages)
    if not wanted or k <= 0:
        return []
    match = " OR ".join(_quoted(term) for term in wanted)
    narrow = (
        "AND rowid IN (SELECT p.id FROM passage p JOIN article a ON a.id = p.article_id "
        f"WHERE {where})"
        if where
        else ""
    )
    rows = connection.execute(
        f"SELECT rowid, -rank FROM term WHERE term MATCH ? AND rank MATCH ? {narrow} "
        "ORDER BY rank, rowid LIMIT ?",
        (match, f"bm25({TITLE_WEIGHT}, 1.0)", *parameters, k),
    )
    return [(int(id), float(score)) for id, score in rows]


def checksum(connection: apsw.Connection) -> int:
    """CRC-32 over all that FTS5 stores, for which it has no checksums itself."""
    crc = 0
    for sql in (
        "SELECT id, block FROM term_data ORDER BY id",
        # Small rows, put together where that is fast.
        "SELECT 0, group_concat(segid || ' ' || pgno || ' ' || hex(term)) FROM "
        "(SELECT * FROM term_idx ORDER BY segid, term)",
        "SELECT 0, group_concat(id || ' ' || origin || ' ' || hex(sz)) FROM "
        "(SELECT * FROM term_docsize ORDER BY id)",
    ):
        for key, data in connection.execute(sql):
            crc = zlib.crc32(str(key).encode(), crc)
            crc = zlib.crc32(data if isinstance(data, bytes) else str(data).encode(), crc)
    return crc


def _quoted(term: str) -> str:
    """A word as an FTS5 string, whatever it holds, never as query syntax."""
    return '"' + term.replace('"', '""') + '"'


def differing(connection: apsw.Connection, rows: Iterable[tuple[int, str, str]]) -> list[int]:
    """Ids of passages whose terms are not those of these (passage id, title, text) rows.

    They are indexed once more, in a file of its own, and all terms, places and lengths compared.
    0 stands for the counts over all passages. Inside a read transaction.
    """
    # "" is a file without a name, gone when it is closed.
    with closing(apsw.Connection("")) as fresh:
        fresh.execute(SCHEMA)
        with fresh:
            insert(fresh, rows)
        found = set[int]()
        for one, other in zip(_contents(connection), _contents(fresh), strict=True):
            found |= _unequal(one, other)
    return sorted(found)


def _contents(connection: apsw.Connection) -> tuple[Iterator[Entry], Iterator[Entry]]:
    """All that the index holds, as (key, passage id, value) in the order of the first two."""
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.term_place "
        "USING fts5vocab('main', 'term', 'instance')"
    )
    places = connection.execute("SELECT term, doc, col = 'text', offset FROM temp.term_place")
    # FTS5's own tables: the length of each passage, and (in the first block) of all together.
    lengths = connection.execute(
        "SELECT 0, block FROM main.term_data WHERE id = 1 "
        "UNION ALL SELECT id, sz FROM main.term_docsize ORDER BY 1"
    )
    return (
        ((str(term), _id(id), (column, offset)) for term, id, column, offset in places),
        (("", _id(id), (size,)) for id, size in lengths),
    )


def _unequal(one: Iterator[Entry], other: Iterator[Entry]) -> set[int]:
    """Ids of what only one of them has; they are walked side by side."""
    found = set[int]()
    left, right = next(one, None), next(other, None)
    while left is not None or right is not None:
        if left and right and left[:2] == right[:2]:
            if left != right:
                found.add(left[1])
            left, right = next(one, None), next(other, None)
        elif left and (right is None or left[:2] < right[:2]):
            found.add(left[1])
            left = next(one, None)
        elif right:
            found.add(right[1])
            right = next(other, None)
    return found


def _id(value: apsw.SQLiteValue) -> int:
    # A damaged index may hold anything.
    return value if isinstance(value, int) else 0
