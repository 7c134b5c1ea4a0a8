"""Questions as users ask them, read by the network, and which sentences were right.

Four groups, each with the passages that the retriever finds:

- `news`: the quiz over the small collection; a sentence that holds the answer is right.
- `removed`: the same without the relevant articles and whatever else holds the answer.
- `squad`: questions on some articles of SQuAD 2.0 dev over these articles alone; right is a
  sentence of the question's own paragraph that holds the answer.
- `trick`: those that the paragraph does not answer.

Reading takes minutes, so what was read is kept and only what is missing is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from tqdm import tqdm

from bench import news, squad
from index.collection import Collection
from index.types import Article, Hit, Span
from qa.assistant import READ
from qa.confidence import Judgement
from qa.judge import Judge, Judged
from qa.retriever import Retriever
from qa.timeframe import time_frame
from training import data

# Hits that are found so that READ are left when those that answer are removed.
_DEPTH = 6 * READ

MakeJudge = Callable[[Collection], Judge]


@dataclass(frozen=True, slots=True)
class Asking:
    """One question, every sentence that was read for it, and whether each is right."""

    id: str
    group: str
    answers: tuple[str, ...]
    judgements: tuple[Judgement, ...]
    right: tuple[bool, ...]


class _Wanted(NamedTuple):
    """One asking that is still to be read."""

    id: str
    group: str
    question: str
    answers: tuple[str, ...]
    asked_on: date | None
    is_right: Callable[[Judged], bool]
    is_removed: Callable[[Hit], bool]


class Kept:
    """Askings in a file, a line for each."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = map(json.loads, path.read_text().splitlines()) if path.exists() else ()
        self._askings = {(row["group"], row["id"]): _asking(row) for row in rows}

    def read(self, collection: Collection, judge: Judge, wanted: Sequence[_Wanted]) -> list[Asking]:
        """The wanted ones, in order; those that were not kept are read now."""
        missing = [one for one in wanted if (one.group, one.id) not in self._askings]
        retriever = Retriever(collection)
        with self._path.open("a") as file:
            for one in tqdm(missing, "reading", disable=None):
                made = _read(one, retriever, judge)
                self._askings[one.group, one.id] = made
                row = {
                    "id": made.id,
                    "group": made.group,
                    "answers": made.answers,
                    "judgements": made.judgements,
                    "right": made.right,
                }
                file.write(json.dumps(row) + "\n")
        return [self._askings[one.group, one.id] for one in wanted]


def quiz(
    folder: Path, cache: Path, name: str, limit: int | None, kept: Kept, judge: MakeJudge
) -> list[Asking]:
    """The groups `news` and `removed` of the questions of one file that were not trained on."""
    questions = news.drawn(news.unseen(folder / "news" / f"{name}.jsonl"), limit)
    with news.collection(folder, cache) as collection:
        origins = {article.id: article.origin for article in collection.articles()}
        wanted = [one for question in questions for one in _both(question, origins)]
        return kept.read(collection, judge(collection), wanted)


def squad2(
    folder: Path, cache: Path, part: data.Part, limit: int | None, kept: Kept, judge: MakeJudge
) -> list[Asking]:
    """The groups `squad` and `trick` of one part of SQuAD 2.0 dev."""
    reading = data.squad2(folder, part)
    articles, places = _joined(reading)
    wanted = []
    for number in news.drawn(range(len(reading.questions)), limit):
        question = reading.questions[number]
        group = "squad" if question.answers else "trick"
        right = _right_in(places[question.paragraph], question.answers)
        # By its words: numbers change with the split.
        name = f"{part} {hashlib.sha256(question.text.encode()).hexdigest()[:12]} {number}"
        wanted.append(
            _Wanted(name, group, question.text, question.answers, None, right, lambda hit: False)
        )
    names = hashlib.sha256("\n".join(sorted(one.origin for one in articles)).encode()).hexdigest()
    with Collection.open(cache / f"squad2-{part}-{names[:12]}") as collection:
        collection.add_articles(tqdm(articles, "adding articles", disable=None))
        return kept.read(collection, judge(collection), wanted)


def _both(question: news.QuizQuestion, origins: dict[str, str]) -> Iterator[_Wanted]:
    def right(one: Judged) -> bool:
        return squad.holds(one.hit.passage.text_at(one.sentence), question.answers)

    def answers(hit: Hit) -> bool:
        return question.is_answered_by(hit, origins[hit.passage.article_id])

    asked = _Wanted(
        question.id,
        "news",
        question.question,
        question.answers,
        question.asked_on,
        right,
        lambda hit: False,
    )
    yield asked
    yield asked._replace(group="removed", is_right=lambda one: False, is_removed=answers)


def _read(wanted: _Wanted, retriever: Retriever, judge: Judge) -> Asking:
    frame = time_frame(wanted.question, wanted.asked_on or date.today())
    hits = retriever.retrieve(wanted.question, _DEPTH, near=wanted.asked_on, frame=frame)
    removed = {hit.passage.id for hit in hits if wanted.is_removed(hit)}
    judged = judge.judge(wanted.question, news.left(hits, removed)[:READ])
    return Asking(
        wanted.id,
        wanted.group,
        wanted.answers,
        tuple(one.judgement for one in judged),
        tuple(wanted.is_right(one) for one in judged),
    )


def _joined(reading: data.Reading) -> tuple[list[Article], list[tuple[str, Span]]]:
    """Each article's paragraphs as one text, and where each paragraph stands: article and span."""
    articles, places = [], [("", Span(0, 0))] * len(reading.paragraphs)
    for name, members in reading.articles().items():
        made = Article.create(
            origin=name,
            title=reading.paragraphs[members[0]].title,
            text="\n\n".join(reading.paragraphs[position].text for position in members),
            fetched=datetime.now(UTC),
        )
        articles.append(made)
        start = 0
        for position in members:
            end = start + len(reading.paragraphs[position].text)
            places[position] = made.id, Span(start, end)
            start = end + 2
    return articles, places


def _right_in(place: tuple[str, Span], answers: Sequence[str]) -> Callable[[Judged], bool]:
    article_id, paragraph = place

    def right(one: Judged) -> bool:
        return (
            one.hit.passage.article_id == article_id
            and paragraph.start <= one.sentence.start < paragraph.end
            and squad.holds(one.hit.passage.text_at(one.sentence), answers)
        )

    return right


def _asking(row: dict[str, Any]) -> Asking:
    return Asking(
        row["id"],
        row["group"],
        tuple(row["answers"]),
        tuple(Judgement(*judgement) for judgement in row["judgements"]),
        tuple(row["right"]),
    )
