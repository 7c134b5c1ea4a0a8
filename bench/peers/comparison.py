"""Adding articles and searching them, beside txtai, LangChain, Haystack and LlamaIndex.

All get the same passages and the same weights of all-MiniLM-L6-v2, and search by words and by
meaning. Each runs in an environment and in processes of its own, in turn with the others, so that
a busy moment of the machine is shared out; the first round is for warming the disk's cache.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from bench import news
from bench.peers.install import PEERS, installed, python_of
from index.embedder import packaged_folder

OURS = "article_qa"
_FOLDER = Path(__file__).parent
_ROOT = _FOLDER.parents[1]
# Words of a passage, and of the articles that are taken.
PASSAGE_WORDS = 120
SHORTEST, LONGEST = 450, 750

# Columns of the table: fields of Measured.
COLUMNS = {
    "add": "articles/s",
    "p50": "p50 ms",
    "p99": "p99 ms",
    "first": "first, s",
    "add_peak": "adding, MB",
    "ask_peak": "asking, MB",
}


@dataclass(slots=True)
class Measured:
    """Every round of one library."""

    add: list[float] = field(default_factory=list)  # articles a second
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)  # s from starting a process
    add_peak: list[float] = field(default_factory=list)  # MB
    ask_peak: list[float] = field(default_factory=list)
    hits: dict[int, float] = field(default_factory=dict)  # share of questions, by depth


@dataclass(frozen=True, slots=True)
class Task:
    """The articles as passages [id, title, text], and questions with the articles that answer."""

    articles: int
    passages: list[list[str]]
    questions: list[str]
    relevant: list[frozenset[str]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m bench peers`."""
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--articles", type=int, default=200, help="of about 600 words")
    parser.add_argument("--rounds", type=int, default=3, help="after one that is not counted")
    parser.add_argument("--only", nargs="+", help="names of some peers", metavar="PEER")
    parser.add_argument("--cache", type=Path, default=Path(".cache/peers"), help="environments")


def run(options: argparse.Namespace) -> int:
    """Install what is missing, measure, print; 0."""
    cache = options.cache.resolve()
    peers = [peer for peer in PEERS if not options.only or peer.name in options.only]
    pythons = {peer.name: python_of(peer, cache) for peer in peers}
    pythons[OURS] = Path(sys.executable)
    task = chosen(options.data, options.articles)
    work = cache / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    given = work / "task.json"
    given.write_text(json.dumps({"passages": task.passages, "questions": task.questions}))
    print(
        f"{task.articles} articles, {len(task.passages)} passages, {len(task.questions)} "
        f"questions, {os.cpu_count()} cores; {options.rounds} rounds"
    )
    measured = {name: Measured() for name in pythons}
    for number in range(options.rounds + 1):
        for name, python in pythons.items():
            counted = measured[name] if number else Measured()
            measure(name, python, task, given, work / f"{name}-{number}", counted)
            last = ", ".join(
                f"{head} {getattr(counted, column)[-1]:.2f}" for column, head in COLUMNS.items()
            )
            print(f"round {number}, {name}: {last}", flush=True)
    versions = {peer.name: installed(peer, cache) for peer in peers}
    print_table(measured, versions)
    return 0


def chosen(data: Path, count: int) -> Task:
    """`count` articles of some 600 words: first those that answer a question, then others."""
    folder = data / "news"
    fitting = {
        one.origin: one
        for one in news.articles(folder / "articles-small.jsonl.gz")
        if SHORTEST <= len(one.text.split()) <= LONGEST
    }
    asked = list(
        chain.from_iterable(
            news.questions(folder / f"questions-{years}.jsonl") for years in ("2022-2023", "2024")
        )
    )
    wanted: dict[str, None] = {}
    for question in news.drawn(asked, None):
        if len(wanted) < count * 0.7:
            wanted |= dict.fromkeys(sorted(question.relevant & fitting.keys()))
    taken = list((wanted | dict.fromkeys(fitting)).keys())[:count]
    questions = [one for one in asked if one.relevant & set(taken)]
    passages = []
    for origin in taken:
        words = fitting[origin].text.split()
        for at in range(0, len(words), PASSAGE_WORDS):
            text = " ".join(words[at : at + PASSAGE_WORDS])
            passages.append([f"{origin}#{at}", fitting[origin].title, text])
    return Task(
        len(taken),
        passages,
        [one.question for one in questions],
        [one.relevant & set(taken) for one in questions],
    )


def measure(
    name: str, python: Path, task: Task, given: Path, folder: Path, counted: Measured
) -> None:
    """One round of one library."""
    added = _driven(name, python, "add", given, folder)
    counted.add.append(task.articles / added["seconds"])
    counted.add_peak.append(added["peak"])
    began = time.perf_counter()
    _driven(name, python, "first", given, folder)
    counted.first.append(time.perf_counter() - began)
    asked = _driven(name, python, "ask", given, folder)
    milliseconds = [1_000 * seconds for seconds in asked["seconds"]]
    counted.p50.append(float(np.percentile(milliseconds, 50)))
    counted.p99.append(float(np.percentile(milliseconds, 99)))
    counted.ask_peak.append(asked["peak"])
    counted.hits = hits(task, asked["found"])


def hits(task: Task, found: Sequence[Sequence[str]]) -> dict[int, float]:
    """The share of questions with an article that answers among the first one and ten."""
    taken = {id.rpartition("#")[0] for id, _, _ in task.passages}
    origins = {_id(origin): origin for origin in taken}
    right: dict[int, list[bool]] = {1: [], 10: []}
    for ids, relevant in zip(found, task.relevant, strict=True):
        articles = [id.rpartition("#")[0] for id in ids]
        ranking = list(dict.fromkeys(origins.get(article, article) for article in articles))
        for depth, those in right.items():
            those.append(bool(relevant & set(ranking[:depth])))
    return {depth: float(np.mean(those)) for depth, those in right.items()}


def _id(origin: str) -> str:
    """The id of our article of that origin."""
    return hashlib.sha256(origin.encode()).hexdigest()[:16]


def _driven(name: str, python: Path, task: str, given: Path, folder: Path) -> dict[str, Any]:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(_FOLDER / "libraries"), str(_ROOT)]),
        "HF_HUB_OFFLINE": "1",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "TOKENIZERS_PARALLELISM": "true",
    }
    done = subprocess.run(
        [python, _FOLDER / "driver.py", f"{name}_hybrid", task, packaged_folder(), given, folder],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if done.returncode:
        raise RuntimeError(f"{name}, {task}: {done.stderr[-2_000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def print_table(measured: dict[str, Measured], versions: dict[str, str]) -> None:
    """A line for each library: medians, and in brackets the lowest and the highest round; then
    what we reach as a share of the best of the others, and of each that is tuned."""
    heads = "".join(f"{head:>24}" for head in COLUMNS.values())
    print(f"{'':22}{heads}{'hit@1':>8}{'hit@10':>8}")
    for name, one in measured.items():
        told = f"{name} {versions.get(name, '')}"
        cells = "".join(f"{_spread(getattr(one, column)):>24}" for column in COLUMNS)
        print(f"{told:22}{cells}{one.hits[1]:8.3f}{one.hits[10]:8.3f}")
    tuned = {peer.name for peer in PEERS if peer.tuned_from}
    plain = [one for name, one in measured.items() if name not in {OURS, *tuned}]
    if plain:
        print(_ratios("beside the best peer", measured[OURS], plain))
    for name in tuned & measured.keys():
        print(_ratios(f"beside {name}", measured[OURS], [measured[name]]))


def _ratios(name: str, ours: Measured, others: Sequence[Measured]) -> str:
    """Our median as a share of the best of the others'; and the best others' hits."""
    line = f"{name:22}"
    for column in COLUMNS:
        best = max if column == "add" else min
        medians = [float(np.median(getattr(one, column))) for one in others]
        line += f"{f'{float(np.median(getattr(ours, column))) / best(medians):.2f} x':>24}"
    return line + "".join(f"{max(one.hits[depth] for one in others):8.3f}" for depth in (1, 10))


def _spread(values: Sequence[float]) -> str:
    digits = 1 if max(values) >= 10 else 2
    low, middle, high = (f"{value:.{digits}f}" for value in np.quantile(values, (0, 0.5, 1)))
    return f"{middle} ({low}-{high})"
