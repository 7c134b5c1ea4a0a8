"""Dense search: the inner product of unit vectors, by FAISS.

What suits how many rows (384 dimensions, two cores, `python -m bench growth`): a few thousand are
scanned as they are; up to some ten thousand in half precision, which finds the same; more are
divided into cells, of which a search looks into as many as it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.arrays import Array, Contents, Streamed, Taking
from index.embedder import Vectors

if TYPE_CHECKING:
    import faiss

Ids = NDArray[np.int64]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
# All float32 vectors (n, d) of an index in their order, some rows at a time, at every call.
Blocks = Callable[[], Iterable[Vectors]]
Scored = list[tuple[int, float]]  # passage id, score; best first, equal scores by rising id

# Up to so many rows, a scan in float32 (4,096: 0.4 ms) or in half precision (65,536: 2 ms).
PLAIN = 4_096
SCANNED = 65_536

# Rows that are read at once while an index is made (FAISS's threads wait for each other after
# each block), those whose scores are compared at once, and bytes that are written at once.
_BLOCK = 8_192
_COMPARED = 1_024
_WRITTEN = 1 << 20

# Of the ten nearest by exact scores, the share that must be found.
RECALL = 0.985
# Vectors that each cell's centre is learnt from, and the rounds: more changed no recall by .002.
_LEARNT_FROM = 48
_ROUNDS = 8
# Questions that the recall is measured with, and how like a passage each is: as the nearest
# passage is to a question of a person, in the middle.
_ASKED = 256
_LIKENESS = 0.6
_SEED = 384


class DenseIndex:
    """An immutable set of unit vectors, the rows 0 to n-1. Safe to search from many threads.

    Scores of more than PLAIN rows are nearly those of the vectors: who needs them exact, and the
    order among near ones, asks for a few more rows and compares their own vectors.
    """

    def __init__(
        self, said: Mapping[str, Any], index: faiss.Index, data: NDArray[Any] | None = None
    ) -> None:
        """Use `build`, `made` or `restored`; `data` is where the vectors of `index` lie."""
        self.said = said
        self._index = index
        self._data = data

    def __len__(self) -> int:
        return int(self.said["rows"])

    @property
    def kind(self) -> str:
        """How it is searched, as FAISS names it, with the recall where that is not all."""
        kind, recall = str(self.said["kind"]), self.said.get("recall")
        return kind if recall is None else f"{kind}, recall@10 {recall:.3f}"

    @property
    def arrays(self) -> dict[str, Array]:
        """All that `restored` needs beside `said`."""
        return {"faiss": _serialised(self._index) if self._data is None else self._data}

    @classmethod
    def build(cls, vectors: Vectors) -> DenseIndex:
        """From float32 (n, d) unit rows; which kind is chosen by n."""
        starts = range(0, len(vectors), _BLOCK) or [0]
        return cls.made(len(vectors), lambda: (vectors[at : at + _BLOCK] for at in starts))

    @classmethod
    def made(cls, rows: int, blocks: Blocks) -> DenseIndex:
        """The same from so many rows in at least one block, which are read up to three times.

        In memory are the index itself, 4 bytes for each row, and of the vectors a sample, which
        grows as the root of n.
        """
        made, said = (_scanned if rows <= SCANNED else _divided)(rows, blocks)
        return cls(said, made)

    @classmethod
    def restored(cls, contents: Contents) -> DenseIndex | None:
        """From its `said` and `arrays`; None if they are of another version of FAISS.

        They must have been proved by a hash before: FAISS trusts what it reads, and one damaged
        file in seven loads and then answers wrongly.
        """
        data = contents.arrays.get("faiss")
        try:
            return None if data is None else cls(contents.said, _read(data), data)
        except RuntimeError:
            return None

    def search(
        self, vector: Vectors, k: int, allowed: Mask | None = None, *, exactly: bool = False
    ) -> tuple[Rows, Vectors]:
        """The `k` rows (of `allowed`, (n,), if given) nearest to the unit `vector` (d,).

        Best first, with their scores; equal scores by rising row. With `exactly` every row is
        looked at.
        """
        k = min(k, len(self))
        if k <= 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        _use_threads(1)  # a second one does not help a single question
        found = self._index.search(
            np.ascontiguousarray(vector[np.newaxis], np.float32),
            k,
            params=self._parameters(allowed, exactly),
        )
        scores, rows = found[0][0], found[1][0]
        # FAISS pads with -1 where it finds fewer than k.
        scores, rows = scores[rows >= 0], rows[rows >= 0]
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]

    def _parameters(self, allowed: Mask | None, exactly: bool) -> Any:
        import faiss

        given: dict[str, Any] = {}
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            given["sel"] = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
            given["sel"].bits = bits  # kept as long as it is looked into
        if "probes" not in self.said:
            return faiss.SearchParameters(**given)
        cells = int(self.said["cells"])
        given["nprobe"] = cells if exactly else int(self.said["probes"])
        return faiss.SearchParametersIVF(**given)


@contextmanager
def importing() -> Iterator[None]:
    """FAISS is imported meanwhile, which takes as long as proving a hundred thousand passages."""
    thread = Thread(target=import_module, args=("faiss",), name="importing")
    thread.start()
    try:
        yield
    finally:
        thread.join()


def scores(vectors: Vectors, vector: Vectors) -> Vectors:
    """Inner products of rows (n, d) with (d,): the same for equal rows, wherever they stand."""
    return np.asarray((vectors.astype(np.float64) * vector).sum(axis=1))


@lru_cache(maxsize=1)
def _all_threads() -> int:
    import faiss

    return int(faiss.omp_get_max_threads())


def _use_threads(count: int) -> None:
    """For what this thread asks of FAISS from now on."""
    import faiss

    faiss.omp_set_num_threads(min(count, _all_threads()))


def _scanned(rows: int, blocks: Blocks) -> tuple[faiss.Index, dict[str, Any]]:
    """All of them, as they are or in half precision."""
    import faiss

    def empty(dimensions: int) -> faiss.Index:
        if rows <= PLAIN:
            return faiss.IndexFlatIP(dimensions)
        return faiss.IndexScalarQuantizer(
            dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )

    _use_threads(_all_threads())
    made: faiss.Index | None = None
    for block in blocks():
        if made is None:
            made = empty(block.shape[1])
        made.add(np.ascontiguousarray(block, np.float32))
    assert made is not None
    return made, {"kind": "Flat" if rows <= PLAIN else "SQfp16", "rows": rows}


def _divided(rows: int, blocks: Blocks) -> tuple[faiss.Index, dict[str, Any]]:
    """Cells, learnt from some rows, with all of them; and how many of them must be looked into."""
    import faiss

    _use_threads(_all_threads())
    cells = 64 * round(2 * rows**0.5 / 64)
    learnt_from = min(rows, _LEARNT_FROM * cells)
    chosen = np.random.default_rng(_SEED).choice(rows, learnt_from, replace=False)
    random = np.random.default_rng(_SEED)
    near = random.choice(rows, _ASKED, replace=False)
    sample, like = _picked(blocks(), np.sort(chosen), np.sort(near))
    asked = _asked(like[np.argsort(np.argsort(near))], random)
    dimensions = sample.shape[1]
    centres = faiss.IndexFlatIP(dimensions)
    made = faiss.IndexIVFScalarQuantizer(
        centres, dimensions, cells, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    made.cp.niter = _ROUNDS
    made.cp.seed = _SEED
    made.cp.spherical = True
    made.train(sample)
    del sample
    nearest = _Nearest(asked, 10)
    cell_of = _sorted_into(made, rows, blocks, nearest)
    _make_room(made, cell_of)
    first = 0
    for block in blocks():
        block = np.ascontiguousarray(block, np.float32)
        own = cell_of[first : first + len(block)].astype(np.int64)
        made.add_core(len(own), faiss.swig_ptr(block), None, faiss.swig_ptr(own))
        first += len(own)
    said = {"kind": f"IVF{cells},SQ8", "rows": rows}
    return made, said | _measured(made, asked, nearest.rows)


def _sorted_into(made: Any, rows: int, blocks: Blocks, nearest: _Nearest) -> NDArray[np.int32]:
    """The cell of each row; `nearest` looks at all of them, too."""
    cell_of, first = np.zeros(rows, np.int32), 0
    for block in blocks():
        cell_of[first : first + len(block)] = made.quantizer.search(block, 1)[1][:, 0]
        nearest.look_at(block)
        first += len(block)
    return cell_of


def _make_room(made: Any, cell_of: NDArray[np.int32]) -> None:
    """As much as each cell needs: one that grows takes up to three times as much meanwhile."""
    import faiss

    lists = faiss.downcast_InvertedLists(made.invlists)
    for cell, size in enumerate(np.bincount(cell_of, minlength=made.nlist).tolist()):
        lists.resize(cell, size)
        lists.resize(cell, 0)


def _picked(blocks: Iterable[Vectors], *chosen: Rows) -> list[Vectors]:
    """For each of some rising row numbers the vectors of these rows."""
    found, first = list[Vectors](), 0
    for block in blocks:
        found = found or [np.zeros((len(rows), block.shape[1]), np.float32) for rows in chosen]
        for rows, picked in zip(chosen, found, strict=True):
            begin, end = np.searchsorted(rows, [first, first + len(block)])
            picked[begin:end] = block[rows[begin:end] - first]
        first += len(block)
    return found


def _asked(near: Vectors, random: np.random.Generator) -> Vectors:
    """Vectors that are each like one of these rows and otherwise chance."""
    noise = random.normal(size=near.shape).astype(np.float32)
    noise -= (noise * near).sum(axis=1, keepdims=True) * near
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    return np.asarray(_LIKENESS * near + (1 - _LIKENESS**2) ** 0.5 * noise, np.float32)


def _measured(made: Any, asked: Vectors, nearest: Rows) -> dict[str, Any]:
    """How many cells must be looked into, and the recall@10 that this gives."""
    probes = recall = 0.0
    for probes in _steps(made.nlist):
        made.nprobe = probes
        # A few more are looked at than are wanted, as in a search.
        _, found = made.search(asked, 16)
        hits = [len(set(a) & set(b)) for a, b in zip(nearest, found.tolist(), strict=True)]
        recall = sum(hits) / nearest.size
        if recall >= RECALL:
            break
    return {"cells": made.nlist, "probes": int(probes), "recall": round(recall, 4)}


def _steps(cells: int) -> list[int]:
    steps = {min(cells, round(8 * 2 ** (step / 2))) for step in range(40)}
    return sorted(steps)


class _Nearest:
    """The `k` rows nearest to each of some vectors, by exact scores, best first."""

    def __init__(self, asked: Vectors, k: int) -> None:
        self.rows = np.zeros((len(asked), k), np.int64)
        self._scores = np.full((len(asked), k), -np.inf, np.float32)
        self._asked = asked
        self._seen = 0

    def look_at(self, block: Vectors) -> None:
        """The next rows."""
        scores = self._asked @ block.T
        for start in range(0, len(block), _COMPARED):
            self._compare(scores[:, start : start + _COMPARED])

    def _compare(self, scores: Vectors) -> None:
        asked, rows = np.nonzero(scores > self._scores[:, -1:])  # few, but of the first block
        count, k = self.rows.shape
        of = np.concatenate([np.repeat(np.arange(count), k), asked])
        both = np.concatenate([self._scores.ravel(), scores[asked, rows]])
        numbers = np.concatenate([self.rows.ravel(), rows + self._seen])
        order = np.lexsort((-both, of))
        best = order[np.searchsorted(of[order], np.arange(count))[:, np.newaxis] + np.arange(k)]
        self._scores, self.rows = both[best], numbers[best]
        self._seen += scores.shape[1]


def _serialised(index: faiss.Index) -> Streamed:
    import faiss

    def give(take: Taking) -> None:
        faiss.write_index(index, faiss.PyCallbackIOWriter(take, _WRITTEN))  # type: ignore[attr-defined]

    size = 0

    def count(piece: Any) -> None:
        nonlocal size
        size += len(piece)

    give(count)
    return Streamed(np.dtype(np.uint8), size, give)


def _read(data: NDArray[np.uint8]) -> faiss.Index:
    """The vectors stay where they are, in `data`. Raises RuntimeError."""
    import faiss

    faiss.set_deserialization_vector_byte_limit(data.nbytes)
    reader = faiss.ZeroCopyIOReader(faiss.swig_ptr(data), data.nbytes)  # type: ignore[attr-defined]
    return faiss.read_index(reader)
