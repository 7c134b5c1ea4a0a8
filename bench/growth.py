"""What a collection costs as it grows: opening, asking, adding one more article, and memory.

Its passages are those of news, and after them the same with words exchanged: real text and real
vectors, each new one moved as far as two passages of the collection differ, since of vectors of
chance the recall says nothing. Nothing is embedded, so that only the collection is measured.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from tqdm import tqdm

from bench import news
from index import clusters, rows
from index.collection import Collection
from index.embedder import Vectors
from index.entries import NewArticle, NewPassage
from index.store import Store
from index.types import Article, Filter, Span

_WORD = re.compile(r"[^\W\d_]{4,}")
# Of these words so many are others in every copy; a vector moves by so much of a difference.
_EXCHANGED = 0.3
_MOVED = 0.6
# Passages of one transaction.
_AT_ONCE = 4_000
_WANTED = 10
_SEED = 20240818


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m bench growth`."""
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--cache", type=Path, default=Path(".cache/bench"), help="kept collections")
    parser.add_argument(
        "--passages", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="sizes"
    )
    parser.add_argument("--of", type=Path, help="a collection of news that is there already")
    parser.add_argument("--questions", type=int, default=300, help="drawn at random")
    parser.add_argument("--adds", type=int, default=50, help="articles added one by one")
    parser.add_argument("--keep", type=Path, help="grow the collection in this folder")


def run(options: argparse.Namespace) -> int:
    """Grow one collection from size to size, and print what it costs at each; 0."""
    asked = news.drawn(
        news.questions(options.data / "news" / "questions-2024.jsonl"), options.questions
    )
    with _news(options) as small:
        vectors = small.embedder.embed_questions([one.question for one in asked])
        fingerprint = small.embedder.fingerprint
        with tempfile.TemporaryDirectory(prefix="growth-") as folder:
            grown = _Growing(small, options.keep or Path(folder), fingerprint)
            questions = [one.question for one in asked]
            for passages in sorted(options.passages):
                written, indexed = grown.to(passages)
                exact = grown.nearest(vectors)
                print(f"\n{grown.count:,} passages")
                print(f"written               {written:9.1f} s rows, {indexed:.1f} s indexes")
                for line in _in_a_process(grown.path, fingerprint, questions, vectors, exact):
                    print(line)
                for line in grown.one_by_one(options.adds):
                    print(line)
    return 0


def _news(options: argparse.Namespace) -> Collection:
    if options.of is None:
        return news.collection(options.data, options.cache)
    return Collection.open(options.of, create=False, any_embedder=True)


class _Growing:
    """A collection that grows by real articles, and then by copies with other words."""

    def __init__(self, small: Collection, path: Path, fingerprint: str) -> None:
        self.path = path
        self.embedder = Given(fingerprint)
        self.count = 0
        self._articles = _stored(small)
        self._vectors = np.concatenate([[p.vector for p in one.passages] for one in self._articles])
        words = {word for one in self._articles for word in _WORD.findall(one.article.text)}
        self._words = sorted(words)
        self._all = self._endless()
        with Collection.open(path, embedder=self.embedder) as opened:
            self.count = opened.stats().passages
            for _ in range(opened.count()):
                next(self._all)

    def to(self, passages: int) -> tuple[float, float]:
        """Seconds to write the rows that are missing, and then the indexes, as `compact` does."""
        started = time.perf_counter()
        with (
            Collection.open(self.path, embedder=self.embedder) as opened,
            tqdm(total=passages - self.count, unit=" passages", disable=None) as bar,
        ):
            while self.count < passages:
                before = self.count
                with opened._store.transaction():
                    while self.count < min(before + _AT_ONCE, passages):
                        self.count += _insert(opened._store, next(self._all))
                bar.update(self.count - before)
            with opened._store.transaction():
                _sealed(opened._store, self.embedder.fingerprint)
            written = time.perf_counter()
            opened._caches.publish(whole=True)
        return written - started, time.perf_counter() - written

    def nearest(self, asked: Vectors) -> list[list[int]]:
        """The ids of the nearest passages, exactly."""
        best = np.full((len(asked), _WANTED), -np.inf)
        found = np.zeros((len(asked), _WANTED), np.int64)
        with Collection.open(self.path, embedder=self.embedder) as opened:
            last = opened._store.last_id()
            for after in range(0, last, 50_000):
                ids, _, vectors = opened._store.vectors(after, after + 50_000)
                both = np.hstack([best, asked @ vectors.T])
                numbers = np.hstack([found, np.broadcast_to(ids, (len(asked), len(ids)))])
                order = np.argpartition(-both, _WANTED - 1, axis=1)[:, :_WANTED]
                best = np.take_along_axis(both, order, axis=1)
                found = np.take_along_axis(numbers, order, axis=1)
        return [sorted(ids) for ids in found.tolist()]

    def one_by_one(self, adds: int) -> Iterator[str]:
        """How long one article more takes, and then to remove one, in a warm process."""
        with Collection.open(self.path, embedder=self.embedder) as opened:
            added, removed, asked = list[float](), list[float](), list[float]()
            question = self._articles[0].article.title
            opened.search_dense(question, _WANTED)
            for _ in range(adds):
                new = next(self._all)
                self.embedder.vectors = np.stack([one.vector for one in new.passages])
                added.append(_seconds(partial(opened.add_articles, [new.article])))
                asked.append(_seconds(partial(opened.search_dense, question, _WANTED)))
                if opened.find(new.article.id):  # with few words it may be a copy of another one
                    removed.append(_seconds(partial(opened.remove, new.article.id)))
            self.count = opened.stats().passages
        yield _line("add one article", added)
        yield _line("first question after", asked)
        yield _line("remove one article", removed)

    def _endless(self) -> Iterator[NewArticle]:
        yield from self._articles
        chance = random.Random(_SEED)
        drawn = np.random.default_rng(_SEED)
        number = 0
        while True:
            for one in self._articles:
                number += 1
                yield self._copy(one, number, chance, drawn)

    def _copy(
        self, one: NewArticle, number: int, chance: random.Random, drawn: np.random.Generator
    ) -> NewArticle:
        def other(word: re.Match[str]) -> str:
            return chance.choice(self._words) if chance.random() < _EXCHANGED else word.group()

        text, passages = "", list[NewPassage]()
        for passage in one.passages:
            spans = list[Span]()
            for start, end in passage.sentences:
                sentence = _WORD.sub(other, one.article.text[start:end])
                spans.append(Span(len(text), len(text) + len(sentence)))
                text += f"{sentence} "
            far = self._vectors[drawn.integers(len(self._vectors), size=2)]
            vector = passage.vector + _MOVED * (far[0] - far[1])
            passages.append(
                passage._replace(
                    sentences=tuple(spans), vector=vector / np.float32(np.linalg.norm(vector))
                )
            )
        made = Article.create(
            origin=f"{one.article.origin} {number}",
            title=_WORD.sub(other, one.article.title),
            text=text,
            published=one.article.published,
            fetched=one.article.fetched,
            language=one.article.language,
        )
        return NewArticle(made, "", tuple(passages))


@dataclass
class Given:
    """An embedder that knows what it will be asked for."""

    fingerprint: str
    vectors: Vectors | None = None
    max_tokens: int = 256

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """About."""
        return [len(text) // 5 for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Those given, over and over."""
        assert self.vectors is not None
        return self.vectors[np.arange(len(texts)) % len(self.vectors)]

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """The first ones given."""
        if self.vectors is None:
            return np.full((len(texts), 384), 384**-0.5, np.float32)
        return self.vectors[: len(texts)]


def _stored(small: Collection) -> list[NewArticle]:
    found = small.articles()
    return [NewArticle(one, "", small._store.new_passages(one.id)) for one in found]


def _insert(store: Store, new: NewArticle) -> int:
    """What an add writes, but for the comparing with all others; the number of passages."""
    row = (*rows.article_columns(new.article), "", len(new.passages))
    store._insert("article", (*row, rows.checksum(row)))
    first = store.last_id() + 1
    for id, passage in enumerate(new.passages, first):
        columns = rows.passage_columns(id, new.article.id, *passage)
        store._insert("passage", (*columns, rows.checksum(columns)))
    return len(new.passages)


def _sealed(store: Store, fingerprint: str) -> None:
    """The facts about the whole collection."""
    store.set_meta("facts", str(rows.filterable(store.connection)))
    store.set_meta("embedder", fingerprint)
    store._changed()
    clusters.done(store.connection)


# --- in a process of its own ---


def _in_a_process(
    path: Path,
    fingerprint: str,
    questions: list[str],
    vectors: Vectors,
    exact: list[list[int]],
) -> list[str]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (path, fingerprint, questions, vectors, exact))


def _measured(
    path: Path,
    fingerprint: str,
    questions: list[str],
    vectors: Vectors,
    exact: list[list[int]],
) -> list[str]:
    embedder = Given(fingerprint)
    before = _memory()
    started = time.perf_counter()
    opened = Collection.open(path, embedder=embedder)
    with opened._store.transaction():
        opened._caches.view()
    seconds = time.perf_counter() - started
    memory = [now - then for now, then in zip(_memory(), before, strict=True)]
    stats = opened.stats()
    lines = [
        f"index: {stats.index}",
        f"open, hashes checked  {1_000 * seconds:9.1f} ms",
    ]
    with opened._store.transaction():
        view = opened._caches.view()
        view.words.search(questions[0], 50)
        lines += [
            _line(
                "dense index alone",
                [_seconds(partial(view.nearest, v, 66, None)) for v in vectors],
            ),
            _line("BM25 alone", [_seconds(partial(view.words.search, q, 50)) for q in questions]),
        ]

    def dense(number: int, filter: Filter | None = None) -> list[int]:
        embedder.vectors = vectors[number : number + 1]
        return [hit.passage.id for hit in opened.search_dense(questions[number], 50, filter)]

    def lexical(number: int, filter: Filter | None = None) -> list[int]:
        return [hit.passage.id for hit in opened.search_lexical(questions[number], 50, filter)]

    numbers = range(len(questions))
    shares = [
        len(set(dense(number)[:_WANTED]) & set(exact[number])) / _WANTED for number in numbers
    ]
    dates = sorted(one.published for one in _sample(opened) if one.published)
    month = Filter(published_from=dates[len(dates) // 2], published_to=dates[len(dates) // 2 + 9])
    half = Filter(published_from=dates[len(dates) // 2])
    timed: dict[str, Callable[[int], object]] = {
        "dense, 50 hits": dense,
        "BM25, 50 hits": lexical,
        "both": lambda n: (dense(n), lexical(n)),
        "both, some days": lambda n: (dense(n, month), lexical(n, month)),
        "both, half": lambda n: (dense(n, half), lexical(n, half)),
    }
    for name, ask in timed.items():
        some = numbers if "," not in name or "hits" in name else numbers[:50]
        lines.append(_line(name, [_seconds(partial(ask, n)) for n in some]))
    after = [now - then for now, then in zip(_memory(), before, strict=True)]
    size = sum(file.stat().st_size for file in path.glob("segment-*"))
    lines += [
        f"recall@{_WANTED}             {sum(shares) / len(shares):9.4f}",
        f"memory, opened        {memory[0] / 1e6:9.1f} MB own, {memory[1] / 1e6:.1f} MB mapped",
        f"memory, asked         {after[0] / 1e6:9.1f} MB own, {after[1] / 1e6:.1f} MB mapped",
        f"bytes per passage     {size / stats.passages:9.0f} in the indexes, "
        f"{stats.bytes / stats.passages:.0f} in all",
    ]
    opened.close()
    return lines


def _sample(opened: Collection) -> list[Article]:
    found = opened.articles()
    return [one for one, _ in zip(found, range(1_000), strict=False)]


def _memory() -> tuple[int, int]:
    """Bytes of this process's own, and of mapped files that are in memory."""
    said = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return tuple(1024 * int(said[key].split()[0]) for key in ("RssAnon", "RssFile"))  # type: ignore[return-value]


def _seconds(what: Callable[[], object]) -> float:
    started = time.perf_counter()
    what()
    return time.perf_counter() - started


def _line(name: str, seconds: Sequence[float]) -> str:
    p50, p99 = (1_000 * np.percentile(seconds, p) for p in (50, 99))
    return f"{name:22}{p50:9.2f} ms p50 {p99:9.2f} ms p99"
