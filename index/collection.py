"""A collection: articles on disk, searchable by meaning and by words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType

from tqdm import tqdm

from index import backup, files, intake, reembedding, repair, syncing, verification
from index.checking import Verdict
from index.embedder import Embedder, SentenceTransformerEmbedder
from index.errors import CollectionError, EmbedderError, LoadError
from index.folding import fold
from index.generations import Generations
from index.locking import writing
from index.repair import RepairReport
from index.searching import Searching
from index.store import Store
from index.types import AddReport, Article, Filter, Hit, Refusal

# Passages newer than the FAISS index are searched one by one, and those removed are searched in
# vain; a new generation is published when they are more than this share of all, so that a long
# add publishes a logarithmic number of times.
_BEHIND_SHARE = 0.5
_BEHIND_AT_LEAST = 2_000


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts, the embedder that made the vectors, and the size of the folder in bytes."""

    articles: int
    passages: int
    embedder: str
    bytes: int


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
        self._dense = Generations(path, store)
        self._searching = Searching(store, self._dense)

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
            raise CollectionError(f"cannot make a collection at {folder}: {error}") from error
        collection = cls(folder, store, embedder or SentenceTransformerEmbedder())
        try:
            with store.transaction():
                if not any_embedder:
                    collection._check_embedder()
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

    def add(self, *paths: str | Path, progress: bool = False) -> AddReport:
        """Add files, and all files of folders; what did not change costs nothing.

        A file that cannot become an article is refused with its reason, and the rest go on. One
        that has only moved keeps its vectors, and its article gets the new origin. What a finished
        transaction holds stays if the add is interrupted; the same call continues. `progress`
        shows a bar when standard error is a terminal.
        Raises LockedError, ModelError, EmbedderError, FormatError, DamageError, CollectionError.
        """
        found, refused = intake.find(paths, self.path)
        with self._writing("adding articles"):
            report = self._take(found, refused, progress)
            self._renew_cache()
        return report

    def add_articles(self, articles: Iterable[Article]) -> AddReport:
        """Add articles made by the caller; the same rules as for `add`."""
        incoming = (intake.Incoming(article.origin, article) for article in articles)
        with self._writing("adding articles"):
            report = intake.take(incoming, self._store, self.embedder, stored=self._publish_if_many)
            self._renew_cache()
        return report

    def sync(self, folder: str | Path, *, progress: bool = False) -> AddReport:
        """Make the articles that were read from `folder` those that are in it now.

        Adds and updates as `add` does; then removes the articles whose files have left the folder
        (a file that is there and cannot be read keeps its article). Other articles stay.
        Raises LoadError, and removes nothing, if the folder is missing or cannot be read; and the
        errors of `add`.
        """
        place = files.place(folder)
        before = syncing.identity(place)
        found, refused = intake.find([place], self.path)
        with self._writing("syncing a folder"):
            report = self._take(found, refused, progress)
            if syncing.identity(place) != before:
                raise LoadError(f"{folder} was exchanged meanwhile: nothing was removed")
            left = syncing.left(self._store, place, set(found), report)
            with self._store.transaction():
                removed = [self._store.article(id).origin for id in left]
                for id in left:
                    self._store.remove(id)
            self._renew_cache()
        return AddReport(
            report.added,
            report.updated,
            report.unchanged,
            report.refused,
            report.moved,
            tuple(removed),
        )

    def remove(self, article_id: str) -> Article:
        """Forget one article, at once and for every reader; returns what it was.

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
            self._renew_cache()
            self._store.compact()
            for name in (files.REBUILT, files.MENDED):
                files.discard(self.path / name)
            for left in self.path.glob("*.new"):
                files.discard(left)
        return before, self.stats().bytes

    def _take(self, found: list[Path], refused: list[Refusal], progress: bool) -> AddReport:
        # disable=None: no bar where there is no terminal
        with tqdm(found, "adding", unit=" files", disable=None if progress else True) as bar:
            report = intake.take(
                intake.read(bar, self._store),
                self._store,
                self.embedder,
                stored=self._publish_if_many,
            )
        return AddReport(
            report.added,
            report.updated,
            report.unchanged,
            (*refused, *report.refused),
            report.moved,
        )

    @contextmanager
    def _writing(self, doing: str, *, embeds: bool = True) -> Iterator[None]:
        try:
            with self._store.errors(), writing(self.path, doing):
                with self._store.transaction():
                    self._store.check_format()
                    if embeds:
                        self._check_embedder()
                        self._store.set_meta("embedder", self.embedder.fingerprint)
                yield
                self._store.seal()
        except OSError as error:
            raise CollectionError(
                f"cannot write {self.path}: {error}; what was added before is safe"
            ) from error

    def _renew_cache(self) -> None:
        if self._dense.behind() or not self._dense.is_sound():
            self._dense.publish()

    def _publish_if_many(self) -> None:
        _, passages = self._store.counts()
        if self._dense.behind() > max(_BEHIND_AT_LEAST, _BEHIND_SHARE * passages):
            self._dense.publish()

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
        """Articles whose id is `name`, or which were read from the file or under the folder."""
        path = files.place(name)
        return [
            article
            for article in self.articles()
            if article.id == name
            or article.origin == name
            or Path(article.origin) == path
            or path in Path(article.origin).parents
        ]

    def published(self, article_ids: Iterable[str]) -> dict[str, date]:
        """The publication dates of those articles that have one."""
        with self._store.errors():
            return self._store.published(list(article_ids))

    def count(self) -> int:
        """How many articles there are."""
        with self._store.errors():
            return self._store.counts()[0]

    def stats(self) -> Stats:
        """See Stats."""
        with self._store.transaction():
            articles, passages = self._store.counts()
            embedder = self._store.meta("embedder") or self.embedder.fingerprint
        with files.errors(f"read {self.path}"):
            size = sum(map(files.size, self.path.iterdir()))
        return Stats(articles, passages, embedder, size)

    def search_dense(self, question: str, k: int, filter: Filter | None = None) -> list[Hit]:
        """The `k` passages nearest in meaning, by cosine, best first. Stage `dense`."""
        if k <= 0 or not self.count():
            return []
        vector = self.embedder.embed_questions([fold(question)])[0]
        with self._store.transaction():
            self._check_embedder()  # another process may have filled it since it was opened
            return self._searching.dense(vector, k, filter)

    def search_lexical(self, question: str, k: int, filter: Filter | None = None) -> list[Hit]:
        """The `k` best passages by BM25 over text and title, best first. Stage `lexical`."""
        with self._store.transaction():
            return self._searching.lexical(question, k, filter)
