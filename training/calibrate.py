"""Fit how the reader's signals make one probability, and from which one on it answers.

Fitted on the news questions of 2023, on the same without the articles that answer, and on the
development articles of SQuAD 2.0 dev (see training/askings.py); confirmed on the news questions of
2024 and on untouched articles of SQuAD 2.0 dev. Writes the weights, the threshold and the SHA-256
of the reader's weights into its `config.json`. What the network said of every question is kept in
--cache, so that a second run takes seconds; remove its folder `readings` if the retrieval has
changed in more than its weights.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import softplus

from bench import calibration, squad
from index.collection import Collection
from qa.assistant import READ
from qa.confidence import Combination, Floats, Probability, Rating, features, scores
from qa.joint_reader import CONFIG, WEIGHTS
from qa.judge import Judge
from qa.retriever import Weights
from training import askings
from training.askings import Asking

# What each group counts in the fit; probabilities are those of such a mix. A higher share of news
# makes them truer of questions that the articles answer, and less so of others: on the questions
# of 2024 the calibration error alone, and together with the same without articles, was .18 and .05
# at .4, .15 and .05 at .5, .08 and .17 at .7 (a first reader, 330 questions fitted).
SHARES = {"news": 0.5, "removed": 0.2, "squad": 0.15, "trick": 0.15}
# Questions on SQuAD's articles that are read; there are more, and each takes half a second.
DEVELOPMENT, UNTOUCHED = 700, 500
# Rounds in which what was fitted decides which sentences come first in the next.
ROUNDS = 3
# Of the squared weights of standardised features: the features are few, but speak alike.
DECAY = 1e-3
# What the threshold means: of the questions that it answers, so many are answered rightly, with
# some right answer in the articles. Nine of ten would be a third of the questions.
RIGHT = 0.75
MAX_TOKENS = 288


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training calibrate`."""
    parser.add_argument("--data", type=Path, required=True, help="folder with news/ and reader/")
    parser.add_argument("--weights", type=Path, required=True, help=f"folder with {WEIGHTS}")
    parser.add_argument("--cache", type=Path, default=Path(".cache/bench"))
    parser.add_argument("--limit", type=int, help="only so many questions of each set")
    parser.add_argument("--titles", action="store_true", help="read titles before passages")
    parser.add_argument("--dry", action="store_true", help="report, and write nothing")


def run(options: argparse.Namespace) -> int:
    """Read, fit, report, write; 0."""
    weights = options.weights / WEIGHTS
    sha256 = hashlib.sha256(weights.read_bytes()).hexdigest()
    path = options.weights / CONFIG
    config = json.loads(path.read_text()) if path.exists() else {}
    max_tokens = int(config.get("max_tokens", MAX_TOKENS))

    def judge(collection: Collection) -> Judge:
        return Judge(weights, sha256, max_tokens, collection if options.titles else None)

    sets = collect(options, sha256, max_tokens, judge)
    fitted_on = sets["news 2023"] + sets["SQuAD 2.0 dev, development"]
    combination = fit(fitted_on)
    threshold = choose(tops([one for one in fitted_on if one.group == "news"], combination))
    print(json.dumps(asdict(combination), indent=1), f"\nthreshold {threshold:.3f}")
    for name, those in sets.items():
        report(name, those, combination, threshold)
    if not options.dry:
        config |= {
            "sha256": sha256,
            "max_tokens": max_tokens,
            "titles": bool(options.titles),
            "combination": asdict(combination),
            "threshold": threshold,
        }
        path.write_text(json.dumps(config, indent=2) + "\n")
    return 0


def collect(
    options: argparse.Namespace, sha256: str, max_tokens: int, judge: askings.MakeJudge
) -> dict[str, list[Asking]]:
    """All sets, those to fit on first."""
    data, cache, limit = options.data, options.cache, options.limit
    what = f"{sha256} {READ} {options.titles} {Weights()} {max_tokens}"
    name = hashlib.sha256(what.encode()).hexdigest()[:12]
    kept = askings.Kept(cache / "readings" / f"{name}.jsonl")

    def at_most(n: int) -> int:
        return n if limit is None else min(n, limit)

    sets = {
        "news 2023": askings.quiz(data, cache, "questions-2022-2023", limit, kept, judge),
        "SQuAD 2.0 dev, development": askings.squad2(
            data, cache, "development", at_most(DEVELOPMENT), kept, judge
        ),
        "news 2024": askings.quiz(data, cache, "questions-2024", limit, kept, judge),
        "SQuAD 2.0 dev, untouched": askings.squad2(
            data, cache, "untouched", at_most(UNTOUCHED), kept, judge
        ),
    }
    # Where every hit was removed, nothing was read.
    return {name: [one for one in those if one.right] for name, those in sets.items()}


class Top(NamedTuple):
    """The best sentence of a question: its score, whether it is right, the short answer in it."""

    score: float
    right: bool
    short: str


def tops(those: Sequence[Asking], combination: Combination) -> list[Top]:
    """The best sentence of each question."""
    found = []
    for one in those:
        rated = [score.probability for score in scores(one.judgements, combination)]
        best = int(np.argmax(rated))
        found.append(Top(rated[best], one.right[best], one.judgements[best].answer))
    return found


def fit(those: Sequence[Asking]) -> Combination:
    """Both sets of weights: first which sentence is best, then how likely it is right."""
    rating = fit_rating([one for one in those if any(one.right)])
    rated = [features(one.judgements, rating) for one in those]
    plain = np.array([*asdict(rating).values(), 0.0])
    best = [int((rows @ plain).argmax()) for rows in rated]
    for _ in range(ROUNDS):  # what is fitted decides which sentences come first
        probability = fit_probability(those, rated, best)
        *weights, _ = asdict(probability).values()
        best = [int((rows @ np.array(weights)).argmax()) for rows in rated]
    return Combination(rating, probability)


def fit_rating(those: Sequence[Asking]) -> Rating:
    """The weights by which right sentences stand out from the others of their question.

    Those with the largest likelihood of a softmax over the sentences, all right ones together.
    """
    right = torch.tensor([flag for one in those for flag in one.right])
    question = torch.repeat_interleave(torch.tensor([len(one.right) for one in those]))
    shares = _shares(those)
    rating = Rating(0.0, 0.5, 3.0, 0.0)
    for _ in range(ROUNDS):  # agreement depends on the other weights
        known = [features(one.judgements, rating)[:, :4] for one in those]

        def loss(rated: Tensor) -> Tensor:
            of_right = rated.masked_fill(~right, -torch.inf)
            return (shares * (_log_sums(rated, question) - _log_sums(of_right, question))).sum()

        rating = Rating(*_fitted(np.concatenate(known), loss)[0])
    return rating


def fit_probability(
    those: Sequence[Asking], rated: Sequence[Floats], best: Sequence[int]
) -> Probability:
    """Logistic regression of "the best sentence is right"."""
    right = torch.tensor([float(one.right[at]) for one, at in zip(those, best, strict=True)])
    shares = _shares(those)

    def loss(log_odds: Tensor) -> Tensor:
        return (shares * (softplus(log_odds) - right * log_odds)).sum()

    rows = np.stack([known[at] for known, at in zip(rated, best, strict=True)])
    weights, bias = _fitted(rows, loss)
    return Probability(*[*weights, bias])


def _fitted(rows: Floats, loss: Callable[[Tensor], Tensor]) -> tuple[list[float], float]:
    """The weights of the columns, and the bias, whose weighted sums make the least loss."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    standard = torch.from_numpy((rows - mean) / scale)
    weights = torch.zeros(rows.shape[1], dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    solver = torch.optim.LBFGS([weights, bias], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        solver.zero_grad()
        value = loss(standard @ weights + bias) + DECAY * (weights**2).sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    solver.step(closure)  # type: ignore[no-untyped-call]
    plain = weights.detach().numpy() / scale
    return [float(one) for one in plain], bias.item() - float(plain @ mean)


def _shares(those: Sequence[Asking]) -> Tensor:
    """What each question counts, by its group; 1 in sum."""
    sizes = Counter(one.group for one in those)
    shares = torch.tensor([SHARES[one.group] / sizes[one.group] for one in those])
    return shares / shares.sum()


def _log_sums(rated: Tensor, question: Tensor) -> Tensor:
    """The log of the summed exponentials of each question's sentences."""
    empty = torch.full((int(question[-1]) + 1,), -torch.inf, dtype=rated.dtype)
    highest = empty.scatter_reduce(0, question, rated.detach(), "amax")
    summed = torch.zeros_like(highest).scatter_add(0, question, (rated - highest[question]).exp())
    return summed.log() + highest


def choose(found: Sequence[Top]) -> float:
    """The threshold with the most answers of which RIGHT are right; if there is none, the one
    whose answers are right most often."""
    points = calibration.curve([one.score for one in found], [one.right for one in found])
    good = [point for point in points if point.right >= RIGHT]
    return good[-1].least if good else max(points, key=lambda point: point.right).least


def report(name: str, those: Sequence[Asking], combination: Combination, threshold: float) -> None:
    """How often it is right, how sure it is of that, and what the threshold does."""
    print(f"\n{name}")
    found = tops(those, combination)
    for group in SHARES:
        some = [(one, top) for one, top in zip(those, found, strict=True) if one.group == group]
        if not some:
            continue
        answered = [top for _, top in some if top.score >= threshold]
        line = f"  {group:8} n {len(some):4}  answered {len(answered) / len(some):.3f}"
        if group in ("news", "squad"):
            f1 = np.mean([squad.f1(top.short, one.answers) for one, top in some])
            right = np.mean([top.right for top in answered]) if answered else float("nan")
            line += f"; right of these {right:.3f}, of all "
            line += f"{np.mean([top.right for _, top in some]):.3f}; short answers F1 {f1:.3f}"
            points = calibration.curve(*zip(*((t.score, t.right) for _, t in some), strict=True))
            curve = [calibration.at(points, n / 10) for n in range(1, 11)]
            line += "\n    right when .1 to 1 are answered: "
            line += " ".join(f"{point.right:.2f}" for point in curve)
        print(line)
    good, bad = ([top.score for top in found if top.right is flag] for flag in (True, False))
    error = calibration.expected_error([t.score for t in found], [t.right for t in found])
    print(
        f"  all      n {len(found):4}  right or not: AUROC {squad.auroc(good, bad):.3f}, "
        f"calibration error {error:.3f}"
    )
