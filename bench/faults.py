"""What faults do to a collection: the harness of `tests/faults`, with its full counts, as a table.

It runs as processes of its own: tests are imported by tests only.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[1]
COLUMNS = ("lost", "half-written", "wrong answers", "silent damage", "crashes")
# In the order of the table.
FAULTS = ("kill", "Ctrl-C", "ENOSPC", "EIO", "EACCES", "power", "damaged", "state", "read")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the measurement."""
    parser.add_argument("--seed", type=int, default=1, help="other random choices (default 1)")
    parser.add_argument(
        "--scale", type=float, default=1.0, help="share of the full counts (default 1)"
    )
    parser.add_argument("--operations", nargs="*", help="only steps and power of these operations")
    parser.add_argument("--only", nargs="*", help="only jobs that begin so: steps, power, damage …")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at once")


def run(options: argparse.Namespace) -> int:
    """Print the table; 1 if anything was found."""
    listed = next(_said("list"))
    unknown = set(options.operations or ()) - set(listed["operations"])
    if unknown:
        known = ", ".join(listed["operations"])
        print(f"no such operation: {', '.join(sorted(unknown))}; there are: {known}")
        return 2
    chosen = [job for job in listed["jobs"] if _is_wanted(job, options)]
    rows: dict[str, Counter[str]] = {}
    examples = list[str]()
    began = time.monotonic()
    with ThreadPoolExecutor(options.jobs) as pool:
        for job, lines in pool.map(lambda job: (job, _lines(job, options)), chosen):
            print(f"{time.monotonic() - began:6.0f} s  {job}", file=sys.stderr, flush=True)
            for line in lines:
                row = rows.setdefault(line["fault"], Counter())
                row.update({"tried": line["tried"], **line["found"]})
                examples += line["examples"]
    print_table(rows)
    if examples:
        print("\n" + "\n".join(examples))
    return 1 if examples else 0


def _is_wanted(job: str, options: argparse.Namespace) -> bool:
    kind, _, operation = job.partition(": ")
    if options.operations is not None:
        return kind in ("steps", "power") and operation in options.operations
    return not options.only or job.startswith(tuple(options.only))


def _lines(job: str, options: argparse.Namespace) -> list[dict[str, Any]]:
    return list(_said(job, f"--seed={options.seed}", f"--scale={options.scale}"))


def _said(*arguments: str) -> Iterator[dict[str, Any]]:
    """What a job says, line by line; one that dies is told as a crash."""
    child = subprocess.run(
        [sys.executable, "-m", "tests.faults", *arguments],
        cwd=_ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    for line in child.stdout.splitlines():
        yield json.loads(line)
    if child.returncode:
        what = f"{arguments[0]}: the harness ended with {child.returncode}"
        yield {"fault": arguments[0], "tried": 1, "found": {"crashes": 1}, "examples": [what]}


def print_table(rows: dict[str, Counter[str]]) -> None:
    """A line for each fault: in how many of the tries there was something wrong."""
    print(f"{'':24}{'tried':>10}" + "".join(f"{column:>15}" for column in COLUMNS))
    order = {fault: number for number, fault in enumerate(FAULTS)}
    for fault in sorted(rows, key=lambda fault: (order.get(fault.split()[0], 99), fault)):
        counts = "".join(f"{rows[fault][column]:15,}" for column in COLUMNS)
        print(f"{fault:24}{rows[fault]['tried']:10,}{counts}")
