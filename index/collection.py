"""A collection: articles on disk, searchable by meaning and by words."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType

import filelock
from tqdm import tqdm

from index import dense, intake, lexical, loaders, rows
from index.database import lock
from index.embedder import Embedder, SentenceTransformerEmbedder, Vectors
from index.errors import CollectionError, EmbedderError, LoadError, LockedError
from index.folding import fold
from index.generations import Generations
from index.store import Store
from index.types import AddReport, Article, Filter, Hit, Refusal, Stage

# Passages newer than the FAISS index are searched one by one, and those removed are searched in
# vain; a new generation is published when they are more than this share of all, so that a long
# add publishes a logarithmic number of times.
_BEHIND_SHARE = 0.5
_BEHIND_AT_LEAST = 2_000

# Passed over where the collection lies among the articles.
_OWN_FILES = ("collection.sqlite3*", "dense-*.faiss*", "write.lock")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts, the embedder that made the vectors, and the size of the folder in bytes."""

    articles: int
    passages: int
    embedder: str
    bytes: int


class Collection:
    """Many may read, one at a time may write; from threads and from processes."""

    def __init__(self, path: Path, store: Store, embedder: Embedder) -> None:
        """Use `Collection.open`."""
        self.path = path
        self.embedder = embedder
        self._store = store
        self._dense = Generations(path, store)
        self._lock = lock(path)

    @classmethod
    def open(
        cls, path: str | Path, *, embedder: Embedder | None = None, create: bool = True
    ) -> Collection:
        """The collection in the folder `path`, made if absent and `create`.

        Raises NotFoundError (absent, not `create`), EmbedderError (made with another embedder),
        FormatError (made by a newer version), DamageError, CollectionError (not usable).
        """
        folder = Path(path)
        try:
            store = Store(folder / "collection.sqlite3", create=create)
        except OSError as error:
            raise CollectionError(f"cannot make a collection at {folder}: {error}") from error
        collection = cls(folder, store, embedder or SentenceTransformerEmbedder())
        try:
            with store.transaction():
                collection._check_embedder()
        except BaseException:
            store.close()
            raise
        return collection

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

        A file that cannot become an article is refused with its reason, and the rest go on. What
        a finished transaction holds stays if the add is interrupted; the same call continues.
        `progress` shows a bar when standard error is a terminal.
        Raises LockedError, ModelError, CollectionError.
        """
        found, refused = list[Path](), list[Refusal]()
        for path in paths:
            try:
                found += (file for file in loaders.find(_place(path)) if not self._is_own(file))
            except LoadError as error:
                refused.append(Refusal(str(path), str(error)))
        # disable=None: no bar where there is no terminal
        files = list(dict.fromkeys(found))
        with tqdm(files, "adding", unit=" files", disable=None if progress else True) as bar:
            report = self._take(intake.read(bar, self._store))
        return AddReport(
            report.added, report.updated, report.unchanged, (*refused, *report.refused)
        )

    def _is_own(self, file: Path) -> bool:
        """Whether it is one of the files that the collection itself consists of."""
        return file.parent == _place(self.path) and any(map(file.match, _OWN_FILES))

    def add_articles(self, articles: Iterable[Article]) -> AddReport:
        """Add articles made by the caller; the same rules as for `add`."""
        return self._take(intake.Incoming(article.origin, article) for article in articles)

    def remove(self, article_id: str) -> Article:
        """Forget one article, at once and for every reader; returns what it was.

        Raises NotFoundError, LockedError.
        """
        with self._writing():
            with self._store.transaction():
                article = self._store.article(article_id)
                self._store.remove(article_id)
            self._publish_if_many()
        return article

    def _take(self, incoming: Iterable[intake.Incoming]) -> AddReport:
        with self._writing():
            report = intake.take(incoming, self._store, self.embedder, stored=self._publish_if_many)
            if self._dense.behind() or not self._dense.is_sound():
                self._dense.publish()
        return report

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self._store.errors(), self._lock:
                with self._store.transaction():
                    self._check_embedder()
                    self._store.set_meta("embedder", self.embedder.fingerprint)
                yield
        except filelock.Timeout as error:
            raise LockedError(
                f"{self.path} is being written by another process: try again when it is done"
            ) from error
        except OSError as error:
            raise CollectionError(f"cannot write {self.path}: {error}") from error

    def _publish_if_many(self) -> None:
        _, passages = self._store.counts()
        if self._dense.behind() > max(_BEHIND_AT_LEAST, _BEHIND_SHARE * passages):
            self._dense.publish()

    def _check_embedder(self) -> None:
        used = self._store.meta("embedder")
        if used is not None and used != self.embedder.fingerprint:
            raise EmbedderError(
                f"{self.path} was made with the embedder {used}, not {self.embedder.fingerprint}: "
                "open it with that one (--embedder), or add the articles to a new collection"
            )

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
        path = _place(name)
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
        return Stats(articles, passages, embedder, sum(map(_size, self.path.iterdir())))

    def search_dense(self, question: str, k: int, filter: Filter | None = None) -> list[Hit]:
        """The `k` passages nearest in meaning, by cosine, best first. Stage `dense`."""
        if k <= 0 or not self.count():
            return []
        vector = self.embedder.embed_questions([fold(question)])[0]
        with self._store.transaction():
            self._check_embedder()  # another process may have filled it since it was opened
            allowed = self._store.allowed(filter) if filter else None
            return self._hits(self._nearest(vector, k, allowed), "dense")

    def _nearest(self, vector: Vectors, k: int, allowed: list[int] | None) -> dense.Scored:
        current = self._dense.current()
        ids, vectors = self._store.vectors(after=current.last if current else 0)
        scored = dense.scan(ids, vectors, vector, k, allowed)
        if current:
            # Those removed since the generation was made may take places of the best k.
            gone = len(current.index) - self._store.passages_up_to(current.last)
            found = current.index.search(vector, k + gone, allowed)
            here = self._store.existing([id for id, _ in found])
            scored += [pair for pair in found if pair[0] in here]
        return dense.ranked(scored)[:k]

    def search_lexical(self, question: str, k: int, filter: Filter | None = None) -> list[Hit]:
        """The `k` best passages by BM25 over text and title, best first. Stage `lexical`."""
        where, parameters = rows.narrowing(filter) if filter else ("", [])
        with self._store.transaction() as connection:
            _, passages = self._store.counts()
            scored = lexical.search(
                connection, question, k, passages=passages, where=where, parameters=parameters
            )
            return self._hits(scored, "lexical")

    def _hits(self, scored: dense.Scored, stage: Stage) -> list[Hit]:
        passages = self._store.passages([id for id, _ in scored])
        return [Hit(passages[id], score, stage) for id, score in scored if id in passages]


def _place(path: str | Path) -> Path:
    """One name for a file or folder, from wherever it is named."""
    absolute = Path(path).absolute()
    return absolute.resolve() if ".." in absolute.parts else absolute


def _size(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except FileNotFoundError:  # a generation that has just been replaced
        return 0
