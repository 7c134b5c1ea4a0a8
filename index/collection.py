"""A collection: articles on disk, searchable by meaning and by words."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from operator import length_hint
from pathlib import Path
from types import TracebackType

from index import (
    backup,
    files,
    intake,
    origins,
    reading,
    reembedding,
    repair,
    syncing,
    verification,
)
from index.checking import Verdict
from index.embedder import Embedder
from index.errors import CollectionError, EmbedderError, LoadError
from index.folding import fold
from index.generations import Generations
from index.locking import writing
from index.packaged import PackagedEmbedder
from index.repair import RepairReport
from index.searching import Searching
from index.store import Store
from index.telling import Telling, telling
from index.types import AddReport, Article, Filter, Hit, Refusal

# Of a long add and of many removals, what so many passages changed is put into the caches before
# the end, so that a reader who comes meanwhile need not index them all.
_BEHIND = 4_000


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts, the embedder that made the vectors, and the size of the folder in bytes.

    `index` says how the passages are searched by meaning, as FAISS names it: exactly, or, in a
    large collection, with which recall@10. `independent` counts copies of one text once;
    `origins` counts every file in which an article was found; `languages` counts articles by
    language, None where it is not known.
    """

    articles: int
    passages: int
    embedder: str
    index: str
    bytes: int
    independent: int = 0
    origins: int = 0
    languages: Mapping[str | None, int] = field(default_factory=dict)


class Collection:
    """Many may read, one at a time may write; from threads and from processes.

    A reader sees what was there before a write, or what is there after it, never a part. What a
    writing method has acknowledged by returning survives a crash; interrupted, it keeps whole
    articles, and the same call goes on. A second writer gets LockedError.
    """

    def __init__(self, path: Path, store: Store, embedder: Embedder) -> None:
        """Use `Collection.open`."""
        self.path = path
        self.embedder = embedder
        self._store = store
        self._caches = Generations(path, store)
        self._searching = Searching(store, self._caches)

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        embedder: Embedder | None = None,
        create: bool = True,
        any_embedder: bool = False,
    ) -> Collection:
        """The collection in the folder `path`, made if absent and `create`.

        A collection of an older format is brought up to the current one. With `any_embedder` one
        made with another embedder is opened, too: for everything but adding and dense search.
        Raises NotFoundError (absent, not `create`), EmbedderError (made with another embedder),
        FormatError (made by a newer version), LockedError (being made or brought up by another
        process), DamageError, CollectionError (not usable).
        """
        folder = Path(path)
        try:
            store = Store(folder / files.DATABASE, create=create)
        except OSError as error:
            raise CollectionError(
                f"cannot make a collection at {folder}: {files.failure(error)}"
            ) from error
        collection = cls(folder, store, embedder or PackagedEmbedder())
        try:
            with store.transaction():
                if not any_embedder:
                    collection._check_embedder()
            # One of an older format has indexes of another kind, and articles that were not
            # compared. Where that cannot be written now, searches make their own indexes.
            with suppress(CollectionError, OSError):
                if store.brought_up or origins.are_due(store):
                    with writing(folder, "indexing"):
                        origins.catch_up(store)
                        collection._caches.publish()
        except BaseException:
            store.close()
            raise
        return collection

    @staticmethod
    def exists(path: str | Path) -> bool:
        """Whether the folder `path` has a collection, or the beginning of one."""
        return (Path(path) / files.DATABASE).exists()

    def __enter__(self) -> Collection:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the files. The collection is not used afterwards."""
        self._store.close()

    # --- writing ---

    def add(self, *paths: str | Path, progress: Telling = False) -> AddReport:
        """Add files, and all files of folders; what did not change costs nothing.

        A file that cannot become an article is refused with its reason, and the rest go on. One
        that has only moved keeps its vectors, and its article gets the new origin; one that says
        the very same as an article that is there becomes a further origin of that. What a finished
        transaction holds stays if the add is interrupted; the same call continues. `progress`
        shows a bar when standard error is a terminal, or is called with a `Progress` after every
        article, in this thread.
        Raises LockedError, ModelError, EmbedderError, FormatError, DamageError, CollectionError.
        """
        found, refused = reading.find(paths, self.path)
        with self._writing("adding articles"):
            report = self._take(found, refused, progress)
            self._renew_cache()
        return report

    def add_articles(self, articles: Iterable[Article], *, progress: Telling = False) -> AddReport:
        """Add articles made by the caller; the same rules as for `add`."""
        total = length_hint(articles)
        incoming = (
            reading.Incoming(article.origin, article, done=number)
            for number, article in enumerate(articles, 1)
        )
        with self._writing("adding articles"), telling(progress, total, " articles") as seen:
            report = intake.take(
                incoming, self._store, self.embedder, stored=self._publish_if_many, seen=seen
            )
            self._renew_cache()
        return report

    def sync(self, folder: str | Path, *, progress: Telling = False) -> AddReport:
        """Make the articles that were read from `folder` those that are in it now.

        Adds and updates as `add` does; then removes the articles whose files have left the folder
        (a file that is there and cannot be read keeps its article). Other articles stay.
        Raises LoadError, and removes nothing, if the folder is missing or cannot be read; and the
        errors of `add`.
        """
        place = files.place(folder)
        before = syncing.identity(place)
        found, refused = reading.find([place], self.path)
        with self._writing("syncing a folder"):
            report = self._take(found, refused, progress)
            if syncing.identity(place) != before:
                raise LoadError(f"{folder} was exchanged meanwhile: nothing was removed")
            left = syncing.left(self._store, place, set(found), report)
            with self._store.transaction():
                for origin in left:
                    origins.leave(self._store, origin)
            self._renew_cache()
        return dataclasses.replace(report, removed=tuple(left))

    def remove(self, article_id: str) -> Article:
        """Forget one article with all its origins, at once and for every reader; returns it.

        Raises NotFoundError, LockedError, DamageError, CollectionError.
        """
        with self._writing("removing an article", embeds=False):
            with self._store.transaction():
                article = self._store.article(article_id)
                self._store.remove(article_id)
            self._publish_if_many()
        return article

    def reembed(self, embedder: Embedder, *, progress: bool = False) -> int:
        """Make all vectors anew with another embedder; returns the number of passages.

        Searches use the old one until every article is done; then `embedder` is this collection's,
        also on disk. Interrupted, the same call goes on with what is missing.
        Raises LockedError, ModelError, DamageError, CollectionError.
        """
        with self._writing("re-embedding", embeds=False):
            try:
                passages = reembedding.reembed(self._store, embedder, progress=progress)
            finally:
                # A disk that fails at the very end may have it all the same.
                if self._is_made_with(embedder):
                    self.embedder = embedder
            self._renew_cache()
        return passages

    def compact(self) -> tuple[int, int]:
        """Give the room of what was removed back; the size in bytes before and after.

        Nothing else changes. Needs as much room again while it runs.
        Raises LockedError, CollectionError.
        """
        before = self.stats().bytes
        with self._writing("compacting", embeds=False):
            self._caches.publish(whole=True, proved=True)
            self._store.compact()
            for name in (files.REBUILT, files.MENDED):
                files.discard(self.path / name)
            for left in self.path.glob("*.new"):
                files.discard(left)
        return before, self.stats().bytes

    def _take(self, found: list[Path], refused: list[Refusal], progress: Telling) -> AddReport:
        total = sum(map(files.size, found)) if progress else 0
        with (
            telling(progress, total, "B") as seen,
            closing(reading.read(found, self._store.known)) as incoming,
        ):
            report = intake.take(
                incoming,
                self._store,
                self.embedder,
                stored=self._publish_if_many,
                seen=seen,
            )
        return dataclasses.replace(report, refused=(*refused, *report.refused))

    @contextmanager
    def _writing(self, doing: str, *, embeds: bool = True) -> Iterator[None]:
        try:
            with self._store.errors(), writing(self.path, doing):
                with self._store.transaction():
                    self._store.check_format()
                    self._store.prove_copies()
                    if embeds:
                        self._check_embedder()
                        self._store.set_meta("embedder", self.embedder.fingerprint)
                if embeds:
                    origins.catch_up(self._store)
                yield
        except OSError as error:
            raise CollectionError(
                f"cannot write {self.path}: {files.failure(error)}; what was added before is safe"
            ) from error

    def _renew_cache(self) -> None:
        with self._store.transaction():
            renewed = not self._caches.behind() and self._caches.are_there(proved=False)
        if not renewed:
            self._caches.publish()

    def _publish_if_many(self) -> None:
        with self._store.transaction():
            behind = self._caches.behind()
        if behind > _BEHIND:
            self._caches.publish()

    def _is_made_with(self, embedder: Embedder) -> bool:
        try:
            with self._store.transaction():
                return self._store.meta("embedder") == embedder.fingerprint
        except CollectionError:
            return False

    def _check_embedder(self) -> None:
        used = self._store.meta("embedder")
        if used is not None and used != self.embedder.fingerprint:
            raise EmbedderError(
                f"{self.path} was made with the embedder {used}, not {self.embedder.fingerprint}: "
                "open it with that one (--embedder), or make all vectors anew with this one "
                "(`article-qa reembed --model MODEL`)"
            )

    # --- upkeep ---

    def verify(self, *, progress: bool = False) -> Verdict:
        """Check every row, passage and word; see `index.verification.verify`."""
        return verification.verify(self.path, progress=progress)

    def repair(self, *, progress: bool = False) -> RepairReport:
        """Rebuild what is damaged; see `index.repair.repair`, which needs no open collection."""
        return repair.repair(self.path, self.embedder, progress=progress)

    def backup(self, target: str | Path, *, progress: bool = False) -> Verdict:
        """Copy the collection to one file; see `index.backup.backup`."""
        return backup.backup(self.path, target, progress=progress)

    def restore(self, source: str | Path, *, progress: bool = False) -> Verdict:
        """Exchange everything for what is in a backup; see `index.backup.restore`."""
        return backup.restore(source, self.path, replace=True, progress=progress)

    # --- reading ---

    def article(self, article_id: str) -> Article:
        """The stored article. Raises NotFoundError, DamageError."""
        with self._store.errors():
            return self._store.article(article_id)

    def articles(self) -> Iterator[Article]:
        """All articles by rising origin, each read when it is asked for."""
        with self._store.errors():
            yield from self._store.articles()

    def find(self, name: str) -> list[Article]:
        """Articles whose id is `name`, or which were found in the file or under the folder."""
        path = files.place(name)
        places = dict[str, list[str]]()
        with self._store.errors():
            for origin, id in self._store.origins().items():
                places.setdefault(id, []).append(origin)
        return [
            article
            for article in self.articles()
            if article.id == name
            or any(
                origin == name or Path(origin) == path or path in Path(origin).parents
                for origin in places.get(article.id, [article.origin])
            )
        ]

    def origins(self, article_id: str) -> tuple[str, ...]:
        """Where the article was found: its own origin first, then those of its exact copies.

        Raises NotFoundError, DamageError.
        """
        with self._store.transaction():
            self._store.prove_copies()
            article = self._store.article(article_id)
            return article.origin, *(copy.origin for copy in self._store.copies(article_id))

    def clusters(self, article_ids: Iterable[str]) -> dict[str, str]:
        """For each article the name of its cluster, the same for copies of one text.

        Copies are wire stories under other headlines, shortened or brought up to date. An article
        without any is a cluster by itself. Raises DamageError, CollectionError.
        """
        with self._store.transaction():
            found = self._store.clusters()
        return {id: found.get(id, id) for id in article_ids}

    def copies(self, article_id: str) -> list[Article]:
        """The other articles of its cluster, oldest first; none if it has no copies."""
        with self._store.transaction():
            found = self._store.clusters()
            cluster = found.get(article_id)
            same = (id for id in found if found[id] == cluster) if cluster else ()
            ids = [id for id in same if id != article_id]
            articles = [self._store.article(id) for id in ids]
        return sorted(articles, key=lambda one: (one.published or date.max, one.origin))

    def published(self, article_ids: Iterable[str]) -> dict[str, date]:
        """The publication dates of those articles that have one."""
        with self._store.transaction():
            return self._searching.published(article_ids)

    def sources(self) -> list[str]:
        """Every source that an article has, as it is written."""
        with self._store.errors():
            return self._store.sources()

    def authors(self) -> list[str]:
        """Every author of an article, as the name is written."""
        with self._store.errors():
            return self._store.authors()

    def count(self) -> int:
        """How many articles there are."""
        with self._store.errors():
            return self._store.counts()[0]

    def change(self) -> int:
        """A number that rises with every change of an article, whoever makes it."""
        with self._store.transaction():
            return self._store.change

    def stats(self) -> Stats:
        """See Stats."""
        with self._store.transaction():
            articles, passages = self._store.counts()
            embedder = self._store.meta("embedder") or self.embedder.fingerprint
            index = self._caches.kinds()
            copied = self._store.clusters()
            independent = articles - len(copied) + len(set(copied.values()))
            places = len(self._store.origins())
            languages = self._store.languages()
        with files.errors(f"read {self.path}"):
            size = sum(map(files.size, self.path.iterdir()))
        return Stats(articles, passages, embedder, index, size, independent, places, languages)

    def search_dense(self, question: str, k: int, filter: Filter | None = None) -> list[Hit]:
        """The `k` passages nearest in meaning, by cosine, best first. Stage `dense`."""
        if k <= 0 or self._is_empty():
            return []
        vector = self.embedder.embed_questions([fold(question)])[0]
        with self._store.transaction():
            self._check_embedder()  # another process may have filled it since it was opened
            return self._searching.dense(vector, k, filter)

    def _is_empty(self) -> bool:
        with self._store.transaction():
            return not self._caches.view().count

    def search_lexical(self, question: str, k: int, filter: Filter | None = None) -> list[Hit]:
        """The `k` best passages by BM25 over text and title, best first. Stage `lexical`."""
        with self._store.transaction():
            return self._searching.lexical(question, k, filter)
