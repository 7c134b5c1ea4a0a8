"""The news articles and quiz questions of a data folder (see bench/README.md)."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from bench import squad
from index.collection import Collection
from index.embedder import Embedder
from index.packaged import PackagedEmbedder
from index.passages import TARGET_TOKENS
from index.types import Article, Hit
from qa.retriever import Retriever
from qa.timeframe import time_frame

_T = TypeVar("_T")

_SEED = 20240818
# Questions up to this year are trained on; the reader is measured on later ones only.
TRAINED_UNTIL = 2022


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """`relevant` and `gold` are origins of articles; gold ones were linked by the quiz itself."""

    id: str
    asked_on: date
    question: str
    answers: tuple[str, ...]
    relevant: frozenset[str]
    gold: frozenset[str]

    def is_answered_by(self, hit: Hit, origin: str) -> bool:
        """Whether the hit is of a relevant article, or holds an answer all the same."""
        return origin in self.relevant or squad.holds(hit.passage.text, self.answers)


def articles(path: Path) -> Iterator[Article]:
    """The articles of a .jsonl.gz file; their origin is the id they have there."""
    with gzip.open(path, "rt") as lines:
        for line in lines:
            row = json.loads(line)
            yield Article.create(
                origin=row["id"],
                title=row["title"],
                text=row["text"],
                url=row["url"],
                authors=tuple(row["authors"] or ()),
                published=_date(row["published"]) if row["published"] else None,
                fetched=datetime(2024, 12, 31, tzinfo=UTC),
            )


def found(retriever: Retriever, question: QuizQuestion, k: int) -> list[Hit]:
    """The hits as a user's question gets them: asked on its day, its words about time heeded."""
    frame = time_frame(question.question, question.asked_on)
    return retriever.retrieve(question.question, k, near=question.asked_on, frame=frame)


def unseen(path: Path) -> list[QuizQuestion]:
    """The questions of a .jsonl file that nothing was trained on."""
    return [one for one in questions(path) if one.asked_on.year > TRAINED_UNTIL]


def questions(path: Path) -> list[QuizQuestion]:
    """The questions of a .jsonl file."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return [
        QuizQuestion(
            id=row["question_id"],
            asked_on=_date(row["date"]),
            question=row["question"],
            answers=tuple(row["answers"]),
            relevant=frozenset(row["relevant"]),
            gold=frozenset(row["gold"]),
        )
        for row in rows
    ]


def left(hits: Sequence[Hit], removed: Container[int]) -> list[Hit]:
    """The fused hits without those of the removed passages, by id, as if they were not there.

    Scores are as high as they would be then: fusion divides by the highest of all.
    """
    kept = [hit for hit in hits if hit.passage.id not in removed]
    share = hits[0].score / kept[0].score if kept and kept[0].score > 0 else 1.0
    return [replace(hit, score=hit.score * share) for hit in kept]


def drawn(items: Sequence[_T], limit: int | None) -> list[_T]:
    """The first `limit` in a random order that is always the same; all if that is None."""
    order = random.Random(_SEED).sample(range(len(items)), len(items))
    return [items[n] for n in order[:limit]]


def collection(data: Path, cache: Path, name: str = "articles-small") -> Collection:
    """The articles as a collection in `cache`, made once for each embedder and passage size."""
    file = data / "news" / f"{name}.jsonl.gz"
    embedder = PackagedEmbedder()
    opened = Collection.open(kept_in(file, cache, embedder), embedder=embedder)
    opened.add_articles(tqdm(articles(file), "adding articles", unit="", disable=None))
    return opened


def kept_in(file: Path, cache: Path, embedder: Embedder) -> Path:
    """The folder in `cache` of the collection of this file's articles."""
    key = f"{embedder.fingerprint} {TARGET_TOKENS} {hashlib.sha256(file.read_bytes()).hexdigest()}"
    name = file.name.partition(".")[0]
    return cache / f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def _date(value: str) -> date:
    return date.fromisoformat(value.replace("/", "-"))
