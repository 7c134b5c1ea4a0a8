"""The process in which files are parsed: what a hostile file does to it, it does to nothing else.

Started by `index.loaders.worker`, it says when it is ready. A request is a line of JSON
{"name", "size"} and so many bytes; the reply is a line of JSON: {"draft": ...} or
{"refused": reason} or {"failed": class, "details": traceback}, each with the "seconds" that it took
of the processor.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import sys
import time
import traceback
from datetime import date
from typing import BinaryIO

from index.errors import LoadError
from index.loaders.draft import Draft
from index.loaders.parsing import drafted

# Said once, when the libraries are imported.
READY = b"ready\n"
# What one file may take, beyond what the process has at its start.
MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 6


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer requests until there are no more."""
    while line := requests.readline():
        request = json.loads(line)
        data = requests.read(request["size"])
        if len(data) < request["size"]:
            return
        _limit_time()
        began = time.process_time()
        reply = answer(data, request["name"])
        reply["seconds"] = time.process_time() - began
        replies.write(json.dumps(reply).encode() + b"\n")
        replies.flush()


def answer(data: bytes, name: str) -> dict[str, object]:
    """The reply to one request."""
    try:
        return {"draft": packed(drafted(data, name))}
    except LoadError as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": f"needs more than {MEMORY >> 20} MB of memory"}
    except RecursionError:
        return {"refused": "nested too deeply"}
    except Exception as error:  # a parser's own bug: the other files go on
        return {"failed": type(error).__name__, "details": traceback.format_exc()}


def packed(draft: Draft) -> dict[str, object]:
    """A draft as JSON can hold it."""
    fields = dataclasses.asdict(draft)
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in fields.items()
    }


def _limit_time() -> None:
    if sys.platform != "win32":
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime) + CPU_SECONDS + 1
        _set(resource.RLIMIT_CPU, seconds)


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        _set(resource.RLIMIT_AS, _address_space() + MEMORY)
        _set(resource.RLIMIT_CORE, 0)


def _set(limit: int, wanted: int) -> None:
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(limit)
        # macOS knows the names of limits that it does not have.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(limit, (wanted if hard < 0 else min(wanted, hard), hard))


def _address_space() -> int:
    """What the process has taken already, in bytes; the libraries alone take hundreds of MB."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 512 * 1024 * 1024


def main() -> None:
    """Serve standard input, whatever libraries write to standard output meanwhile."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when it is over
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # What every file needs is imported before memory is counted.
    import index.loaders.html
    import index.loaders.rows  # noqa: F401

    _limit_memory()
    replies.write(READY)
    replies.flush()
    serve(sys.stdin.buffer, replies)


if __name__ == "__main__":
    main()
