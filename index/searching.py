"""The two searches of a collection: by meaning and by words, each one stage of hits."""

from __future__ import annotations

import json

from index import lexical
from index.dense import Scored, ranked, scan
from index.embedder import Vectors
from index.generations import Generations
from index.store import Store
from index.types import Filter, Hit, Stage


class Searching:
    """Reads only; inside one read transaction of the store each."""

    def __init__(self, store: Store, generations: Generations) -> None:
        self._store = store
        self._dense = generations

    def dense(self, vector: Vectors, k: int, filter: Filter | None) -> list[Hit]:
        """The `k` passages nearest to the unit `vector` (d,), by cosine, best first."""
        allowed = self._store.allowed(filter) if filter else None
        current = self._dense.current()
        last = current.last if current else 0
        ids, vectors = self._store.vectors(after=last)
        kept = self._store.passages_up_to(last)
        if kept + len(ids) != self._store.counts()[1]:
            raise self._store.lost_passages()
        scored = scan(ids, vectors, vector, k, allowed)
        if current:
            # Those removed since the generation was made may take places of the best k.
            gone = len(current.index) - kept
            found = current.index.search(vector, k + gone, allowed)
            here = self._store.existing([id for id, _ in found])
            if len(found) - len(here) > gone:
                raise self._store.lost_passages()
            scored += [pair for pair in found if pair[0] in here]
        return self._hits(ranked(scored)[:k], "dense")

    def lexical(self, question: str, k: int, filter: Filter | None) -> list[Hit]:
        """The `k` best passages by BM25 over text and title, best first."""
        self._store.prove_terms()
        where, parameters = "", list[str]()
        if filter:
            allowed = self._store.allowed(filter)
            where, parameters = "p.id IN (SELECT value FROM json_each(?))", [json.dumps(allowed)]
        _, passages = self._store.counts()
        scored = lexical.search(
            self._store.connection,
            question,
            k,
            passages=passages,
            where=where,
            parameters=parameters,
        )
        return self._hits(scored, "lexical")

    def _hits(self, scored: Scored, stage: Stage) -> list[Hit]:
        passages = self._store.passages([id for id, _ in scored])
        if len(passages) != len(scored):
            raise self._store.lost_passages()
        return [Hit(passages[id], score, stage) for id, score in scored]
