"""Fits the weights of the similarity reader: `python -m training.similarity --data DIR`.

Two kinds of questions, each asked twice: over articles that answer it, and over the same articles
without the passages that do, when every sentence is wrong.

- SQuAD 1.1 train: the paragraphs of some titles as one article each; the sentence that holds the
  answer is right.
- news quiz of 2022-2023: sentences of a relevant article that hold the answer are right.

Prints the weights, the threshold, and how well they do on questions that were held out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from bench import news
from index.collection import Collection
from index.types import Article, Hit, Span
from qa import similarity
from qa.assistant import READ
from qa.retriever import Retriever

SEED = 20240818
TITLES, SQUAD_QUESTIONS, NEWS_QUESTIONS = 40, 300, 300
STEPS, RATE, DECAY = 4_000, 0.5, 1e-4
ANSWERED = 0.9

IsRight = Callable[[Hit, Span, str], bool]


@dataclass(frozen=True, slots=True)
class Example:
    """Features (sentences, n) and whether each sentence is right, of one asking."""

    features: NDArray[np.float64]
    right: NDArray[np.bool_]


def main() -> int:
    """Collect, fit, report."""
    parser = argparse.ArgumentParser(prog="python -m training.similarity", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".cache/bench"))
    options = parser.parse_args()
    examples = {
        "SQuAD": list(squad_examples(options.data, options.cache)),
        "news": list(news_examples(options.data, options.cache)),
    }
    held = {
        name: [one for i, one in enumerate(found) if i % 4 < 2] for name, found in examples.items()
    }
    kept = [one for found in examples.values() for i, one in enumerate(found) if i % 4 > 1]
    weights, bias = fit(kept)
    threshold = chosen_threshold(kept, weights, bias)
    print(f"WEIGHTS = Features({', '.join(f'{w:.2f}' for w in weights)})")
    print(f"BIAS = {bias:.2f}\nTHRESHOLD = {threshold:.3f}")
    for name, found in held.items():
        report(name, found, weights, bias, threshold)
    return 0


def squad_examples(data: Path, cache: Path) -> Iterator[Example]:
    """Askings over the paragraphs of some titles."""
    chance = random.Random(SEED)
    with gzip.open(data / "reader" / "squad1-train.json.gz", "rt") as file:
        titles = chance.sample(json.load(file)["data"], TITLES)
    articles, asked = [], []
    for title in titles:
        text = ""
        for paragraph in title["paragraphs"]:
            text += ("\n\n" if text else "") + paragraph["context"].strip()
            end = len(text)
            start = end - len(paragraph["context"].strip())
            asked += [(one, title["title"], start, end) for one in paragraph["qas"]]
        articles.append(
            Article.create(
                origin=title["title"],
                title=title["title"].replace("_", " "),
                text=text,
                fetched=datetime.now(UTC),
            )
        )
    with Collection.open(cache / "squad-titles") as collection:
        collection.add_articles(tqdm(articles, "adding", disable=None))
        ids = {article.origin: article.id for article in articles}
        for one, title, start, end in tqdm(chance.sample(asked, SQUAD_QUESTIONS), "SQuAD"):
            answers = [answer["text"] for answer in one["answers"]]

            def inside(hit: Hit, span: Span, id: str = ids[title], s: int = start, e: int = end):
                return hit.passage.article_id == id and s <= span.start and span.end <= e

            def right(hit: Hit, span: Span, text: str, inside=inside, answers=answers):
                return inside(hit, span) and any(answer in text for answer in answers)

            yield from both(collection, one["question"], right, inside, None)


def news_examples(data: Path, cache: Path) -> Iterator[Example]:
    """Askings over the small collection of news."""
    questions = news.questions(data / "news" / "questions-2022-2023.jsonl")
    with news.collection(data, cache) as collection:
        origins = {article.id: article.origin for article in collection.articles()}
        for one in tqdm(random.Random(SEED).sample(questions, NEWS_QUESTIONS), "news"):
            answers = [pattern(answer) for answer in one.answers]

            def relevant(hit: Hit, span: Span, one=one):
                return origins[hit.passage.article_id] in one.relevant

            def right(hit: Hit, span: Span, text: str, relevant=relevant, answers=answers):
                return relevant(hit, span) and any(answer.search(text) for answer in answers)

            yield from both(collection, one.question, right, relevant, one.asked_on)


def pattern(answer: str) -> re.Pattern[str]:
    """The answer as whole words, in any case."""
    return re.compile(rf"(?<!\w){re.escape(answer)}(?!\w)", re.IGNORECASE)


def both(collection, question, right, answering, near) -> Iterator[Example]:
    """The asking with an answer, and without; nothing where none of the read ones is right."""
    reader = similarity.SimilarityReader(collection.embedder)
    hits = Retriever(collection).retrieve(question, 3 * READ, near=near)
    with_answer = example(reader, question, hits[:READ], right)
    without = [
        hit for hit in hits if not any(answering(hit, span) for span in hit.passage.sentences)
    ]
    if with_answer.right.any() and without:
        yield with_answer
        # As they would score had the others never been there: fusion divides by the highest.
        share = hits[0].score / without[0].score
        rescaled = [replace(hit, score=hit.score * share) for hit in without[:READ]]
        yield example(reader, question, rescaled, lambda hit, span, text: False)


def example(reader, question: str, hits: list[Hit], right: IsRight) -> Example:
    """Features and labels of every sentence."""
    features = reader.features(question, hits)
    spans = [(hit, span) for hit in hits for span in hit.passage.sentences]
    labels = [right(hit, span, hit.passage.text_at(span)) for hit, span in spans]
    rows = [features[hit.passage.id, span] for hit, span in spans]
    return Example(np.array(rows, np.float64), np.array(labels, bool))


def fit(examples: list[Example]) -> tuple[NDArray[np.float64], float]:
    """Logistic regression by gradient descent; every asking weighs the same."""
    x = np.concatenate([one.features for one in examples])
    y = np.concatenate([one.right for one in examples]).astype(np.float64)
    share = np.concatenate([np.full(len(one.right), 1 / len(one.right)) for one in examples])
    share /= share.sum()
    mean, scale = x.mean(0), x.std(0) + 1e-9
    z = (x - mean) / scale
    w, b = np.zeros(z.shape[1]), 0.0
    for _ in range(STEPS):
        error = (1 / (1 + np.exp(-(z @ w + b))) - y) * share
        w -= RATE * (z.T @ error + DECAY * w)
        b -= RATE * error.sum()
    return w / scale, float(b - (w * mean / scale).sum())


def scores(one: Example, weights: NDArray[np.float64], bias: float) -> NDArray[np.float64]:
    """The probability of each sentence."""
    return 1 / (1 + np.exp(-(one.features @ weights + bias)))


def chosen_threshold(examples: list[Example], weights: NDArray[np.float64], bias: float) -> float:
    """The highest score that still answers ANSWERED of the askings that have an answer.

    The one that separates best (0.17) would refuse every fourth of them.
    """
    top = [scores(one, weights, bias).max() for one in examples if one.right.any()]
    return float(np.quantile(top, 1 - ANSWERED))


def report(
    name: str,
    examples: list[Example],
    weights: NDArray[np.float64],
    bias: float,
    threshold: float,
) -> None:
    """Rank of the right sentence, and answered or not."""
    rated = [(scores(one, weights, bias), one.right) for one in examples]
    answerable = [(s, r) for s, r in rated if r.any()]
    other = [s.max() for s, r in rated if not r.any()]
    first = np.mean([r[s.argmax()] for s, r in answerable])
    above = [s.max() for s, _ in answerable]
    auroc = np.mean([(a > b) + 0.5 * (a == b) for a in above for b in other])
    answered = np.mean([s >= threshold for s in above])
    right = np.mean([r[s.argmax()] for s, r in answerable if s.max() >= threshold])
    refused = np.mean([s < threshold for s in other])
    print(
        f"{name}: n {len(answerable)} + {len(other)}; right sentence first {first:.3f}; "
        f"answerable or not, AUROC {auroc:.3f}; answered {answered:.3f}, of these right "
        f"{right:.3f}; refused without an answer {refused:.3f}"
    )


if __name__ == "__main__":
    sys.exit(main())
