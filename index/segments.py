"""A segment: passages of a range of ids, searchable by meaning and by words; one file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index import arrays, lexical
from index.arrays import Array, Contents, Written
from index.dense import DenseIndex, Ids, importing
from index.embedder import Vectors
from index.lexical import LexicalIndex, Part
from index.merging import merged
from index.store import Store

# Ids whose passages are read at once.
_BLOCK = 8_192
_OF_WORDS = ("lengths", "terms", "ends", "starts", "rows", "counts")


@dataclass(frozen=True, slots=True)
class Entry:
    """What the store says of a segment's file. `last` is the end of its range of ids."""

    file: str
    last: int
    count: int
    size: int
    sha256: str
    kind: str  # of its dense index, in words

    @property
    def written(self) -> Written:
        """What proves the file."""
        return Written(self.size, self.sha256)


class Segment(NamedTuple):
    """The passages `ids` (n,), rising, as the rows of both indexes. Immutable.

    `articles` are the ids of their articles, as numbers.
    """

    ids: Ids
    articles: NDArray[np.uint64]
    dense: DenseIndex
    words: LexicalIndex


class Made(NamedTuple):
    """The same on its way into a file; the arrays of the words may be made while it is written."""

    ids: Ids
    articles: NDArray[np.uint64]
    dense: DenseIndex
    words: Mapping[str, Array]

    def write(self, path: Path, last: int) -> Entry:
        """Raises OSError."""
        written = arrays.write(
            path,
            self.dense.said,
            {
                "ids": self.ids.astype("<i8"),
                "articles": self.articles.astype("<u8"),
                **self.dense.arrays,
                **self.words,
            },
        )
        return Entry(path.name, last, len(self.ids), *written, self.dense.kind)


def build(store: Store, after: int, last: int) -> Segment:
    """The passages with ids above `after`, up to `last`, from the store, in memory.

    Inside a read transaction.
    """
    found = made(store, after, last)
    words = {name: arrays.whole(array) for name, array in found.words.items()}
    return Segment(found.ids, found.articles, found.dense, LexicalIndex(words))


def made(store: Store, after: int, last: int, parts: Sequence[tuple[Ids, Part]] = ()) -> Made:
    """The same, to be written. Inside a read transaction, which may end before it is written.

    `parts` are the words of those that are indexed already, with the ids of what is left of them;
    texts are read of the others only.
    """
    reading = _Reading(store, after, last)
    dense = DenseIndex.made(reading.count, reading.blocks)
    ids, articles = reading.ids, reading.articles
    known = np.concatenate([ids for ids, _ in parts]) if parts else np.zeros(0, np.int64)
    words = [part for _, part in parts]
    if len(known) < len(ids):
        read_to = int(known[-1]) if len(known) else after
        words += map(Part, lexical.blocks(store.texts(read_to, last)))
    if not np.array_equal(known, ids[: len(known)]) or sum(p.count() for p in words) != len(ids):
        raise store.lost_passages()
    alone = len(words) == 1 and words[0].alive is None
    return Made(ids, articles, dense, words[0].index.arrays if alone else merged(words))


class _Reading:
    """Vectors in the order of their ids, of some ids at a time. Inside a read transaction."""

    def __init__(self, store: Store, after: int, last: int) -> None:
        self._store = store
        self._range = after, last
        self.count = store.passages_after(after) - store.passages_after(last)
        # Known when all blocks were read.
        self.ids = np.zeros(0, np.int64)
        self.articles = np.zeros(0, np.uint64)

    def blocks(self) -> Iterator[Vectors]:
        """At least one, (n, d). Raises DamageError if they are not as many as there are."""
        ids, articles = [self.ids[:0]], [self.articles[:0]]
        after, last = self._range
        for start in range(after, last, _BLOCK) if self.count else [last]:
            found, of, vectors = self._store.vectors(start, min(start + _BLOCK, last))
            if len(found) or not self.count:
                yield vectors
            ids.append(found)
            articles.append(of)
        self.ids, self.articles = np.concatenate(ids), np.concatenate(articles)
        if len(self.ids) != self.count:
            raise self._store.lost_passages()


def opened(folder: Path, entry: Entry) -> Segment | None:
    """The segment in a file; None if that is missing, damaged, or cannot be read any more."""
    with importing():
        found = arrays.read(folder / entry.file, entry.written)
    if found is None:
        return None
    words = {name: found.arrays[name] for name in _OF_WORDS}
    rest = {name: array for name, array in found.arrays.items() if name not in words}
    ids, articles = rest.pop("ids"), rest.pop("articles")
    dense = DenseIndex.restored(Contents(found.said, rest))
    return None if dense is None else Segment(ids, articles, dense, LexicalIndex(words))
