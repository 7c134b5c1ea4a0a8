"""How often the right article is found, step by step: what each part of the search gives."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import ir_measures
from ir_measures import RR, Success
from tqdm import tqdm

from bench import news
from index.collection import Collection
from index.terms import content_words, stems
from index.types import Hit
from qa.assistant import READ
from qa.joint_reader import JointReader
from qa.reader import Reader
from qa.retriever import DEPTH, Retriever, Weights

METRICS = {
    "hit@1": Success @ 1,
    "hit@5": Success @ 5,
    "hit@10": Success @ 10,
    "MRR@10": RR @ 10,
}
QUESTIONS = ("questions-2022-2023", "questions-2024")
# Feedback: passages that give words, how many words, and what they count beside the question's.
FEEDBACK_PASSAGES, FEEDBACK_WORDS, FEEDBACK_SHARE = 5, 8, 0.3
Search = Callable[[news.QuizQuestion], list[Hit]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the measurement."""
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--articles", default="articles-small", help="file in DATA/news")
    parser.add_argument(
        "--lexical", type=float, default=Weights().lexical, help="share of BM25 in the hybrid"
    )
    parser.add_argument(
        "--reader", action="store_true", help="also with the reader as the last stage (slow)"
    )
    parser.add_argument("--cache", type=Path, default=Path(".cache/bench"), help="kept collections")


def run(options: argparse.Namespace) -> int:
    """Print one table for each file of questions."""
    with news.collection(options.data, options.cache, options.articles) as collection:
        origins = {article.id: article.origin for article in collection.articles()}
        stats = collection.stats()
        print(f"{options.articles}: {stats.articles:,} articles, {stats.passages:,} passages")
        for name in QUESTIONS:
            path = options.data / "news" / f"{name}.jsonl"
            searches = systems(collection, options.lexical)
            print(f"\n{name}")
            print_table(news.questions(path), searches, origins)
            if options.reader:
                read = {"+ time": searches["+ time"]}
                read["+ reader"] = read_last(read["+ time"], JointReader(collection))
                print(f"after {news.TRAINED_UNTIL}, on which the reader was not trained")
                print_table(news.unseen(path), read, origins)
    return 0


def systems(collection: Collection, lexical: float) -> dict[str, Search]:
    """The rankings that are compared; BM25 has the share `lexical` of the hybrid, 0 to 1."""
    weights = Weights(lexical=lexical, dense=1 - lexical)
    retriever = Retriever(collection, weights=weights)
    return {
        "BM25": lambda one: collection.search_lexical(one.question, DEPTH),
        "dense": lambda one: collection.search_dense(one.question, DEPTH),
        "ranks": lambda one: by_ranks(
            collection.search_lexical(one.question, DEPTH),
            collection.search_dense(one.question, DEPTH),
        ),
        "hybrid": lambda one: retriever.retrieve(one.question, DEPTH),
        "feedback": lambda one: with_feedback(collection, retriever, one.question),
        "+ date": lambda one: retriever.retrieve(one.question, DEPTH, near=one.asked_on),
        "+ time": lambda one: news.found(retriever, one, DEPTH),
    }


def by_ranks(*stages: Sequence[Hit]) -> list[Hit]:
    """Reciprocal rank fusion with k = 60 (Cormack, Clarke and Büttcher 2009)."""
    scores: dict[int, float] = {}
    for hits in stages:
        for rank, hit in enumerate(hits, 1):
            scores[hit.passage.id] = scores.get(hit.passage.id, 0.0) + 1 / (60 + rank)
    found = {hit.passage.id: hit for hits in stages for hit in hits}
    return sorted(found.values(), key=lambda hit: (-scores[hit.passage.id], hit.passage.id))


def with_feedback(collection: Collection, retriever: Retriever, question: str) -> list[Hit]:
    """The hybrid, with the words that most of its FEEDBACK_PASSAGES best passages share searched
    for as well: pseudo-relevance feedback in the manner of RM3 (Abdul-Jaleel et al. 2004)."""
    hits = retriever.retrieve(question, DEPTH)
    asked = set(stems(question))
    shared = Counter(
        word
        for hit in hits[:FEEDBACK_PASSAGES]
        for word in set(content_words(hit.passage.text))
        if not asked.intersection(stems(word))
    )
    words = [word for word, count in shared.most_common(FEEDBACK_WORDS) if count > 1]
    more = collection.search_lexical(" ".join(words), DEPTH) if words else []
    highest = max((hit.score for hit in more), default=1.0)
    added = {hit.passage.id: FEEDBACK_SHARE * hit.score / highest for hit in more}
    known = {hit.passage.id: hit for hit in (*more, *hits)}
    scores = {hit.passage.id: hit.score for hit in hits}

    def rated(hit: Hit) -> float:
        return scores.get(hit.passage.id, 0.0) + added.get(hit.passage.id, 0.0)

    return sorted(known.values(), key=lambda hit: (-rated(hit), hit.passage.id))


def read_last(search: Search, reader: Reader) -> Search:
    """The passages that are read in the order of their best sentences, then the others."""

    def searched(one: news.QuizQuestion) -> list[Hit]:
        hits = search(one)
        return [*(reading.hit for reading in reader.read(one.question, hits[:READ])), *hits]

    return searched


def print_table(
    questions: Sequence[news.QuizQuestion], searches: dict[str, Search], origins: dict[str, str]
) -> None:
    """A line for each system, on all questions with a relevant article and on the gold ones."""
    judged = {
        "all": {one.id: one.relevant for one in questions if one.relevant & set(origins.values())},
        "gold": {one.id: one.gold for one in questions if one.gold & set(origins.values())},
    }
    counts = "".join(f"{f'{name} (n {len(qrels)})':>32}" for name, qrels in judged.items() if qrels)
    print(f"{'':9}{counts}")
    print(f"{'':9}" + "".join(f"{m:>8}" for qrels in judged.values() if qrels for m in METRICS))
    for system, search in searches.items():
        ranking = {
            one.id: article_ranking(search(one), origins)
            for one in tqdm(questions, system, leave=False, disable=None)
        }
        values = [
            value
            for qrels in judged.values()
            if qrels
            for value in measure({id: ranking[id] for id in qrels}, qrels)
        ]
        print(f"{system:9}" + "".join(f"{value:8.3f}" for value in values), flush=True)


def article_ranking(hits: Iterable[Hit], origins: dict[str, str]) -> list[str]:
    """The origins of the hits' articles, each at the place of its best passage."""
    return list(dict.fromkeys(origins[hit.passage.article_id] for hit in hits))


def measure(ranking: dict[str, list[str]], relevant: dict[str, frozenset[str]]) -> list[float]:
    """The mean of each of METRICS, in their order."""
    qrels = {id: dict.fromkeys(origins, 1) for id, origins in relevant.items()}
    runs = {
        id: {origin: float(-rank) for rank, origin in enumerate(found)}
        for id, found in ranking.items()
    }
    found = ir_measures.calc_aggregate(METRICS.values(), qrels, runs)
    return [found[metric] for metric in METRICS.values()]
