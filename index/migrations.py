"""The tables of the database: as the first release made them, and what each later format changed.

A new collection is made by the same steps that bring an old one up, so both are the same.
"""

from __future__ import annotations

import apsw

from index import clusters, copies, rows
from index.errors import FormatError

FORMAT = 4
# The release that can open this format; a newer collection names its own to older programs.
NEEDS = "0.2.0"

_FORMAT_1 = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL, crc INTEGER NOT NULL) STRICT;
CREATE TABLE article(
    id TEXT PRIMARY KEY, origin TEXT NOT NULL UNIQUE, title TEXT NOT NULL, text TEXT NOT NULL,
    source TEXT, url TEXT, authors TEXT NOT NULL, published TEXT, modified TEXT,
    fetched TEXT NOT NULL, language TEXT, sha256 TEXT NOT NULL, file_sha256 TEXT NOT NULL,
    passages INTEGER NOT NULL, crc INTEGER NOT NULL
) STRICT;
CREATE TABLE passage(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL REFERENCES article(id),
    sentences TEXT NOT NULL, input_sha256 TEXT NOT NULL, vector BLOB NOT NULL,
    crc INTEGER NOT NULL
) STRICT;
CREATE INDEX passage_article ON passage(article_id);

CREATE VIRTUAL TABLE term USING fts5(
    title, text, content='', contentless_delete=1,
    tokenize='porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE term_row USING fts5vocab('term', 'row');
"""

# By the format that each one makes. What was released is never changed again.
_CHANGES = {
    # Files that were moved are found by their content. Passages made with another embedder wait
    # in `staged` until all are there.
    2: """
CREATE INDEX article_file ON article(file_sha256);
CREATE TABLE staged(
    id INTEGER PRIMARY KEY, article_id TEXT NOT NULL REFERENCES article(id),
    sentences TEXT NOT NULL, input_sha256 TEXT NOT NULL, vector BLOB NOT NULL,
    crc INTEGER NOT NULL
) STRICT;
CREATE INDEX staged_article ON staged(article_id);
""",
    # One article may have several origins, and be a copy of others. Articles that are there are
    # compared by the next add.
    3: copies.SCHEMA + clusters.SCHEMA,
    # The words went to the segments. Which passages were removed is known as long as they are in
    # one. What filters look at is found without reading texts.
    4: """
DROP TABLE term_row;
DROP TABLE term;
DELETE FROM meta WHERE key IN ('words', 'generation');
CREATE TABLE removed(id INTEGER PRIMARY KEY, crc INTEGER NOT NULL) STRICT;
CREATE INDEX article_facts ON article(id, source, authors, published, passages, language);
""",
}


def create(connection: apsw.Connection) -> None:
    """Make the tables of the current format. Inside a transaction."""
    connection.execute(_FORMAT_1)
    bring_up(connection, 1)


def bring_up(connection: apsw.Connection, found: int) -> None:
    """From format `found` to the current one. Inside a transaction of the only writer."""
    for format in range(found + 1, FORMAT + 1):
        connection.execute(_CHANGES[format])
    sums = {"facts": rows.filterable(connection), copies.TOTAL: copies.total(connection)}
    for key, value in {"format": FORMAT, "needs": NEEDS, **sums}.items():
        rows.set_fact(connection, key, str(value))


def check(found: int, needs: str | None, place: object) -> None:
    """Raises FormatError if this program is too old for format `found`."""
    if found > FORMAT:
        wanted = f"version {needs} or newer" if needs else "a newer version"
        raise FormatError(
            f"{place} has format {found}, and this program knows up to {FORMAT}: it needs "
            f"{wanted} of Article QA (pip install --upgrade article-qa)"
        )


def schema() -> dict[str, str]:
    """The definition of every table and index of the current format, by its name."""
    connection = apsw.Connection(":memory:")
    try:
        create(connection)
        return definitions(connection)
    finally:
        connection.close()


def definitions(connection: apsw.Connection) -> dict[str, str]:
    """The same, as this database has it."""
    found = connection.execute("SELECT name, coalesce(sql, '') FROM sqlite_schema")
    return {str(name): str(sql) for name, sql in found}
