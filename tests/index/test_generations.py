"""Whatever happens to the FAISS file, a search gives the same answers."""

import hashlib
import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from index.dense import DenseIndex, Scored
from index.embedder import Vectors
from index.generations import Generations
from index.store import NewArticle, NewPassage, Store
from index.types import Span
from tests.articles import article

D = 8
TEXT = "One."


def vector(seed: int) -> Vectors:
    row = np.random.default_rng(seed).normal(size=D).astype(np.float32)
    return np.asarray(row / np.linalg.norm(row), np.float32)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "collection.sqlite3", create=True)
    yield opened
    opened.close()


@pytest.fixture
def generations(tmp_path: Path, store: Store) -> Generations:
    return Generations(tmp_path, store)


def put(store: Store, *numbers: int) -> None:
    """Articles of two passages each."""
    with store.transaction():
        for number in numbers:
            passages = [
                NewPassage((Span(0, 4),), f"hash {number} {part}", vector(2 * number + part))
                for part in (0, 1)
            ]
            made = article(TEXT, origin=f"/articles/{number}")
            store.put(NewArticle(made, "", tuple(passages)))


def remove(store: Store, number: int) -> None:
    with store.transaction():
        store.remove(article(TEXT, origin=f"/articles/{number}").id)


def files(tmp_path: Path) -> list[Path]:
    return sorted(tmp_path.glob("dense*"))


def found(folder: Path, store: Store) -> list[Scored]:
    """What somebody who opens the collection now finds."""
    with store.transaction():
        current = Generations(folder, store).current()
    assert current is not None
    return [current.index.search(vector(seed), 7) for seed in range(12)]


def test_there_is_none_before_the_first_passage(generations: Generations, tmp_path: Path) -> None:
    generations.publish()
    assert generations.current() is None
    assert generations.behind() == 0
    assert generations.is_sound()
    assert files(tmp_path) == []


def test_a_published_generation_holds_every_passage(
    generations: Generations, store: Store, tmp_path: Path
) -> None:
    put(store, 1, 2, 3)
    assert generations.behind() == 6
    generations.publish()
    assert generations.behind() == 0
    ids, vectors = store.vectors()
    scores = sorted((float(v @ vector(0)), -int(i)) for i, v in zip(ids, vectors, strict=True))
    assert [id for id, _ in found(tmp_path, store)[0]] == [-id for _, id in reversed(scores)]


def test_additions_and_removals_since_are_counted(generations: Generations, store: Store) -> None:
    put(store, 1, 2, 3)
    generations.publish()
    put(store, 4)
    assert generations.behind() == 2
    remove(store, 1)
    assert generations.behind() == 4
    put(store, 2)  # an update: two more, and two fewer
    assert generations.behind() == 8
    generations.publish()
    assert generations.behind() == 0


def test_a_new_generation_takes_the_place_of_the_old_one(
    generations: Generations, store: Store, tmp_path: Path
) -> None:
    put(store, 1)
    generations.publish()
    before = files(tmp_path)
    held = generations.current()
    put(store, 2)
    generations.publish()
    after = files(tmp_path)
    assert len(before) == len(after) == 1
    assert before != after
    current = generations.current()
    assert current is not None
    assert held is not None
    assert (len(held.index), len(current.index)) == (2, 4)
    assert len(held.index.search(vector(0), 9)) == 2  # who still holds the old one may search it


def test_another_who_opened_before_sees_the_new_generation(
    generations: Generations, store: Store, tmp_path: Path
) -> None:
    other = Generations(tmp_path, store)
    put(store, 1)
    generations.publish()
    first = other.current()
    put(store, 2)
    generations.publish()
    second = other.current()
    assert first is not None
    assert second is not None
    assert (len(first.index), len(second.index)) == (2, 4)


def test_an_unchanged_generation_is_loaded_once(generations: Generations, store: Store) -> None:
    put(store, 1)
    generations.publish()
    assert generations.current() is generations.current()


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def garbage(file: Path) -> None:
    file.write_bytes(random.Random(1).randbytes(file.stat().st_size))


def foreign(file: Path) -> None:
    """A sound FAISS index of the same ids and size, but of other vectors."""
    ids = np.arange(1, 7, dtype=np.int64)
    data = DenseIndex.build(ids, np.stack([vector(900 + int(id)) for id in ids])).to_bytes()
    assert len(data) == file.stat().st_size
    file.write_bytes(data)


def shortened(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


def lengthened(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\0")


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    "damage", [Path.unlink, emptied, garbage, foreign, shortened, lengthened, folder]
)
def test_a_file_that_is_not_the_one_written_changes_no_answer(
    damage: Callable[[Path], None], generations: Generations, store: Store, tmp_path: Path
) -> None:
    put(store, 1, 2, 3)
    generations.publish()
    right = found(tmp_path, store)
    damage(files(tmp_path)[0])
    assert not generations.is_sound()
    assert found(tmp_path, store) == right


def test_no_flipped_bit_changes_an_answer(
    generations: Generations, store: Store, tmp_path: Path
) -> None:
    put(store, 1, 2, 3)
    generations.publish()
    right = found(tmp_path, store)
    file = files(tmp_path)[0]
    data = file.read_bytes()
    chance = random.Random(2)
    for _ in range(40):
        damaged = bytearray(data)
        damaged[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        assert found(tmp_path, store) == right


def test_publishing_repairs_a_damaged_file(
    generations: Generations, store: Store, tmp_path: Path
) -> None:
    put(store, 1)
    generations.publish()
    right = files(tmp_path)[0].read_bytes()
    garbage(files(tmp_path)[0])
    generations.publish()
    assert generations.is_sound()
    assert files(tmp_path)[0].read_bytes() == right


def test_a_file_that_this_faiss_cannot_read_is_built_anew(
    generations: Generations, store: Store, tmp_path: Path
) -> None:
    put(store, 1, 2, 3)
    generations.publish()
    right = found(tmp_path, store)
    data = b"IxNew of a later version"
    (tmp_path / "dense-later.faiss").write_bytes(data)
    said = json.loads(store.meta("generation") or "")
    said |= {
        "file": "dense-later.faiss",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    with store.transaction():
        store.set_meta("generation", json.dumps(said))
    assert found(tmp_path, store) == right


def test_an_older_database_over_newer_files_gives_the_older_answers(tmp_path: Path) -> None:
    live, backup = tmp_path / "live", tmp_path / "backup"
    store = Store(live / "collection.sqlite3", create=True)
    put(store, 1, 2)
    Generations(live, store).publish()
    older = found(live, store)
    store.close()
    shutil.copytree(live, backup)

    store = Store(live / "collection.sqlite3", create=False)
    remove(store, 1)
    put(store, 3)
    Generations(live, store).publish()
    newer = found(live, store)
    store.close()
    shutil.copy(backup / "collection.sqlite3", live)

    store = Store(live / "collection.sqlite3", create=False)
    assert found(live, store) == older
    # Going on from there gives ids, and perhaps a file name, for the second time.
    remove(store, 1)
    put(store, 4)
    Generations(live, store).publish()
    assert found(live, store) not in (older, newer)
    ids, _ = store.vectors()
    assert {id for scored in found(live, store) for id, _ in scored} == {int(id) for id in ids}
    store.close()


def test_older_files_under_a_newer_database_give_the_newer_answers(tmp_path: Path) -> None:
    store = Store(tmp_path / "collection.sqlite3", create=True)
    put(store, 1, 2)
    Generations(tmp_path, store).publish()
    (old,) = files(tmp_path)
    data = old.read_bytes()
    put(store, 3)
    Generations(tmp_path, store).publish()
    newer = found(tmp_path, store)
    (new,) = files(tmp_path)
    new.write_bytes(data)
    assert found(tmp_path, store) == newer
    new.unlink()
    old.write_bytes(data)
    assert found(tmp_path, store) == newer
    store.close()


def test_a_generation_that_cannot_be_written_leaves_the_old_one_and_no_rubbish(
    generations: Generations, store: Store, tmp_path: Path
) -> None:
    put(store, 1)
    generations.publish()
    right = found(tmp_path, store)
    before = files(tmp_path)
    put(store, 2)
    in_the_way = tmp_path / f"dense-{store.change:08d}.faiss"
    in_the_way.mkdir()
    with pytest.raises(OSError, match="dense"):
        generations.publish()
    in_the_way.rmdir()
    assert files(tmp_path) == before
    assert found(tmp_path, store) == right
    generations.publish()
    assert generations.behind() == 0
