"""What can be rebuilt is rebuilt, what cannot is put aside and named; nothing is lost silently."""

import json
import os
import random
from pathlib import Path

import pytest

from index import Collection
from index.errors import DamageError, EmbedderError, LockedError
from index.locking import writing
from index.repair import RepairReport, repair
from index.types import Article
from index.verification import verify
from tests.articles import FAIR, STORM, article, everything, long_article
from tests.doubles import WordEmbedder
from tests.index.damaged import MADE, altered, copied, made, opened, overwritten


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("whole") / "collection")


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return copied(whole, tmp_path / "copy")


def contents(path: Path) -> tuple[dict[str, Article], list[tuple[float, str]]]:
    with opened(path) as collection:
        return {one.id: one for one in collection.articles()}, everything(collection)


def repaired(path: Path, embedder: WordEmbedder | None = None) -> RepairReport:
    report = repair(path, embedder or WordEmbedder())
    verdict = verify(path)
    assert verdict.problems == ()
    assert verdict.articles == report.kept
    assert not list(path.glob("rebuilt*"))
    return report


def test_what_is_sound_is_left_alone(copy: Path) -> None:
    before = {file.name: file.read_bytes() for file in copy.iterdir()}
    report = repaired(copy)
    assert (report.problems, report.kept, report.quarantined) == ((), 13, ())
    assert {file.name: file.read_bytes() for file in copy.iterdir()} == before


def test_a_lost_cache_is_written_again(copy: Path) -> None:
    (cache,) = copy.glob("segment-*")
    data = cache.read_bytes()
    cache.unlink()
    repaired(copy)
    assert cache.read_bytes() == data


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE passage SET vector = zeroblob(1024) WHERE id = 5",
        "UPDATE passage SET sentences = '[[0, 1]]' WHERE id = 5",
        "DELETE FROM passage WHERE id = 5",
        "DELETE FROM passage",
        "DROP TABLE passage",
    ],
)
def test_passages_are_made_again_from_the_text(copy: Path, change: str) -> None:
    right = contents(copy)
    altered(copy, change)
    embedder = WordEmbedder()
    report = repaired(copy, embedder)
    assert contents(copy) == right
    assert report.quarantined == ()
    assert report.problems
    lost = 43 if change.endswith("passage") else 1
    assert len(embedder.embedded) == lost
    assert len(report.rebuilt) == (13 if lost == 43 else 1)


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO removed VALUES (3, 0)",
        "DROP TABLE removed",
        "DROP INDEX passage_article",
        "DROP INDEX article_facts",
        "UPDATE meta SET value = '7' WHERE key = 'change'",
        "DELETE FROM meta WHERE key = 'format'",
        "DELETE FROM meta WHERE key = 'segments'",
        "UPDATE meta SET value = '[]' WHERE key = 'segments'",
        "UPDATE sqlite_sequence SET seq = 2",
    ],
)
def test_words_indexes_and_facts_are_made_again_without_the_embedder(
    copy: Path, change: str
) -> None:
    right = contents(copy)
    altered(copy, change)
    embedder = WordEmbedder()
    repaired(copy, embedder)
    assert contents(copy) == right
    assert embedder.calls == 0
    with opened(copy) as collection:
        assert collection.search_lexical("carousel", 3)[0].passage.text == FAIR.text


def test_without_knowing_the_embedder_all_vectors_are_made_again(copy: Path) -> None:
    right = contents(copy)
    altered(copy, "UPDATE meta SET value = 'wards-256' WHERE key = 'embedder'")
    embedder = WordEmbedder()
    assert len(repaired(copy, embedder).rebuilt) == 13
    assert contents(copy) == right
    assert len(embedder.embedded) == 43


def test_vectors_of_another_embedder_are_never_mixed_in(copy: Path) -> None:
    altered(copy, "DELETE FROM passage WHERE id = 5")
    before = (copy / "collection.sqlite3").read_bytes()
    with pytest.raises(EmbedderError, match=r"words-256.*others-256"):
        repair(copy, WordEmbedder(name="others"))
    assert (copy / "collection.sqlite3").read_bytes() == before


def test_an_article_that_cannot_be_proved_is_put_aside_readable_and_named(copy: Path) -> None:
    right, _ = contents(copy)
    altered(copy, f"UPDATE article SET published = '2024-05-30' WHERE id = '{STORM.id}'")
    report = repaired(copy)
    (lost,) = report.quarantined
    assert STORM.id in lost.where
    assert STORM.origin in lost.where
    assert report.file is not None
    assert report.file.parent == copy
    (said,) = json.loads(report.file.read_text("utf-8"))
    assert said["columns"]["text"] == STORM.text
    assert said["columns"]["origin"] == STORM.origin
    del right[STORM.id]
    assert contents(copy)[0] == right
    with opened(copy) as collection:
        assert collection.search_lexical("storm", 5) == []
        collection.add_articles([STORM])
    assert report.file.name in verify(copy).notes[0]


def test_text_that_is_no_text_any_more_is_put_aside_as_far_as_it_goes(copy: Path) -> None:
    overwritten(copy, STORM.text.encode(), b"\xff" + STORM.text.encode()[1:])
    report = repaired(copy)
    assert report.file is not None
    (said,) = json.loads(report.file.read_text("utf-8"))
    assert said["columns"]["text"] == "\ufffd" + STORM.text[1:]


def test_a_lost_page_loses_its_articles_only_and_they_are_named(copy: Path) -> None:
    more = [long_article(range(n, n + 2), f"/more/{n}") for n in range(100, 160, 2)]
    with opened(copy) as collection:
        collection.add_articles(more)
    file = copy / "collection.sqlite3"
    data = bytearray(file.read_bytes())
    page = data.index(more[15].text[:200].encode()) // 4096
    data[page * 4096 : (page + 1) * 4096] = bytes(4096)
    file.write_bytes(data)
    report = repaired(copy)
    named = " ".join(problem.where for problem in report.quarantined)
    held = contents(copy)[0]
    for one in [*MADE, *more]:
        assert held.get(one.id) == one or (one.id in named and one.origin in named)
    assert 30 < len(held) < 43


@pytest.mark.parametrize("place", [0, 17, 18, 28, 44, 59])
def test_a_damaged_header_loses_nothing(copy: Path, place: int) -> None:
    right = contents(copy)
    file = copy / "collection.sqlite3"
    data = bytearray(file.read_bytes())
    data[place] ^= 0xFF
    file.write_bytes(data)
    report = repaired(copy)
    assert (contents(copy), report.quarantined) == (right, ())
    assert not list(copy.glob("mended*"))


def test_of_a_shortened_database_what_is_left_is_kept_and_the_rest_is_named(copy: Path) -> None:
    more = [long_article(range(n, n + 2), f"/more/{n}") for n in range(100, 300, 2)]
    with opened(copy) as collection:
        collection.add_articles(more)
    file = copy / "collection.sqlite3"
    os.truncate(file, file.stat().st_size * 2 // 3)
    report = repaired(copy)
    named = " ".join(problem.where for problem in report.quarantined)
    held = contents(copy)[0]
    for one in [*MADE, *more]:
        assert held.get(one.id) == one or (one.id in named and one.origin in named)
    assert len(held) > 50
    assert list(copy.glob("quarantine-*.sqlite3"))  # other tools may find more


def test_passage_ids_are_not_given_again_after_a_repair(copy: Path) -> None:
    with opened(copy) as collection:
        seen = {hit.passage.id for hit in collection.search_dense("x", 99)}
    altered(copy, "DELETE FROM passage WHERE id = 43", "DELETE FROM sqlite_sequence")
    repaired(copy)
    with opened(copy) as collection:
        again = {hit.passage.id for hit in collection.search_dense("x", 99)}
    assert min(again) > 42
    assert len(again) == len(seen)


def test_a_reader_goes_on_through_a_repair(copy: Path) -> None:
    with opened(copy) as reader:
        right = everything(reader)
        altered(copy, "INSERT INTO removed VALUES (3, 0)")
        repaired(copy)
        assert everything(reader) == right
        assert reader.search_lexical("carousel", 3)[0].passage.text == FAIR.text
        reader.add_articles([article("More of it.", "/more")])
    assert verify(copy).articles == 14


def test_others_are_told_that_a_collection_is_being_repaired(copy: Path) -> None:
    with (
        writing(copy, "repairing it"),
        opened(copy) as collection,
        pytest.raises(LockedError, match=r"being written by another process \(repairing it\)"),
    ):
        collection.remove(STORM.id)
    with writing(copy, "adding articles"), pytest.raises(LockedError, match="adding articles"):
        repair(copy, WordEmbedder())


@pytest.mark.parametrize("size", [0, 100, 20_000])
def test_where_nothing_can_be_read_nothing_is_changed_and_a_backup_is_asked_for(
    copy: Path, size: int
) -> None:
    file = copy / "collection.sqlite3"
    file.write_bytes(b"?" * size)
    with pytest.raises(DamageError, match="nothing was changed"):
        repair(copy, WordEmbedder())
    assert file.read_bytes() == b"?" * size


def test_an_interrupted_repair_changes_nothing_and_is_done_again(copy: Path) -> None:
    class Stopping(WordEmbedder):
        def count_tokens(self, texts):  # type: ignore[no-untyped-def]
            raise KeyboardInterrupt

    altered(copy, "DELETE FROM passage WHERE id = 30")
    before = verify(copy)
    with pytest.raises(KeyboardInterrupt):
        repair(copy, Stopping())
    assert verify(copy) == before
    repaired(copy)
    assert len(contents(copy)[0]) == 13


def test_after_any_flipped_bit_every_article_is_there_or_named(copy: Path) -> None:
    file = copy / "collection.sqlite3"
    data = file.read_bytes()
    right = {one.id: one for one in MADE}
    chance = random.Random(5)
    hopeless = 0
    for _ in range(30):
        damaged = bytearray(data)
        damaged[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        for beside in (*copy.glob("*-wal"), *copy.glob("quarantine-*")):
            beside.unlink()
        try:
            report = repaired(copy)
        except DamageError:
            assert file.read_bytes() == damaged
            hopeless += 1
            continue
        with opened(copy) as collection:
            held = {one.id: one for one in collection.articles()}
        named = " ".join(problem.where for problem in report.quarantined)
        assert all(held[id] == right[id] for id in held)
        assert all(id in held or id in named for id in right), report
    assert hopeless < 5


def test_a_collection_is_repaired_while_it_is_open(collection: Collection) -> None:
    collection.add_articles([STORM, FAIR])
    altered(collection.path, "DELETE FROM passage WHERE id = 1")
    assert not collection.verify().is_sound
    assert collection.repair().rebuilt == (STORM.origin,)
    assert collection.verify().is_sound
    assert len(everything(collection)) == 2
