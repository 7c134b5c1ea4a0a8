"""A process killed at a random moment of random work, again and again on the same collection."""

from __future__ import annotations

import random
import shutil
import traceback
from pathlib import Path

from index import ArticleQAError
from tests.faults import operations
from tests.faults.answers import Problem, problems
from tests.faults.operations import PLACES, Action, Library, add, held_by, made, remove
from tests.faults.tally import Tally
from tests.faults.trials import attempt

# After so many kills a new collection is begun, so that its beginning is met more often.
_LIVES = 50
_LONGEST_SECONDS = 0.3


def script(chance: random.Random, actions: int = 30) -> tuple[Action, ...]:
    """Adds, updates and removals, of articles of one passage up to several transactions; some of
    them copies of others.
    """
    chosen = list[Action]()
    for _ in range(actions):
        numbers = chance.sample(range(12), chance.randint(1, 4))
        articles = tuple(made(n, chance.randrange(9), chance.randint(1, 8)) for n in numbers)
        if chance.random() < 0.25:
            chosen.append(remove(numbers[0]))
        elif chance.random() < 0.25:
            place = PLACES[1]
            copies = (made(n, chance.randrange(3), 2, place) for n in numbers)
            chosen.append(add(*(made(n) for n in numbers), *copies))
        elif chance.random() < 0.1:
            chosen.append(add(*(made(n, chance.randrange(9), 30) for n in range(12))))
        else:
            chosen.append(add(*articles))
    return tuple(chosen)


def run(folder: Path, seed: int, tries: int) -> Tally:
    """Kill after a random time; what was acknowledged must be there, and the rest old or new."""
    chance = random.Random(seed)
    root, held, tally = folder / "root", Library(), Tally()
    for number in range(tries):
        if number % _LIVES == 0:
            shutil.rmtree(root, ignore_errors=True)
            root.mkdir(parents=True)
            held = {}
        actions = script(chance)
        seconds = chance.uniform(0.001, _LONGEST_SECONDS)
        outcome = attempt(root, actions, held, kill_after=seconds)
        found = outcome.problems
        try:
            with operations.opened(root) as collection:
                may = operations.possible(actions, held, root, outcome.acknowledged)
                found += problems(collection, may)
                held = held_by(collection)
        except ArticleQAError as error:
            found.append(Problem("lost", f"cannot be opened: {error}"))
        except Exception:
            found.append(Problem("crashes", traceback.format_exc()))
        tally.count(f"kill {number} of seed {seed}, after {seconds:.3f} s", found)
    return tally
