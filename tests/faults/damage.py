"""Bytes of a collection changed behind its back: a right answer or a clear error, nothing else.

Every try reads in a process of its own, so that one that dies is seen to.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

from tests.faults import operations
from tests.faults.aftermath import read
from tests.faults.answers import made_anew
from tests.faults.failpoints import Ground
from tests.faults.operations import Library, Operation, library, made
from tests.faults.tally import Tally
from tests.faults.trials import in_a_process

Target = Literal["cache", "database", "WAL", "lock"]
TARGETS: tuple[Target, ...] = ("cache", "database", "WAL", "lock")
# What may be refused, and what is made again from it or says nothing about articles.
_TRUTH = ("database", "WAL")
_FILES = {
    "cache": "segment-*.index",
    "database": "collection.sqlite3",
    "WAL": "*.sqlite3-wal",
    "lock": "*[kmt]",  # write.lock, the -shm, writing.txt
}
_PAGE = 4_096

MANY = tuple(made(number, passages=number % 5 + 1) for number in range(24))
# The very same as articles of MANY, and some that are nearly so.
_COPIES = tuple(made(n, n % 2, n % 5 + 1, "mirror") for n in range(8, 14))


def many(root: Path) -> Library:
    """Of one passage to five each, in several segments, some removed since, some of them copies."""
    with operations.small_segments(), operations.opened(root) as collection:
        collection.add_articles(MANY)
        collection.add_articles(_COPIES)
        collection.add_articles([made(3, version=2)])
        collection.remove(made(7).id)
    kept = [one for one in MANY if one.id not in (made(3).id, made(7).id)]
    return library([*kept, made(3, version=2), *_COPIES])


def killed_while_writing(root: Path) -> Library:
    held = operations.few_and_a_wal(root)
    (root / "collection" / "writing.txt").write_text("adding articles")
    return held


OPERATION = {
    "cache": Operation(many, ()),
    "database": Operation(many, ()),
    "WAL": Operation(operations.few_and_a_wal, ()),
    "lock": Operation(killed_while_writing, ()),
}


# --- damage ---


def flipped(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def zeroed(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    end = min(len(data), start + 2 ** chance.randrange(13))
    data[start:end] = bytes(end - start)


def garbled(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    end = min(len(data), start + 2 ** chance.randrange(13))
    data[start:end] = chance.randbytes(end - start)


def shortened(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def swapped(data: bytearray, chance: random.Random) -> None:
    pages = range(0, len(data), _PAGE)
    first, second = chance.choice(pages), chance.choice(pages)
    one, other = data[first : first + _PAGE], data[second : second + _PAGE]
    if len(one) == len(other):
        data[first : first + _PAGE], data[second : second + _PAGE] = other, one


def repeated(data: bytearray, chance: random.Random) -> None:
    """A page written over another one, as by a disk that mixes up addresses."""
    pages = range(0, len(data) - _PAGE + 1, _PAGE)
    if pages:
        first, second = chance.choice(pages), chance.choice(pages)
        data[second : second + _PAGE] = data[first : first + _PAGE]


WAYS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flipped,
    zeroed,
    garbled,
    shortened,
    swapped,
    repeated,
)


def run(folder: Path, target: Target, seed: int, numbers: Iterable[int]) -> Tally:
    """Damage to one kind of file; every number stands for another one."""
    ground = Ground(folder, OPERATION[target])
    # From where a WAL is damaged SQLite takes it for never written: an earlier state, but whole.
    held = operations.WAL_STATES if target == "WAL" else [ground.held]
    states = [(one, made_anew(one)) for one in held]
    tally = Tally()
    for number in numbers:
        chance = random.Random(f"{seed} {number}")
        root = ground.restore()
        file = chance.choice(sorted((root / "collection").glob(_FILES[target])))
        # An empty file cannot be damaged otherwise than by something in it.
        data = bytearray(file.read_bytes() or chance.randbytes(99))
        way = chance.choice(WAYS)
        way(data, chance)
        file.write_bytes(data)
        found = in_a_process(read, root, states, target in _TRUTH)
        tally.count(f"{file.name} {way.__name__}, seed {seed}, number {number}", found)
    return tally
