"""The steps of an operation: each call to the disk, counted, recorded, and one made to fail.

Nobody lists the steps: an operation is run once to count them, then once for each of them.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["kill", "Ctrl-C", "ENOSPC", "EIO", "EACCES"]
KINDS: tuple[Kind, ...] = ("kill", "Ctrl-C", "ENOSPC", "EIO", "EACCES")

# A full disk stays full, and a permission stays taken away; a bad sector is met once.
_NEED_ROOM = {"write", "create", "mkdir"}
_NEED_PERMISSION = {"open", "create", "mkdir", "rename", "delete"}


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind` happens at step number `step`, from 0."""

    kind: Kind
    step: int


class Event(NamedTuple):
    """A step that changed the disk, or made a change last; what power loss is replayed from."""

    call: str
    path: str
    offset: int = 0
    data: bytes = b""
    to: str = ""  # of a rename


@dataclass
class Steps:
    """All steps under the folder `root`, and the fault at one of them."""

    root: str
    fault: Fault | None = None
    count: int = 0
    calls: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    active: bool = True

    def inside(self, path: object) -> bool:
        """Whether a path, as any call may give it, lies under the root."""
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        text = os.fsdecode(path)
        return text == self.root or text.startswith(self.root + os.sep)

    def take(self, call: str, path: str, partly: Callable[[], object] | None = None) -> int:
        """Called before each step: the number of the error with which it fails, 0 if it does not.

        `partly` does half of it; the system stops a write in the middle when it ends a process
        or has no more room.
        """
        if not self.active:
            return 0
        step = self.count
        self.count += 1
        self.calls.append(f"{call} {os.path.relpath(path, self.root)}")
        fault = self.fault
        if fault is None or step < fault.step:
            return 0
        if step > fault.step:
            again = {"ENOSPC": _NEED_ROOM, "EACCES": _NEED_PERMISSION}.get(fault.kind, ())
            return getattr(errno, fault.kind) if call in again else 0
        if partly is not None and fault.kind in ("kill", "ENOSPC"):
            partly()
        if fault.kind == "kill":
            die()
        if fault.kind == "Ctrl-C":
            signal.raise_signal(signal.SIGINT)
            raise KeyboardInterrupt
        return int(getattr(errno, fault.kind))

    def did(self, *event: object) -> None:
        """Called after a step that changed something."""
        if self.active:
            self.events.append(Event(*event))  # type: ignore[arg-type]


def die() -> None:
    """End this process as `kill -9` does: nothing is closed or flushed."""
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
