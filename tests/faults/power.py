"""Power loss: what was written but not synced is gone, torn, or there before what came earlier.

An operation is recorded once. For every prefix of what it did to the disk the folder is built as
the disk may have been left: the part of it that was synced, and of the rest nothing, a part, or
any of it in any order. Names (new files, renames, removals) last when their folder was synced.
"""

from __future__ import annotations

import random
import tempfile
import traceback
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from index import ArticleQAError
from tests.faults import operations
from tests.faults.answers import Problem, problems
from tests.faults.failpoints import Ground
from tests.faults.steps import Event
from tests.faults.tally import Tally
from tests.faults.trials import attempt

SECTOR = 512
Loss = Literal["dropped", "torn", "reordered"]
LOSSES: tuple[Loss, ...] = ("dropped", "torn", "reordered")


class Disk:
    """Files as the system shows them, and what of them would survive."""

    def __init__(self, root: Path) -> None:
        self.names: dict[str, int] = {}  # path -> file
        self.lasting: dict[str, int] = {}
        self.content: dict[int, bytearray] = {}  # what was synced
        self.unsynced: dict[int, list[Event]] = {}
        self.folders: set[str] = set()
        self.lasting_folders: set[str] = set()
        for path in root.rglob("*"):
            if path.is_dir():
                self.folders.add(str(path))
            else:
                self._new(str(path), path.read_bytes())
        self.lasting, self.lasting_folders = dict(self.names), set(self.folders)

    def _new(self, path: str, data: bytes = b"") -> None:
        self.names[path] = file = len(self.content)
        self.content[file] = bytearray(data)
        self.unsynced[file] = []

    def do(self, event: Event) -> None:
        match event.call:
            case "create":
                self._new(event.path)
            case "mkdir":
                self.folders.add(event.path)
            case "write" | "truncate":
                self.unsynced[self.names[event.path]].append(event)
            case "sync":
                file = self.names[event.path]
                for late in self.unsynced[file]:
                    _apply(self.content[file], late)
                self.unsynced[file].clear()
            case "rename":
                self.names[event.to] = self.names.pop(event.path)
            case "delete":
                self.names.pop(event.path, None)
            case "sync folder":
                self._names_last(event.path)

    def _names_last(self, folder: str) -> None:
        for path in self.names.keys() | self.lasting.keys():
            if str(Path(path).parent) == folder:
                if path in self.names:
                    self.lasting[path] = self.names[path]
                else:
                    del self.lasting[path]
        self.lasting_folders |= {one for one in self.folders if str(Path(one).parent) == folder}

    def write(self, root: Path, target: Path, loss: Loss, chance: random.Random) -> None:
        """Build `target` as `root` would be found."""
        keep_names = loss == "reordered" and chance.random() < 0.5
        names = self.names if keep_names else self.lasting
        folders = self.folders if keep_names else self.lasting_folders
        target.mkdir()
        for folder in sorted(folders):
            (target / Path(folder).relative_to(root)).mkdir(parents=True)
        for path, file in names.items():
            place = target / Path(path).relative_to(root)
            if not place.parent.is_dir():
                continue  # the folder itself has gone
            data = bytearray(self.content[file])
            for late in _surviving(self.unsynced[file], loss, chance):
                _apply(data, late)
            place.write_bytes(data)


def _apply(data: bytearray, event: Event) -> None:
    if event.call == "truncate":
        del data[event.offset :]
        data.extend(bytes(event.offset - len(data)))
        return
    end = event.offset + len(event.data)
    data.extend(bytes(max(end - len(data), 0)))
    data[event.offset : end] = event.data


def _surviving(late: Sequence[Event], loss: Loss, chance: random.Random) -> Iterator[Event]:
    """Which of the unsynced changes of a file are found on the disk."""
    if loss == "dropped":
        return
    if loss == "torn":
        yield from late[:-1]
        if late and late[-1].call == "write":
            sectors = list(_sectors(late[-1]))
            yield from sectors[: chance.randrange(len(sectors) + 1)]
        return
    for event in late:
        if event.call == "truncate":
            if chance.random() < 0.5:
                yield event
        else:
            yield from (sector for sector in _sectors(event) if chance.random() < 0.5)


def _sectors(event: Event) -> Iterator[Event]:
    """A write cut where the disk's sectors end."""
    start, end = event.offset, event.offset + len(event.data)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        data = event.data[start - event.offset : stop - event.offset]
        yield Event("write", event.path, start, data)
        start = stop


def recorded(ground: Ground) -> list[Event]:
    """What the operation does to the disk, and when it acknowledges, in order."""
    return attempt(ground.restore(), ground.operation.actions, ground.held).events


def run(ground: Ground, seed: int, events: Sequence[Event], chosen: Iterable[int]) -> Tally:
    """Power lost after so many of the recorded changes, in every way."""
    disk, done, acknowledged, tally = Disk(ground.restore()), 0, 0, Tally()
    for number in sorted(chosen):
        for event in events[done:number]:
            acknowledged += event.call == "acknowledged"
            disk.do(event)
        done = number
        for loss in LOSSES:
            chance = random.Random(f"{seed} {number} {loss}")
            found = _after(disk, ground, acknowledged, loss, chance)
            tally.count(f"power lost after change {number}, {loss}, seed {seed}", found)
    return tally


def _after(
    disk: Disk, ground: Ground, acknowledged: int, loss: Loss, chance: random.Random
) -> list[Problem]:
    operation = ground.operation
    held = operations.libraries(operation.actions, ground.held, ground.root)
    said = [{id for one in held for id in one}] * acknowledged
    possible = operations.possible(operation.actions, ground.held, ground.root, said)
    with tempfile.TemporaryDirectory() as above:
        target = Path(above) / "found"
        disk.write(ground.root, target, loss, chance)
        try:
            with operations.opened(target) as collection:
                if not operation.sound and not acknowledged:
                    operation.actions[0].do(collection)
                return problems(collection, possible)
        except ArticleQAError as error:
            return [Problem("lost", f"cannot be opened: {error}")]
        except Exception:
            return [Problem("crashes", traceback.format_exc())]
