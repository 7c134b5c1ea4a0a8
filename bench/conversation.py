"""Follow-ups: the terms that are resolved, beside people's rewritings, and what retrieval gains.

People's rewritings of sources that nothing was trained on: of the content words that a rewriting
has over the question as typed, and the turns before it name, how many are found, and how many of
those found are right. Over the paragraphs of SQuAD 2.0 dev: a question of an untouched article of
which a name is dropped or made a pronoun, after the questions before it on the same paragraph; as
typed, as resolved and as its author wrote it. And what is lost by resolving the author's own.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import ir_measures
from ir_measures import R, nDCG
from tqdm import tqdm

from index.collection import Collection
from index.terms import stems
from index.types import Article
from qa.conversation import stand_alone
from qa.resolver import PACKAGED, Resolver
from qa.resolver import resolver as packaged
from qa.retriever import Retriever
from qa.types import Turn
from training import data, followups
from training.rewritings import DEVELOPMENT, SOURCES, Rewriting, rewritings, term_stems

METRICS = (nDCG @ 10, R @ 5)
DEPTH = 10
_EARLIER = 3
Resolve = Callable[[str, Sequence[str]], str]


class Asked(NamedTuple):
    """A question in two forms, after others, and the paragraph it was written for."""

    id: str
    typed: str
    written: str
    turns: tuple[str, ...]
    paragraph: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the measurement."""
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--weights", type=Path, default=PACKAGED, help="folder of the resolver")
    parser.add_argument("--limit", type=int, default=1_000, help="follow-ups over SQuAD")
    parser.add_argument("--cache", type=Path, default=Path(".cache/bench"), help="kept collections")
    parser.add_argument("--show", type=int, default=0, help="print so many rewritings of each kind")


def run(options: argparse.Namespace) -> int:
    """Print both tables."""
    resolver = packaged(options.weights)
    print_terms(rewritings(options.data), resolver, options.show)
    with paragraphs(options.data, options.cache) as collection:
        for name, asked in (
            ("follow-ups", follow_ups(options.data, options.limit)),
            ("stand alone, same subject", unchanged(options.data, options.limit, other=False)),
            ("stand alone, new subject", unchanged(options.data, options.limit, other=True)),
        ):
            print(f"\nSQuAD 2.0 dev, untouched articles: {name} (n {len(asked)})")
            print_retrieval(asked, resolver, collection, options.show)
    return 0


def print_terms(those: Sequence[Rewriting], resolver: Resolver, show: int) -> None:
    """A line for each source: precision, recall and F1 over all its terms; whole sources last."""
    print(f"{'people’s rewritings':24}{'turns':>7}{'terms':>7}{'P':>7}{'R':>7}{'F1':>7}")
    kinds = {
        "trained on": SOURCES,
        "thresholds chosen on": DEVELOPMENT,
        "only reported": {one.source for one in those} - SOURCES - DEVELOPMENT,
    }
    for kind, sources in kinds.items():
        counts = {}
        for source in sorted(sources):
            mine = [one for one in those if one.source == source and one.before]
            counts[source] = [counted(one, resolver, show) for one in mine]
        if kind == "only reported":
            for source, found in counts.items():
                print(_line(source, found))
        print(_line(kind, [one for found in counts.values() for one in found]))


def counted(one: Rewriting, resolver: Resolver, show: int = 0) -> tuple[int, int, int]:
    """Terms that are right, found, wanted; with `show`, about so many of 1,000 are printed.

    Earlier questions are resolved, too, as in a conversation with the assistant.
    """
    history: list[Turn] = []
    for earlier in one.before:
        history.append(earlier.turn(stand_alone(earlier.question, history, resolver)))
    made = stand_alone(one.question, history, resolver)
    found = term_stems(made) - frozenset(stems(one.question))
    if random.Random(one.question).random() * 1_000 < show:
        print(f"  {one.turns[-2:]}\n    {one.question} -> {made}  [{one.rewritten}]")
    return len(one.terms & found), len(found), len(one.terms)


def _line(name: str, counts: Sequence[tuple[int, int, int]]) -> str:
    right, found, wanted = (sum(column) for column in zip(*counts, strict=True))
    precision, recall = right / max(found, 1), right / max(wanted, 1)
    f1 = 2 * right / max(found + wanted, 1)
    return f"{name:24}{len(counts):7}{wanted:7}{precision:7.3f}{recall:7.3f}{f1:7.3f}"


def resolved(resolver: Resolver) -> Resolve:
    """As the assistant does it, with turns of text only."""

    def resolve(question: str, turns: Sequence[str]) -> str:
        return stand_alone(question, [Turn(turn, turn) for turn in turns], resolver)

    return resolve


def follow_ups(folder: Path, limit: int, part: data.Part = "untouched") -> list[Asked]:
    """Questions that shared a name with those before them on one paragraph, without it."""
    draw = random.Random(0)
    made = []
    for number, (question, turns, paragraph, _) in enumerate(_consecutive(folder, part)):
        if short := followups.shortened(question, turns, paragraph, draw):
            made.append(Asked(str(number), short.question, question, tuple(turns), paragraph))
    return made[:: max(len(made) // limit, 1)][:limit]


def unchanged(
    folder: Path, limit: int, *, other: bool, part: data.Part = "untouched"
) -> list[Asked]:
    """Questions as their authors wrote them, after others on the paragraph or another article."""
    made = [
        Asked(str(number), question, question, tuple(before if other else turns), paragraph)
        for number, (question, turns, paragraph, before) in enumerate(_consecutive(folder, part))
        if before or not other
    ]
    return made[:: max(len(made) // limit, 1)][:limit]


def _consecutive(folder: Path, part: data.Part) -> list[tuple[str, list[str], str, list[str]]]:
    """Question, those before it on its paragraph, the paragraph, and those on another article."""
    reading = data.squad2(folder, part)
    answered = [one for one in reading.questions if one.answers]
    found = []
    before: list[str] = []
    last: tuple[str, list[str]] = ("", [])
    for paragraph, group in groupby(answered, lambda one: one.paragraph):
        asked = [one.text for one in group]
        article = reading.paragraphs[paragraph].article
        if article != last[0]:
            before, last = last[1], (article, [])
        last[1][:] = asked[-_EARLIER:]
        text = reading.paragraphs[paragraph].text
        for number in range(1, len(asked)):
            turns = asked[max(number - _EARLIER, 0) : number]
            found.append((asked[number], turns, text, list(before)))
    return found


def paragraphs(folder: Path, cache: Path) -> Collection:
    """Every paragraph of SQuAD 2.0 dev as an article without a title."""
    collection = Collection.open(cache / "squad2-paragraphs")
    parts: tuple[data.Part, ...] = ("train", "development", "untouched")
    articles = [
        Article.create(origin=_name(one.text), title="", text=one.text, fetched=datetime.now(UTC))
        for part in parts
        for one in data.squad2(folder, part).paragraphs
    ]
    if collection.stats().articles < len({one.origin for one in articles}):
        collection.add_articles(tqdm(articles, "adding paragraphs", disable=None))
    return collection


def print_retrieval(
    those: Sequence[Asked], resolver: Resolver, collection: Collection, show: int
) -> None:
    """nDCG@10 and recall@5 of the paragraph: as typed, as resolved, as written."""
    resolve = resolved(resolver)
    forms: dict[str, dict[str, str]] = {
        "as typed": {one.id: one.typed for one in those},
        "as resolved": {one.id: resolve(one.typed, one.turns) for one in those},
        "as written": {one.id: one.written for one in those},
    }
    for one in those[:: max(len(those) // show, 1)] if show else ():
        print(f"  {one.turns[-1:]}\n    {one.typed} -> {forms['as resolved'][one.id]}")
    retriever = Retriever(collection)
    origins = {article.id: article.origin for article in collection.articles()}
    wanted = {one.id: {_name(one.paragraph): 1} for one in those}
    print(f"{'':14}{'nDCG@10':>9}{'recall@5':>9}")
    values = {}
    for form, questions in forms.items():
        runs: dict[str, dict[str, float]] = {}
        for id, question in tqdm(questions.items(), form, leave=False, disable=None):
            hits = retriever.retrieve(question, DEPTH * 2)
            found = dict.fromkeys(origins[hit.passage.article_id] for hit in hits)
            runs[id] = {origin: float(-rank) for rank, origin in enumerate(found)}
        measured = ir_measures.calc_aggregate(METRICS, wanted, runs)
        values[form] = [measured[metric] for metric in METRICS]
        print(f"{form:14}" + "".join(f"{value:9.3f}" for value in values[form]), flush=True)
    typed, ours, written = values.values()
    gaps = [high - low for low, high in zip(typed, written, strict=True)]
    if min(gaps) > 0.01:
        shares = [(our - low) / gap for our, low, gap in zip(ours, typed, gaps, strict=True)]
        print(f"{'recovered':14}" + "".join(f"{share:9.1%}" for share in shares))
    else:
        changed = [forms["as resolved"][one.id] != one.typed for one in those]
        print(f"{'changed':14}{sum(changed) / len(those):9.1%} of the questions")


def _name(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
