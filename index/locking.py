"""One writer at a time: the lock of a collection's folder."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import filelock

from index import files
from index.errors import CollectionError, LockedError


@contextmanager
def writing(folder: Path, doing: str, *, timeout: float = 0) -> Iterator[None]:
    """Be the only writer of the collection in `folder`, waiting `timeout` seconds for it.

    The system frees the lock when its holder dies. `doing` tells others what takes so long.
    Raises LockedError, which says what the other one is doing, CollectionError where nothing may
    be written, and OSError.
    """
    told = folder / files.WRITING
    try:
        lock = filelock.FileLock(folder / files.LOCK, timeout=timeout).acquire()
    except filelock.Timeout as error:
        raise LockedError(
            f"{folder} is being written by another process{_said(told)}: try again when it is done"
        ) from error
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        raise CollectionError(
            f"{folder} can only be read, not written ({error.strerror}): see to its permissions, "
            "or use a copy of it"
        ) from error
    with lock:
        with suppress(OSError):
            told.write_text(doing, "utf-8")
        try:
            yield
        finally:
            with suppress(OSError):
                told.unlink()


def doing(folder: Path) -> str:
    """What a writer of the collection in `folder` does just now, in words; empty if there is none.

    For people, not for deciding whether to write: it may have ended by the time it is read.
    """
    told = folder / files.WRITING
    try:
        said = told.read_text("utf-8")[:100]
        with filelock.FileLock(folder / files.LOCK, timeout=0):
            return ""  # it died, and its words are left
    except filelock.Timeout:
        return said
    except (OSError, UnicodeDecodeError):
        return ""


def _said(told: Path) -> str:
    try:
        return f" ({told.read_text('utf-8')[:100]})"
    except (OSError, UnicodeDecodeError):
        return ""
