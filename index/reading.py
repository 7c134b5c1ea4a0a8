"""Files -> articles: read one by one, parsed several at a time, given out in their order."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index import files, loaders
from index.entries import Known
from index.errors import LoadError
from index.types import Article, Refusal

log = logging.getLogger(__name__)

# Each of these threads waits for a child process that parses; the embedder is busy meanwhile.
PARSERS = min(4, os.cpu_count() or 1)
# What is read ahead of the embedder: so many articles, and of them so many bytes.
_AHEAD, _AHEAD_BYTES = 8 * PARSERS, 50_000_000


@dataclass(frozen=True, slots=True)
class Incoming:
    """An article to be stored, or the reason why there is none.

    `done` says how much of all that is added has been read by then, in bytes of files.
    """

    origin: str
    article: Article | None = None
    file_sha256: str = ""
    reason: str = ""
    done: int = 0


_Known = Callable[[str], Known | None]


def find(paths: Iterable[str | Path], collection: Path) -> tuple[list[Path], list[Refusal]]:
    """All files below `paths`, each once, but those that the collection itself consists of."""
    found, refused = list[Path](), list[Refusal]()
    for path in paths:
        try:
            inside = loaders.find(files.place(path))
            found += (file for file in inside if not files.is_own(file, collection))
        except LoadError as error:
            refused.append(Refusal(str(path), str(error)))
    return list(dict.fromkeys(found)), refused


def unusable(paths: Iterable[str | Path], collection: Path) -> list[Refusal] | None:
    """Why none of these files can become an article; None as soon as one can."""
    found, refused = find(paths, collection)
    for one in read(found, lambda origin: None):
        if one.article:
            return None
        refused.append(Refusal(one.origin, one.reason))
    return refused


def read(paths: Iterable[Path], known: _Known) -> Generator[Incoming]:
    """The articles in the files; one whose bytes did not change is not parsed again.

    `known` tells what was read from an origin before; it is asked in the caller's thread. Closed,
    it parses nothing more.
    """
    parsers = ThreadPoolExecutor(PARSERS, thread_name_prefix="parsing")
    waiting = deque[tuple[Incoming | Future[Incoming], int]]()
    held = 0
    try:
        for one, size in _all(paths, known, parsers):
            waiting.append((one, size))
            held += size
            while len(waiting) > _AHEAD or held > _AHEAD_BYTES:
                first, its = waiting.popleft()
                held -= its
                yield _ready(first)
        for one, _ in waiting:
            yield _ready(one)
    finally:
        parsers.shutdown(wait=False, cancel_futures=True)


def _ready(one: Incoming | Future[Incoming]) -> Incoming:
    return one if isinstance(one, Incoming) else one.result()


def _all(
    paths: Iterable[Path], known: _Known, parsers: ThreadPoolExecutor
) -> Iterator[tuple[Incoming | Future[Incoming], int]]:
    """What is in the files, parsed or being parsed, each with the bytes that it holds."""
    done = 0
    for path in paths:
        size = files.size(path)
        time = loaders.ParsingTime()
        parts = loaders.parts(path)
        while True:
            try:
                time.check()
                part = next(parts, None)
            except Exception as error:
                yield Incoming(str(path), reason=_reason(str(path), error), done=done + size), 0
                break
            if part is None:
                break
            here = done + int(part.share * size)
            yield _one(part, known, parsers, time, here), len(part.data)
        done += size


def _one(
    part: loaders.Part,
    known: _Known,
    parsers: ThreadPoolExecutor,
    time: loaders.ParsingTime,
    done: int,
) -> Incoming | Future[Incoming]:
    if part.reason:
        return Incoming(part.origin, reason=part.reason, done=done)
    file_sha256 = f"{loaders.LOADERS_VERSION}:{part.sha256}"
    stored = known(part.origin)  # the store's own errors end the add
    if stored and stored.file_sha256 == file_sha256:
        return Incoming(part.origin, stored.article, file_sha256, done=done)
    time.allow(len(part.data))
    return parsers.submit(_parsed, part, file_sha256, time, done)


def _parsed(part: loaders.Part, file_sha256: str, time: loaders.ParsingTime, done: int) -> Incoming:
    try:
        time.check()
        now = datetime.now(UTC)
        article = loaders.load(part.data, part.origin, part.name, now, time)
    except Exception as error:
        return Incoming(part.origin, reason=_reason(part.origin, error), done=done)
    return Incoming(part.origin, article, file_sha256, done=done)


def _reason(origin: str, error: Exception) -> str:
    if isinstance(error, LoadError):
        return str(error)
    # A parser's own bug must not stop the other files.
    log.error("loading %s", origin, exc_info=error)
    return f"could not be read ({type(error).__name__})"
