"""Whole answers to the news questions that were not trained on: right or not, and how sure."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from bench import calibration, news, squad
from bench.retrieval import QUESTIONS, article_ranking, measure
from index.collection import Collection
from index.types import Hit
from qa import rounds
from qa.assistant import READ
from qa.citations import Quote
from qa.composer import compose
from qa.forms import what_is_asked
from qa.joint_reader import PACKAGED, JointReader
from qa.reader import Reader, Reading
from qa.retriever import DEPTH, Retriever
from qa.timeframe import time_frame

# Published systems that were asked the same questions, as data/news/published-answers.jsonl names
# them.
PUBLISHED = {
    "qa_open_gpt3_gcs_gen": "GPT-3 with a web search",
    "qa_open_rag_gcs_gen": "BART RAG with a web search",
    "qa_closed_gpt3_gen": "GPT-3 alone",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: what was found and read, `quotes` as shown, `forced` without a threshold.

    `without` is what was read where no article answers: without the relevant ones and whatever
    else holds the answer.
    """

    question: news.QuizQuestion
    hits: list[Hit]
    readings: list[Reading]
    quotes: tuple[Quote, ...]
    forced: tuple[Quote, ...]
    without: list[Reading]

    @property
    def reordered(self) -> list[Hit]:
        """The hits that were read by their best sentence, then the others."""
        read = [reading.hit for reading in self.readings]
        return [*read, *self.hits]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m bench answers`."""
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--weights", type=Path, default=PACKAGED, help="folder of the reader")
    parser.add_argument("--articles", default="articles-small", help="file in DATA/news")
    parser.add_argument("--cache", type=Path, default=Path(".cache/bench"), help="kept collections")
    parser.add_argument("--limit", type=int, help="only so many questions of each file, at random")


def run(options: argparse.Namespace) -> int:
    """Print a table for each file of questions; 0."""
    published = _published(options.data / "news" / "published-answers.jsonl")
    with news.collection(options.data, options.cache, options.articles) as collection:
        reader = JointReader(collection, options.weights)
        origins = {article.id: article.origin for article in collection.articles()}
        for name in QUESTIONS:
            questions = news.unseen(options.data / "news" / f"{name}.jsonl")
            drawn = news.drawn(questions, options.limit)
            years = sorted({one.asked_on.year for one in drawn})
            print(f"\nasked in {years}: {len(drawn)} questions, {options.articles}")
            bar = tqdm(drawn, name, leave=False, disable=None)
            asked = list(_ask(collection, reader, bar, origins))
            for lines in (
                _answered(asked),
                _sure(asked, reader.threshold),
                _found(asked, origins),
                _beside(asked, published),
            ):
                print("\n".join(lines), flush=True)
    return 0


def _ask(
    collection: Collection,
    reader: Reader,
    questions: Iterable[news.QuizQuestion],
    origins: dict[str, str],
) -> Iterator[Asked]:
    retriever = Retriever(collection)

    def newest(one: news.QuizQuestion) -> bool:
        frame = time_frame(one.question, one.asked_on)
        return frame is not None and frame.newest

    def read(one: news.QuizQuestion, hits: Sequence[Hit]) -> list[Reading]:
        return rounds.read(
            reader,
            one.question,
            hits[:READ],
            is_late=lambda: False,
            one_answer=what_is_asked(one.question).form == "one" and not newest(one),
        ).readings

    def quotes(
        one: news.QuizQuestion, readings: Sequence[Reading], threshold: float
    ) -> tuple[Quote, ...]:
        return compose(
            one.question, readings, threshold, collection.published, newest_first=newest(one)
        ).quotes

    for one in questions:
        hits = news.found(retriever, one, DEPTH)
        readings = read(one, hits)
        answering = {
            hit.passage.id
            for hit in hits
            if one.is_answered_by(hit, origins[hit.passage.article_id])
        }
        left = news.left(hits, answering)
        yield Asked(
            question=one,
            hits=hits,
            readings=readings,
            quotes=quotes(one, readings, reader.threshold),
            forced=quotes(one, readings, 0.0),
            without=read(one, left),
        )


def _answered(asked: Sequence[Asked]) -> Iterator[str]:
    yield _line("short answers, refusal off", _short(asked, [one.forced for one in asked]))
    yield _line("short answers, as users get them", _short(asked, [one.quotes for one in asked]))
    answered = [one for one in asked if one.quotes]
    yield _line("answered", f"{len(answered) / len(asked):.3f}  n {len(asked)}")
    for what, those in (
        ("answered", [(one.question, one.quotes) for one in answered]),
        ("all, refusal off", [(one.question, one.forced) for one in asked if one.forced]),
    ):
        first = [squad.holds(quotes[0].text, question.answers) for question, quotes in those]
        some = [_any(quotes, question.answers) for question, quotes in those]
        yield _line(
            f"the quote holds a gold answer, of {what}",
            f"first {_mean(first)}, any {_mean(some)}  n {len(first)}",
        )


def _sure(asked: Sequence[Asked], threshold: float) -> Iterator[str]:
    """How far the confidence can be trusted, with and without articles that answer."""
    there = [
        (one.forced[0].score, squad.holds(one.forced[0].text, one.question.answers))
        for one in asked
        if one.forced
    ]
    gone = [(one.without[0].score, False) for one in asked if one.without]
    refused = np.mean([score < threshold for score, _ in gone])
    yield _line("refused without the articles that answer", f"{refused:.3f}  n {len(gone)}")
    area = squad.auroc([score for score, _ in there], [score for score, _ in gone])
    yield _line("with or without them, AUROC", f"{area:.3f}  n {len(there)} + {len(gone)}")
    for what, some in (("", there), (", both", there + gone)):
        error = calibration.expected_error(*zip(*some, strict=True))
        yield _line(f"calibration error of the confidence{what}", f"{error:.3f}  n {len(some)}")
    points = calibration.curve(*zip(*there, strict=True))
    steps = [calibration.at(points, n / 10) for n in range(1, 11)]
    curve = " ".join(f"{point.right:.2f}" for point in steps)
    yield _line("right when the surest .1, .2, ... 1 are answered", curve)


def _found(asked: Sequence[Asked], origins: dict[str, str]) -> Iterator[str]:
    for what, relevant in (
        ("all", {one.question.id: one.question.relevant for one in asked}),
        ("gold", {one.question.id: one.question.gold for one in asked}),
    ):
        there = {id: those for id, those in relevant.items() if those & set(origins.values())}
        if not there:
            continue
        for stage in ("retrieval", "reading"):
            ranking = {
                one.question.id: article_ranking(
                    one.hits if stage == "retrieval" else one.reordered, origins
                )
                for one in asked
                if one.question.id in there
            }
            hit, *_, reciprocal = measure(ranking, there)
            yield _line(
                f"article after {stage}, {what}",
                f"hit@1 {hit:.3f}, MRR@10 {reciprocal:.3f}  n {len(there)}",
            )


def _beside(asked: Sequence[Asked], published: dict[str, dict[str, str]]) -> Iterator[str]:
    """Each published system, and this one on the questions which that one answered."""
    for system, title in PUBLISHED.items():
        given = published.get(system, {})
        both = [one for one in asked if one.question.id in given]
        if not both:
            continue
        theirs = [given[one.question.id] for one in both]
        yield _line(title, _measured(both, theirs))
        yield _line("  this one on the same, refusal off", _short(both, [o.forced for o in both]))


def _short(asked: Sequence[Asked], quotes: Sequence[Sequence[Quote]]) -> str:
    return _measured(asked, [some[0].short if some else "" for some in quotes])


def _measured(asked: Sequence[Asked], given: Sequence[str]) -> str:
    pairs = [(short, one.question.answers) for short, one in zip(given, asked, strict=True)]
    exact = np.mean([squad.exact(short, answers) for short, answers in pairs])
    f1 = np.mean([squad.f1(short, answers) for short, answers in pairs])
    return f"EM {exact:.3f}, F1 {f1:.3f}  n {len(pairs)}"


def _any(quotes: Sequence[Quote], answers: Sequence[str]) -> bool:
    return any(squad.holds(quote.text, answers) for quote in quotes)


def _mean(flags: Sequence[bool]) -> str:
    return f"{np.mean(flags):.3f}" if flags else "-"


def _published(path: Path) -> dict[str, dict[str, str]]:
    """The answers of each system by question."""
    found: dict[str, dict[str, str]] = {}
    for line in path.read_text().splitlines():
        row = json.loads(line)
        found.setdefault(row["system"], {})[row["question_id"]] = row["answer"]
    return found


def _line(what: str, figures: str) -> str:
    return f"  {what:50} {figures}"
