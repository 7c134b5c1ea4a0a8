"""A segment: passages of a range of ids, searchable by meaning and by words; one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index import arrays
from index.arrays import Contents, Written
from index.dense import DenseIndex, Ids, importing
from index.lexical import LexicalIndex, Part
from index.store import Store

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

    def write(self, path: Path, last: int) -> Entry:
        """Raises OSError."""
        written = arrays.write(
            path,
            self.dense.said,
            {
                "ids": self.ids.astype("<i8"),
                "articles": self.articles.astype("<u8"),
                **self.dense.arrays,
                **self.words.arrays,
            },
        )
        return Entry(path.name, last, len(self.ids), *written, self.dense.kind)


def build(store: Store, after: int, last: int, parts: Sequence[tuple[Ids, Part]] = ()) -> Segment:
    """The passages with ids above `after`, up to `last`, from the store.

    `parts` are the words of those that are indexed already, with the ids of what is left of them;
    texts are read of the others only. Inside a read transaction.
    """
    ids, articles, vectors = store.vectors(after, last)
    known = np.concatenate([ids for ids, _ in parts]) if parts else np.zeros(0, np.int64)
    words = [part for _, part in parts]
    if len(known) < len(ids):
        read_to = int(known[-1]) if len(known) else after
        words.append(Part(LexicalIndex.build(store.texts(read_to, last))))
    if not np.array_equal(known, ids[: len(known)]) or sum(p.count() for p in words) != len(ids):
        raise store.lost_passages()
    alone = len(words) == 1 and words[0].alive is None
    index = words[0].index if alone else LexicalIndex.merged(words)
    return Segment(ids, articles, DenseIndex.build(vectors), index)


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
