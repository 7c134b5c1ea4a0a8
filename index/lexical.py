"""Lexical search: BM25 over passages and their titles, in the same database as the articles.

SQLite's FTS5 keeps the terms, so they change in the same transaction as the passages. The table
is contentless: the text itself stands once, in its article. BM25 has FTS5's fixed k1 = 1.2 and
b = 0.75 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import apsw

from index.folding import fold
from index.terms import TOKENIZER, content_words, stems, words

_COLUMNS = f"""
    title, text, content='', contentless_delete=1,
    tokenize='{" ".join(TOKENIZER)}'
"""
SCHEMA = f"""
CREATE VIRTUAL TABLE term USING fts5({_COLUMNS});
CREATE VIRTUAL TABLE term_row USING fts5vocab('term', 'row');
"""

# A term of the title counts as this many in the passage.
TITLE_WEIGHT = 1.0

# Terms in more than this share of the passages say little and cost most of the time
# (100,000 passages: 438 ms with the 50 commonest words in the question, 5 ms without).
COMMON_SHARE = 0.2
# In fewer passages than this no term costs time, and in a small collection every word says much.
_FEW = 50


def insert(connection: apsw.Connection, rows: Iterable[tuple[int, str, str]]) -> None:
    """Index (passage id, title, text) rows."""
    _insert(connection, "term", rows)


def _insert(connection: apsw.Connection, table: str, rows: Iterable[tuple[int, str, str]]) -> None:
    connection.executemany(
        f"INSERT INTO {table}(rowid, title, text) VALUES (?, ?, ?)",
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


def _quoted(term: str) -> str:
    """A word as an FTS5 string, whatever it holds, never as query syntax."""
    return '"' + term.replace('"', '""') + '"'


def differing(connection: apsw.Connection, rows: Iterable[tuple[int, str, str]]) -> list[int]:
    """Ids of passages whose terms are not those of these (passage id, title, text) rows.

    They are indexed once more, beside what is stored, and all terms, places and lengths compared.
    0 stands for the counts over all passages. Inside a read transaction.
    """
    connection.execute(
        f"CREATE VIRTUAL TABLE temp.fresh USING fts5({_COLUMNS});"
        "CREATE VIRTUAL TABLE temp.fresh_place USING fts5vocab('temp', 'fresh', 'instance');"
        "CREATE VIRTUAL TABLE temp.term_place USING fts5vocab('main', 'term', 'instance');"
    )
    try:
        _insert(connection, "temp.fresh", rows)
        return sorted(_differing_places(connection) | _differing_lengths(connection))
    finally:
        connection.execute(
            "DROP TABLE temp.term_place; DROP TABLE temp.fresh_place; DROP TABLE temp.fresh"
        )


def _differing_places(connection: apsw.Connection) -> set[int]:
    """Both tables come in the same order, and are walked side by side."""
    stored, fresh = (
        ((str(term), int(str(id)), col == "text", int(str(offset))) for term, id, col, offset in at)
        for at in (
            connection.execute("SELECT term, doc, col, offset FROM temp.term_place"),
            connection.execute("SELECT term, doc, col, offset FROM temp.fresh_place"),
        )
    )
    found = set[int]()
    one, other = next(stored, None), next(fresh, None)
    while one != other or one is not None:
        if one == other:
            one, other = next(stored, None), next(fresh, None)
        elif other is None or (one is not None and one < other):
            assert one is not None
            found.add(one[1])
            one = next(stored, None)
        else:
            found.add(other[1])
            other = next(fresh, None)
    return found


def _differing_lengths(connection: apsw.Connection) -> set[int]:
    # FTS5's own tables: the length of each passage, and (in the first block) of all together.
    stored, fresh = (
        f"SELECT id, sz FROM {schema}_docsize "
        f"UNION ALL SELECT 0, block FROM {schema}_data WHERE id = 1"
        for schema in ("main.term", "temp.fresh")
    )
    rows = connection.execute(
        f"WITH stored AS ({stored}), fresh AS ({fresh}) "
        "SELECT id FROM (SELECT * FROM stored EXCEPT SELECT * FROM fresh) "
        "UNION SELECT id FROM (SELECT * FROM fresh EXCEPT SELECT * FROM stored)"
    )
    return {int(str(id)) for (id,) in rows}
