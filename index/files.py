"""The files of a collection's folder: their names, and how they are written to survive a crash."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.errors import CollectionError

DATABASE = "collection.sqlite3"
LOCK = "write.lock"
# What the holder of the lock is doing, in words.
WRITING = "writing.txt"
# A database that is being made, to take the place of the collection's own.
REBUILT = "rebuilt.sqlite3"
# A copy of a damaged database that can be opened.
MENDED = "mended.sqlite3"

_OWN = (
    *(f"{name}*" for name in (DATABASE, REBUILT, MENDED)),
    # The caches, now and up to format 2.
    *("segment-*.index*", "dense-*.faiss*", "quarantine-*", LOCK, WRITING),
)


@contextmanager
def errors(doing: str) -> Iterator[None]:
    """The system's errors as ours: `doing`, "read the backup", is what cannot be done."""
    try:
        yield
    except OSError as error:
        raise CollectionError(f"cannot {doing}: {failure(error)}") from error


def failure(error: OSError) -> str:
    """What the system said, of which file, and what helps."""
    said = error.strerror or str(error)
    if error.filename is not None:
        said += f" ({os.fsdecode(error.filename)})"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{said}: make room on the disk, and try again"
    return f"{said}: see to it, and try again"


def is_own(file: Path, folder: Path) -> bool:
    """Whether `file` is one of those that the collection in `folder` consists of."""
    return file.parent == place(folder) and any(map(file.match, _OWN))


def place(path: str | Path) -> Path:
    """One name for a file or folder, from wherever it is named."""
    absolute = Path(path).absolute()
    return absolute.resolve() if ".." in absolute.parts else absolute


def is_gone(path: Path) -> bool:
    """Whether nothing is at `path`; what cannot be looked at is not gone."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return container(path) is None
    except (OSError, ValueError):
        return False
    return False


def container(path: Path) -> Path | None:
    """The file that `path` is a part of, as if it were a folder; None if there is no such file."""
    for above in path.parents:
        with suppress(OSError, ValueError):
            if above.is_file():
                return above
    return None


def is_renamed(before: Path, now: Path) -> bool:
    """Whether the file that was at `before` is the one at `now`."""
    if is_gone(before):
        return True
    # Where a file's name has no case, the old name still finds it.
    with suppress(OSError):
        return str(before).casefold() == str(now).casefold() and before.samefile(now)
    return False


def trace(folder: Path) -> str:
    """The name of a file that shows that there was a database with something in it, or ""."""
    caches = (*folder.glob("segment-*.index"), *folder.glob("dense-*.faiss"))
    traces = (*sorted(caches), folder / f"{DATABASE}-wal")
    return next((file.name for file in traces if size(file)), "")


def size(file: Path) -> int:
    """In bytes; 0 for what is no file, or no longer there."""
    try:
        return file.stat().st_size if file.is_file() else 0
    except FileNotFoundError:
        return 0


def write(path: Path, data: bytes) -> None:
    """`path` has all of `data` or is as it was, whatever happens meanwhile. Raises OSError."""
    with made_whole(path) as temporary, temporary.open("wb") as file:
        file.write(data)


@contextmanager
def made_whole(path: Path) -> Iterator[Path]:
    """A temporary path, to be filled inside the block; afterwards it is `path`, for good.

    If the block raises, `path` is as it was. Raises OSError.
    """
    temporary = path.with_name(f"{path.name}.new")
    discard(temporary)
    try:
        yield temporary
        fsync(temporary)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):  # on a full disk it would be in the way
            discard(temporary)
        raise
    fsync_folder(path.parent)


def discard(database: Path) -> None:
    """Remove a file, and the journals beside it if it is a database. Raises OSError."""
    database.unlink(missing_ok=True)
    discard_journals(database)


def discard_journals(database: Path) -> None:
    """Remove what SQLite keeps beside a database. Raises OSError."""
    for kind in ("wal", "shm", "journal"):
        database.with_name(f"{database.name}-{kind}").unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, to survive a crash. Raises OSError."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in missing:
        with suppress(PermissionError):  # a folder that may be written, but not listed
            fsync_folder(one.parent)


def fsync(file: Path) -> None:
    """Have the system put a file's bytes on the disk. Raises OSError."""
    with file.open("r+b") as opened:
        os.fsync(opened.fileno())


def fsync_folder(folder: Path) -> None:
    """The same for the names in a folder."""
    if os.name == "posix":  # elsewhere a folder cannot be opened, and need not be
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
