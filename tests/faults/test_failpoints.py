"""A sample of every step of every operation with every kind of fault."""

import random
from pathlib import Path

import pytest

from tests.faults import failpoints
from tests.faults.catalogue import OPERATIONS
from tests.faults.failpoints import Ground, steps
from tests.faults.operations import Operation, nothing, opened
from tests.faults.steps import KINDS, Fault, Kind
from tests.faults.trials import attempt

_SAMPLE = 1
_MANY = 15


@pytest.mark.slow
@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_fails_an_operation_loses_nothing_and_can_be_done_again(
    name: str, tmp_path: Path
) -> None:
    ground = Ground(tmp_path, OPERATIONS[name])
    calls = steps(ground)
    chance = random.Random(name)
    for kind in KINDS:
        chosen = chance.sample(range(len(calls)), min(_SAMPLE, len(calls)))
        assert failpoints.run(ground, kind, calls, chosen).examples == []


@pytest.mark.parametrize(
    ("name", "kind", "call"),
    [
        # FTS5 kept counts of what was rolled back, and wrote them later.
        ("create and add", "EIO", "read collection/collection.sqlite3"),
        # What could not be tidied up at the end became an error of SQLite's own.
        ("open and search", "EIO", "delete"),
        # The new vectors were there, and the collection that had made them refused them.
        ("reembed", "ENOSPC", "sync collection/collection.sqlite3-wal"),
        # A file that could not be looked at ended the add of all others.
        ("add files", "EACCES", "stat articles"),
    ],
)
def test_what_was_once_wrong_is_right(name: str, kind: Kind, call: str, tmp_path: Path) -> None:
    ground = Ground(tmp_path, OPERATIONS[name])
    calls = steps(ground)
    chosen = [step for step, made in enumerate(calls) if made.startswith(call)]
    assert chosen
    assert failpoints.run(ground, kind, calls, chosen[-_MANY:]).examples == []


def test_the_steps_of_an_operation_are_the_same_every_time(tmp_path: Path) -> None:
    ground = Ground(tmp_path, OPERATIONS["add files"])
    calls = steps(ground)
    assert calls == steps(ground)
    did = {call.split()[0] for call in calls}
    assert did >= {"open", "read", "write", "sync", "rename", "delete", "lock", "stat", "list"}


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("add", "write collection/collection.sqlite3"),
        ("add", "write collection/segment"),
        ("backup", "write backup.new"),
        ("restore", "write collection/rebuilt.sqlite3"),
        ("repair", "write collection/segment"),
    ],
)
def test_a_full_disk_is_told_as_such(name: str, call: str, tmp_path: Path) -> None:
    ground = Ground(tmp_path, OPERATIONS[name])
    calls = steps(ground)
    writes = [n for n, made in enumerate(calls) if made.startswith(call)]
    fault = Fault("ENOSPC", writes[len(writes) // 3])
    outcome = attempt(ground.restore(), ground.operation.actions, ground.held, fault)
    assert "make room on the disk" in (outcome.error or "")
    assert "Errno" not in (outcome.error or "")
    assert outcome.problems == []
    assert outcome.acknowledged == []


def test_a_loss_is_found(tmp_path: Path) -> None:
    """The harness itself: an article that was acknowledged is missing, another has come back."""
    ground = Ground(tmp_path, OPERATIONS["open and search"])
    nothing_done = Operation(nothing, ())
    outcome = attempt(ground.root, (), ground.held)
    wrong = dict(ground.held)
    gone = wrong.popitem()[0]
    found = failpoints.left(ground.root, nothing_done, wrong, outcome)
    assert [problem.column for problem in found] == ["wrong answers"]
    with opened(ground.root) as collection:
        collection.remove(gone)
    found = failpoints.left(ground.root, nothing_done, ground.held, outcome)
    assert [problem.column for problem in found] == ["lost"]
