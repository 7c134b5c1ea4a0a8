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
from index.loaders.draft import Draft

# A parser may use 8 s of the processor (`child.CPU_SECONDS`); a busy machine takes longer for it.
TIMEOUT = 20.0
START_TIMEOUT = 120.0
FILES_PER_CHILD = 500
_ROOT = Path(__file__).resolve().parents[2]

log = logging.getLogger(__name__)


def parsed(data: bytes, name: str) -> Draft:
    """The draft of one article's bytes, made by a child process.

    Raises LoadError for what cannot become an article, or took too much time or memory.
    """
    child = _pool.take()
    try:
        reply = child.ask(data, name)
    except BaseException:
        child.close()  # an interrupted exchange cannot be taken up again
        raise
    _pool.give_back(child)
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
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "index.loaders.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )

    def ask(self, data: bytes, name: str) -> dict[str, Any]:
        """Raises LoadError if no answer came."""
        late = threading.Event()

        def stop() -> None:
            late.set()
            self.process.kill()

        # The first answer waits for the libraries to be imported.
        timer = threading.Timer(TIMEOUT if self.files else TIMEOUT + START_TIMEOUT, stop)
        timer.daemon = True
        timer.start()
        try:
            line = self._exchange(data, name)
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            raise LoadError(self._cause(late.is_set()))
        self.files += 1
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _exchange(self, data: bytes, name: str) -> bytes:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        request = json.dumps({"name": name, "size": len(data)}).encode()
        try:
            self.process.stdin.write(request + b"\n")
            self.process.stdin.write(data)
            self.process.stdin.flush()
            return self.process.stdout.readline()
        except OSError:
            return b""

    def _cause(self, late: bool) -> str:
        status = self.process.wait()
        if late or (sys.platform != "win32" and -status in _TIME_SIGNALS):
            return "takes too long to read"
        if not self.files and status == 1:
            return "could not be read (the reading process does not start)"
        return "could not be read (it crashes its parser, or takes too much memory)"

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
# SIGXCPU, and SIGKILL at the hard limit.
_TIME_SIGNALS = (24,)
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
