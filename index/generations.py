"""The search indexes as caches of the store: some segments, and what is newer than they are.

Which files are current, and their hashes, stand in the store. Each holds the passages of a range
of ids; those newer than all of them are indexed in memory when they are first searched, and those
removed since are left out of what is found. So a cache that is missing, damaged, stale or newer
than a restored store makes a search slower, never wrong.

A write puts what is new into a segment of its own, together with the segments before it that are
no larger: so every passage is written again a logarithmic number of times, and adding an article
to a million costs no more than adding it to a thousand (O'Neil et al. 1996, "The log-structured
merge-tree").
"""

from __future__ import annotations

import ctypes
import json
import logging
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import arrays, segments
from index.dense import Ids, Mask, Rows
from index.embedder import Vectors
from index.entries import Stored
from index.lexical import Lexicon, Part
from index.segments import Entry, Segment
from index.store import Store

log = logging.getLogger(__name__)

# The fact that names the segments.
_FACT = "segments"
# A segment of so few passages is written again with the next ones.
_LITTLE = 1_000
# A segment of which more than this share was removed is written again.
_REMOVED_SHARE = 0.25


@dataclass(frozen=True)
class View:
    """All passages of one state of the collection, each a row; rows rise with their ids."""

    change: int
    parts: tuple[Segment, ...]
    alive: Mask | None  # of all rows; None if none was removed
    count: int
    # What was read of the passages in this state, by their ids, and the dates of their articles;
    # filled by who reads them.
    read: dict[int, Stored] = field(default_factory=dict)
    published: dict[str, date | None] = field(default_factory=dict)

    @cached_property
    def ids(self) -> Ids:
        """The passage of each row."""
        found = [part.ids for part in self.parts]
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    @cached_property
    def words(self) -> Lexicon:
        """Lexical search in all rows that are left."""
        alive = [alive for _, alive in self.spans()]
        return Lexicon([Part(p.words, left) for p, left in zip(self.parts, alive, strict=True)])

    def nearest(self, vector: Vectors, k: int, allowed: Mask | None) -> Rows:
        """The `k` rows (of `allowed`, if given) nearest to `vector`; all looked at if given."""
        mask = self.alive if allowed is None else allowed
        rows, scores = [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
        for part, (span, _) in zip(self.parts, self.spans(), strict=True):
            found, score = part.dense.search(
                vector, k, None if mask is None else mask[span], exactly=allowed is not None
            )
            rows.append(found + span.start)
            scores.append(score)
        found, score = np.concatenate(rows), np.concatenate(scores)
        return found[np.argsort(-score, kind="stable")[:k]]

    @cached_property
    def _runs(self) -> tuple[NDArray[np.uint64], Rows]:
        """Articles in the order of the rows, and how many rows each has there."""
        found = np.concatenate([part.articles for part in self.parts] or [np.zeros(0, np.uint64)])
        begins = np.flatnonzero(np.diff(found, prepend=found[:1] + 1))
        return found[begins], np.diff(begins, append=len(found))

    def rows_of(self, articles: Iterable[str]) -> Mask:
        """Which rows are left of these articles."""
        wanted = np.array([int(id, 16) for id in articles], np.uint64)
        found, lengths = self._runs
        mask = np.repeat(np.isin(found, wanted), lengths)
        return mask if self.alive is None else mask & self.alive

    def spans(self) -> Iterator[tuple[slice, Mask | None]]:
        """The rows of each part, and which of them are left."""
        start = 0
        for part in self.parts:
            span = slice(start, start + len(part.ids))
            yield span, None if self.alive is None else self.alive[span]
            start = span.stop


class Generations:
    """Publishes segments, and shows the current state as one."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder = folder
        self._store = store
        # By the SHA-256 of the file; those made anew in memory, with the change that they show.
        self._opened: dict[str, Segment] = {}
        self._rebuilt: dict[str, tuple[int, Segment]] = {}
        self._newer: list[tuple[int, Segment]] = []
        self._history = ""
        self._view: View | None = None
        self._opening = threading.Lock()

    def view(self) -> View:
        """What can be searched now.

        Inside a read transaction of the store. A file that is not the one that was written is
        never searched: its passages are then indexed anew in memory.
        Raises DamageError if passages of the store were lost.
        """
        change = self._store.change
        with self._opening:
            if self._view is None or self._view.change != change:
                self._view = self._made(change)
            return self._view

    def behind(self) -> int:
        """How many passages were added or removed since the segments were written.

        Inside a read transaction of the store. Reads no file.
        """
        said = self._said()
        last = said[-1].last if said else 0
        return self._store.passages_after(last) + int((self._store.removed() <= last).sum())

    def kinds(self) -> str:
        """How the current segments are searched by meaning, in words. Inside a transaction."""
        found = [f"{entry.kind} ({entry.count:,} passages)" for entry in self._said()]
        return "; ".join(found) or "float32, in memory"

    def are_there(self, *, proved: bool = True) -> bool:
        """Whether all current files are those that were written; without `proved`, their sizes."""
        return all(
            arrays.is_there(self._folder / entry.file, entry.written, proved=proved)
            for entry in self._said()
        )

    def publish(self, *, whole: bool = False, proved: bool = False) -> None:
        """Write what is new; with `whole`, all in one segment. The caller holds the lock.

        A file that is missing or is known to be damaged is written again; `proved` looks for
        damage in all of them. Only files that are written again are read otherwise.
        """
        with self._store.transaction():
            said, removed, change = self._said(), self._store.removed(), self._store.change
            new = self._store.passages_after(said[-1].last if said else 0)
            lost = [self._is_lost(entry, proved) for entry in said]
            left = [
                entry.count - int(((removed > after) & (removed <= entry.last)).sum())
                for entry, after in _after(said)
            ]
            if whole and (new or len(said) > 1 or left != [entry.count for entry in said]):
                first = 0
            else:
                first = _first(said, left, lost, new)
            if first == len(said) and not new:
                return
            after, last = said[first - 1].last if first else 0, self._store.last_id()
            known = self._known(list(_after(said))[first:], removed, change)
            made = segments.made(self._store, after, last, known)
        kept, count = said[:first], len(made.ids)
        if count:
            name = f"segment-{change:08d}-{after}.index"
            kept.append(made.write(self._folder / name, last))
        del known, made
        if count > _LITTLE:
            _give_back()
        with self._store.transaction():
            self._store.set_meta(_FACT, json.dumps([asdict(entry) for entry in kept]))
            self._store.forget_removed(after)
        with self._opening:
            self._view = None
        names = {entry.file for entry in kept}
        for pattern in ("segment-*", "dense-*.faiss*"):
            for old in self._folder.glob(pattern):
                if old.name not in names:
                    # Left for the next time where another process has it open.
                    with suppress(OSError):
                        old.unlink()

    def _known(
        self, entries: Iterable[tuple[Entry, int]], removed: Ids, change: int
    ) -> list[tuple[Ids, Part]]:
        """What is left of segments that are written again, without keeping them open."""
        found = list[tuple[Ids, Part]]()
        for entry, before in entries:
            with self._opening:
                part = self._segment(entry, before, change, keep=False)
            alive = ~np.isin(part.ids, removed)
            found.append((part.ids[alive], Part(part.words, None if alive.all() else alive)))
        return found

    def _is_lost(self, entry: Entry, proved: bool) -> bool:
        return entry.sha256 in self._rebuilt or not arrays.is_there(
            self._folder / entry.file, entry.written, proved=proved
        )

    def _said(self) -> list[Entry]:
        return [Entry(**entry) for entry in json.loads(self._store.meta(_FACT) or "[]")]

    def _made(self, change: int) -> View:
        history = self._store.history
        if history != self._history:
            self._rebuilt, self._newer, self._history = {}, [], history
        said = self._said()
        current = {entry.sha256 for entry in said}
        self._opened = {key: one for key, one in self._opened.items() if key in current}
        self._rebuilt = {key: one for key, one in self._rebuilt.items() if key in current}
        found = [self._segment(entry, after, change) for entry, after in _after(said)]
        found += self._since(said[-1].last if said else 0, change)
        ids = np.concatenate([part.ids for part in found]) if found else np.zeros(0, np.int64)
        alive = np.ones(len(ids), bool)
        removed = self._store.removed()
        places = np.searchsorted(ids, removed)
        here = places < len(ids)
        here[here] = ids[places[here]] == removed[here]
        alive[places[here]] = False
        count = len(ids) - int(here.sum())
        self._store.prove_counts(count)
        return View(change, tuple(found), None if count == len(ids) else alive, count)

    def _segment(self, entry: Entry, after: int, change: int, *, keep: bool = True) -> Segment:
        if entry.sha256 not in self._opened:
            made_at, rebuilt = self._rebuilt.get(entry.sha256, (change + 1, None))
            if rebuilt and made_at <= change:
                return rebuilt
            found = segments.opened(self._folder, entry)
            if found is None:
                log.warning(
                    "%s is missing, damaged or of an older form; building it from the store",
                    entry.file,
                )
                found = segments.build(self._store, after, entry.last)
                self._rebuilt[entry.sha256] = change, found
                return found
            if not keep:
                return found
            self._opened[entry.sha256] = found
        return self._opened[entry.sha256]

    def _since(self, last: int, change: int) -> list[Segment]:
        """What is newer than the files: what was read before, and what has come since."""
        self._newer = [
            (read, part) for read, part in self._newer if read <= change and last < part.ids[0]
        ]
        after = max([last, *(int(part.ids[-1]) for _, part in self._newer)])
        end = self._store.last_id()
        if self._store.passages_after(after):
            self._newer.append((change, segments.build(self._store, after, end)))
        return [part for _, part in self._newer]


def _first(said: Sequence[Entry], left: Sequence[int], lost: Sequence[bool], new: int) -> int:
    """Which segments, from which one on, are written again with what is new."""
    first, rows = len(said), new
    while first and rows and left[first - 1] <= max(rows, _LITTLE):
        first -= 1
        rows += left[first]
    for place, entry in enumerate(said[:first]):
        if lost[place] or left[place] < (1 - _REMOVED_SHARE) * entry.count:
            return place
    return first


def _after(said: Sequence[Entry]) -> Iterator[tuple[Entry, int]]:
    """Each entry with the last id before its range."""
    return zip(said, [0, *(entry.last for entry in said)], strict=False)


def _give_back() -> None:
    """Give the system what was freed: glibc keeps all that lies below something still in use."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other libraries have none
        if trim is not None:
            trim(0)
