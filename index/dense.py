"""Dense search: the inner product of unit vectors, by FAISS.

What suits how many rows (384 dimensions, two cores, `python -m bench growth`): a few thousand are
scanned as they are; up to some ten thousand in half precision, which finds the same; more are
divided into cells, of which a search looks into as many as it needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.arrays import Arrays, Contents
from index.embedder import Vectors

if TYPE_CHECKING:
    import faiss

Ids = NDArray[np.int64]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
Scored = list[tuple[int, float]]  # passage id, score; best first, equal scores by rising id

# Up to so many rows, a scan in float32 (4,096: 0.4 ms) or in half precision (65,536: 2 ms).
PLAIN = 4_096
SCANNED = 65_536

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

    def __init__(self, said: Mapping[str, Any], arrays: Arrays) -> None:
        """Use `build`, or `restored`."""
        self.said = said
        self.arrays = arrays
        self._index: faiss.Index | None = None

    def __len__(self) -> int:
        return int(self.said["rows"])

    @property
    def kind(self) -> str:
        """How it is searched, as FAISS names it, with the recall where that is not all."""
        kind, recall = str(self.said["kind"]), self.said.get("recall")
        return kind if recall is None else f"{kind}, recall@10 {recall:.3f}"

    @classmethod
    def build(cls, vectors: Vectors) -> DenseIndex:
        """From float32 (n, d) unit rows; which kind is chosen by n."""
        rows = len(vectors)
        made, kind = _made(vectors)
        said: dict[str, Any] = {"kind": kind, "rows": rows}
        if rows > SCANNED:
            said |= _measured(made, vectors)
        return cls(said, {"faiss": _serialised(made)})

    @classmethod
    def restored(cls, contents: Contents) -> DenseIndex | None:
        """From its `said` and `arrays`; None if they are of another version of FAISS.

        They must have been proved by a hash before: FAISS trusts what it reads, and one damaged
        file in seven loads and then answers wrongly.
        """
        index = cls(contents.said, contents.arrays)
        try:
            return index if "faiss" in contents.arrays and index._faiss() else None
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
        index = self._faiss()
        _use_threads(1)  # a second one does not help a single question
        found = index.search(
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

    def _faiss(self) -> faiss.Index:
        if self._index is None:
            import faiss

            data = self.arrays["faiss"]
            faiss.set_deserialization_vector_byte_limit(data.nbytes)
            # Its vectors stay where they are, in `data`.
            reader = faiss.ZeroCopyIOReader(  # type: ignore[attr-defined]
                faiss.swig_ptr(data), data.nbytes
            )
            self._index = faiss.read_index(reader)
        return self._index


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


def _made(vectors: Vectors) -> tuple[faiss.Index, str]:
    import faiss

    _use_threads(_all_threads())
    rows, dimensions = vectors.shape
    if rows <= PLAIN:
        plain = faiss.IndexFlatIP(dimensions)
        plain.add(np.ascontiguousarray(vectors, np.float32))
        return plain, "Flat"
    if rows <= SCANNED:
        scanned = faiss.IndexScalarQuantizer(
            dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        scanned.add(vectors)
        return scanned, "SQfp16"
    cells = 64 * round(2 * rows**0.5 / 64)
    centres = faiss.IndexFlatIP(dimensions)
    divided = faiss.IndexIVFScalarQuantizer(
        centres, dimensions, cells, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    divided.cp.niter = _ROUNDS
    divided.cp.seed = _SEED
    divided.cp.spherical = True
    chosen = np.random.default_rng(_SEED).choice(
        rows, min(rows, _LEARNT_FROM * cells), replace=False
    )
    divided.train(vectors[np.sort(chosen)])
    for start in range(0, rows, SCANNED):
        divided.add(vectors[start : start + SCANNED])
    return divided, f"IVF{cells},SQ8"


def _measured(made: Any, vectors: Vectors) -> dict[str, Any]:
    """How many cells must be looked into, and the recall@10 that this gives.

    Asked are vectors that are each like one of the rows and otherwise chance.
    """
    random = np.random.default_rng(_SEED)
    near = vectors[random.choice(len(vectors), _ASKED, replace=False)]
    noise = random.normal(size=near.shape).astype(np.float32)
    noise -= (noise * near).sum(axis=1, keepdims=True) * near
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    asked = _LIKENESS * near + (1 - _LIKENESS**2) ** 0.5 * noise
    nearest = _nearest(vectors, asked, 10)
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


def _nearest(vectors: Vectors, asked: Vectors, k: int) -> Rows:
    """Exactly, (asked, k), in no order."""
    best = np.full((len(asked), k), -np.inf, np.float32)
    rows = np.zeros((len(asked), k), np.int64)
    for start in range(0, len(vectors), SCANNED):
        found = asked @ vectors[start : start + SCANNED].T
        both = np.hstack([best, found])
        numbers = np.hstack(
            [rows, np.broadcast_to(np.arange(start, start + found.shape[1]), found.shape)]
        )
        order = np.argpartition(-both, k - 1, axis=1)[:, :k]
        best = np.take_along_axis(both, order, axis=1)
        rows = np.take_along_axis(numbers, order, axis=1)
    return rows


def _serialised(index: Any) -> NDArray[np.uint8]:
    import faiss

    return np.asarray(faiss.serialize_index(index))
