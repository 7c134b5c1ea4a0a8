"""Reading alone: a trained reader on SQuAD 2.0 dev and ClapNQ, each passage given.

SQuAD 2.0 dev is reported on the 10 of its 35 articles that nothing was trained, tuned or chosen on
(see training/data.py); the threshold is chosen on the development articles. ClapNQ's passages are
whole sections: they are read in windows. With `--torch` the weights are run as they were trained,
not in int8: what that costs is the difference.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from tqdm import tqdm

from bench import squad
from index.embedder import packaged_folder
from index.types import Span
from qa import network, passes
from qa.joint_reader import WEIGHTS
from qa.spans import NO_TOKEN, Window
from qa.tokens import Tokens, WordPieces, token_span, windows
from training import data

_T = TypeVar("_T")

OVERLAP = 96
AT_ONCE = 256
_ALL = Span(0, 1 << 30)
# How relevance and the span's margin over "no answer" make one score (see the reader's model card).
SPAN_SHARE = 0.5


class Asked(NamedTuple):
    """A question and the passage to read."""

    question: str
    title: str
    passage: str


@dataclass(frozen=True, slots=True)
class Read:
    """What the reader made of one passage."""

    passage: str
    tokens: Tokens
    windows: tuple[Window, ...]

    @property
    def answer(self) -> str:
        """The best span, word for word."""
        span = self._best(_ALL)[1]
        if span.start == span.end:
            return ""
        return self.passage[self.tokens.starts[span.start] : self.tokens.ends[span.end - 1]]

    @property
    def margin(self) -> float:
        """The best span's logits over those of "no answer"."""
        return self._best(_ALL)[0]

    @property
    def relevance(self) -> float:
        """The log odds that the passage answers."""
        return max(window.relevance for window in self.windows)

    @property
    def score(self) -> float:
        """Both together: the higher, the likelier that the passage answers."""
        found = [(window, window.best(_ALL)) for window in self.windows]
        return max(w.relevance + SPAN_SHARE * (best[0] if best else NO_TOKEN) for w, best in found)

    def within(self, span: Span) -> float:
        """The best margin of an answer inside some characters of the passage."""
        tokens = token_span(self.tokens, span)
        return self._best(tokens)[0] if tokens else NO_TOKEN

    def _best(self, within: Span) -> tuple[float, Span]:
        found = [best for window in self.windows if (best := window.best(within))]
        return max(found, key=lambda best: best[0], default=(NO_TOKEN, Span(0, 0)))


class Row(NamedTuple):
    """A line of the table."""

    what: str
    n: int
    figure: float
    beside: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m bench reading`."""
    parser.add_argument("--data", type=Path, required=True, help="folder with reader/")
    parser.add_argument("--weights", type=Path, required=True, help="a .safetensors, or its folder")
    parser.add_argument("--limit", type=int, help="only so many questions of each set, at random")
    parser.add_argument("--titles", action="store_true", help="show titles before the passages")
    parser.add_argument("--torch", action="store_true", help="by torch, not in int8")


def run(options: argparse.Namespace) -> int:
    """Print the table; 0."""
    weights = options.weights / WEIGHTS if options.weights.is_dir() else options.weights
    made = _passes(weights, options.torch)
    pieces, titled = WordPieces(), bool(options.titles)

    def judge(asked: Sequence[Asked]) -> list[Read]:
        plain = [one._replace(title=one.title if titled else "") for one in asked]
        return read(made, pieces, plain)

    rows = [
        *squad_rows(options.data, options.limit, judge),
        *_clapnq(options.data, options.limit, judge),
    ]
    width = max(len(row.what) for row in rows)
    for row in rows:
        print(f"{row.what:{width}}  n {row.n:5}  {row.figure:6.3f}  {row.beside}".rstrip())
    return 0


def _passes(weights: Path, by_torch: bool) -> passes.Passes:
    if by_torch:
        return passes.TorchPasses(network.load(packaged_folder(), weights))
    return passes.load(weights, hashlib.sha256(weights.read_bytes()).hexdigest())


def read(
    made: passes.Passes, pieces: WordPieces, asked: Sequence[Asked], limit: int = 288
) -> list[Read]:
    """Each question on its passage, in windows of at most `limit` tokens, in order."""
    questions = pieces.of([one.question for one in asked])
    passages = pieces.of([one.passage for one in asked])
    titles = pieces.of([one.title for one in asked])
    pairs = [
        (number, pair)
        for number in range(len(asked))
        for pair in windows(
            questions[number].ids,
            passages[number].ids,
            titles[number].ids,
            limit=limit,
            overlap=OVERLAP,
        )
    ]
    pairs.sort(key=lambda one: len(one[1].ids))
    found: list[list[Window]] = [[] for _ in asked]
    # Some at a time, so that the bar moves.
    for at in tqdm(range(0, len(pairs), AT_ONCE), "reading", disable=None):
        some = pairs[at : at + AT_ONCE]
        batches = [some[n : n + made.batch] for n in range(0, len(some), made.batch)]
        seen = made.run([[pair for _, pair in batch] for batch in batches])
        for batch, windows_seen in zip(batches, seen, strict=True):
            for (number, _), window in zip(batch, windows_seen, strict=True):
                found[number].append(window)
    return [
        Read(one.passage, tokens, tuple(sorted(those, key=lambda window: window.first)))
        for one, tokens, those in zip(asked, passages, found, strict=True)
    ]


Judge = Callable[[Sequence[Asked]], list[Read]]


def squad_rows(folder: Path, limit: int | None, judge: Judge) -> Iterator[Row]:
    """The lines about SQuAD 2.0 dev."""
    tuned_on, tuned = _squad_part(folder, "development", limit, judge)
    asked, made = _squad_part(folder, "untouched", limit, judge)
    answerable = [(q, r) for q, r in zip(asked, made, strict=True) if q.answers]
    name = "SQuAD 2.0 dev, untouched articles"
    exact = np.mean([squad.exact(r.answer, q.answers) for q, r in answerable])
    f1 = np.mean([squad.f1(r.answer, q.answers) for q, r in answerable])
    yield Row(f"{name}, answerable, forced: EM", len(answerable), float(exact), "")
    yield Row(f"{name}, answerable, forced: F1", len(answerable), float(f1), "floor .825")
    threshold = squad.best_threshold(
        [r.score for r in tuned],
        [squad.f1(r.answer, q.answers) for q, r in zip(tuned_on, tuned, strict=True)],
        [squad.f1("", q.answers) for q in tuned_on],
    )
    answers = [r.answer if r.score >= threshold else "" for r in made]
    both = list(zip(asked, answers, strict=True))
    exact = np.mean([squad.exact(a, q.answers) for q, a in both])
    f1 = np.mean([squad.f1(a, q.answers) for q, a in both])
    yield Row(f"{name}, all: EM", len(both), float(exact), f"threshold {threshold:.2f}")
    beside = "goal .766; published at 22 M parameters .729, .766"
    yield Row(f"{name}, all: F1", len(both), float(f1), beside)
    for what, score in _SCORES.items():
        area = squad.auroc(
            [score(r) for q, r in zip(asked, made, strict=True) if q.answers],
            [score(r) for q, r in zip(asked, made, strict=True) if not q.answers],
        )
        yield Row(f"{name}, AUROC by {what}", len(made), area, "goal .88, floor .69")


_SCORES: dict[str, Callable[[Read], float]] = {
    "both": lambda made: made.score,
    "relevance": lambda made: made.relevance,
    "span": lambda made: made.margin,
}


def _squad_part(
    folder: Path, part: data.Part, limit: int | None, judge: Judge
) -> tuple[list[data.Question], list[Read]]:
    reading = data.squad2(folder, part)
    questions = _drawn(reading.questions, limit)
    paragraphs = [reading.paragraphs[question.paragraph] for question in questions]
    return questions, judge(
        [Asked(q.text, p.title, p.text) for q, p in zip(questions, paragraphs, strict=True)]
    )


def _clapnq(folder: Path, limit: int | None, judge: Judge) -> Iterator[Row]:
    with_answer = _drawn(_lines(folder / "reader" / "clapnq-dev-answerable.jsonl.gz"), limit)
    without = _drawn(_lines(folder / "reader" / "clapnq-dev-unanswerable.jsonl.gz"), limit)
    good, bad = judge(_sections(with_answer)), judge(_sections(without))
    for what, score in _SCORES.items():
        area = squad.auroc([score(made) for made in good], [score(made) for made in bad])
        yield Row(f"ClapNQ dev, AUROC by {what}", len(good) + len(bad), area, "goal .95")
    rated = [_rated(line, made) for line, made in zip(with_answer, good, strict=True)]
    rated = [one for one in rated if one.selected]
    one_best = float(np.mean([one.f1(0.0) for one in rated]))
    yield Row("ClapNQ dev, best sentence against selected, F1", len(rated), one_best, "")
    # How far below the best a sentence may be is chosen on one half and reported on the other.
    margins = np.linspace(0, 20, 81)
    best = max(margins, key=lambda margin: np.mean([one.f1(margin) for one in rated[::2]]))
    several = float(np.mean([one.f1(best) for one in rated[1::2]]))
    what = f"ClapNQ dev, sentences within {best:.2f} of the best, F1"
    yield Row(what, len(rated[1::2]), several, "goal .70")


class _Rated(NamedTuple):
    """The sentences of a section with their scores, and which of them each annotator selected."""

    scores: list[float]
    selected: list[frozenset[int]]

    def f1(self, margin: float) -> float:
        """Of the sentences taken, against the annotator who is nearest."""
        least = max(self.scores) - margin
        taken = {n for n, score in enumerate(self.scores) if score >= least}
        return max(2 * len(taken & some) / (len(taken) + len(some)) for some in self.selected)


def _rated(line: dict[str, Any], made: Read) -> _Rated:
    scores, at = [], 0
    sentences = line["passages"][0]["sentences"]
    for sentence in sentences:
        found = made.passage.find(sentence, at)
        start = found if found >= 0 else at
        at = start + len(sentence)
        scores.append(made.within(Span(start, at)))
    selected = [
        frozenset(
            n for n, sentence in enumerate(sentences) if sentence in output["selected_sentences"]
        )
        for output in line["output"]
    ]
    return _Rated(scores, [some for some in selected if some])


def _sections(lines: Sequence[dict[str, Any]]) -> list[Asked]:
    return [
        Asked(line["input"], line["passages"][0]["title"], line["passages"][0]["text"])
        for line in lines
    ]


def _lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt") as file:
        return [json.loads(line) for line in file]


def _drawn(items: Sequence[_T], limit: int | None) -> list[_T]:
    if limit is None or limit >= len(items):
        return list(items)
    return random.Random(0).sample(items, limit)
