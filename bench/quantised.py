"""What int8 costs in quality: embedder and reader beside the same weights in fp32, in one run.

Both embedders make a collection of the same articles, which answer most of the questions, and are
asked the same; both readers read the same paragraphs of SQuAD 2.0 dev.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from bench import news, reading
from bench.retrieval import DEPTH, article_ranking
from index.collection import Collection
from index.embedder import Embedder, SentenceTransformerEmbedder, packaged_folder
from index.packaged import PackagedEmbedder
from index.types import Article
from qa import network, passes
from qa.joint_reader import PACKAGED, WEIGHTS
from qa.retriever import Retriever
from qa.tokens import WordPieces

DEPTHS = (1, 10)


class Found(NamedTuple):
    """(questions, DEPTHS) whether an article that answers is among the first; by the search."""

    dense: np.ndarray
    hybrid: np.ndarray


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m bench quantised`."""
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--articles", type=int, default=500, help="of news, in both collections")
    parser.add_argument("--limit", type=int, default=1_000, help="questions of SQuAD's parts each")


def run(options: argparse.Namespace) -> int:
    """Print both tables; 0."""
    asked, articles = chosen(options.data, options.articles)
    in_full = SentenceTransformerEmbedder()
    in_full._model.float()
    whole = found(in_full, asked, articles)
    eighth = found(PackagedEmbedder(), asked, articles)
    print(f"{len(articles)} articles, {len(asked)} questions")
    print(f"{'':75}{'fp32':>8}{'int8':>8}{'points':>8}   better, worse")
    for name, one, other in zip(Found._fields, whole, eighth, strict=True):
        for column, depth in enumerate(DEPTHS):
            mine, theirs = other[:, column], one[:, column]
            changed = f"{(mine & ~theirs).sum()}, {(theirs & ~mine).sum()}"
            print(f"{told(f'{name}, hit@{depth}', theirs.mean(), mine.mean())}   {changed}")
    read = [list(rows(options.data, options.limit, in_full)) for in_full in (True, False)]
    for one, other in zip(*read, strict=True):
        print(told(f"{one.what} (n {one.n})", one.figure, other.figure), flush=True)
    return 0


def told(what: str, in_full: float, in_int8: float) -> str:
    """A line of the table."""
    return f"{what:75}{in_full:8.3f}{in_int8:8.3f}{100 * (in_int8 - in_full):8.2f}"


def chosen(data: Path, count: int) -> tuple[list[news.QuizQuestion], list[Article]]:
    """`count` articles, first those that answer, and the questions that some of them answer."""
    folder = data / "news"
    asked = [
        one
        for years in ("2022-2023", "2024")
        for one in news.questions(folder / f"questions-{years}.jsonl")
    ]
    all = {one.origin: one for one in news.articles(folder / "articles-small.jsonl.gz")}
    wanted: dict[str, None] = {}
    for question in news.drawn(asked, None):
        if len(wanted) < count * 0.7:
            wanted |= dict.fromkeys(sorted(question.relevant & all.keys()))
    taken = list((wanted | dict.fromkeys(all)).keys())[:count]
    return [one for one in asked if one.relevant & set(taken)], [all[origin] for origin in taken]


def found(
    embedder: Embedder, asked: Sequence[news.QuizQuestion], articles: Sequence[Article]
) -> Found:
    """What is found in a collection of the articles that this embedder makes."""
    origins = {one.id: one.origin for one in articles}
    made: list[list[list[bool]]] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Collection.open(Path(folder) / "made", embedder=embedder) as collection,
    ):
        collection.add_articles(tqdm(articles, "adding", leave=False, disable=None))
        retriever = Retriever(collection)
        for one in asked:
            rankings = (
                article_ranking(collection.search_dense(one.question, DEPTH), origins),
                article_ranking(retriever.retrieve(one.question, DEPTH), origins),
            )
            made.append(
                [[bool(one.relevant & set(its[:depth])) for depth in DEPTHS] for its in rankings]
            )
    both = np.array(made)
    return Found(both[:, 0], both[:, 1])


def rows(data: Path, limit: int, in_full: bool) -> Iterator[reading.Row]:
    """What the packaged reader reaches on SQuAD 2.0 dev."""
    weights, pieces = PACKAGED / WEIGHTS, WordPieces()
    made: passes.Passes
    if in_full:
        made = passes.TorchPasses(network.load(packaged_folder(), weights), in_full=True)
    else:
        made = passes.load(weights, hashlib.sha256(weights.read_bytes()).hexdigest())
    return reading.squad_rows(data, limit, lambda asked: reading.read(made, pieces, asked))
