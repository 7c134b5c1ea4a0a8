"""Every step of every operation, with every kind of fault."""

from __future__ import annotations

import shutil
import traceback
from collections.abc import Iterable
from pathlib import Path

from index import ArticleQAError
from tests.faults import operations
from tests.faults.answers import Problem, problems
from tests.faults.operations import Library, Operation
from tests.faults.steps import Fault, Kind
from tests.faults.tally import Tally
from tests.faults.trials import Outcome, attempt


class Ground:
    """The root of an operation as it was before, again and again, always at the same place."""

    def __init__(self, folder: Path, operation: Operation) -> None:
        self.operation = operation
        self.root = folder / "root"
        self._kept = folder / "kept"
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.rmtree(self._kept, ignore_errors=True)
        self.root.mkdir(parents=True)
        self.held = operation.prepare(self.root)
        shutil.copytree(self.root, self._kept)

    def restore(self) -> Path:
        shutil.rmtree(self.root)
        shutil.copytree(self._kept, self.root)
        return self.root


def steps(ground: Ground) -> list[str]:
    """What the operation asks of the disk, in order, when nothing fails."""
    root, operation = ground.restore(), ground.operation
    outcome = attempt(root, operation.actions, ground.held)
    found = outcome.problems + left(root, operation, ground.held, outcome)
    assert not found, found
    assert outcome.error is None, outcome.error
    return outcome.calls


def run(ground: Ground, kind: Kind, calls: list[str], chosen: Iterable[int]) -> Tally:
    """The fault at the chosen ones of these steps of the ground's operation."""
    operation, tally = ground.operation, Tally()
    for step in chosen:
        root = ground.restore()
        fault = Fault(kind, step)
        outcome = attempt(root, operation.actions, ground.held, fault, sound=operation.sound)
        found = outcome.problems or left(root, operation, ground.held, outcome)
        tally.count(f"{kind} at step {step} ({calls[step]})", found)
    return tally


def left(root: Path, operation: Operation, held: Library, outcome: Outcome) -> list[Problem]:
    """What is wrong afterwards, as another process finds it; then the same must succeed."""
    actions, said = operation.actions, outcome.acknowledged
    try:
        with operations.opened(root) as collection:
            may = operations.possible(actions, held, root, said)
            if (operation.sound or len(said) == len(actions)) and (
                found := problems(collection, may)
            ):
                return found
            for action in actions[len(said) :] or actions[-1:]:
                action.do(collection)
            final = operations.libraries(actions, held, root)[-1]
            if found := problems(collection, {id: {one} for id, one in final.items()}):
                return found
            verdict = collection.verify()
        return [Problem("silent damage", f"verify: {one}") for one in verdict.problems]
    except ArticleQAError as error:
        return [Problem("lost", f"cannot be opened, or used: {error}")]
    except Exception:
        return [Problem("crashes", traceback.format_exc())]
