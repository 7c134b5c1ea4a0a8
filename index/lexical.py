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
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import merging
from index.arrays import Arrays, whole
from index.dense import Mask, Rows
from index.merging import running
from index.terms import content_words, stems, terms, words

K1, B = 1.2, 0.75
# A term in more than half of the passages says next to nothing, not less than nothing.
_LEAST_IDF = 1e-6

# Terms in more than this share of the passages say little and cost most of the time.
COMMON_SHARE = 0.2
# In fewer passages than this no term costs time, and in a small collection every word says much.
_FEW = 50

# Passages whose terms are sorted at once.
_BLOCK = 16_384

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
        found = list(blocks(texts))
        return found[0] if len(found) == 1 else cls.merged([Part(one) for one in found])

    @classmethod
    def merged(cls, parts: Sequence[Part]) -> LexicalIndex:
        """One index of the rows that are left of several, in their order, in memory."""
        found = merging.merged(parts)
        return cls({name: whole(array) for name, array in found.items()})

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
        self._firsts = running(np.array([len(part.index) for part in parts], np.int64)).tolist()
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


def blocks(texts: Iterable[tuple[str, str]]) -> Iterator[LexicalIndex]:
    """Indexes of some thousand rows each, from the (title, text) of each row."""
    waiting = iter(texts)
    while block := list(islice(waiting, _BLOCK)):
        yield _block(block)


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
            "starts": running(np.bincount(pairs // rows, minlength=len(encoded))),
            **_blob([term for term, _ in encoded]),
        }
    )


def _blob(vocabulary: Sequence[bytes]) -> dict[str, NDArray[Any]]:
    lengths = np.array([len(term) for term in vocabulary], np.int64)
    return {
        "terms": np.frombuffer(b"".join(vocabulary), np.uint8),
        "ends": running(lengths),
    }
