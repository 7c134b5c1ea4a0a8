"""Files that people drop on the page -> articles, one batch after the other beside the asking.

Dropped files are kept in a folder of the collection, so that the same file dropped again is known
again, and a changed one replaces its article.
"""

from __future__ import annotations

import logging
import queue
import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from chat.jobs import Job
from chat.receiving import Receiver, RefusedError, Room, place
from chat.types import Keeper
from index.errors import ArticleQAError, LockedError
from index.locking import doing
from index.types import AddReport, Refusal

FOLDER = "added"  # in the collection's own
BATCH = 16  # files; what has been added so far is told after each
WAIT_SECONDS = 1.0  # between two tries to write where another program does
JOBS = 200  # of which something is remembered

_log = logging.getLogger(__name__)


class Adding:
    """Receives files and adds them, one batch at a time, in a thread of its own."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._folder = (keeper.path / FOLDER).absolute()
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._room = Room()
        self._queue: queue.Queue[tuple[str, Path]] = queue.Queue()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    # --- what the page asks ---

    def begin(self) -> str:
        """The id of a new job."""
        with self._lock:
            for old in [id for id, job in self._jobs.items() if job.finished][: -JOBS // 2]:
                del self._jobs[old]
            if len(self._jobs) >= JOBS:
                raise RefusedError("Too many people are adding articles: try again in a minute.")
            id = secrets.token_hex(8)
            self._jobs[id] = Job(id)
        return id

    @contextmanager
    def receiving(self, job: str, name: str) -> Iterator[Receiver]:
        """A file that comes in pieces; it is added once the block ends without an error.

        `name` may have folders in it. Raises RefusedError, OSError.
        """
        if job not in self._jobs or self._stopped.is_set():
            raise RefusedError("This upload is not known here any more: drop the files again.")
        path = place(self._folder, name)
        if not path.parent.resolve().is_relative_to(self._folder.resolve()):
            raise RefusedError("its folder leads out of the collection")
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{secrets.token_hex(8)}.part")
        receiver: Receiver | None = None
        try:
            with temporary.open("xb") as file:
                receiver = Receiver(file, self._room)
                yield receiver
            temporary.replace(path)
        except BaseException:
            self._room.give_back(receiver.size if receiver else 0)
            raise
        finally:
            temporary.unlink(missing_ok=True)
        self._change(job, files=1)
        self._start()
        self._queue.put((job, path))

    def refuse(self, job: str, name: str, reason: str) -> None:
        """Note a file that could not be received."""
        self._change(job, files=1, done=1, refused=((name[:200], reason),))

    def complete(self, job: str) -> None:
        """No more files will come."""
        self._change(job, complete=True)

    def job(self, id: str) -> Job | None:
        """How far it is; None if there is no such job."""
        with self._lock:
            return self._jobs.get(id)

    def busy(self) -> bool:
        """Whether anything is being added."""
        with self._lock:
            return any(job.done < job.files for job in self._jobs.values())

    def add_now(self, name: str, data: bytes) -> Job:
        """Add one file, and wait until that is done. Raises RefusedError, OSError."""
        id = self.begin()
        with self.receiving(id, name) as receiver:
            receiver.take(data)
        self.complete(id)
        while not (job := self._known(id)).finished and not self._stopped.wait(0.05):
            pass
        return job

    def forget(self, origins: Iterable[str]) -> None:
        """Delete what was dropped here of a removed article; files elsewhere are left alone."""
        for path in map(Path, origins):
            if self._folder in path.parents and path.is_file():
                with suppress(OSError):
                    path.unlink()

    def stop(self) -> None:
        """End after the batch that is being added."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(timeout=30)

    # --- the thread that adds ---

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="adding", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while not self._stopped.is_set():
            try:
                batch = [self._queue.get(timeout=0.2)]
            except queue.Empty:
                continue
            while len(batch) < BATCH and batch[-1][0] == batch[0][0]:
                try:
                    batch.append(self._queue.get_nowait())
                except queue.Empty:
                    break
            for job in dict.fromkeys(job for job, _ in batch):
                self._add(job, [path for owner, path in batch if owner == job])

    def _add(self, job: str, paths: list[Path]) -> None:
        sizes = sum(path.stat().st_size for path in paths if path.exists())
        report = self._report(job, paths)
        for refusal in report.refused:
            path = Path(refusal.origin)
            if path in paths:  # not a part of an archive that was otherwise added
                path.unlink(missing_ok=True)
        self._change(
            job,
            done=len(paths),
            added=len(report.added),
            replaced=len(report.updated),
            unchanged=len(report.unchanged) + len(report.moved) + len(report.duplicates),
            refused=tuple((self._name(one.origin), one.reason) for one in report.refused),
        )
        self._room.give_back(sizes)

    def _report(self, job: str, paths: list[Path]) -> AddReport:
        while True:
            try:
                return self._keeper.add(*paths)
            except LockedError:
                what = doing(self._keeper.path) or "writing to it"
                self._change(
                    job,
                    words="Waiting: another program is at work on this collection "
                    f"({what}). Your files are added when it is done.",
                )
                if self._stopped.wait(WAIT_SECONDS):
                    return AddReport()
            except ArticleQAError as error:
                return _refused(paths, str(error))
            except Exception:
                _log.exception("files were not added")
                return _refused(paths, "the program failed here; its log says more")
            finally:
                self._change(job, words="")

    def _name(self, origin: str) -> str:
        inside = Path(origin)
        return str(inside.relative_to(self._folder)) if self._folder in inside.parents else origin

    def _known(self, id: str) -> Job:
        job = self.job(id)
        assert job is not None
        return job

    def _change(
        self, id: str, *, complete: bool = False, words: str | None = None, **more: Any
    ) -> None:
        with self._lock:
            job = self._jobs.get(id)
            if job is not None:
                summed = {name: getattr(job, name) + value for name, value in more.items()}
                self._jobs[id] = replace(
                    job,
                    complete=job.complete or complete,
                    words=job.words if words is None else words,
                    **summed,
                )


def _refused(paths: list[Path], reason: str) -> AddReport:
    return AddReport(refused=tuple(Refusal(str(path), reason) for path in paths))
