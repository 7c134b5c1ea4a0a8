"""The two searches of a collection: by meaning and by words, each one stage of hits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from index import dense
from index.dense import Mask
from index.embedder import Vectors
from index.entries import Stored
from index.generations import Generations, View
from index.store import Store
from index.types import Filter, Hit

# So many more than are wanted are found by the dense index, whose scores of large segments are
# nearly exact, and the best of them by exact scores are taken.
_MORE = 8
# Passages kept of a state of the collection: some 3 kB each.
_KEPT = 4_096


class Searching:
    """Reads only; inside one read transaction of the store each."""

    def __init__(self, store: Store, generations: Generations) -> None:
        self._store = store
        self._generations = generations

    def dense(self, vector: Vectors, k: int, filter: Filter | None) -> list[Hit]:
        """The `k` passages nearest to the unit `vector` (d,), by cosine, best first."""
        view = self._generations.view()
        found = view.nearest(vector, k + _MORE if k > 0 else 0, self._allowed(view, filter))
        if not len(found):
            return []
        ids = np.sort(view.ids[found])
        read = self._read(view, ids.tolist())
        scores = dense.scores(np.stack([one.vector for one in read]), vector)
        best = np.lexsort((ids, -scores))[:k].tolist()
        return [Hit(read[place].passage, float(scores[place]), "dense") for place in best]

    def lexical(self, question: str, k: int, filter: Filter | None) -> list[Hit]:
        """The `k` best passages by BM25 over text and title, best first."""
        view = self._generations.view()
        found, scores = view.words.search(question, k, self._allowed(view, filter))
        read = self._read(view, view.ids[found].tolist())
        return [
            Hit(one.passage, score, "lexical")
            for one, score in zip(read, scores.tolist(), strict=True)
        ]

    def published(self, article_ids: Iterable[str]) -> dict[str, date]:
        """The publication dates of those articles that have one."""
        known = self._generations.view().published
        wanted = list(article_ids)
        found = self._store.published([id for id in wanted if id not in known])
        return found | {id: day for id in wanted if (day := known.get(id))}

    def _read(self, view: View, ids: Sequence[int]) -> list[Stored]:
        """These passages, each proved when it is first read of a state."""
        missing = [id for id in ids if id not in view.read]
        new = self._store.passages(missing)
        view.published.update((one.passage.article_id, one.published) for one in new.values())
        if len(view.read) + len(new) <= _KEPT:
            view.read.update(new)
        return [new[id] if id in new else view.read[id] for id in ids]

    def _allowed(self, view: View, filter: Filter | None) -> Mask | None:
        if not filter:
            return None
        articles, passages = self._store.admitted(filter)
        mask = view.rows_of(articles)
        if int(mask.sum()) != passages:
            raise self._store.lost_passages()
        return mask
