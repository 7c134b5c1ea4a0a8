"""Articles that are copies of each other: the keys by which they are found, and what was found.

All of it follows from the texts and can be made again. A new article is compared with a few that
share keys with it, never with all. Pairs that were found are stored; a cluster is what they join.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable

import apsw

from index import rows
from index.resemblance import BANDS, KEYS_VERSION, is_copy, keys

SCHEMA = """
CREATE TABLE sketch(
    id INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE REFERENCES article(id),
    keys BLOB NOT NULL, crc INTEGER NOT NULL
) STRICT;
CREATE TABLE band(
    key INTEGER NOT NULL, sketch INTEGER NOT NULL, PRIMARY KEY(key, sketch)
) STRICT, WITHOUT ROWID;
CREATE TABLE alike(
    one TEXT NOT NULL, other TEXT NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY(one, other)
) STRICT;
CREATE INDEX alike_other ON alike(other);
"""
# The fact that says by which keys all articles were compared.
SKETCHED = "sketched"
# The sum over all pairs: one that is missing is noticed.
PAIRS = "alike"

# Articles looked at for each key, the newest first, and then compared: notices made after one
# pattern share keys by the thousand.
_OF_ONE_KEY, _COMPARED = 64, 16

_KEYS = struct.Struct(f"<{BANDS}q")


def note(connection: apsw.Connection, article_id: str, text: str) -> None:
    """Compare a new article with those that may be copies. Inside a transaction."""
    own = keys(text)
    shared = Counter[int]()
    for key in own:
        found = connection.execute(
            "SELECT sketch FROM band WHERE key = ? ORDER BY sketch DESC LIMIT ?",
            (key, _OF_ONE_KEY),
        )
        shared.update(int(str(sketch)) for (sketch,) in found)
    for sketch, _ in shared.most_common(_COMPARED):
        other = connection.execute(
            "SELECT a.id, a.text FROM sketch s JOIN article a ON a.id = s.article_id "
            "WHERE s.id = ?",
            (sketch,),
        ).fetchone()
        if other and is_copy(text, str(other[1])):
            _pair(connection, article_id, str(other[0]))
    _sketch(connection, article_id, own)


def _sketch(connection: apsw.Connection, article_id: str, own: tuple[int, ...]) -> None:
    packed = _KEYS.pack(*own)
    (id,) = connection.execute(
        "INSERT INTO sketch(article_id, keys, crc) VALUES (?, ?, ?) RETURNING id",
        (article_id, packed, rows.checksum((article_id, packed))),
    ).fetchall()[0]
    connection.executemany("INSERT OR IGNORE INTO band VALUES (?, ?)", ((key, id) for key in own))


def _pair(connection: apsw.Connection, article_id: str, other: str) -> None:
    pair = tuple(sorted((article_id, other)))
    crc = rows.checksum(pair)
    connection.execute("INSERT INTO alike VALUES (?, ?, ?)", (*pair, crc))
    _sum(connection, [crc])


def forget(connection: apsw.Connection, article_id: str) -> None:
    """Forget its keys and pairs; nothing if there are none. Inside a transaction."""
    for id, packed in connection.execute(
        "SELECT id, keys FROM sketch WHERE article_id = ?", (article_id,)
    ).fetchall():
        connection.executemany(
            "DELETE FROM band WHERE key = ? AND sketch = ?",
            ((key, id) for key in unpacked(packed)),
        )
    connection.execute("DELETE FROM sketch WHERE article_id = ?", (article_id,))
    gone = connection.execute(
        "DELETE FROM alike WHERE one = ?1 OR other = ?1 RETURNING crc", (article_id,)
    ).fetchall()
    _sum(connection, [int(str(crc)) for (crc,) in gone])


def unpacked(packed: object) -> tuple[int, ...]:
    """The keys of a sketch; none of what is no sketch."""
    if isinstance(packed, bytes) and len(packed) == _KEYS.size:
        return _KEYS.unpack(packed)
    return ()


def _sum(connection: apsw.Connection, crcs: Iterable[int]) -> None:
    said = rows.fact(connection, PAIRS)
    total = int(said[0]) if said else 0
    for crc in crcs:
        total ^= crc
    rows.set_fact(connection, PAIRS, str(total))


# --- reading ---


def pairs(connection: apsw.Connection) -> list[tuple[str, str]] | None:
    """All pairs that were found; None if they are not those that were written."""
    said, total = rows.fact(connection, PAIRS), 0
    found = connection.execute("SELECT one, other, crc FROM alike").fetchall()
    for row in found:
        if not rows.is_sound(row):
            return None
        total ^= int(str(row[2]))
    if (int(said[0]) if said and said[1] else 0) != total:
        return None
    return [(str(one), str(other)) for one, other, _ in found]


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Of every article in a pair, the first of the articles that it is connected with, by id."""
    first = dict[str, str]()

    def of(id: str) -> str:
        while first.setdefault(id, id) != id:
            first[id] = id = first[first[id]]
        return id

    for one, other in pairs:
        low, high = sorted((of(one), of(other)))
        first[high] = low
    return {id: of(id) for id in first}


def is_current(connection: apsw.Connection) -> bool:
    """Whether all articles were compared, by the keys that this program makes."""
    return rows.fact(connection, SKETCHED) == (KEYS_VERSION, True)


def kept(connection: apsw.Connection, sketch: int, own: Iterable[int]) -> int:
    """How many of its keys lead to a sketch."""
    return sum(
        connection.execute("SELECT 1 FROM band WHERE key = ? AND sketch = ?", (key, sketch)).get
        is not None
        for key in set(own)
    )


def due(connection: apsw.Connection) -> list[str] | None:
    """Ids of the articles that an older program has added, which are still to be compared.

    None once all were, and `done` was said. Inside a transaction.
    """
    if is_current(connection):
        return None
    if rows.fact(connection, SKETCHED) is not None:  # by other keys
        for table in ("band", "alike", "sketch"):
            connection.execute(f"DELETE FROM {table}")
        rows.set_fact(connection, PAIRS, "0")
        connection.execute("DELETE FROM meta WHERE key = ?", (SKETCHED,))
    found = connection.execute(
        "SELECT id FROM article WHERE id NOT IN (SELECT article_id FROM sketch) ORDER BY rowid"
    )
    return [str(id) for (id,) in found.fetchall()]


def done(connection: apsw.Connection) -> None:
    """All articles were compared. Inside a transaction."""
    rows.set_fact(connection, SKETCHED, KEYS_VERSION)
