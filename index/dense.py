"""Dense search: exact inner product over unit vectors with FAISS."""

from __future__ import annotations

from collections.abc import Sequence

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedder import Vectors

Ids = NDArray[np.int64]
Scored = list[tuple[int, float]]  # passage id, cosine; best first, equal scores by rising id


class DenseIndex:
    """An immutable set of (passage id, unit vector). Safe to search from many threads."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @classmethod
    def build(cls, ids: Ids, vectors: Vectors) -> DenseIndex:
        """From int64 (n,) ids and float32 (n, d) unit rows."""
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        index.add_with_ids(np.ascontiguousarray(vectors), ids)
        return cls(index)

    def to_bytes(self) -> bytes:
        """FAISS's own serialisation."""
        return bytes(faiss.serialize_index(self._index).tobytes())

    @classmethod
    def from_bytes(cls, data: bytes) -> DenseIndex:
        """The inverse of to_bytes. `data` must have been proved ours by its hash before.

        FAISS trusts what it reads: one damaged file in seven loads and then answers wrongly.
        """
        faiss.set_deserialization_vector_byte_limit(len(data))
        return cls(faiss.deserialize_index(np.frombuffer(data, np.uint8)))

    def search(self, vector: Vectors, k: int, allowed: Sequence[int] | None = None) -> Scored:
        """The `k` ids (of `allowed`, if given) nearest to the unit `vector` (d,)."""
        k = min(k, len(self))
        if k <= 0:
            return []
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.asarray(allowed, np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, ids = self._index.search(vector[np.newaxis], k, params=parameters)
        # FAISS pads with -1 where it finds fewer than k.
        return ranked(
            [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]
        )


def scan(
    ids: Ids, vectors: Vectors, vector: Vectors, k: int, allowed: Sequence[int] | None = None
) -> Scored:
    """The same search by brute force, for the few passages newer than the index."""
    if allowed is not None:
        admitted = np.isin(ids, np.asarray(allowed, np.int64))
        ids, vectors = ids[admitted], vectors[admitted]
    if not len(ids) or k <= 0:
        return []
    scores = vectors @ vector
    return ranked([(int(i), float(s)) for i, s in zip(ids, scores, strict=True)])[:k]


def ranked(scored: Scored) -> Scored:
    """Best first; equal scores by rising id, so that an order never depends on chance."""
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))
