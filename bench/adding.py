"""How fast files become articles, how busy the embedder is kept, and what memory it takes.

Adds real news from files, with an embedder that only draws a vector by the hash of a text (one and
the same for all would be no points for an index to divide): what is measured is everything else.
With `--seconds` it takes so long for each passage, as a real one does, without the processor. With
`--real` it is the one that ships, and what it needs for the same passages alone is told as well.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import itertools
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.collection import Collection
from index.embedder import Vectors
from index.packaged import PackagedEmbedder
from index.types import Progress

_TOKEN = re.compile(r"\w+|[^\w\s]")
_DIMENSIONS = 384
_PROC = Path("/proc/self/status")


class TimedEmbedder:
    """The embedder that ships; it says how long it was used, and for what."""

    def __init__(self) -> None:
        self._embedder = PackagedEmbedder()
        self.fingerprint = self._embedder.fingerprint
        self.max_tokens = self._embedder.max_tokens
        self.busy = Busy()
        self.embedded = list[Sequence[str]]()
        self._embedder.embed_passages(["It is loaded before anything is measured."])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See Embedder."""
        return self._embedder.count_tokens(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        with self.busy:
            vectors = self._embedder.embed_passages(texts)
        self.embedded.append(texts)
        return vectors

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        return self._embedder.embed_questions(texts)

    def alone(self) -> float:
        """Seconds that it needs for all that it embedded, when nothing else is done."""
        began = time.monotonic()
        with ThreadPoolExecutor(2) as pool:  # as an add does it
            list(pool.map(self._embedder.embed_passages, self.embedded))
        return time.monotonic() - began


class Busy:
    """Counts the seconds in which one thread or several are inside."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._inside = 0
        self._since = 0.0
        self._counting = threading.Lock()

    def __enter__(self) -> None:
        with self._counting:
            self._since = self._since if self._inside else time.monotonic()
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._counting:
            self._inside -= 1
            if not self._inside:
                self.seconds += time.monotonic() - self._since


class DrawingEmbedder:
    """An `index.embedder.Embedder` that knows nothing, and says how long it was used."""

    fingerprint = "bench-drawn-384"
    max_tokens = 256

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.busy = Busy()
        self._drawing = threading.Lock()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """About as many as WordPiece finds."""
        return [int(1.2 * len(_TOKEN.findall(text))) for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        with self.busy, self._drawing:  # one after the other: so many passages a second
            return self._drawn(texts)

    def _drawn(self, texts: Sequence[str]) -> Vectors:
        time.sleep(self._seconds * len(texts))
        vectors = np.empty((len(texts), _DIMENSIONS), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            drawn = np.random.default_rng(zlib.crc32(text.encode()))
            drawn.standard_normal(out=row, dtype=np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        return self.embed_passages(texts)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m bench adding`."""
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument(
        "--files",
        nargs="+",
        default=["articles-small.jsonl.gz", "articles-rest.jsonl.gz"],
        help="files below news/ (default: all 20,359 articles)",
    )
    parser.add_argument(
        "--seconds", type=float, default=0.0, help="that embedding a passage takes (default 0)"
    )
    parser.add_argument("--real", action="store_true", help="with the embedder that ships")
    parser.add_argument("--articles", type=int, help="so many of each file (default: all)")
    parser.add_argument("--again", action="store_true", help="add the same once more, unchanged")


def run(options: argparse.Namespace) -> int:
    """Print throughput, memory and what became of the articles; 0."""
    paths = [options.data / "news" / name for name in options.files]
    embedder = TimedEmbedder() if options.real else DrawingEmbedder(options.seconds)
    with tempfile.TemporaryDirectory() as folder:
        if options.articles:
            paths = [_beginning(path, options.articles, Path(folder)) for path in paths]
        with Collection.open(Path(folder) / "made", embedder=embedder) as collection:
            print(f"before: {_told(_memory())}")
            for _ in range(1 + options.again):
                seconds = _measure(collection, embedder, paths)
                if isinstance(embedder, TimedEmbedder) and embedder.embedded:
                    alone = embedder.alone()
                    print(f"the embedder alone: {alone:,.1f} s, {alone / seconds:.0%} of the add")
                    embedder.embedded.clear()
    return 0


def _beginning(path: Path, articles: int, folder: Path) -> Path:
    """The first lines of a file, as a file of their own."""
    packed = path.suffix == ".gz"
    with gzip.open(path, "rb") if packed else path.open("rb") as file:
        lines = list(itertools.islice(file, articles))
    place = folder / path.name.removesuffix(".gz")
    place.write_bytes(b"".join(lines))
    return place


def _measure(
    collection: Collection, embedder: DrawingEmbedder | TimedEmbedder, paths: list[Path]
) -> float:
    """Add the files and print what it took; returns seconds."""
    watching = _Watching()
    embedder.busy = Busy()
    before, began = _processor(), time.monotonic()
    with watching:
        report = collection.add(*paths, progress=watching.said)
    seconds = time.monotonic() - began
    stats = collection.stats()
    articles = watching.articles
    print(f"{report} in {seconds:,.0f} s: {articles / seconds:,.0f} articles a second")
    print(
        f"{stats.articles:,} articles ({stats.independent:,} independent texts), "
        f"{stats.origins:,} origins, {stats.passages:,} passages, {stats.bytes / 1e6:,.0f} MB"
    )
    own, others = (now - then for now, then in zip(_processor(), before, strict=True))
    print(
        f"processor: {own:,.0f} s here, {others:,.0f} s in the processes that parse: "
        f"{1_000 * (own + others) / articles:.1f} ms an article"
    )
    busy = embedder.busy.seconds
    print(f"the embedder was busy for {busy:,.0f} s, {busy / seconds:.0%}")
    for share, memory in watching.seen:
        print(f"{share:4.0%} of the bytes: {_told(memory)}")
    print(f"peaks: {_told(watching.peak)}")
    return seconds


class _Memory(NamedTuple):
    """In MB: of this process, its own and mapped; and all of those that it has started."""

    own: float
    mapped: float
    others: float


def _told(memory: _Memory) -> str:
    own, mapped, others = memory
    return f"{own:5,.0f} MB own, {mapped:5,.0f} MB mapped, {others:5,.0f} MB in those that parse"


class _Watching:
    """Looks at the memory ten times a second, and notes it at every fifth of the way.

    The `peak` of each kind may be at another time.
    """

    def __init__(self) -> None:
        self.articles = 0
        self.peak = _Memory(0, 0, 0)
        self.seen = list[tuple[float, _Memory]]()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def said(self, progress: Progress) -> None:
        """Called with every article."""
        self.articles = progress.articles
        share = progress.done / max(1, progress.total)
        if share >= 0.2 * (1 + len(self.seen)):
            now = _memory()
            self.seen.append((share, now))
            left = progress.remaining
            told = "" if left is None else f", about {left:,.0f} s left"
            print(
                f"{share:.0%} after {progress.seconds:,.0f} s{told}; {progress.articles:,} "
                f"articles, {_told(now)}, {sum(_processor()):,.0f} s of the processor",
                file=sys.stderr,
                flush=True,
            )

    def _watch(self) -> None:
        while not self._ended.wait(0.1):
            self.peak = _Memory(*map(max, self.peak, _memory()))


def _processor() -> tuple[float, float]:
    """Seconds that this process took, and those that it has started."""
    times = os.times()
    ended = times.children_user + times.children_system
    return times.user + times.system, ended + sum(map(_taken_by, _family()[1:]))


def _taken_by(process: int) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has ended
        return 0.0
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _memory() -> _Memory:
    own, *others = _family()
    return _Memory(*_resident(own), sum(sum(_resident(process)) for process in others))


def _resident(process: int) -> tuple[float, float]:
    """MB of a process in memory: its own, and mapped from files; nothing of one that has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0 if _PROC.exists() else _resident_by_ps(process), 0.0
    said = dict(line.split(":", 1) for line in lines)
    kinds = ("RssAnon", "RssFile", "RssShmem")  # one that is ending has none
    own, mapped, shared = (int(said.get(kind, "0 kB").split()[0]) * 1.024e-3 for kind in kinds)
    return own, mapped + shared


def _arguments(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def _resident_by_ps(process: int) -> float:
    try:
        found = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=False
        )
    except OSError:  # there is none here
        return 0.0
    return int(found.stdout.strip() or 0) * 1.024e-3


def _family() -> list[int]:
    """This process, and the programs that it has started."""
    own = os.getpid()
    started = list[int]()
    for thread in Path(f"/proc/{own}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # the thread has ended
            started += map(int, thread.read_text().split())
    # One that is about to become another program still shows what is this one's.
    same = _arguments(own)
    return [own, *(process for process in started if _arguments(process) != same)]
