"""Passages drawn when they are asked for, in any number; and what memory it takes to merge them.

    python -m tests.index.drawn FILE PASSAGES DIMENSIONS

writes a segment of so many passages, most of whose words are indexed already, and prints by how
many bytes this process grew meanwhile at the most; mapped files do not count.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import segments
from index.dense import Ids
from index.embedder import Vectors
from index.errors import DamageError
from index.lexical import LexicalIndex, Part
from index.store import Store

# Those of a real store are no closer.
_DRAWN = 4_099
# Terms of the words that are indexed already, and in how many of them each passage is.
_TERMS, _EACH = 2_000, 50


class DrawnStore(Store):
    """`count` passages with the ids from 1 on, of which none is kept."""

    def __init__(self, count: int, dimensions: int, removed: Ids | None = None) -> None:
        drawn = np.random.default_rng(1).normal(size=(_DRAWN, dimensions))
        self._drawn = np.asarray(drawn, np.float32)
        self._ids = np.arange(1, count + 1)
        if removed is not None:
            self._ids = np.setdiff1d(self._ids, removed)

    def passages_after(self, id: int) -> int:
        """See Store."""
        return int((self._ids > id).sum())

    def ids(self, after: int, last: int) -> Ids:
        """Those above `after`, up to `last`."""
        return self._ids[slice(*np.searchsorted(self._ids, [after + 1, last + 1]))]

    def vectors(
        self, after: int = 0, last: int = sys.maxsize
    ) -> tuple[Ids, NDArray[np.uint64], Vectors]:
        """See Store. Each is between two that were drawn."""
        ids = self.ids(after, last)
        found = self._drawn[ids % _DRAWN] + self._drawn[ids // 7 % _DRAWN]
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return ids, ids.astype(np.uint64) // 15, found

    def texts(self, after: int, last: int) -> Iterator[tuple[str, str]]:
        """See Store."""
        for id in self.ids(after, last).tolist():
            yield f"title {id // 15 % 91}", f"word{id % 997} storm{id % 31} " + "calm " * (id % 3)

    def lost_passages(self) -> DamageError:
        """See Store."""
        return DamageError("some have lost passages")


def indexed(rows: int) -> LexicalIndex:
    """Words of so many passages."""
    every = _TERMS // _EACH
    having = [np.arange(term % every, rows, every, dtype="<u4") for term in range(_TERMS)]
    names = [f"term{term:06}".encode() for term in range(_TERMS)]
    return LexicalIndex(
        {
            "lengths": np.full(rows, _EACH, "<u4"),
            "rows": np.concatenate(having),
            "counts": np.ones(sum(map(len, having)), np.uint8),
            "starts": np.cumsum([0, *map(len, having)]),
            "terms": np.frombuffer(b"".join(names), np.uint8),
            "ends": np.cumsum([0, *map(len, names)]),
        }
    )


def growth(file: Path, count: int, dimensions: int) -> int:
    """Bytes by which this process grew at the most while a segment was made and written."""
    store = DrawnStore(count, dimensions)
    ends = [0, int(0.6 * count), count - 1_000]
    parts = [
        (store.ids(after, last), Part(indexed(last - after))) for after, last in pairwise(ends)
    ]
    segments.made(DrawnStore(100, dimensions), 0, 100).write(file, 100)  # all is imported
    before, ended, seen = _own(), threading.Event(), [0]

    def watch() -> None:
        while not ended.wait(0.002):
            seen.append(_own())

    watching = threading.Thread(target=watch)
    watching.start()
    segments.made(store, 0, count, parts).write(file, count)
    ended.set()
    watching.join()
    return max(seen) - before


def _own() -> int:
    """Bytes of this process in memory that are no file's."""
    said = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return 1024 * int(said["RssAnon"].split()[0])


if __name__ == "__main__":
    print(growth(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
