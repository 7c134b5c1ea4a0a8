"""The SQLite file of the history: a connection for each operation, and errors in our own words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import apsw

from index.errors import HistoryError

# Our transactions take milliseconds; other programs may copy or check the file meanwhile.
_BUSY_MILLISECONDS = 10_000
_MAGIC = b"SQLite format 3\0"
# "AQhi": tells our file from any other database, which is left alone.
_APPLICATION = 0x41516869

# The first makes the tables, each later one changes them; the file's user_version counts them.
_MIGRATIONS = (
    """
    CREATE TABLE conversation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        title TEXT NOT NULL,
        collection TEXT NOT NULL,
        owner TEXT NOT NULL,
        words TEXT NOT NULL,
        started TEXT NOT NULL,
        changed TEXT NOT NULL
    );
    CREATE INDEX conversation_changed ON conversation (changed);
    CREATE TABLE turn (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
        number INTEGER NOT NULL,
        words TEXT NOT NULL,
        record TEXT NOT NULL,
        crc INTEGER NOT NULL,
        UNIQUE (conversation, number)
    );
    CREATE TABLE rating (
        turn INTEGER PRIMARY KEY REFERENCES turn ON DELETE CASCADE,
        verdict TEXT NOT NULL,
        note TEXT NOT NULL,
        rated TEXT NOT NULL
    );
    """,
)


class RecordsFile:
    """Used by many threads and processes at once. Made when something is first written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def reading(self) -> Iterator[apsw.Connection]:
        """One unchanging view; an empty one where there is no file. Raises HistoryError."""
        with self._errors("read"):
            found = self._open() if self.path.exists() else _prepared(apsw.Connection(":memory:"))
            with closing(found) as connection:
                connection.execute("BEGIN")
                yield connection
                connection.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[apsw.Connection]:
        """All or nothing. Raises HistoryError."""
        with self._errors("write"):
            self._make()
            with closing(self._open()) as connection:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    with suppress(apsw.Error):
                        connection.execute("ROLLBACK")
                    raise

    def _make(self) -> None:
        """An empty file that only its owner may read, if there is none; SQLite keeps to that."""
        if self.path.exists():
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))

    def _open(self) -> apsw.Connection:
        # SQLite takes any file of a few bytes for an empty database, and would write over it.
        with self.path.open("rb") as file:
            if file.read(len(_MAGIC)) not in (b"", _MAGIC):
                raise apsw.NotADBError("it is no database")
        connection = apsw.Connection(str(self.path), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            return _prepared(connection)
        except (apsw.ReadOnlyError, apsw.CantOpenError):
            connection.close()
        uri = f"{self.path.absolute().as_uri()}?immutable=1"
        flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        return _prepared(apsw.Connection(uri, flags=flags))

    @contextmanager
    def _errors(self, doing: str) -> Iterator[None]:
        try:
            yield
        except (apsw.CorruptError, apsw.NotADBError, apsw.SQLError, UnicodeDecodeError) as error:
            raise HistoryError(
                f"the history {self.path} is damaged ({error}): move it away, and a new one is "
                "begun; ARTICLE_QA_HISTORY names another, or “off”"
            ) from error
        except (apsw.Error, OSError) as error:
            raise HistoryError(
                f"cannot {doing} the history {self.path} ({error}): see that there is room and "
                "that its folder can be written; ARTICLE_QA_HISTORY names another, or “off”"
            ) from error


def _prepared(connection: apsw.Connection) -> apsw.Connection:
    """With the tables of this version, or closed. Raises HistoryError, apsw.Error."""
    try:
        connection.set_busy_timeout(_BUSY_MILLISECONDS)
        # What is deleted is overwritten, too.
        connection.execute("PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON")
        if _version(connection) < len(_MIGRATIONS):
            # Readers go on while one writes. If another process is making the file at this very
            # moment, it does this, or they wait for each other a little.
            with suppress(apsw.BusyError):
                connection.execute("PRAGMA journal_mode = WAL").fetchall()
            _migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: apsw.Connection) -> int:
    """How many migrations the file has had. Raises HistoryError if it is not ours to touch."""
    with connection:  # one view of all three, while another process may be making the tables
        application, version = (
            int(str(connection.pragma(name))) for name in ("application_id", "user_version")
        )
        has_tables = connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is not None
    if application != _APPLICATION and has_tables:
        raise HistoryError(
            f"{connection.filename} is a database of something else, and no history: "
            "ARTICLE_QA_HISTORY names another file, or “off”"
        )
    if version > len(_MIGRATIONS):
        raise HistoryError(
            f"the history {connection.filename} was written by a newer version of this program: "
            "use that one, or name another file with ARTICLE_QA_HISTORY"
        )
    return version


def _migrate(connection: apsw.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number in range(_version(connection), len(_MIGRATIONS)):  # another may have been faster
            connection.execute(_MIGRATIONS[number])
            connection.execute(f"PRAGMA user_version = {number + 1}")
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute("COMMIT")
    except BaseException:
        with suppress(apsw.Error):
            connection.execute("ROLLBACK")
        raise
