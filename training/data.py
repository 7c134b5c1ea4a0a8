"""Questions with answers, and which of them may be trained on.

Trained on: SQuAD 1.1 train, the Amazon and Reddit parts of SquadShifts, and 21 of the 35 articles
of SQuAD 2.0 dev, the only source of trick questions written by people. (News questions of 2022 are
added by training/quiz.py.)

The split of SQuAD 2.0 dev is by article, titles ranked by their SHA-256. The last 10 are
*untouched*: never trained on, tuned on or chosen by, only reported on. 4 that are not trained on
either choose thresholds (*development*).
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from index.passages import sentences
from index.terms import content_words, stems
from index.types import Span

Part = Literal["train", "development", "untouched"]

PEOPLE_TRICKS = "squad2-dev"
NEWS = "news"
CONSECUTIVE = "squad1-train"

_FOLDER = "reader"
# Where the parts of the ranked titles of SQuAD 2.0 dev end, as shares of all.
_ENDS: tuple[tuple[float, Part], ...] = (
    (13 / 35, "train"),
    (17 / 35, "development"),
    (25 / 35, "train"),
    (1.0, "untouched"),
)
# SquadShifts numbers its reviews and has one article for all of Reddit: no titles to be read.
_SETS: tuple[tuple[str, bool], ...] = (
    (CONSECUTIVE, True),
    ("squadshifts-amazon-reviews", False),
    ("squadshifts-reddit", False),
)
# Where `answer_start` is only the first occurrence of the answer, not the annotated one.
_FIRST_OCCURRENCE = {CONSECUTIVE}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of an article; `article` tells articles apart, `title` may be empty."""

    article: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question put to one paragraph.

    `answers` are all annotated ones, in order; none if the paragraph does not answer. `span` is
    the one to train on, in characters of the paragraph.
    """

    text: str
    paragraph: int
    answers: tuple[str, ...]
    span: Span | None
    source: str


@dataclass(slots=True)
class Reading:
    """Paragraphs, and questions that point at them by position."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def articles(self) -> dict[str, list[int]]:
        """The positions of the paragraphs of every article."""
        grouped: dict[str, list[int]] = {}
        for position, paragraph in enumerate(self.paragraphs):
            grouped.setdefault(paragraph.article, []).append(position)
        return grouped


def training(data: Path) -> Reading:
    """All that may be trained on, from a data folder."""
    reading = Reading()
    for name, titled in _SETS:
        append(reading, _articles(data, name), name, titled=titled)
    append(reading, _part(data, "train"), PEOPLE_TRICKS)
    return reading


def consecutive(data: Path) -> Reading:
    """SQuAD 1.1 train: several questions on each paragraph, in order."""
    reading = Reading()
    append(reading, _articles(data, CONSECUTIVE), CONSECUTIVE)
    return reading


def squad2(data: Path, part: Part) -> Reading:
    """One part of SQuAD 2.0 dev."""
    reading = Reading()
    append(reading, _part(data, part), PEOPLE_TRICKS)
    return reading


def parts(titles: Collection[str]) -> dict[str, Part]:
    """Which part every article belongs to; see the module's own words."""
    ranked = sorted(titles, key=lambda title: hashlib.sha256(title.encode()).digest())
    return {
        title: next(part for end, part in _ENDS if n < end * len(ranked))
        for n, title in enumerate(ranked)
    }


def append(
    reading: Reading, articles: Iterable[dict[str, Any]], source: str, *, titled: bool = True
) -> None:
    """Add articles in SQuAD's layout."""
    for article in articles:
        title = article["title"].replace("_", " ") if titled else ""
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            position = len(reading.paragraphs)
            name = f"{source}/{article['title']}"
            reading.paragraphs.append(Paragraph(name, title, text))
            for asked in paragraph["qas"]:
                answers = [] if asked.get("is_impossible") else asked["answers"]
                reading.questions.append(
                    Question(
                        asked["question"].strip(),
                        position,
                        tuple(answer["text"] for answer in answers),
                        _span(asked["question"], text, answers, source) if answers else None,
                        source,
                    )
                )


def occurrence(question: str, text: str, answer: str, first: int) -> int:
    """Where `answer` stands in the sentence that shares most terms with the question.

    Occurrences inside a word count only if there is no other; equal sentences: the first one.
    `first` is returned if the answer is not in the text at all.
    """
    found = [match.start() for match in re.finditer(f"(?={re.escape(answer)})", text)]
    whole = [at for at in found if _stands_alone(text, at, at + len(answer))]
    places = whole or found
    if len(places) < 2:
        return places[0] if places else first
    asked = set(stems(" ".join(content_words(question))))
    spans = sentences(text)

    def overlap(at: int) -> int:
        around = next((text[s.start : s.end] for s in spans if s.start <= at < s.end), "")
        return len(asked.intersection(stems(around)))

    return max(places, key=lambda at: (overlap(at), -at))


def _span(question: str, text: str, answers: Sequence[dict[str, Any]], source: str) -> Span | None:
    """The answer most annotators gave, the first of equals; None if it is not in the text."""
    (answer, at), _ = Counter((a["text"], a["answer_start"]) for a in answers).most_common(1)[0]
    if source in _FIRST_OCCURRENCE:
        at = occurrence(question, text, answer, at)
    return Span(at, at + len(answer)) if text.startswith(answer, at) else None


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (
        after.isalnum() and text[end - 1].isalnum()
    )


def _part(data: Path, part: Part) -> list[dict[str, Any]]:
    articles = _articles(data, PEOPLE_TRICKS)
    which = parts([article["title"] for article in articles])
    return [article for article in articles if which[article["title"]] == part]


def _articles(data: Path, name: str) -> list[dict[str, Any]]:
    with gzip.open(data / _FOLDER / f"{name}.json.gz", "rt") as file:
        articles: list[dict[str, Any]] = json.load(file)["data"]
    return articles
