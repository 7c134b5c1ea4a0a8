"""Many people asking the chat at once: how long they wait, whether any fails, what memory it takes.

The whole server is run as a process of its own, and asked over its public endpoints.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np

from bench import news
from index.packaged import PackagedEmbedder


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: how long it took in seconds, and what came of it."""

    seconds: float
    status: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m bench load`."""
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--people", type=int, default=50, help="asking at the same time")
    parser.add_argument("--questions", type=int, default=4, help="of each, one after the other")
    parser.add_argument("--cache", type=Path, default=Path(".cache/bench"), help="kept collections")


def run(options: argparse.Namespace) -> int:
    """Print how long they waited and the server's memory; 1 if any failed."""
    news.collection(options.data, options.cache).close()
    small = options.data / "news" / "articles-small.jsonl.gz"
    folder = news.kept_in(small, options.cache, PackagedEmbedder())
    path = options.data / "news" / "questions-2024.jsonl"
    asked = [one.question for one in news.drawn(news.questions(path), 200)]
    server = subprocess.Popen(
        [sys.executable, "-m", "qa", "serve", "--collection", folder, "--no-history"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        said = server.stdout.readline()
        address = next(word for word in said.split() if word.startswith("http"))
        print(said.strip())
        _until_ready(address)
        before = _memory(server.pid)
        start = time.perf_counter()
        answers = _crowd(address, asked, options.people, options.questions)
        taken = time.perf_counter() - start
        after = _memory(server.pid)
    finally:
        server.terminate()
        server.wait(30)
    failed = [one for one in answers if one.status not in ("answered", "not_found")]
    waited = np.percentile([one.seconds for one in answers], (50, 95, 100))
    print(
        f"{options.people} people, {len(answers)} questions in {taken:.1f} s "
        f"({len(answers) / taken:.1f} a second), {len(failed)} failed"
    )
    print("waited: p50 {:.1f} s, p95 {:.1f} s, longest {:.1f} s".format(*waited))
    print(f"memory: {before:,.0f} MB before, {after:,.0f} MB after")
    for status in sorted({one.status for one in failed}):
        print(f"failed: {status}")
    return 1 if failed else 0


def _crowd(address: str, questions: list[str], people: int, each: int) -> list[Asked]:
    ready = threading.Barrier(people)

    def person(number: int) -> list[Asked]:
        with httpx.Client(base_url=address, trust_env=False, timeout=600) as web:
            ready.wait()
            return [_ask(web, questions[(number * each + n) % len(questions)]) for n in range(each)]

    with ThreadPoolExecutor(people) as pool:
        return [one for asked in pool.map(person, range(people)) for one in asked]


def _ask(web: httpx.Client, question: str) -> Asked:
    start = time.perf_counter()
    try:
        place = "/gradio_api/call/v2/ask"
        joined = web.post(place, json={"question": question})
        id = joined.raise_for_status().json()["event_id"]
        status = _status(web.get(f"{place}/{id}").raise_for_status().text)
    except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
        status = f"{type(error).__name__}: {error}"
    return Asked(time.perf_counter() - start, status)


def _status(stream: str) -> str:
    """What came of a question, by the last of the stream's events; the others are heartbeats."""
    event, data = [line for line in stream.splitlines() if line][-2:]
    told = json.loads(data.removeprefix("data: "))
    return str(told[0]["status"] if event == "event: complete" else told)


def _until_ready(address: str) -> None:
    for _ in range(600):
        if httpx.get(f"{address}/ready", trust_env=False).status_code == 200:
            return
        time.sleep(0.5)
    raise TimeoutError(f"{address} did not get ready")


def _memory(pid: int) -> float:
    """What the process holds in memory, in MB; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    lines = status.read_text("utf-8").splitlines()
    line = next(line for line in lines if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1_000
