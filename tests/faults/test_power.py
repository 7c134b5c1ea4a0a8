"""Samples of power loss at every point of an operation."""

import random
from pathlib import Path

import pytest

from tests.faults import power
from tests.faults.catalogue import OPERATIONS
from tests.faults.failpoints import Ground
from tests.faults.power import Disk
from tests.faults.steps import Event


@pytest.mark.slow
@pytest.mark.parametrize("name", OPERATIONS)
def test_what_was_acknowledged_survives_a_loss_of_power(name: str, tmp_path: Path) -> None:
    ground = Ground(tmp_path, OPERATIONS[name])
    events = power.recorded(ground)
    chance = random.Random(name)
    chosen = chance.sample(range(len(events)), min(2, len(events)))
    assert power.run(ground, 1, events, [*chosen, len(events)]).examples == []


def test_a_new_folder_lasts_as_long_as_what_is_in_it(tmp_path: Path) -> None:
    """The name of the folder was synced after the articles in it were acknowledged, or never."""
    ground = Ground(tmp_path, OPERATIONS["create and add"])
    events = power.recorded(ground)
    last = range(len(events) - 5, len(events) + 1)
    assert power.run(ground, 1, events, last).examples == []


def found(disk: Disk, root: Path, loss: power.Loss, target: Path) -> dict[str, bytes]:
    disk.write(root, target, loss, random.Random(1))
    return {file.name: file.read_bytes() for file in target.rglob("*") if file.is_file()}


def test_what_was_not_synced_is_lost(tmp_path: Path) -> None:
    """The harness itself, by the rules of POSIX."""
    root = tmp_path / "root"
    root.mkdir()
    (root / "old").write_bytes(b"before")
    old, new, renamed = (str(root / name) for name in ("old", "new", "renamed"))
    disk = Disk(root)
    for event in (
        Event("write", old, 0, b"BE"),
        Event("create", new),
        Event("write", new, 0, b"a" * 2_000),
        Event("sync", new),
    ):
        disk.do(event)
    assert found(disk, root, "dropped", tmp_path / "found1") == {"old": b"before"}
    disk.do(Event("sync folder", str(root)))
    disk.do(Event("rename", new, to=renamed))
    disk.do(Event("write", renamed, 0, b"b" * 2_000))
    assert found(disk, root, "dropped", tmp_path / "found2") == {
        "old": b"before",
        "new": b"a" * 2_000,
    }
    disk.do(Event("sync folder", str(root)))
    torn = found(disk, root, "torn", tmp_path / "found3")
    assert set(torn) == {"old", "renamed"}
    kept = torn["renamed"].rstrip(b"a")
    assert set(kept) <= {ord("b")}
    assert len(kept) % power.SECTOR == 0 or len(kept) == 2_000
