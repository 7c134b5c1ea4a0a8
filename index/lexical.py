"""Lexical search: BM25 over the terms of passages and their titles.

k1 = 1.2 and b = 0.75 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework"), with
an idf that is never negative. An index is immutable; several are searched as if they were one, so
a few new passages beside a million others need no new index of all.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.arrays import Arrays
from index.dense import Mask, Rows
from index.terms import content_words, stems, terms, words

K1, B = 1.2, 0.75
# A term in more than half of the passages says next to nothing, not less than nothing.
_LEAST_IDF = 1e-6

# Terms in more than this share of the passages say little and cost most of the time.
COMMON_SHARE = 0.2
# In fewer passages than this no term costs time, and in a small collection every word says much.
_FEW = 50

# Passages whose terms are sorted at once, and places of terms that are moved at once.
_BLOCK = 16_384
_MOVED = 1 << 22

Scores = NDArray[np.float64]


class LexicalIndex:
    """For each term the rows (0 to n-1) that have it, rising, and how often they do.

    `lengths` uint32 (n,) is each row's number of terms; term number t, in the order of their
    UTF-8, is `terms[ends[t]:ends[t + 1]]`, and its rows are `rows[starts[t]:starts[t + 1]]` with
    `counts`, which end at 255 (from where BM25 hardly rises).
    """

    def __init__(self, arrays: Arrays) -> None:
        """From what `arrays` was before."""
        self.arrays = arrays
        self.lengths: NDArray[np.uint32] = arrays["lengths"]
        self._terms = arrays["terms"].tobytes()
        self._ends = arrays["ends"].tolist() if len(arrays["ends"]) < _BLOCK else arrays["ends"]

    def __len__(self) -> int:
        return len(self.lengths)

    @classmethod
    def build(cls, texts: Iterable[tuple[str, str]]) -> LexicalIndex:
        """From the (title, text) of each row."""
        waiting, blocks = iter(texts), list[Part]()
        while block := list(islice(waiting, _BLOCK)):
            blocks.append(Part(_block(block)))
        return blocks[0].index if len(blocks) == 1 else cls.merged(blocks)

    @classmethod
    def merged(cls, parts: Sequence[Part]) -> LexicalIndex:
        """One index of the rows that are left of several, in their order."""
        left = [_left(part) for part in parts]
        found = [part.index.vocabulary() for part in parts]
        used = [
            {term for term, count in zip(terms, counts.tolist(), strict=True) if count}
            for terms, (_, counts) in zip(found, left, strict=True)
        ]
        vocabulary = sorted(set[bytes]().union(*used))
        number = {term: place for place, term in enumerate(vocabulary)}
        mapped = [np.array([number.get(term, -1) for term in terms], np.int64) for terms in found]
        of_part = np.zeros((len(parts), len(vocabulary)), np.int64)
        for place, (map, (_, counts)) in enumerate(zip(mapped, left, strict=True)):
            of_part[place, map[counts > 0]] = counts[counts > 0]
        starts = _running(of_part.sum(axis=0))
        rows = np.zeros(starts[-1], "<u4")
        often = np.zeros(starts[-1], np.uint8)
        # Where the next rows of each term go: behind those of the parts before.
        free = starts[:-1].copy()
        first = 0
        for place, (part, (kept, _)) in enumerate(zip(parts, left, strict=True)):
            _move(part, kept, mapped[place], free, first, rows, often)
            free += of_part[place]
            first += part.count()
        lengths = [
            part.index.lengths if part.alive is None else part.index.lengths[part.alive]
            for part in parts
        ]
        return cls(
            {
                "lengths": np.concatenate(lengths) if lengths else np.zeros(0, "<u4"),
                "rows": rows,
                "counts": often,
                "starts": starts,
                **_blob(vocabulary),
            }
        )

    def vocabulary(self) -> list[bytes]:
        """All terms, in order."""
        ends = self.arrays["ends"].tolist()
        return [self._terms[a:b] for a, b in pairwise(ends)]

    def having(self, term: str) -> tuple[Rows, NDArray[np.uint8]]:
        """The rows with a term, rising, and how often they have it."""
        wanted, ends = term.encode(), self._ends
        many = len(ends) - 1
        place = bisect_left(range(many), wanted, key=lambda t: self._terms[ends[t] : ends[t + 1]])
        if place == many or self._terms[ends[place] : ends[place + 1]] != wanted:
            span = slice(0, 0)
        else:
            span = slice(*self.arrays["starts"][place : place + 2].tolist())
        return self.arrays["rows"][span], self.arrays["counts"][span]


@dataclass(frozen=True, slots=True)
class Part:
    """An index, and which of its rows are left (n,); all if that is None."""

    index: LexicalIndex
    alive: Mask | None = None

    def count(self) -> int:
        """How many rows are left."""
        return len(self.index) if self.alive is None else int(self.alive.sum())

    def length(self) -> int:
        """Terms of the rows that are left."""
        lengths = self.index.lengths
        return int((lengths if self.alive is None else lengths[self.alive]).sum(dtype=np.int64))

    def having(self, term: str) -> tuple[Rows, NDArray[np.uint8]]:
        """Those of the rows that are left."""
        rows, counts = self.index.having(term)
        if self.alive is None:
            return rows, counts
        kept = self.alive[rows]
        return rows[kept], counts[kept]


class Lexicon:
    """Several indexes as one: row numbers go on from each to the next."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._firsts = _running(np.array([len(part.index) for part in parts], np.int64)).tolist()
        self._count = sum(part.count() for part in parts)
        self._average = sum(part.length() for part in parts) / max(self._count, 1)

    def terms(self, question: str) -> list[str]:
        """The distinct terms of `question` worth searching, rarest first.

        Words of every question and those in many passages (more than COMMON_SHARE of them) are
        left out, but never all: the rarest one that occurs is kept.
        """
        return [term for term, _ in self._wanted(question)]

    def search(self, question: str, k: int, allowed: Mask | None = None) -> tuple[Rows, Scores]:
        """The `k` best rows (of `allowed`, if given) and their BM25, best first.

        Equal scores come by rising row; rows with none of the terms do not come.
        """
        wanted = self._wanted(question) if k > 0 else []
        sums = np.zeros(self._firsts[-1] if wanted else 0)
        for _, found in wanted:
            frequency = sum(len(rows) for rows, _ in found)
            idf = np.log((self._count - frequency + 0.5) / (frequency + 0.5))
            for part, first, (rows, counts) in zip(self._parts, self._firsts, found, strict=False):
                length = K1 * (1 - B + B / self._average * part.index.lengths[rows])
                score = max(idf, _LEAST_IDF) * (K1 + 1) * counts / (counts + length)
                sums[first : first + len(part.index)][rows] += score
        if allowed is not None and len(sums):
            sums[~allowed] = 0
        return _best(sums, k)

    def _wanted(self, question: str) -> list[tuple[str, list[Any]]]:
        asked = dict.fromkeys(
            stem for word in content_words(question) or words(question) for stem in stems(word)
        )
        having = {term: [part.having(term) for part in self._parts] for term in asked}
        frequency = {term: sum(len(rows) for rows, _ in found) for term, found in having.items()}
        found = sorted((count, term) for term, count in frequency.items() if count)
        rare = [one for one in found if one[0] <= max(COMMON_SHARE * self._count, _FEW)]
        return [(term, having[term]) for _, term in rare or found[:1]]


def _best(sums: Scores, k: int) -> tuple[Rows, Scores]:
    k = max(k, 0)
    rows = np.flatnonzero(sums)
    found = sums[rows]
    if len(rows) > k > 0:
        least = np.partition(found, -k)[-k]
        rows, found = rows[found >= least], found[found >= least]
    order = np.lexsort((rows, -found))[:k]
    return rows[order], found[order]


def _block(texts: Iterable[tuple[str, str]]) -> LexicalIndex:
    vocabulary = dict[str, int]()
    numbers, lengths = array("q"), array("I")
    title_terms = lru_cache(256)(terms)  # an article's passages have one title
    for title, text in texts:
        found = title_terms(title) + terms(text)
        numbers.extend([vocabulary.setdefault(term, len(vocabulary)) for term in found])
        lengths.append(len(found))
    counts_of = np.array(lengths, np.int64)
    encoded = sorted((term.encode(), place) for term, place in vocabulary.items())
    rank = np.zeros(len(encoded), np.int64)
    rank[[place for _, place in encoded]] = np.arange(len(encoded))
    of_row = np.repeat(np.arange(len(counts_of)), counts_of)
    rows = max(len(counts_of), 1)
    pairs, counts = np.unique(rank[np.array(numbers, np.int64)] * rows + of_row, return_counts=True)
    return LexicalIndex(
        {
            "lengths": counts_of.astype("<u4"),
            "rows": (pairs % rows).astype("<u4"),
            "counts": np.minimum(counts, 255).astype(np.uint8),
            "starts": _running(np.bincount(pairs // rows, minlength=len(encoded))),
            **_blob([term for term, _ in encoded]),
        }
    )


def _left(part: Part) -> tuple[Mask | None, NDArray[np.int64]]:
    """Which of an index's places are of rows that are left, and how many of each term."""
    starts = part.index.arrays["starts"]
    if part.alive is None:
        return None, np.diff(starts)
    kept = part.alive[part.index.arrays["rows"]]
    return kept, np.diff(_running(kept)[starts])


def _move(
    part: Part,
    kept: Mask | None,
    map: NDArray[np.int64],
    free: NDArray[np.int64],
    first: int,
    rows: NDArray[np.uint32],
    counts: NDArray[np.uint8],
) -> None:
    """Put a part's rows, numbered from `first` on, where its terms have room."""
    arrays = part.index.arrays
    number = np.arange(len(part.index)) if part.alive is None else np.cumsum(part.alive) - 1
    for some in _ranges(arrays["starts"]):
        starts = arrays["starts"][some.start : some.stop + 1]
        span = slice(int(starts[0]), int(starts[-1]))
        term = np.repeat(map[some.start : some.stop], np.diff(starts))
        these, often = arrays["rows"][span], arrays["counts"][span]
        if kept is not None:
            left = kept[span]
            term, these, often = term[left], these[left], often[left]
        # Equal terms stand together: the place of each among its own.
        begins = np.flatnonzero(np.diff(term, prepend=-2))
        among = np.arange(len(term)) - np.repeat(begins, np.diff(begins, append=len(term)))
        places = free[term] + among
        rows[places] = first + number[these]
        counts[places] = often


def _ranges(starts: NDArray[np.int64]) -> Iterator[slice]:
    """Ranges of terms with some million places together, or one term."""
    at = 0
    while at < len(starts) - 1:
        end = int(np.searchsorted(starts, starts[at] + _MOVED, "right")) - 1
        end = max(end, at + 1)
        yield slice(at, end)
        at = end


def _running(counts: NDArray[Any]) -> NDArray[np.int64]:
    """Sums of all before, from 0 to the sum of all: one more than there are counts."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def _blob(vocabulary: Sequence[bytes]) -> dict[str, NDArray[Any]]:
    lengths = np.array([len(term) for term in vocabulary], np.int64)
    return {
        "terms": np.frombuffer(b"".join(vocabulary), np.uint8),
        "ends": _running(lengths),
    }
