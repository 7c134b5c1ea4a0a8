"""Bytes of a collection changed behind its back: a right answer or a clear error, nothing else.

Every try reads in a process of its own, so that one that dies is seen to.
"""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal

from index import ArticleQAError, Collection
from index.errors import NotFoundError
from tests.faults import operations
from tests.faults.answers import Answers, Problem, answers, differences, made_anew
from tests.faults.failpoints import Ground
from tests.faults.operations import Library, Operation, library, made
from tests.faults.tally import Tally
from tests.faults.trials import in_a_process

State = tuple[Library, Answers]
Target = Literal["cache", "database", "WAL"]
TARGETS: tuple[Target, ...] = ("cache", "database", "WAL")
_FILES = {"cache": "dense-*.faiss", "database": "collection.sqlite3", "WAL": "*.sqlite3-wal"}
_PAGE = 4_096

MANY = tuple(made(number, passages=number % 5 + 1) for number in range(24))


def many(root: Path) -> Library:
    with operations.opened(root) as collection:
        collection.add_articles(MANY)
        collection.add_articles([made(3, version=2)])
        collection.remove(made(7).id)
    kept = [one for one in MANY if one.id not in (made(3).id, made(7).id)]
    return library([*kept, made(3, version=2)])


OPERATION = {
    "cache": Operation(many, ()),
    "database": Operation(many, ()),
    "WAL": Operation(operations.few_and_a_wal, ()),
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


# --- what is read afterwards ---


def read(root: Path, states: list[State], may_refuse: bool) -> list[Problem]:
    """All that can be read, each part right or, if it may be, refused; of one state throughout."""
    found = list[Problem]()
    refused = list[str]()

    def part(check: Callable[[], Iterator[Problem]]) -> None:
        try:
            found.extend(check())
        except ArticleQAError as error:
            refused.append(str(error))

    def parts() -> Iterator[Problem]:
        with operations.opened(root) as collection:
            held, expected = states[-1]
            if len(states) > 1:
                shown = library(collection.articles())
                held, expected = next((one for one in states if one[0] == shown), states[-1])
            part(lambda: _articles(collection, held))
            part(lambda: _list(collection, held))
            part(lambda: iter(differences(answers(collection), expected)))
        yield from ()

    try:
        part(parts)
    except Exception:
        return [Problem("crashes", traceback.format_exc())]
    if refused and not may_refuse:
        return [Problem("lost", f"refused without need: {refused[0]}")]
    return found


def _articles(collection: Collection, held: Library) -> Iterator[Problem]:
    for id, one in held.items():
        try:
            if library([collection.article(id)])[id] != one:
                yield Problem("silent damage", f"{id} is read as another text")
        except NotFoundError:
            yield Problem("silent damage", f"{id} is said never to have been there")
        except ArticleQAError:
            pass


def _list(collection: Collection, held: Library) -> Iterator[Problem]:
    if library(collection.articles()) != held:
        yield Problem("silent damage", "the list of articles is another one")
    if collection.count() != len(held):
        yield Problem("silent damage", f"{collection.count()} articles, not {len(held)}")


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
        (file,) = (root / "collection").glob(_FILES[target])
        data = bytearray(file.read_bytes())
        way = chance.choice(WAYS)
        way(data, chance)
        file.write_bytes(data)
        found = in_a_process(read, root, states, target != "cache")
        tally.count(f"{target} {way.__name__}, seed {seed}, number {number}", found)
    return tally
