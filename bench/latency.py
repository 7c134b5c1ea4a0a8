"""How long a question takes over many passages, the reader included, in a warm process: for one
caller step by step, for several at once, and when it was asked before."""

from __future__ import annotations

import argparse
import os
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import numpy as np
from tqdm import tqdm

from bench import news
from index.collection import Collection
from index.packaged import PackagedEmbedder
from qa.assistant import Assistant
from qa.factory import assistant
from qa.joint_reader import JointReader
from qa.remarks import OUT_OF_TIME
from qa.retriever import Retriever

# Articles added at a time until there are enough passages.
_STEP = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m bench latency`."""
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--passages", type=int, default=40_000, help="at least so many")
    parser.add_argument("--questions", type=int, default=200, help="drawn at random")
    parser.add_argument(
        "--callers", type=int, nargs="*", default=[1, 8, 50], help="who ask at the same time"
    )
    parser.add_argument("--warm-up", type=int, default=5, help="questions before the clock runs")
    parser.add_argument("--cache", type=Path, default=Path(".cache/bench"), help="kept collections")


def run(options: argparse.Namespace) -> int:
    """Print the times of each step; 0."""
    path = options.data / "news" / "questions-2024.jsonl"
    asked = news.drawn(news.questions(path), options.questions + options.warm_up)
    with _collection(options.data, options.cache, options.passages) as collection:
        stats = collection.stats()
        print(
            f"{stats.passages:,} passages of {stats.articles:,} articles, "
            f"{len(asked) - options.warm_up} questions, {os.cpu_count()} cores"
        )
        asking = assistant(collection)
        for one in asked[: options.warm_up]:
            asking.ask(one.question, asked_on=one.asked_on)
        timings = [
            asking.ask(one.question, asked_on=one.asked_on).timings
            for one in tqdm(asked[options.warm_up :], "asking", leave=False, disable=None)
        ]
        print(f"{'':10}{'p50 ms':>9}{'p90 ms':>9}{'p99 ms':>9}")
        for step in timings[0]:
            print(_line(step, [1_000 * one[step] for one in timings]))
        print(_line("in all", [1_000 * sum(one.values()) for one in timings]))
        print(
            f"\n{'callers':10}{'p50 ms':>9}{'p90 ms':>9}{'p99 ms':>9}"
            f"{'questions/s':>13}{'cut short':>11}"
        )
        for callers in options.callers:
            _print_together(collection, asked[options.warm_up :], callers)
    return 0


def _print_together(
    collection: Collection, asked: Sequence[news.QuizQuestion], callers: int
) -> None:
    """Two lines: `callers` who ask all questions between them, for the first time and again."""
    reader = JointReader(collection)  # another one remembers nothing of what was read
    asking = Assistant(collection, Retriever(collection), reader, reader.languages)
    asking.ask("Who?")

    def seconds(one: news.QuizQuestion) -> tuple[float, bool]:
        began = time.perf_counter()
        answer = asking.ask(one.question, asked_on=one.asked_on)
        return time.perf_counter() - began, OUT_OF_TIME in answer.remark

    for name in (str(callers), f"{callers} again"):
        began = time.perf_counter()
        with ThreadPoolExecutor(callers) as pool:
            taken = list(pool.map(seconds, asked))
        rate = len(asked) / (time.perf_counter() - began)
        milliseconds = [1_000 * one for one, _ in taken]
        cut = sum(was_cut for _, was_cut in taken)
        print(f"{_line(name, milliseconds)}{rate:13.1f}{cut:11}", flush=True)


def _line(step: str, milliseconds: Sequence[float]) -> str:
    return f"{step:10}" + "".join(f"{np.percentile(milliseconds, p):9.0f}" for p in (50, 90, 99))


def _collection(data: Path, cache: Path, passages: int) -> Collection:
    """The small collection of news, and more articles until there are `passages`."""
    news.collection(data, cache).close()
    embedder = PackagedEmbedder()
    small = news.kept_in(data / "news" / "articles-small.jsonl.gz", cache, embedder)
    folder = small.with_name(f"{small.name}-{passages}")
    if not folder.exists():
        shutil.copytree(small, folder)
    opened = Collection.open(folder, embedder=embedder)
    more = news.articles(data / "news" / "articles-rest.jsonl.gz")
    while opened.stats().passages < passages and (some := list(islice(more, _STEP))):
        opened.add_articles(some)
        print(f"{opened.stats().passages:,} passages", end="\r", flush=True)
    return opened
