"""Articles -> passages -> vectors -> the store, in batches of one transaction each."""

from __future__ import annotations

import dataclasses
import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from index import loaders
from index.embedder import Embedder, Vectors
from index.errors import LoadError
from index.folding import fold
from index.passages import split
from index.store import NewArticle, NewPassage, Store
from index.types import AddReport, Article, Refusal, Span

# Passages of one transaction: enough that its cost does not count, few enough that little work
# is lost when the add is interrupted and that a progress bar moves.
BATCH_PASSAGES = 256
# A title beyond this is cut before it is embedded with each passage.
_TITLE_CHARACTERS = 120
_SPECIAL_TOKENS = 3

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Incoming:
    """An article to be stored, or the reason why there is none."""

    origin: str
    article: Article | None = None
    file_sha256: str = ""
    reason: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class _Prepared:
    article: Article
    file_sha256: str
    passages: list[tuple[Span, ...]]
    inputs: list[str]  # what is embedded, one per passage
    known: dict[str, Vectors]  # vectors that need not be made again, by the input's hash


def read(paths: Iterable[Path], store: Store) -> Iterator[Incoming]:
    """The files as articles; one whose bytes did not change is not parsed again."""
    return (_loaded(path, store) for path in paths)


def _loaded(path: Path, store: Store) -> Incoming:
    origin = str(path)
    try:
        data = loaders.read(path)
    except Exception as error:
        return Incoming(origin, reason=_reason(origin, error))
    file_sha256 = f"{loaders.LOADERS_VERSION}:{hashlib.sha256(data).hexdigest()}"
    known = store.known(origin)  # the store's own errors end the add
    if known and known[1] == file_sha256:
        return Incoming(origin, known[0], file_sha256)
    try:
        article = loaders.load(data, origin, path.name, datetime.now(UTC))
    except Exception as error:
        return Incoming(origin, reason=_reason(origin, error))
    return Incoming(origin, article, file_sha256)


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

    The caller holds the collection's lock. A transaction is open only while rows are written.
    """
    added, updated, unchanged, refused = list[str](), list[str](), list[str](), list[Refusal]()
    batch: list[_Prepared] = []

    def flush() -> None:
        if batch:
            entries = _embed(batch, embedder)
            with store.transaction():
                for entry in entries:
                    store.put(entry)
            batch.clear()
            stored()

    for one in incoming:
        if one.article is None or (reason := _unfit(one.article)):
            refused.append(Refusal(one.origin, one.reason if one.article is None else reason))
            continue
        if any(prepared.article.id == one.article.id for prepared in batch):
            flush()
        known = store.known(one.origin)
        if known and _same(known[0], one.article) and known[1] == one.file_sha256:
            unchanged.append(one.origin)
            continue
        (updated if known else added).append(one.origin)
        batch.append(_prepare(one.article, one.file_sha256, store, embedder))
        if sum(len(prepared.passages) for prepared in batch) >= BATCH_PASSAGES:
            flush()
    flush()
    return AddReport(tuple(added), tuple(updated), tuple(unchanged), tuple(refused))


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


def _same(old: Article, new: Article) -> bool:
    return dataclasses.replace(new, fetched=old.fetched) == old


def _prepare(article: Article, file_sha256: str, store: Store, embedder: Embedder) -> _Prepared:
    title, tokens = _short_title(article.title, embedder)
    passages = split(
        article.text,
        lambda texts: embedder.count_tokens([fold(text) for text in texts]),
        limit=max(embedder.max_tokens - tokens - _SPECIAL_TOKENS, 1),
        language=article.language or "en",
    )
    texts = [article.text[spans[0].start : spans[-1].end] for spans in passages]
    return _Prepared(
        article=article,
        file_sha256=file_sha256,
        passages=passages,
        inputs=[fold(f"{title}\n{text}") for text in texts],
        known=store.embedded(article.id),
    )


def _short_title(title: str, embedder: Embedder) -> tuple[str, int]:
    """The title and its tokens, cut so that most of what is embedded is the passage's text."""
    title = title[:_TITLE_CHARACTERS]
    while (tokens := embedder.count_tokens([fold(title)])[0]) > embedder.max_tokens // 2:
        title = title[: len(title) // 2]
    return title, tokens


def _embed(batch: list[_Prepared], embedder: Embedder) -> list[NewArticle]:
    """Every input that is not known yet, each once, in one call."""
    known: dict[str, Vectors] = {}
    for prepared in batch:
        known |= prepared.known
    hashes = [[_sha256(text) for text in prepared.inputs] for prepared in batch]
    wanted = {
        sha256: text
        for prepared, keys in zip(batch, hashes, strict=True)
        for sha256, text in zip(keys, prepared.inputs, strict=True)
        if sha256 not in known
    }
    if wanted:
        known |= zip(wanted, embedder.embed_passages(list(wanted.values())), strict=True)
    return [
        NewArticle(
            prepared.article,
            prepared.file_sha256,
            tuple(
                NewPassage(spans, sha256, known[sha256])
                for spans, sha256 in zip(prepared.passages, keys, strict=True)
            ),
        )
        for prepared, keys in zip(batch, hashes, strict=True)
    ]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
