"""One operation with one fault, in a process of its own, and what became of the collection."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import faiss
from tqdm import tqdm

from index import ArticleQAError, Collection, generations, loaders
from index.errors import EmbedderError
from index.loaders import parsing
from tests.faults import files, operations
from tests.faults.answers import Answers, Problem, made_anew, problems, remember
from tests.faults.operations import Action, Library
from tests.faults.steps import Event, Fault, Steps
from tests.faults.vfs import SteppedVFS

# Every trial needs a process. A server that has imported all of this forks one in milliseconds,
# and has never run a library that minds; where there is no fork, each one starts from nothing.
_METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
PROCESSES = multiprocessing.get_context(_METHOD)
if _METHOD == "forkserver":
    PROCESSES.set_forkserver_preload(["__main__", __name__, "tests.faults.warm"])
_TIMEOUT_SECONDS = 240


@dataclass
class Outcome:
    """What a process said before it ended."""

    acknowledged: list[set[str]] = field(default_factory=list)  # ids, per finished action
    error: str | None = None  # clear, as a user would see it
    problems: list[Problem] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def attempt(
    root: Path,
    actions: tuple[Action, ...],
    held: Library,
    fault: Fault | None = None,
    *,
    sound: bool = True,
    kill_after: float | None = None,
) -> Outcome:
    """Do the actions in a process of its own, with the fault in it, or killed after seconds."""
    outcome = Outcome()
    expected = list[tuple[Library, Answers]]()
    if fault and sound:
        libraries = operations.libraries(actions, held, root)
        expected = [(library, made_anew(library)) for library in libraries]
    may_die = kill_after is not None or (fault is not None and fault.kind == "kill")
    for said, value in _said(
        _child, (root, actions, held, fault, expected), outcome, may_die, kill_after
    ):
        if said == "acknowledged":
            outcome.acknowledged.append(value)
        elif said == "error":
            outcome.error = value
        else:
            getattr(outcome, said).extend(value)
    return outcome


def in_a_process(check: Callable[..., list[Problem]], *arguments: object) -> list[Problem]:
    """The problems that `check` finds, or that it died."""
    outcome = Outcome()
    for _, value in _said(_checked, (check, arguments), outcome, False, None):
        outcome.problems.extend(value)
    return outcome.problems


def _said(
    target: Callable[..., None],
    arguments: tuple[object, ...],
    outcome: Outcome,
    may_die: bool,
    kill_after: float | None,
) -> Iterator[tuple[str, Any]]:
    """What the process says until it ends; how it ended goes into `outcome`."""
    ours, theirs = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=target, args=(theirs, *arguments))
    process.start()
    theirs.close()
    killer = threading.Timer(kill_after or _TIMEOUT_SECONDS, process.kill)
    killer.start()
    try:
        while True:
            yield ours.recv()
    except (EOFError, OSError):
        pass
    killer.cancel()
    process.join()
    if process.exitcode and not may_die:
        outcome.problems.append(Problem("crashes", f"ended with {process.exitcode}"))


def _checked(
    pipe: Connection, check: Callable[..., list[Problem]], arguments: tuple[object, ...]
) -> None:
    _settle()
    pipe.send(("problems", check(*arguments)))
    pipe.close()
    os._exit(0)


def _settle() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    faiss.omp_set_num_threads(1)
    generations._LITTLE = operations.SMALL
    logging.disable(logging.WARNING)  # that a cache is damaged is what is wanted here
    logging.disable(logging.WARNING)  # that a cache is damaged is what is wanted here
    # A process for the parsers takes longer to start than a trial, and has nothing of the disk.
    loaders.parsed = lambda data, name, time=None: parsing.drafted(data, name)
    # Its own lock would be between processes, and left behind by those that are killed.
    tqdm.set_lock(threading.RLock())


def _child(
    pipe: Connection,
    root: Path,
    actions: tuple[Action, ...],
    held: Library,
    fault: Fault | None,
    expected: list[tuple[Library, Answers]],
) -> None:
    _settle()
    steps = Steps(str(root), fault)
    # What SQLite takes note of and does not pass on would be printed; we see what becomes of it.
    sys.excepthook = sys.unraisablehook = lambda *_: None
    vfs = SteppedVFS(steps)
    files.install(steps)
    collection: Collection | None = None
    said = list[set[str]]()
    try:
        collection = operations.opened(root)
        for action in actions:
            said.append(action.do(collection))
            steps.did("acknowledged", "")
            pipe.send(("acknowledged", said[-1]))
        closing, collection = collection, None
        closing.close()
    except (ArticleQAError, KeyboardInterrupt) as error:
        pipe.send(("error", f"{type(error).__name__}: {error}"))
    except BaseException:
        pipe.send(("problems", [Problem("crashes", traceback.format_exc())]))
    steps.active = False
    if collection is not None and expected:  # it failed, and the same process goes on with it
        for library, its_answers in expected:
            remember(library, its_answers)
        pipe.send(("problems", _still_usable(collection, actions, held, root, said)))
    pipe.send(("calls", steps.calls))
    if fault is None:
        pipe.send(("events", steps.events))
    pipe.close()
    assert vfs  # named until here, or SQLite would lose it
    os._exit(0)


def _still_usable(
    collection: Collection,
    actions: tuple[Action, ...],
    held: Library,
    root: Path,
    said: list[set[str]],
) -> list[Problem]:
    try:
        found = problems(collection, operations.possible(actions, held, root, said))
        collection.close()
    except EmbedderError:
        return []  # a re-embedding was done after all, which could not be seen at the time
    except BaseException:
        return [Problem("crashes", f"after the fault: {traceback.format_exc()}")]
    return found
