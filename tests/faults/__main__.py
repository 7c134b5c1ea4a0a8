"""`python -m tests.faults JOB`: full counts of one fault, as a line of JSON.

`python -m tests.faults list` names the jobs. `python -m bench faults` runs them and prints a table.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults import damage, failpoints, kills, machine, power, races
from tests.faults.catalogue import OPERATIONS
from tests.faults.failpoints import Ground
from tests.faults.steps import KINDS
from tests.faults.tally import Tally

# What scale 1 stands for; of steps, it is every one.
KILLS = 1_000
DAMAGES = 1_000
READS = 100_000
MACHINE_STEPS = 5_000

Job = Callable[[Path, int, float], Iterator[tuple[str, Tally]]]


def jobs() -> dict[str, Job]:
    """By name, the longest first."""
    found: dict[str, Job] = {"reads": _reads, "kills": _kills, "machine": _machine}
    for name in OPERATIONS:
        found[f"steps: {name}"] = _steps_of(name)
        found[f"power: {name}"] = _power_of(name)
    for target in damage.TARGETS:
        found[f"damage: {target}"] = _damage_to(target)
    return found


def _share(count: int, scale: float, chance: random.Random) -> list[int]:
    """All of so many at scale 1; else a part of them, another one for each seed."""
    wanted = min(count, math.ceil(count * scale))
    return sorted(chance.sample(range(count), wanted))


def _steps_of(name: str) -> Job:
    def run(folder: Path, seed: int, scale: float) -> Iterator[tuple[str, Tally]]:
        ground = Ground(folder, OPERATIONS[name])
        calls = failpoints.steps(ground)
        for kind in KINDS:
            chosen = _share(len(calls), scale, random.Random(f"{seed} {kind}"))
            yield f"{kind} at a step", failpoints.run(ground, kind, calls, chosen)

    return run


def _power_of(name: str) -> Job:
    def run(folder: Path, seed: int, scale: float) -> Iterator[tuple[str, Tally]]:
        ground = Ground(folder, OPERATIONS[name])
        events = power.recorded(ground)
        chosen = _share(len(events) + 1, scale, random.Random(seed))
        yield "power lost", power.run(ground, seed, events, chosen)

    return run


def _damage_to(target: damage.Target) -> Job:
    def run(folder: Path, seed: int, scale: float) -> Iterator[tuple[str, Tally]]:
        tries = range(math.ceil(DAMAGES * scale))
        yield f"damaged {target}", damage.run(folder, target, seed, tries)

    return run


def _kills(folder: Path, seed: int, scale: float) -> Iterator[tuple[str, Tally]]:
    yield "kill at any time", kills.run(folder, seed, math.ceil(KILLS * scale))


def _reads(folder: Path, seed: int, scale: float) -> Iterator[tuple[str, Tally]]:
    tally, written = races.run(folder, math.ceil(READS * scale))
    yield f"read during {written:,} writes", tally


def _machine(folder: Path, seed: int, scale: float) -> Iterator[tuple[str, Tally]]:
    yield "state machine step", machine.run(seed, math.ceil(MACHINE_STEPS * scale))


def main() -> int:
    """Run one job."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("job", choices=["list", *jobs()])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0)
    options = parser.parse_args()
    if options.job == "list":
        print(json.dumps({"jobs": list(jobs()), "operations": list(OPERATIONS)}))
        return 0
    logging.disable(logging.WARNING)  # that a cache is damaged is what is wanted here
    with tempfile.TemporaryDirectory() as folder:
        for fault, tally in jobs()[options.job](Path(folder), options.seed, options.scale):
            line = {"fault": fault, "tried": tally.tried, "found": tally.found}
            print(
                json.dumps(
                    {**line, "examples": [f"{options.job}: {one}" for one in tally.examples[:10]]}
                ),
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
