"""Whatever happens to the files of the search indexes, a search gives the same answers."""

import json
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from index import arrays
from index.dense import DenseIndex, Scored
from index.dense import scores as cosines
from index.embedder import Vectors
from index.entries import NewArticle, NewPassage
from index.errors import DamageError
from index.generations import Generations, View
from index.lexical import LexicalIndex
from index.segments import Made
from index.store import Store
from index.types import Span
from tests.articles import article

D = 8
TEXT = "One."


def vector(seed: int, dimensions: int = D) -> Vectors:
    row = np.random.default_rng(seed).normal(size=dimensions).astype(np.float32)
    return np.asarray(row / np.linalg.norm(row), np.float32)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "collection.sqlite3", create=True)
    yield opened
    opened.close()


@pytest.fixture
def generations(tmp_path: Path, store: Store) -> Generations:
    return Generations(tmp_path, store)


def put(store: Store, *numbers: int, dimensions: int = D) -> None:
    """Articles of two passages each."""
    with store.transaction():
        for number in numbers:
            passages = [
                NewPassage((Span(0, 4),), f"hash {number} {part}", row)
                for part in (0, 1)
                for row in [vector(2 * number + part, dimensions)]
            ]
            made = article(TEXT, origin=f"/articles/{number}")
            store.put(NewArticle(made, "", tuple(passages)))


def remove(store: Store, number: int) -> None:
    with store.transaction():
        store.remove(article(TEXT, origin=f"/articles/{number}").id)


def files(tmp_path: Path) -> list[Path]:
    return sorted(tmp_path.glob("segment-*"))


def view(generations: Generations, store: Store) -> View:
    with store.transaction():
        return generations.view()


def nearest(shown: View, seed: int, k: int, vectors: dict[int, Vectors]) -> Scored:
    """Ids and cosines, best first."""
    ids = shown.ids[shown.nearest(vector(seed), k, None)].tolist()
    scores = cosines(np.stack([vectors[id] for id in ids]), vector(seed)).tolist() if ids else []
    return list(zip(ids, scores, strict=True))


def found(folder: Path, store: Store) -> list[Scored]:
    """What somebody who opens the collection now finds."""
    shown = view(Generations(folder, store), store)
    ids, _, rows = store.vectors()
    vectors = dict(zip(ids.tolist(), rows, strict=True))
    by_words = shown.words.search("one", 7)
    return [
        *(nearest(shown, seed, 7, vectors) for seed in range(12)),
        list(zip(shown.ids[by_words[0]].tolist(), by_words[1].tolist(), strict=True)),
    ]


def test_there_is_none_before_the_first_passage(generations: Generations, tmp_path: Path) -> None:
    generations.publish()
    assert view(generations, generations._store).count == 0
    assert generations.behind() == 0
    assert generations.are_there()
    assert files(tmp_path) == []


def test_a_published_generation_holds_every_passage(
    generations: Generations, store: Store, tmp_path: Path
) -> None:
    put(store, 1, 2, 3)
    assert generations.behind() == 6
    generations.publish()
    assert generations.behind() == 0
    ids, _, vectors = store.vectors()
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
    held = view(generations, store)
    put(store, 2)
    generations.publish()
    after = files(tmp_path)
    assert len(before) == len(after) == 1
    assert before != after
    assert (held.count, view(generations, store).count) == (2, 4)
    assert len(held.nearest(vector(0), 9, None)) == 2  # who still holds the old one may search it


def test_another_who_opened_before_sees_the_new_generation(
    generations: Generations, store: Store, tmp_path: Path
) -> None:
    other = Generations(tmp_path, store)
    put(store, 1)
    generations.publish()
    first = view(other, store)
    put(store, 2)
    generations.publish()
    assert (first.count, view(other, store).count) == (2, 4)


def test_an_unchanged_generation_is_loaded_once(generations: Generations, store: Store) -> None:
    put(store, 1)
    generations.publish()
    assert view(generations, store) is view(generations, store)
    (part,) = view(generations, store).parts
    put(store, 2)
    assert view(generations, store).parts[0] is part


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def garbage(file: Path) -> None:
    file.write_bytes(random.Random(1).randbytes(file.stat().st_size))


def foreign(file: Path) -> None:
    """A sound index of the same ids and size, but of other vectors."""
    ids, size = np.arange(1, 7, dtype=np.int64), file.stat().st_size
    vectors = DenseIndex.build(np.stack([vector(900 + int(id)) for id in ids]))
    words = LexicalIndex.build([("Title", TEXT)] * 6)
    Made(ids, np.zeros(6, np.uint64), vectors, words.arrays).write(file, 6)
    with file.open("r+b") as opened:
        opened.truncate(size)


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
    assert not generations.are_there()
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
    generations = Generations(tmp_path, store)
    generations.publish(proved=True)
    assert generations.are_there()
    assert files(tmp_path)[0].read_bytes() == right


def test_a_file_that_this_faiss_cannot_read_is_built_anew(
    generations: Generations, store: Store, tmp_path: Path
) -> None:
    put(store, 1, 2, 3)
    generations.publish()
    right = found(tmp_path, store)
    (file,) = files(tmp_path)
    (said,) = json.loads(store.meta("segments") or "")
    contents = arrays.read(file, arrays.Written(said["size"], said["sha256"]))
    assert contents is not None
    later = {**contents.arrays, "faiss": np.frombuffer(b"IxNew of a later version", np.uint8)}
    written = arrays.write(file, {"kind": "New", "rows": 6}, later)
    said |= {"size": written.size, "sha256": written.sha256}
    with store.transaction():
        store.set_meta("segments", json.dumps([said]))
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
    ids, _, _ = store.vectors()
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
    before = files(tmp_path)
    put(store, 2)
    right = found(tmp_path, store)
    in_the_way = tmp_path / f"segment-{store.change:08d}-0.index"
    in_the_way.mkdir()
    with pytest.raises(OSError, match="segment"):
        generations.publish()
    in_the_way.rmdir()
    assert files(tmp_path) == before
    assert found(tmp_path, store) == right
    generations.publish()
    assert generations.behind() == 0


# --- several segments ---


def put_many(store: Store, first: int, articles: int) -> None:
    put(store, *range(first, first + articles))


def sizes(store: Store) -> list[int]:
    return [entry["count"] for entry in json.loads(store.meta("segments") or "[]")]


def everything(folder: Path, store: Store) -> tuple[Sequence[int], list[Scored]]:
    return view(Generations(folder, store), store).ids.tolist(), found(folder, store)


def test_what_is_new_beside_many_is_written_alone_and_found_with_them(
    generations: Generations, store: Store, tmp_path: Path
) -> None:
    put_many(store, 0, 800)
    generations.publish()
    (large,) = files(tmp_path)
    before = large.stat()
    put_many(store, 800, 3)
    generations.publish()
    assert sizes(store) == [1_600, 6]
    assert large.stat() == before
    put_many(store, 803, 2)
    generations.publish()
    assert sizes(store) == [1_600, 10]
    assert len(files(tmp_path)) == 2
    several = found(tmp_path, store)
    generations.publish(whole=True)
    assert sizes(store) == [1_610]
    assert found(tmp_path, store) == several


def test_segments_grow_until_they_are_as_large_as_the_one_before(
    generations: Generations, store: Store
) -> None:
    seen = list[list[int]]()
    for number in range(10):
        put_many(store, 300 * number, 300)
        generations.publish()
        seen.append(sizes(store))
    assert seen[:4] == [[600], [1_200], [1_200, 600], [2_400]]
    assert seen[-1] == [4_800, 1_200]


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="tells it on Linux")
def test_a_long_add_keeps_no_segment_open(generations: Generations, store: Store) -> None:
    for first in (0, 50, 100):
        put(store, *range(first, first + 50), dimensions=12_000)  # so large that it is mapped
        generations.publish()
    assert sizes(store) == [300]
    assert "segment-" not in Path("/proc/self/maps").read_text()


def test_removals_in_any_segment_are_heeded_at_once_and_written_when_they_are_many(
    generations: Generations, store: Store, tmp_path: Path
) -> None:
    put_many(store, 0, 600)
    generations.publish()
    put_many(store, 600, 10)
    generations.publish()
    for number in (0, 5, 603):
        remove(store, number)
    remaining, right = everything(tmp_path, store)
    assert remaining == list(range(1, 1_221))
    assert {id for scored in right for id, _ in scored}.isdisjoint({1, 2, 11, 12, 1_207, 1_208})
    generations.publish()
    assert sizes(store) == [1_200, 20]
    for number in range(10, 200):
        remove(store, number)
    left = found(tmp_path, store)
    generations.publish()
    assert sizes(store) == [1_200 - 2 * 192 + 18]
    assert store.removed().tolist() == []
    assert found(tmp_path, store) == left


def test_publishing_twice_writes_nothing_the_second_time(
    generations: Generations, store: Store, tmp_path: Path
) -> None:
    put_many(store, 0, 700)
    generations.publish()
    put_many(store, 700, 2)
    remove(store, 1)
    generations.publish()
    before = [(file, file.stat()) for file in files(tmp_path)]
    generations.publish()
    assert [(file, file.stat()) for file in files(tmp_path)] == before


@pytest.mark.parametrize("damaged", [0, 1])
def test_one_damaged_segment_of_several_is_made_again(
    generations: Generations, store: Store, tmp_path: Path, damaged: int
) -> None:
    put_many(store, 0, 700)
    generations.publish()
    put_many(store, 700, 5)
    generations.publish()
    remove(store, 3)
    remove(store, 701)
    right = found(tmp_path, store)
    garbage(files(tmp_path)[damaged])
    assert found(tmp_path, store) == right
    other = Generations(tmp_path, store)
    other.publish(proved=True)
    assert other.are_there()
    assert found(tmp_path, store) == right


def test_a_reader_of_an_older_state_is_not_shown_the_newer(
    generations: Generations, store: Store
) -> None:
    """Threads share what was read, and each has its own state of the store."""
    put(store, 1, 2)
    generations.publish()
    reader = Store(store.path, create=False)
    shared = Generations(store.path.parent, reader)
    with reader.transaction():
        older = reader.change
        with store.transaction():
            pass
        put(store, 3)
        remove(store, 1)
        shown = shared.view()
        assert (shown.change, shown.count) == (older, 4)
    with reader.transaction():
        newer = shared.view()
        assert newer.count == 4
        assert newer.ids.tolist() == [1, 2, 3, 4, 5, 6]
        assert newer.alive is not None
        assert newer.alive.tolist() == [False, False, True, True, True, True]
    reader.close()


def test_passages_that_the_store_has_lost_are_missed(
    generations: Generations, store: Store
) -> None:
    put(store, 1, 2)
    generations.publish()
    with store.transaction() as connection:
        connection.execute("DELETE FROM passage WHERE id = 2")
    with pytest.raises(DamageError, match="lost passages"):
        view(Generations(store.path.parent, store), store)


def test_what_was_read_of_another_history_is_forgotten(tmp_path: Path) -> None:
    """A reader goes on while a backup of quite another collection takes the place of its own."""
    store = Store(tmp_path / "collection.sqlite3", create=True)
    reader = Generations(tmp_path, store)
    put(store, 1, 2)  # never published: the reader keeps them in memory
    assert view(reader, store).count == 4
    remove(store, 1)
    with store.transaction() as connection:
        # What a restored backup may look like: fewer passages, ids of others, a later change.
        connection.execute("DELETE FROM removed")
        connection.execute("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'passage'")
        store.remove(article(TEXT, origin="/articles/2").id)
        connection.execute("DELETE FROM removed")
        store.begin_history(store.change)
    with store.transaction() as connection:
        connection.execute("DELETE FROM sqlite_sequence WHERE name = 'passage'")
    put(store, 8)
    shown = view(reader, store)
    ids, _, vectors = store.vectors()
    assert shown.ids.tolist() == ids.tolist()
    nearest = [shown.parts[0].dense.search(vector, 1) for vector in vectors]
    assert [score for _, (score,) in nearest] == pytest.approx([1.0] * len(vectors))
    store.close()
