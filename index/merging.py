"""Several lexical indexes as one, in memory that hardly grows with them.

What is large, the rows of the terms, is put together some terms at a time while it is written. In
memory are 4 bytes for each row, for each term its characters and some numbers, and some 40 bytes
for each row of the commonest term, which is never divided.
"""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from index.arrays import Array, Streamed, Taking

if TYPE_CHECKING:
    from index.lexical import LexicalIndex, Part

# Places of terms that are put together at once, and terms whose characters are read at once.
_PLACES = 1 << 18
_TERMS = 4_096

_Column = Literal["rows", "counts"]
_TYPES: dict[_Column, np.dtype[Any]] = {"rows": np.dtype("<u4"), "counts": np.dtype(np.uint8)}


def merged(parts: Sequence[Part]) -> dict[str, Array]:
    """One index of the rows that are left of several, in their order: its arrays, to be written."""
    left = [_left(part) for part in parts]
    terms, ends, numbers = _vocabulary(parts, left)
    of_term = np.zeros(len(ends) - 1, np.int64)
    for own, counts in zip(numbers, left, strict=True):
        of_term[own] += counts[counts > 0]
    starts = running(of_term)
    moved = [_Moved(*one) for one in zip(parts, left, numbers, _firsts(parts), strict=True)]
    lengths = [
        part.index.lengths if part.alive is None else part.index.lengths[part.alive]
        for part in parts
    ]

    def streamed(column: _Column) -> Streamed:
        return Streamed(_TYPES[column], int(starts[-1]), partial(_give, moved, starts, column))

    return {
        "lengths": np.concatenate(lengths) if lengths else np.zeros(0, "<u4"),
        "rows": streamed("rows"),
        "counts": streamed("counts"),
        "starts": starts,
        "terms": terms,
        "ends": ends,
    }


def running(counts: NDArray[Any]) -> NDArray[np.int64]:
    """Sums of all before, from 0 to the sum of all: one more than there are counts."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def _firsts(parts: Sequence[Part]) -> list[int]:
    """The first row of each part among the rows that are left of all."""
    first, firsts = 0, list[int]()
    for part in parts:
        firsts.append(first)
        first += part.count()
    return firsts


def _left(part: Part) -> NDArray[np.int64]:
    """How many of the rows of each term are left."""
    starts, rows = part.index.arrays["starts"], part.index.arrays["rows"]
    if part.alive is None:
        return np.diff(starts)
    counts = np.zeros(len(starts) - 1, np.int64)
    for some in _ranges(starts):
        begins = starts[some.start : some.stop + 1]
        alive = part.alive[rows[begins[0] : begins[-1]]]
        counts[some] = np.diff(running(alive)[begins - begins[0]])
    return counts


def _vocabulary(
    parts: Sequence[Part], left: Sequence[NDArray[np.int64]]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], list[NDArray[np.int64]]]:
    """All terms of rows that are left, as `terms` and `ends`; and for each part the numbers that
    its own have among them.
    """
    terms, ends = bytearray(), array("q", [0])
    numbers = [array("q") for _ in parts]
    used = (
        _used(part.index, counts, own)
        for part, counts, own in zip(parts, left, numbers, strict=True)
    )
    before = None
    for term, own in heapq.merge(*used, key=itemgetter(0)):
        if term != before:
            terms += term
            ends.append(len(terms))
            before = term
        own.append(len(ends) - 2)
    return (
        np.frombuffer(bytes(terms), np.uint8),
        np.array(ends, np.int64),
        [np.array(own, np.int64) for own in numbers],
    )


def _used(
    index: LexicalIndex, counts: NDArray[np.int64], own: array[int]
) -> Iterator[tuple[bytes, array[int]]]:
    """The terms that have rows, in their order, each with `own`."""
    ends, terms = index.arrays["ends"], index.arrays["terms"]
    for start in range(0, len(counts), _TERMS):
        places = ends[start : start + _TERMS + 1].tolist()
        data = terms[places[0] : places[-1]].tobytes()
        has = counts[start : start + _TERMS].tolist()
        for (begin, end), count in zip(pairwise(places), has, strict=True):
            if count:
                yield data[begin - places[0] : end - places[0]], own


class _Moved:
    """A part on its way into the whole."""

    def __init__(
        self, part: Part, left: NDArray[np.int64], numbers: NDArray[np.int64], first: int
    ) -> None:
        self._arrays = part.index.arrays
        self._alive = part.alive
        self._first = first
        self._row = None if part.alive is None else np.cumsum(part.alive, dtype=np.uint32) - 1
        # The number of each of its terms, rising; of a term that no row has left any that does.
        self._number = np.zeros(len(left), np.int64)
        self._number[left > 0] = numbers
        np.maximum.accumulate(self._number, out=self._number)

    def put(self, some: slice, free: NDArray[np.int64], column: _Column, into: Any) -> None:
        """Of the terms `some` put one column where `free` is, and move that on."""
        first, end = np.searchsorted(self._number, [some.start, some.stop])
        begins = self._arrays["starts"][first : end + 1]
        span = slice(int(begins[0]), int(begins[-1]))
        term = np.repeat(self._number[first:end] - some.start, np.diff(begins))
        found = self._arrays[column][span]
        if self._alive is not None:
            left = self._alive[self._arrays["rows"][span]]
            term, found = term[left], found[left]
        if column == "rows":
            found = self._first + (found if self._row is None else self._row[found])
        # Equal terms stand together: behind the place of the first of them is that of the next.
        counts = np.bincount(term, minlength=len(free))
        into[np.arange(len(term)) + (free - running(counts)[:-1])[term]] = found
        free += counts


def _give(
    parts: Sequence[_Moved], starts: NDArray[np.int64], column: _Column, take: Taking
) -> None:
    for some in _ranges(starts):
        free = starts[some] - starts[some.start]
        into = np.zeros(int(starts[some.stop] - starts[some.start]), _TYPES[column])
        for part in parts:
            part.put(some, free, column, into)
        take(into)


def _ranges(starts: NDArray[np.int64]) -> Iterator[slice]:
    """Ranges of terms with not too many places together, or one term."""
    at = 0
    while at < len(starts) - 1:
        end = int(np.searchsorted(starts, starts[at] + _PLACES, "right")) - 1
        end = max(end, at + 1)
        yield slice(at, end)
        at = end
