"""Python's own calls to the disk as steps, for a process of its own: caches, locks, articles.

Python announces most of them to audit hooks, whoever calls; those that it does not announce
(reading and writing an open file, fsync, stat) are put behind a door of the same shape.
"""

from __future__ import annotations

import builtins
import io
import os
import shutil
import stat
import sys
from functools import partial
from typing import Any

from tests.faults.steps import Steps

_AUDITED = {
    "os.rename": "rename",
    "os.remove": "delete",
    "os.mkdir": "mkdir",
    "os.rmdir": "rmdir",
    "os.listdir": "list",
    "os.scandir": "list",
    "os.truncate": "truncate",
    "os.chmod": "chmod",
    "os.link": "link",
    "os.utime": "utime",
}


def install(steps: Steps) -> None:
    """From now on, and until the process ends."""
    paths = dict[int, str]()  # of open descriptors

    def step(call: str, path: str) -> None:
        if number := steps.take(call, path):
            raise OSError(number, os.strerror(number), path)

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if not steps.active:
            return
        if event == "open" and steps.inside(arguments[0]):
            path = os.fsdecode(arguments[0])
            writes = arguments[2] & (os.O_CREAT | os.O_TRUNC)
            new = bool(writes & os.O_CREAT) and not os.path.lexists(path)
            step("create" if new else "open", path)
            if new:
                steps.did("create", path)
            elif writes & os.O_TRUNC:
                steps.did("truncate", path, 0)
        elif event in _AUDITED and arguments and steps.inside(arguments[0]):
            path = os.fsdecode(arguments[0])
            step(_AUDITED[event], path)
            if event == "os.rename":
                steps.did("rename", path, 0, b"", os.fsdecode(arguments[1]))
            elif event in ("os.remove", "os.mkdir", "os.rmdir"):
                steps.did(_AUDITED[event], path)
        elif event == "fcntl.flock" and arguments[0] in paths:
            step("flock", paths[arguments[0]])

    class SteppedRaw(io.FileIO):
        def write(self, data: Any) -> int:
            view = bytes(data)
            offset = self.tell()
            half = view[: len(view) // 2]
            partly = partial(io.FileIO.write, self, half)
            if number := steps.take("write", str(self.name), partly):
                raise OSError(number, os.strerror(number), self.name)
            written = super().write(view)
            steps.did("write", str(self.name), offset, view[:written])
            return written

        def readinto(self, buffer: Any) -> int | None:
            step("read", str(self.name))
            return super().readinto(buffer)

        def readall(self) -> bytes:
            step("read", str(self.name))
            return super().readall()

        def close(self) -> None:
            if not self.closed:
                paths.pop(self.fileno(), None)
            super().close()

    real_open, real_os_open, real_fsync, real_stat = io.open, os.open, os.fsync, os.stat

    def opened(file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **more: Any) -> Any:
        if not (steps.active and steps.inside(file)) or more.get("opener") or buffering == 0:
            return real_open(file, mode, buffering, *rest, **more)
        raw = SteppedRaw(os.fspath(file), mode.replace("b", "").replace("t", ""))
        paths[raw.fileno()] = str(raw.name)
        buffered: Any = (
            io.BufferedRandom(raw)
            if "+" in mode
            else (io.BufferedReader if "r" in mode else io.BufferedWriter)(raw)
        )
        return buffered if "b" in mode else io.TextIOWrapper(buffered, *rest, **more)

    def os_open(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        descriptor = real_os_open(path, flags, *rest, **more)
        if steps.inside(path):
            paths[descriptor] = os.fsdecode(path)
        return descriptor

    def fsync(file: Any) -> None:
        path = paths.get(file if isinstance(file, int) else file.fileno())
        if path is not None:
            step("sync", path)
        real_fsync(file)
        if path is not None:
            folder = stat.S_ISDIR(os.lstat(path).st_mode)
            steps.did("sync folder" if folder else "sync", path)

    def stepped_stat(path: Any, *rest: Any, **more: Any) -> os.stat_result:
        if steps.active and steps.inside(path):
            step("stat", os.fsdecode(path))
        return real_stat(path, *rest, **more)

    sys.addaudithook(audit)
    builtins.open = io.open = opened  # type: ignore[assignment]
    os.open, os.fsync, os.stat = os_open, fsync, stepped_stat  # type: ignore[assignment]
    # Copying inside the system passes every door; the slower way does not.
    shutil._USE_CP_SENDFILE = False  # type: ignore[attr-defined]
    shutil._use_fd_functions = False  # type: ignore[attr-defined]
