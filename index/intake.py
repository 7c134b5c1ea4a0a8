"""Articles -> passages -> vectors -> the store, in batches of one transaction each."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from index import files, loaders
from index.embedder import Embedder
from index.errors import LoadError
from index.preparing import BATCH_PASSAGES, Prepared, embed, prepare
from index.store import NewArticle, Store
from index.types import AddReport, Article, Move, Refusal

log = logging.getLogger(__name__)

# The article of an origin and the hash of the bytes that it was made from.
_Known = Callable[[str], tuple[Article, str] | None]


@dataclasses.dataclass(frozen=True, slots=True)
class Incoming:
    """An article to be stored, or the reason why there is none."""

    origin: str
    article: Article | None = None
    file_sha256: str = ""
    reason: str = ""


def find(paths: Iterable[str | Path], collection: Path) -> tuple[list[Path], list[Refusal]]:
    """All files below `paths`, each once, but those that the collection itself consists of."""
    found, refused = list[Path](), list[Refusal]()
    for path in paths:
        try:
            inside = loaders.find(files.place(path))
            found += (file for file in inside if not files.is_own(file, collection))
        except LoadError as error:
            refused.append(Refusal(str(path), str(error)))
    return list(dict.fromkeys(found)), refused


def unusable(paths: Iterable[str | Path], collection: Path) -> list[Refusal] | None:
    """Why none of these files can become an article; None as soon as one can."""
    found, refused = find(paths, collection)
    for path in found:
        for one in _articles(path, lambda origin: None):
            if one.article:
                return None
            refused.append(Refusal(one.origin, one.reason))
    return refused


def read(paths: Iterable[Path], store: Store) -> Iterator[Incoming]:
    """The articles in the files; one whose bytes did not change is not parsed again."""
    return (one for path in paths for one in _articles(path, store.known))


def _articles(path: Path, known: _Known) -> Iterator[Incoming]:
    parts = loaders.parts(path)
    while True:
        try:
            part = next(parts, None)
        except Exception as error:
            yield Incoming(str(path), reason=_reason(str(path), error))
            return
        if part is None:
            return
        yield Incoming(part.origin, reason=part.reason) if part.reason else _article(part, known)


def _article(part: loaders.Part, known: _Known) -> Incoming:
    file_sha256 = f"{loaders.LOADERS_VERSION}:{part.sha256}"
    stored = known(part.origin)  # the store's own errors end the add
    if stored and stored[1] == file_sha256:
        return Incoming(part.origin, stored[0], file_sha256)
    try:
        article = loaders.load(part.data, part.origin, part.name, datetime.now(UTC))
    except Exception as error:
        return Incoming(part.origin, reason=_reason(part.origin, error))
    return Incoming(part.origin, article, file_sha256)


def _reason(origin: str, error: Exception) -> str:
    if isinstance(error, LoadError):
        return str(error)
    # A parser's own bug must not stop the other files.
    log.error("loading %s", origin, exc_info=error)
    return f"could not be read ({type(error).__name__})"


def take(
    incoming: Iterable[Incoming],
    store: Store,
    embedder: Embedder,
    *,
    stored: Callable[[], None],
) -> AddReport:
    """Store what is new or changed; `stored` is called after each transaction.

    Of a changed article only the passages that changed are embedded; of one that has moved, none.
    The caller holds the collection's lock. A transaction is open only while rows are written.
    """
    added, updated, unchanged = list[str](), list[str](), list[str]()
    moved, refused = list[Move](), list[Refusal]()
    batch: list[Prepared | NewArticle] = []

    def flush() -> None:
        if batch:
            made = iter(embed([one for one in batch if isinstance(one, Prepared)], embedder))
            with store.transaction():
                for one in batch:
                    store.put(one if isinstance(one, NewArticle) else next(made))
            batch.clear()
            stored()

    for one in incoming:
        if one.article is None or (reason := _unfit(one.article)):
            refused.append(Refusal(one.origin, one.reason if one.article is None else reason))
            continue
        if any(one.article.id in (prepared.article.id, prepared.moved_from) for prepared in batch):
            flush()
        known = store.known(one.origin)
        if known and _same(known[0], one.article) and known[1] == one.file_sha256:
            unchanged.append(one.origin)
            continue
        before = None if known else _moved(one, store, batch)
        if before:
            moved.append(Move(before.origin, one.origin))
        else:
            (updated if known else added).append(one.origin)
        earlier = known[0] if known else before
        moved_from = before.id if before else ""
        if earlier and _same_passages(earlier, one.article):
            passages = store.new_passages(earlier.id)
            batch.append(NewArticle(one.article, one.file_sha256, passages, moved_from))
        else:
            vectors = store.embedded(earlier.id) if earlier else {}
            batch.append(prepare(one.article, one.file_sha256, embedder, vectors, moved_from))
        if sum(len(prepared.passages) for prepared in batch) >= BATCH_PASSAGES:
            flush()
    flush()
    return AddReport(tuple(added), tuple(updated), tuple(unchanged), tuple(refused), tuple(moved))


def _moved(one: Incoming, store: Store, batch: Sequence[Prepared | NewArticle]) -> Article | None:
    """The article that this file was, if it has only moved: the same bytes, the old place empty."""
    taken = {prepared.moved_from for prepared in batch}
    for id, origin in (store.origins_of(one.file_sha256) if one.file_sha256 else {}).items():
        if id not in taken and files.is_renamed(Path(origin), Path(one.origin)):
            return store.article(id)
    return None


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


def _same(old: Article, new: Article) -> bool:
    return dataclasses.replace(new, fetched=old.fetched) == old
