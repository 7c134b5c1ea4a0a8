"""Vectors of another embedder, made beside those in use and put in their place all at once."""

from __future__ import annotations

from collections.abc import Iterator

from index import origins, rows
from index.embedder import Embedder
from index.entries import NewArticle, NewPassage
from index.preparing import BATCH_PASSAGES, Prepared, embed, prepare
from index.store import Store

# The fact that names the embedder of the staged passages.
STAGING = "staging"


def reembed(store: Store, embedder: Embedder, *, progress: bool = False) -> int:
    """Cut and embed every article again; returns the number of passages.

    The old vectors serve until the new ones are all there: then one transaction exchanges them.
    What was embedded before an interruption is not embedded again. The caller holds the lock.
    Raises ModelError, DamageError, CollectionError.
    """
    with store.transaction():
        if store.meta(STAGING) != embedder.fingerprint:  # those of a third one are of no use
            store.connection.execute("DELETE FROM staged")
            store.set_meta(STAGING, embedder.fingerprint)
    from tqdm import tqdm  # see `telling`

    waiting = _waiting(store)
    batch: list[Prepared] = []
    with tqdm(waiting, "embedding", unit=" articles", disable=None if progress else True) as bar:
        for id in bar:
            batch.append(prepare(store.article(id), "", embedder, {}))
            if sum(len(prepared.passages) for prepared in batch) >= BATCH_PASSAGES:
                _stage(store, embed(batch, embedder))
                batch.clear()
    _stage(store, embed(batch, embedder))
    return _exchange(store, embedder.fingerprint)


def _waiting(store: Store) -> list[str]:
    found = store.connection.execute(
        "SELECT id FROM article WHERE id NOT IN (SELECT article_id FROM staged) ORDER BY id"
    )
    return [str(id) for (id,) in found]


def _stage(store: Store, entries: list[NewArticle]) -> None:
    """All passages of an article, or none."""
    with store.transaction() as connection:
        first = int(str(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM staged").get))
        passages = [(entry.article.id, passage) for entry in entries for passage in entry.passages]
        columns = [
            rows.passage_columns(id, article_id, *passage)
            for id, (article_id, passage) in enumerate(passages, first)
        ]
        connection.executemany(
            "INSERT INTO staged VALUES (?, ?, ?, ?, ?, ?)",
            ((*row, rows.checksum(row)) for row in columns),
        )


def _exchange(store: Store, fingerprint: str) -> int:
    with store.transaction():
        for origin in list(store.origins()):
            known = store.known(origin)
            if known and not known.is_copy:
                article, file_sha256, _ = known
                passages = tuple(_staged(store, article.id))
                origins.put(store, NewArticle(article, file_sha256, passages))
        store.set_meta("embedder", fingerprint)
        store.forget_meta(STAGING)
        store.forget_meta("segments")  # their vectors are those of the old embedder
        store.begin_history(store.change)
        return store.counts()[1]


def _staged(store: Store, article_id: str) -> Iterator[NewPassage]:
    for row in store.connection.execute(
        f"SELECT {rows.PASSAGE} FROM staged WHERE article_id = ? ORDER BY id", (article_id,)
    ).fetchall():
        _, _, spans, sha256, vector, _ = store.proved("staged passage", row)
        yield NewPassage(rows.spans(spans), str(sha256), rows.vector(vector))
