"""Articles -> passages -> vectors -> the store, in batches of one transaction each.

While some batches are embedded in threads of their own, the next one is cut into passages and the
one before is stored; files are read and parsed meanwhile (see `reading`).
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from index import copies, files, origins
from index.copies import Copy
from index.embedder import Embedder
from index.entries import Known, NewArticle
from index.languages import with_language
from index.preparing import BATCH_PASSAGES, Prepared, embed, prepare
from index.reading import Incoming, unusable
from index.store import Store
from index.types import AddReport, Article, Duplicate, Move, Refusal

__all__ = ["take", "unusable"]


# Batches that are embedded at once: the last passes of one leave a core idle, which the next takes.
_AT_ONCE = 2
# Passages of the first batch, which the embedder waits for; each may be twice the one before.
_FIRST_PASSAGES = 32


class _Left(NamedTuple):
    """An origin where nothing is any more."""

    origin: str


# What is to be done to the store, in this order.
_Entry = Prepared | NewArticle | Copy | _Left


def take(
    incoming: Iterable[Incoming],
    store: Store,
    embedder: Embedder,
    *,
    stored: Callable[[], None],
    seen: Callable[[Incoming], None] = lambda one: None,
) -> AddReport:
    """Store what is new or changed; `stored` is called after each transaction, and `seen` with
    every article when it is known what becomes of it.

    Of a changed article only the passages that changed are embedded; of one that has moved, none.
    The caller holds the collection's lock. A transaction is open only while rows are written.
    """
    with _Taking(store, embedder, stored) as taking:
        for one in incoming:
            taking.take(one)
            seen(one)
        taking.finish()
    return taking.report()


class _Taking:
    def __init__(self, store: Store, embedder: Embedder, stored: Callable[[], None]) -> None:
        self._store = store
        self._embedder = embedder
        self._stored = stored
        self._embedding = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="embedding")
        self._batch: list[_Entry] = []
        self._passages, self._enough = 0, _FIRST_PASSAGES
        self._under_way = deque[tuple[list[_Entry], Future[list[NewArticle]]]]()
        # What of the store is changed by entries that are not stored yet: origins, texts.
        self._touched = set[str]()
        self._added, self._updated, self._unchanged = list[str](), list[str](), list[str]()
        self._refused, self._moved = list[Refusal](), list[Move]()
        self._duplicates = list[Duplicate]()

    def __enter__(self) -> _Taking:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._embedding.shutdown(wait=error is None, cancel_futures=True)

    def report(self) -> AddReport:
        return AddReport(
            added=tuple(self._added),
            updated=tuple(self._updated),
            unchanged=tuple(self._unchanged),
            refused=tuple(self._refused),
            moved=tuple(self._moved),
            duplicates=tuple(self._duplicates),
        )

    def take(self, one: Incoming) -> None:
        """Decide what becomes of it."""
        while self._under_way and self._under_way[0][1].done():
            self._store_embedded()
        reason = one.reason if one.article is None else _unfit(one.article)
        if one.article is None or reason:
            self._refused.append(Refusal(one.origin, reason))
            return
        if not self._touched.isdisjoint((one.origin, one.article.sha256)):
            self.finish()
        known = self._store.known(one.origin)
        if known and _is_unchanged(one, known):
            self._unchanged.append(one.origin)
            return
        article = with_language(one.article, known.article if known else None)
        if known and _is_same(article, one.file_sha256, known):
            self._unchanged.append(one.origin)
            return
        before = None if known else self._before(one.origin, one.file_sha256)
        twin = self._twin(article) if before is None or before.is_copy else None
        if twin:
            self._take_copy(one, twin, known, before)
        else:
            self._take_article(article, one.file_sha256, known, before)
        if self._passages >= self._enough:
            self._flush()

    def _twin(self, article: Article) -> Article | None:
        twin = origins.twin(self._store, article)
        if twin and twin.origin in self._touched:
            self.finish()
            twin = origins.twin(self._store, article)
        return twin

    def _take_copy(
        self, one: Incoming, twin: Article, known: Known | None, before: Known | None
    ) -> None:
        if before:
            self._moved.append(Move(before.origin, one.origin))
            self._put(_Left(before.origin), before.origin)
        elif known and known.article.id == twin.id:  # other bytes that say the same
            self._unchanged.append(one.origin)
        else:
            self._duplicates.append(Duplicate(one.origin, twin.origin))
        self._put(Copy(one.origin, twin.id, one.file_sha256), one.origin, twin.origin)

    def _take_article(
        self, article: Article, file_sha256: str, known: Known | None, before: Known | None
    ) -> None:
        if before:
            self._moved.append(Move(before.origin, article.origin))
        else:
            (self._updated if known else self._added).append(article.origin)
        moved_from = before.article.id if before and not before.is_copy else ""
        earlier = known.article if known else before.article if before else None
        if earlier and _same_passages(earlier, article):
            passages = self._store.new_passages(earlier.id)
            entry: _Entry = NewArticle(article, file_sha256, passages, moved_from)
        else:
            vectors = self._store.embedded(earlier.id) if earlier else {}
            entry = prepare(article, file_sha256, self._embedder, vectors, moved_from)
        touched = (before.origin,) if before else ()
        self._put(entry, article.origin, article.sha256, *touched)

    def _before(self, origin: str, file_sha256: str) -> Known | None:
        """What this file was, if it has only moved: the same bytes, the old place empty."""
        for old in self._store.origins_of(file_sha256) if file_sha256 else {}:
            if old not in self._touched and files.is_renamed(Path(old), Path(origin)):
                return self._store.known(old)
        return None

    def _put(self, entry: _Entry, *touched: str) -> None:
        self._batch.append(entry)
        self._touched.update(touched)
        self._passages += len(entry.passages) if isinstance(entry, Prepared | NewArticle) else 1

    def _flush(self) -> None:
        """Have the batch embedded, and store the first of too many."""
        if not self._batch:
            return
        batch, self._batch, self._passages = self._batch, [], 0
        self._enough = min(2 * self._enough, BATCH_PASSAGES)
        wanted = [one for one in batch if isinstance(one, Prepared)]
        self._under_way.append((batch, self._embedding.submit(embed, wanted, self._embedder)))
        while len(self._under_way) > _AT_ONCE:
            self._store_embedded()

    def finish(self) -> None:
        """Store all that was taken."""
        self._flush()
        while self._under_way:
            self._store_embedded()
        self._touched.clear()

    def _store_embedded(self) -> None:
        """Store the batch that was given to the embedder first, when it is done."""
        batch, embedded = self._under_way.popleft()
        made = iter(embedded.result())
        with self._store.transaction():
            for one in batch:
                if isinstance(one, Copy):
                    origins.put_copy(self._store, one)
                elif isinstance(one, _Left):
                    origins.leave(self._store, one.origin)
                else:
                    new = one if isinstance(one, NewArticle) else next(made)
                    origins.put(self._store, new)
        self._stored()


def _unfit(article: Article) -> str:
    """Why this article cannot be stored; empty if it can."""
    if not article.text.strip():
        return "no article text found"
    if not article.origin:
        return "no origin given"
    facts = (article.origin, article.title, article.text, article.source, article.url)
    try:
        "".join(fact or "" for fact in (*facts, article.language, *article.authors)).encode()
    except UnicodeEncodeError:
        return "it holds half a character (a lone surrogate)"
    made = Article.create(
        origin=article.origin, title="", text=article.text, fetched=article.fetched
    )
    if (made.id, made.sha256) != (article.id, article.sha256):
        return "its id or hash is not that of its origin and text: use Article.create"
    return ""


def _same_passages(old: Article, new: Article) -> bool:
    """Whether both are cut and embedded alike."""
    return (old.text, old.title, old.language) == (new.text, new.title, new.language)


def _is_unchanged(one: Incoming, known: Known) -> bool:
    """Whether the file is the one that was read before, so that it was not parsed."""
    return bool(one.file_sha256) and known.file_sha256 == one.file_sha256


def _is_same(article: Article, file_sha256: str, known: Known) -> bool:
    """Whether it says what is stored already, and its file is known by its hash."""
    if known.file_sha256 != file_sha256:
        return False
    if known.is_copy:
        return copies.adds_nothing(article, known.article)
    return dataclasses.replace(article, fetched=known.article.fetched) == known.article
