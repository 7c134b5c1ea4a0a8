"""A backup is whole and checked or not there; restoring is all or nothing."""

import shutil
import threading
from pathlib import Path

import pytest

from index import Collection
from index.backup import restore
from index.errors import CollectionError, DamageError, FormatError, LockedError, NotFoundError
from index.locking import writing
from index.store import Store
from index.verification import verify
from tests.articles import BRIDGE, FAIR, STORM, article, everything, texts
from tests.doubles import WordEmbedder
from tests.index.damaged import MADE, altered, opened


@pytest.fixture
def filled(collection: Collection) -> Collection:
    collection.add_articles(MADE)
    return collection


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "one.backup"


@pytest.fixture(autouse=True)
def backups(target: Path) -> None:
    target.parent.mkdir()


def test_a_backup_restored_elsewhere_is_the_same_collection(
    filled: Collection, target: Path, tmp_path: Path
) -> None:
    assert filled.backup(target).articles == 13
    assert [file.name for file in target.parent.iterdir()] == ["one.backup"]
    restore(target, tmp_path / "other")
    with opened(tmp_path / "other") as other:
        assert list(other.articles()) == list(filled.articles())
        assert everything(other) == everything(filled)
        assert texts(other.search_lexical("carousel", 3)) == texts(
            filled.search_lexical("carousel", 3)
        )
        assert list(other.path.glob("segment-*"))
        other.add_articles([article("One more.", "/more")])
    assert verify(tmp_path / "other").is_sound


def test_a_backup_is_made_while_articles_are_added(filled: Collection, target: Path) -> None:
    with writing(filled.path, "adding articles"):
        assert filled.backup(target).articles == 13
    stop = threading.Event()

    def add() -> None:
        number = 0
        with opened(filled.path) as writer:
            while not stop.is_set():
                number += 1
                writer.add_articles([article(f"Day {number}. It rained.", f"/day/{number}")])

    thread = threading.Thread(target=add)
    thread.start()
    try:
        counts = [filled.backup(target).articles for _ in range(5)]
    finally:
        stop.set()
        thread.join()
    assert counts == sorted(counts)
    assert counts[-1] >= 13


def test_an_older_backup_is_replaced_and_no_other_file_is(filled: Collection, target: Path) -> None:
    filled.backup(target)
    filled.remove(STORM.id)
    assert filled.backup(target).articles == 12
    notes = target.with_name("notes.txt")
    notes.write_text("Mine.")
    with pytest.raises(CollectionError, match="no backup of ours"):
        filled.backup(notes)
    assert notes.read_text() == "Mine."
    with pytest.raises(CollectionError, match="is a folder"):
        filled.backup(target.parent)
    with pytest.raises(CollectionError, match="in the collection itself"):
        filled.backup(filled.path / "collection.sqlite3")
    with pytest.raises(CollectionError, match="cannot"):
        filled.backup(target.parent / "missing" / "x")


def test_nothing_damaged_is_written_over_a_good_backup(filled: Collection, target: Path) -> None:
    filled.backup(target)
    before = target.read_bytes()
    altered(filled.path, f"UPDATE article SET title = 'x' WHERE id = '{STORM.id}'")
    with pytest.raises(DamageError, match=rf"nothing was copied.*{STORM.id}"):
        filled.backup(target)
    assert target.read_bytes() == before
    assert [file.name for file in target.parent.iterdir()] == ["one.backup"]


def test_restoring_over_articles_must_be_asked_for(filled: Collection, target: Path) -> None:
    filled.backup(target)
    filled.add_articles([article("Later.", "/later")])
    with pytest.raises(CollectionError, match="--replace"):
        restore(target, filled.path)
    assert filled.count() == 14
    restore(target, filled.path, replace=True)
    assert filled.count() == 13


def test_readers_of_a_collection_see_it_restored(filled: Collection, target: Path) -> None:
    right = everything(filled)
    filled.backup(target)
    filled.remove(STORM.id)
    filled.add_articles([article("Later than the storm.", "/later")])
    everything(filled)  # holds the newer index
    assert filled.restore(target).articles == 13
    assert everything(filled) == right
    assert filled.article(STORM.id) == STORM
    filled.add_articles([article("Later again.", "/again")])
    assert "Later again." in [text for _, text in everything(filled)]
    assert filled.verify().is_sound


def test_passage_ids_that_readers_may_have_seen_are_not_given_again(
    filled: Collection, target: Path
) -> None:
    filled.backup(target)
    for _ in range(2):
        filled.add_articles([article("Later than the storm.", "/later")])
        (seen,) = (hit.passage.id for hit in filled.search_lexical("later", 1))
        restore(target, filled.path, replace=True)
        filled.add_articles([article("Nothing of it.", "/other")])
        hits = {hit.passage.id: hit.passage.text for hit in filled.search_dense("later", 99)}
        assert seen not in hits
        assert "Nothing of it." in hits.values()
        restore(target, filled.path, replace=True)


@pytest.mark.parametrize("size", [0, 50, 30_000])
def test_a_collection_that_cannot_be_read_is_replaced(
    filled: Collection, target: Path, size: int
) -> None:
    filled.backup(target)
    filled.close()
    (filled.path / "collection.sqlite3").write_bytes(b"?" * size)
    with pytest.raises(CollectionError, match="--replace"):
        restore(target, filled.path)
    restore(target, filled.path, replace=True)
    assert verify(filled.path).articles == 13
    with opened(filled.path) as collection:
        assert collection.article(BRIDGE.id) == BRIDGE


def test_a_damaged_backup_changes_nothing(filled: Collection, target: Path, tmp_path: Path) -> None:
    filled.backup(target)
    whole = target.read_bytes()
    for damaged in (
        whole.replace(STORM.text.encode(), STORM.text.upper().encode()),
        whole[: len(whole) // 2],
        b"",
        b"no backup at all" * 999,
    ):
        target.write_bytes(damaged)
        for path in (tmp_path / "other", filled.path):
            with pytest.raises(DamageError, match=r"one\.backup"):
                restore(target, path, replace=True)
    assert filled.count() == 13
    assert filled.verify().is_sound
    assert not list(filled.path.glob("rebuilt*"))
    with pytest.raises(NotFoundError, match="no backup at"):
        restore(tmp_path / "absent", tmp_path / "other")


def test_a_backup_of_a_newer_program_is_refused(filled: Collection, target: Path) -> None:
    filled.backup(target)
    store = Store(target, create=False)
    with store.transaction():
        store.set_meta("format", "9")
        store.set_meta("needs", "4.2.0")
    store.close()
    with pytest.raises(FormatError, match=r"4\.2\.0"):
        restore(target, filled.path, replace=True)
    assert filled.count() == 13


def test_a_backup_is_not_restored_while_another_writes(filled: Collection, target: Path) -> None:
    filled.backup(target)
    with (
        writing(filled.path, "adding articles"),
        pytest.raises(LockedError, match="adding articles"),
    ):
        restore(target, filled.path, replace=True)


def test_a_copied_folder_is_restored_as_a_backup_is(filled: Collection, tmp_path: Path) -> None:
    filled.close()
    shutil.copytree(filled.path, tmp_path / "copied")
    restore(tmp_path / "copied", tmp_path / "other")
    with opened(tmp_path / "other") as other:
        assert other.article(FAIR.id) == FAIR
        assert len(everything(other)) == 43


def test_a_backup_keeps_its_embedder(filled: Collection, target: Path, tmp_path: Path) -> None:
    filled.backup(target)
    restore(target, tmp_path / "other")
    with pytest.raises(CollectionError, match="others-256"):
        Collection.open(tmp_path / "other", embedder=WordEmbedder(name="others"))
