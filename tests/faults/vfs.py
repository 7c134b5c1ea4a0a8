"""SQLite's calls to the disk as steps: a VFS before the system's own, for a process of its own.

It is made the default one, so that the store uses it without knowing. The shared memory of a WAL
(`-shm`) is mapped and not written by calls; SQLite builds it anew from the WAL when nobody uses it.
"""

from __future__ import annotations

import errno
import os

import apsw

from tests.faults.steps import Steps

# What SQLite's own VFS says when the system refuses a call.
_IO_ERRORS = {
    "read": apsw.SQLITE_IOERR_READ,
    "write": apsw.SQLITE_IOERR_WRITE,
    "truncate": apsw.SQLITE_IOERR_TRUNCATE,
    "sync": apsw.SQLITE_IOERR_FSYNC,
    "delete": apsw.SQLITE_IOERR_DELETE,
    "access": apsw.SQLITE_IOERR_ACCESS,
    "size": apsw.SQLITE_IOERR_FSTAT,
    "lock": apsw.SQLITE_IOERR_LOCK,
    "unlock": apsw.SQLITE_IOERR_UNLOCK,
    "close": apsw.SQLITE_IOERR_CLOSE,
}


def _refusal(call: str, number: int) -> apsw.Error:
    reason = os.strerror(number)
    if call in ("open", "create"):
        return apsw.CantOpenError(reason)
    if call == "write" and number == errno.ENOSPC:
        return apsw.FullError(reason)
    if call == "lock" and number == errno.EACCES:
        return apsw.BusyError(reason)
    error = apsw.IOError(reason)
    error.extendedresult = _IO_ERRORS[call]
    return error


class SteppedVFS(apsw.VFS):
    """Keep a reference for as long as the process lives."""

    def __init__(self, steps: Steps) -> None:
        self._base = apsw.vfs_names()[0]
        self._steps = steps
        super().__init__("stepped", self._base, makedefault=True)

    def _step(self, call: str, path: str) -> None:
        if self._steps.inside(path) and (number := self._steps.take(call, path)):
            raise _refusal(call, number)

    def xOpen(  # noqa: N802
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> apsw.VFSFile:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name or ""
        new = bool(path) and not os.path.lexists(path)
        self._step("create" if new else "open", path)
        file = SteppedFile(self._base, name, flags, self._steps, path)
        if new and self._steps.inside(path):
            self._steps.did("create", path)
        return file

    def xDelete(self, path: str, sync: bool) -> None:  # noqa: N802
        self._step("delete", path)
        super().xDelete(path, sync)
        if self._steps.inside(path):
            self._steps.did("delete", path)
            if sync:
                self._steps.did("sync folder", os.path.dirname(path))  # noqa: PTH120

    def xAccess(self, path: str, flags: int) -> bool:  # noqa: N802
        self._step("access", path)
        return super().xAccess(path, flags)


class SteppedFile(apsw.VFSFile):
    """A database, its journal or its WAL."""

    def __init__(
        self,
        base: str,
        name: str | apsw.URIFilename | None,
        flags: list[int],
        steps: Steps,
        path: str,
    ) -> None:
        super().__init__(base, name, flags)
        self._steps = steps
        self._path = path
        self._counted = steps.inside(path)
        # SQLite's own VFS makes the name of a new journal or WAL last with its first sync.
        self._unnamed = bool(
            flags[0] & apsw.SQLITE_OPEN_CREATE
            and flags[0] & (apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_WAL)
        )

    def _step(self, call: str) -> None:
        if self._counted and (number := self._steps.take(call, self._path)):
            raise _refusal(call, number)

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        self._step("read")
        return super().xRead(amount, offset)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        if self._counted:
            half = bytes(data[: len(data) // 2])
            number = self._steps.take(
                "write", self._path, lambda: apsw.VFSFile.xWrite(self, half, offset)
            )
            if number:
                raise _refusal("write", number)
        super().xWrite(data, offset)
        if self._counted:
            self._steps.did("write", self._path, offset, bytes(data))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._step("truncate")
        super().xTruncate(size)
        if self._counted:
            self._steps.did("truncate", self._path, size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._step("sync")
        super().xSync(flags)
        if self._counted:
            self._steps.did("sync", self._path)
            if self._unnamed:
                self._steps.did("sync folder", os.path.dirname(self._path))  # noqa: PTH120
                self._unnamed = False

    def xFileSize(self) -> int:  # noqa: N802
        self._step("size")
        return super().xFileSize()

    def xLock(self, level: int) -> None:  # noqa: N802
        self._step("lock")
        super().xLock(level)

    def xUnlock(self, level: int) -> None:  # noqa: N802
        self._step("unlock")
        super().xUnlock(level)
