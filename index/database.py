"""The SQLite file: a connection for each thread, transactions, and errors in our own words."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from pathlib import Path

import apsw

from index import files, migrations, rows
from index.errors import CollectionError, DamageError, NotFoundError
from index.locking import writing

# Longer than any of our transactions: nothing is embedded while one is open.
_BUSY_MILLISECONDS = 10_000
# To make the tables, or to bring them up: another process may be doing so.
_WAIT_SECONDS = 10

_MAGIC = b"SQLite format 3\0"


class Database:
    """Used by many threads and processes at once; writers must hold the collection's lock."""

    def __init__(self, path: Path, *, create: bool, locked: bool = False) -> None:
        """`locked` if the caller is the only writer already.

        Raises NotFoundError (absent, not `create`), LockedError, DamageError, CollectionError,
        OSError.
        """
        self.path = path
        self._locked = locked
        self._local = threading.local()
        # Weakly: the connection of a thread that has ended goes with it.
        self._opened: weakref.WeakSet[apsw.Connection] = weakref.WeakSet()
        # An empty one where there was another must not take its place as if nothing had been lost.
        left = files.trace(path.parent) if path.name == files.DATABASE else ""
        if left and not files.size(path):
            what = f"is missing or empty, but {left} shows that there was one"
            raise DamageError(
                f"{path} {what}: restore a backup of it, or remove the whole folder to begin anew"
            ) from FileNotFoundError(what)
        if not path.exists() and not create:
            raise NotFoundError(f"no collection at {path.parent}")
        # SQLite takes any file of a few bytes for an empty database, and would write over it.
        if path.exists() and _start(path) not in (b"", _MAGIC):
            with self.errors():
                raise apsw.NotADBError("it is no database")
        with self.errors():
            # What exists is only read, so that it opens while another process writes.
            if not path.exists() or (create and self._is_blank()):
                self._create()
            if self._is_blank():
                raise NotFoundError(f"no collection at {path.parent}: {path.name} is empty")

    @property
    def connection(self) -> apsw.Connection:
        """This thread's connection."""
        connection: apsw.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            connection.create_scalar_function("casefold", rows.casefold, 1, deterministic=True)
            self._local.connection = connection
            self._opened.add(connection)
        return connection

    def _connect(self) -> apsw.Connection:
        connection = apsw.Connection(str(self.path), flags=apsw.SQLITE_OPEN_READWRITE)
        connection.set_busy_timeout(_BUSY_MILLISECONDS)
        self._local.stamp = None
        try:
            connection.execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
            connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
        except (apsw.ReadOnlyError, apsw.CantOpenError) as error:
            connection.close()
            return self._connect_frozen(error)
        return connection

    def _connect_frozen(self, error: apsw.Error) -> apsw.Connection:
        """Where nothing can be written, SQLite reads only what it is told does not change.

        Others may write all the same: what is read is believed only if the stamp is as before.
        """
        self._local.stamp = _stamp(self.path)
        if _journal(self.path):
            raise CollectionError(
                f"{self.path} can only be read here, and its last writer has left changes in "
                f"{self.path.name}-wal ({error}): open it once where its folder can be written"
            ) from error
        uri = f"{self.path.absolute().as_uri()}?immutable=1"
        return apsw.Connection(uri, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)

    def close(self) -> None:
        """Close the connections of all threads; none may be in use."""
        for connection in list(self._opened):
            self._close(connection)
        self._opened.clear()
        self._local = threading.local()

    def _close(self, connection: apsw.Connection) -> None:
        # What cannot be moved from the journal into the database now is moved by who opens it next.
        with suppress(apsw.Error):
            connection.close()

    @contextmanager
    def transaction(self) -> Iterator[apsw.Connection]:
        """All or nothing for a writer; one unchanging view for a reader."""
        with self.errors():
            connection = self.connection
            connection.execute("BEGIN")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                self._roll_back(connection)
                raise

    def _roll_back(self, connection: apsw.Connection) -> None:
        try:
            connection.execute("ROLLBACK")
        except apsw.Error:
            # The disk failed, and SQLite has rolled back by itself; but FTS5 may keep in memory
            # what was rolled back, and write it later.
            self._local.connection = None
            self._close(connection)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """SQLite's errors as ours, with the place and what to do."""
        self._renew()
        try:
            yield
        # Our own SQL is right, so what it does not find in the tables is damage, too.
        except (apsw.CorruptError, apsw.NotADBError, apsw.SQLError, UnicodeDecodeError) as error:
            raise DamageError(
                f"{self.path} is damaged ({error}): `article-qa verify` tells what, `article-qa "
                "repair` rebuilds what it can; or restore a backup of it"
            ) from error
        except (apsw.FullError, apsw.IOError) as error:
            full = isinstance(error, apsw.FullError)
            advice = "make room on the disk" if full else "see that the disk is sound and has room"
            raise CollectionError(
                f"cannot read or write {self.path} ({error}): {advice}, and try again; what was "
                "added before is safe"
            ) from error
        except (apsw.CantOpenError, apsw.ReadOnlyError, apsw.PermissionsError) as error:
            raise CollectionError(
                f"cannot use {self.path} ({error}): to change it, its folder must be writable"
            ) from error
        except apsw.Error as error:
            raise CollectionError(f"cannot use {self.path}: {error}") from error
        if self._is_stale():
            raise CollectionError(f"{self.path} was changed while it was read: try again")

    def scan(self, sql: str) -> tuple[list[int], bool]:
        """The numbers that a query finds before it meets damage; and whether it met none."""
        found = list[int]()
        try:
            with self.errors():
                for (number,) in self.connection.execute(sql):
                    found.append(int(str(number)))
        except CollectionError as error:
            # Of a damaged index SQLite may also say that there is no memory for its entries.
            if not isinstance(error, DamageError) and not isinstance(
                error.__cause__, apsw.NoMemError
            ):
                raise
            return found, False
        return found, True

    def write_back(self) -> None:
        """Move what is in the journal into the database file, if no reader is in the way."""
        self.connection.set_busy_timeout(_BUSY_MILLISECONDS // 10)
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self.connection.set_busy_timeout(_BUSY_MILLISECONDS)

    def keep_journal(self) -> None:
        """Have a copy keep its journal as a collection does: readers go on while one writes."""
        with self.errors():
            self.connection.execute("PRAGMA journal_mode = WAL").fetchall()

    def vacuum(self) -> None:
        """Rewrite the file without what was removed. Outside a transaction."""
        with self.errors():
            self.connection.execute("VACUUM")
            self.write_back()

    def copy_to(self, target: Path) -> None:
        """Write all that is committed now to a new file, without locking anybody out.

        Raises DamageError, CollectionError naming `target`.
        """
        try:
            self.connection.execute("VACUUM INTO ?", (str(target),))
        except (apsw.CorruptError, apsw.NotADBError) as error:
            raise DamageError(
                f"{self.path} is damaged ({error}): `article-qa repair` rebuilds what it can"
            ) from error
        except apsw.Error as error:
            full = isinstance(error, apsw.FullError)
            advice = "make room on the disk" if full else "see that the disk can be written"
            raise CollectionError(
                f"cannot copy {self.path} to {target} ({error}): {advice}, and try again"
            ) from error

    def take_over(self, source: Database) -> None:
        """Have all that is in `source` and nothing else, in one transaction.

        Readers see the old or the new; pages are replaced whatever they held.
        """
        with (
            self.errors(),
            self.connection.backup("main", source.connection, "main") as copying,
        ):
            while not copying.done:
                copying.step(1_000)
        with self.errors():
            self.write_back()

    def _is_blank(self) -> bool:
        return self.connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is None

    def _create(self) -> None:
        files.make_folder(self.path.parent)
        # The change of the journal mode waits for nobody, so only one may try.
        with (
            self._alone("making it"),
            closing(apsw.Connection(str(self.path))) as new,
        ):
            new.set_busy_timeout(_BUSY_MILLISECONDS)
            new.execute("PRAGMA journal_mode = WAL")
            new.execute("BEGIN IMMEDIATE")
            if new.execute("SELECT 1 FROM sqlite_schema").fetchone() is None:
                migrations.create(new)
            new.execute("COMMIT")

    def bring_up(self) -> None:
        """Make an older format the current one. Raises LockedError, CollectionError, OSError."""
        with self._alone("bringing it up to date"), self.transaction() as connection:
            # Another process may have done it meanwhile.
            found = rows.fact(connection, "format")
            if found and int(found[0]) < migrations.FORMAT:
                migrations.bring_up(connection, int(found[0]))

    def _alone(self, doing: str) -> AbstractContextManager[None]:
        if self._locked:
            return nullcontext()
        return writing(self.path.parent, doing, timeout=_WAIT_SECONDS)

    def _renew(self) -> None:
        """Where nothing can be written others may still write: then begin anew."""
        if self._is_stale():
            self._local.connection.close()
            self._local.connection = None

    def _is_stale(self) -> bool:
        stamp: tuple[int, int, int] | None = getattr(self._local, "stamp", None)
        return stamp is not None and stamp != _stamp(self.path)


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(_MAGIC))


def _stamp(path: Path) -> tuple[int, int, int]:
    """Changes whenever somebody writes."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size, _journal(path)


def _journal(path: Path) -> int:
    """The size of what is not in the database file itself yet."""
    return files.size(path.with_name(f"{path.name}-wal"))
