"""Parsing in child processes: with a limit of time everywhere, of memory where the system has one.

A child is a new Python (never a fork) that parses one file after the other; it is replaced when a
file has killed it, or after many files, because parsers keep memory.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from typing import Any

from index.errors import LoadError
from index.loaders.child import CPU_SECONDS, READY
from index.loaders.draft import Draft
from index.loaders.limits import ParsingTime

# Where the system limits the time of the processor (`child.CPU_SECONDS`) that ends a parser, and
# this one is for machines that are too busy to give it that much.
TIMEOUT = 9.0 if sys.platform == "win32" else 60.0
START_TIMEOUT = 120.0
FILES_PER_CHILD = 500
_ROOT = Path(__file__).resolve().parents[2]

log = logging.getLogger(__name__)


def parsed(data: bytes, name: str, time: ParsingTime | None = None) -> Draft:
    """The draft of one article's bytes, made by a child process; its time is spent from `time`.

    Raises LoadError for what cannot become an article, or took too much time or memory.
    """
    child = _pool.take()
    try:
        reply = child.ask(data, name)
    except BaseException as error:
        child.close()  # an interrupted exchange cannot be taken up again
        if time and isinstance(error, LoadError):
            time.spend(CPU_SECONDS)
        raise
    _pool.give_back(child)
    if time:
        time.spend(reply["seconds"])
    if "draft" in reply:
        return _unpacked(reply["draft"])
    if "failed" in reply:
        log.error("loading %s: %s", name, reply["details"])
        raise LoadError(f"could not be read ({reply['failed']})")
    raise LoadError(reply["refused"])


class _Child:
    def __init__(self) -> None:
        paths = [str(_ROOT), os.environ.get("PYTHONPATH", "")]
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "PYTHONUTF8": "1",
            # Parsers need no threads, and each reserves memory.
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        self.files = 0
        self.is_ready = False
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "index.loaders.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )

    def ask(self, data: bytes, name: str) -> dict[str, Any]:
        """Raises LoadError if no answer came."""
        if not self.is_ready:
            self.is_ready = self._line(START_TIMEOUT)[0] == READY
        if not self.is_ready:
            raise LoadError("could not be read (the reading process does not start)")
        request = json.dumps({"name": name, "size": len(data)}).encode()
        line, late = self._line(TIMEOUT, request + b"\n", data)
        if not line.endswith(b"\n"):
            status = self.process.wait()
            if late or -status == _OUT_OF_TIME:
                raise LoadError("takes too long to read")
            raise LoadError("could not be read (it crashes its parser, or takes too much memory)")
        self.files += 1
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _line(self, seconds: float, *sent: bytes) -> tuple[bytes, bool]:
        """The line that answers, and whether the process was ended because none came in time."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        late = threading.Event()

        def stop() -> None:
            late.set()
            self.process.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            for data in sent:
                self.process.stdin.write(data)
            self.process.stdin.flush()
            return self.process.stdout.readline(), late.is_set()
        except OSError:
            return b"", late.is_set()
        finally:
            timer.cancel()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:  # what was not sent any more
                pass


class _Pool:
    """Idle children; as many come to be as files are parsed at the same time."""

    def __init__(self) -> None:
        self._idle: list[_Child] = []
        self._lock = threading.Lock()

    def take(self) -> _Child:
        with self._lock:
            child = self._idle.pop() if self._idle else None
        if child and child.process.poll() is None:
            return child
        if child:
            child.close()
        return _Child()

    def give_back(self, child: _Child) -> None:
        if child.files >= FILES_PER_CHILD:
            child.close()
            return
        with self._lock:
            self._idle.append(child)

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.close()


def _unpacked(fields: dict[str, Any]) -> Draft:
    days = {name: fields[name] and date.fromisoformat(fields[name]) for name in _DAYS}
    return Draft(**{**fields, **days, "authors": tuple(fields["authors"])})


_DAYS = ("published", "modified")
# The signal SIGXCPU, which Windows does not have.
_OUT_OF_TIME = 24
_pool = _Pool()
_of_parents = list[_Pool]()
atexit.register(_pool.close)


def _after_fork() -> None:
    """A forked process must not speak with its parent's children; they stay the parent's."""
    global _pool
    atexit.unregister(_pool.close)
    _of_parents.append(_pool)
    _pool = _Pool()
    atexit.register(_pool.close)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
