"""The SQLite file: a connection for each thread, transactions, and errors in our own words."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import apsw
import filelock

from index import rows
from index.errors import CollectionError, DamageError, NotFoundError

# Longer than any of our transactions: nothing is embedded while one is open.
_BUSY_MILLISECONDS = 10_000

_MAGIC = b"SQLite format 3\0"


class Database:
    """Used by many threads and processes at once; writers must hold the collection's lock."""

    def __init__(self, path: Path, *, create: bool) -> None:
        """Raises NotFoundError (absent, not `create`), DamageError, CollectionError, OSError."""
        self.path = path
        self._local = threading.local()
        # Weakly: the connection of a thread that has ended goes with it.
        self._opened: weakref.WeakSet[apsw.Connection] = weakref.WeakSet()
        if not path.exists() and not create:
            raise NotFoundError(f"no collection at {path.parent}")
        # SQLite takes any file of a few bytes for an empty database, and would write over it.
        if path.exists() and _start(path) not in (b"", _MAGIC):
            raise DamageError(f"{path} is damaged (it is no database): restore a backup of it")
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
            connection = apsw.Connection(str(self.path), flags=apsw.SQLITE_OPEN_READWRITE)
            connection.set_busy_timeout(_BUSY_MILLISECONDS)
            connection.execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
            connection.create_scalar_function("casefold", rows.casefold, 1, deterministic=True)
            self._local.connection = connection
            self._opened.add(connection)
        return connection

    def close(self) -> None:
        """Close the connections of all threads; none may be in use."""
        for connection in list(self._opened):
            connection.close()
        self._opened.clear()
        self._local = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[apsw.Connection]:
        """All or nothing for a writer; one unchanging view for a reader."""
        with self.errors(), self.connection as connection:
            yield connection

    @contextmanager
    def errors(self) -> Iterator[None]:
        """SQLite's errors as ours, with the place and what to do."""
        try:
            yield
        except (apsw.CorruptError, apsw.NotADBError, UnicodeDecodeError) as error:
            raise DamageError(
                f"{self.path} is damaged ({error}): restore a backup of it"
            ) from error
        except (apsw.FullError, apsw.IOError) as error:
            raise CollectionError(
                f"cannot read or write {self.path} ({error}): make room on the disk and try "
                "again; what was added before is safe"
            ) from error
        except (apsw.CantOpenError, apsw.ReadOnlyError, apsw.PermissionsError) as error:
            raise CollectionError(
                f"cannot use {self.path} ({error}): its folder must be writable, also for reading"
            ) from error
        except apsw.Error as error:
            raise CollectionError(f"cannot use {self.path}: {error}") from error

    def _is_blank(self) -> bool:
        return self.connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is None

    def _create(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # The change of the journal mode waits for nobody, so only one may try.
        with lock(self.path.parent, timeout=10), closing(apsw.Connection(str(self.path))) as new:
            new.set_busy_timeout(_BUSY_MILLISECONDS)
            new.execute("PRAGMA journal_mode = WAL")
            new.execute("BEGIN IMMEDIATE")
            if new.execute("SELECT 1 FROM sqlite_schema").fetchone() is None:
                new.execute(rows.SCHEMA)
            new.execute("COMMIT")


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(_MAGIC))


def lock(folder: Path, *, timeout: float = 0) -> filelock.BaseFileLock:
    """What a writer of the collection in `folder` holds; free again when its holder dies.

    Taking it raises filelock.Timeout after `timeout` seconds.
    """
    return filelock.FileLock(folder / "write.lock", timeout=timeout)
