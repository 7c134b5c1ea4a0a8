"""Readers in threads and processes while a writer changes everything: the old or the new, no half.

Article `n` goes from version to version, each of another length. Whoever reads must find all of
one version of it, in its text and in its passages, and never one older than what it has seen.
"""

from __future__ import annotations

import multiprocessing
import re
import threading
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import faiss

from index import ArticleQAError, Collection
from index.types import Hit
from tests.faults import operations
from tests.faults.answers import ALL, Problem
from tests.faults.operations import made
from tests.faults.tally import Tally

# So few that all their passages are found by a word of the title.
_NUMBERS = range(6)
_VERSION = re.compile(r"town(\d+) saw version(\d+) ")
QUESTION = "the harbour of town1 saw the storm"

# Readers of another process share no state with the writer, not even a fork.
_PROCESSES = multiprocessing.get_context("spawn")


def version(number: int, version: int) -> Any:
    return made(number, version, passages=1 + (version * 3 + number) % 7)


class Reader:
    """Reads with every call there is, in turn."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self.seen: dict[str, int] = defaultdict(int)
        self.tally = Tally()

    def read(self, reads: int) -> Tally:
        calls: tuple[Callable[[], Iterable[Problem]], ...] = (
            self._article,
            lambda: self._whole(self.collection.search_dense(QUESTION, ALL)),
            self._article,
            lambda: self._whole(self.collection.search_lexical(QUESTION, ALL)),
            self._article,
            self._list,
        )
        for number in range(reads):
            try:
                found = list(calls[number % len(calls)]())
            except ArticleQAError as error:
                found = [Problem("lost", f"refused: {error}")]
            except Exception:
                found = [Problem("crashes", traceback.format_exc())]
            self.tally.count(f"read {number}", found)
        return self.tally

    def _article(self) -> Iterable[Problem]:
        number = self.tally.tried % len(_NUMBERS)
        one = self.collection.article(version(number, 0).id)
        yield from self._text(one.id, one.text)

    def _list(self) -> Iterable[Problem]:
        listed = list(self.collection.articles())
        if len(listed) != len(_NUMBERS):
            yield Problem("lost", f"{len(listed)} articles in the list")
        for one in listed:
            yield from self._text(one.id, one.text)

    def _text(self, id: str, text: str) -> Iterable[Problem]:
        found = _VERSION.search(text)
        if found is None or text != version(int(found[1]), int(found[2])).text:
            yield Problem("half-written", f"{id} is {text[:100]!r}")
        else:
            yield from self._not_older(id, int(found[2]))

    def _not_older(self, id: str, version: int) -> Iterable[Problem]:
        if version < self.seen[id]:
            yield Problem("wrong answers", f"{id} went back from {self.seen[id]} to {version}")
        self.seen[id] = version

    def _whole(self, hits: list[Hit]) -> Iterable[Problem]:
        """A search sees one moment: all passages of one version of each article."""
        by_article = defaultdict[str, list[str]](list)
        for hit in sorted(hits, key=lambda hit: hit.passage.start):
            by_article[hit.passage.article_id].append(hit.passage.text)
        if len(by_article) != len(_NUMBERS):
            yield Problem("lost", f"passages of {len(by_article)} articles found")
        for id, texts in by_article.items():
            found = _VERSION.search(texts[0])
            if found is None:
                yield Problem("half-written", f"the first passage of {id} is {texts[0][:100]!r}")
                continue
            whole = version(int(found[1]), int(found[2])).text.split("\n\n")
            if texts != whole:
                yield Problem("half-written", f"{len(texts)} of {len(whole)} passages of {id}")
            yield from self._not_older(id, int(found[2]))


def run(folder: Path, reads: int, *, threads: int = 2, processes: int = 2) -> tuple[Tally, int]:
    """`reads` in all, shared by readers in this process and in others, while this one writes.

    Also returns how many transactions were written meanwhile.
    """
    root = folder / "root"
    root.mkdir(parents=True)
    share = max(1, reads // (threads + processes))
    results: Any = _PROCESSES.Queue()
    with operations.small_segments(), operations.opened(root) as collection:
        collection.add_articles([version(number, 0) for number in _NUMBERS])
        others = [
            _PROCESSES.Process(target=_read, args=(root, share, results)) for _ in range(processes)
        ]
        tallies = list[Tally]()
        here = [
            threading.Thread(target=lambda: tallies.append(Reader(collection).read(share)))
            for _ in range(threads)
        ]
        for one in (*others, *here):
            one.start()
        written = _write(collection, lambda: any(one.is_alive() for one in (*others, *here)))
        for one in (*others, *here):
            one.join()
    for _ in range(sum(other.exitcode == 0 for other in others)):
        tallies.append(Tally(*results.get(timeout=60)))
    total = Tally(
        sum(one.tried for one in tallies),
        sum((one.found for one in tallies), Counter()),
        [example for one in tallies for example in one.examples],
    )
    for other in others:
        if other.exitcode:
            total.count("reader", [Problem("crashes", f"a reader ended with {other.exitcode}")])
    return total, written


def _write(collection: Collection, go_on: Callable[[], bool]) -> int:
    turn = 0
    while go_on():
        turn += 1
        # one at a time, and all in one transaction
        chosen = _NUMBERS if turn % 4 == 0 else [turn % len(_NUMBERS)]
        collection.add_articles([version(number, turn) for number in chosen])
    return turn


def _read(root: Path, reads: int, results: Any) -> None:
    faiss.omp_set_num_threads(1)
    with operations.opened(root, create=False) as collection:
        tally = Reader(collection).read(reads)
    results.put((tally.tried, tally.found, tally.examples[:20]))
