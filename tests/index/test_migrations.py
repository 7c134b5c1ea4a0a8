"""Collections of every released format are brought up to the current one."""

import threading
import tomllib
from pathlib import Path

import apsw
import pytest

from index import Collection, migrations
from index.backup import restore
from index.errors import LockedError
from index.locking import writing
from index.store import Store
from index.verification import verify
from tests.articles import article
from tests.doubles import WordEmbedder

FORMATS = Path(__file__).parent / "formats"


def written(path: Path, format: str) -> Path:
    """A collection just as that release left it."""
    path.mkdir()
    database = apsw.Connection(str(path / "collection.sqlite3"))
    database.execute("PRAGMA journal_mode = WAL").fetchall()
    database.execute((FORMATS / f"{format}.sql").read_text("utf-8"))
    database.close()
    return path


def opened(path: Path) -> Collection:
    return Collection.open(path, embedder=WordEmbedder(dimensions=8))


@pytest.fixture(params=["format-1", "format-3"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return written(tmp_path / "old", request.param)


def test_what_the_format_needs_is_a_release_that_there_is() -> None:
    """Or an older program would ask for one that nobody can install."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    released = tuple(map(int, project["project"]["version"].split(".")))
    assert tuple(map(int, migrations.NEEDS.split("."))) <= released


def test_an_old_collection_is_whole_after_it_was_opened(old: Path) -> None:
    with opened(old) as collection:
        lamp, well = collection.articles()
        assert (lamp.title, lamp.authors, str(lamp.published)) == (
            "The lamp",
            ("A. Writer",),
            "2024-05-03",
        )
        assert well.text.endswith("“Never before,” said its keeper.")
        assert collection.search_lexical("pier", 3)[0].passage.article_id == lamp.id
        hits = collection.search_dense(f"The lamp\n{lamp.text}", 3)
        assert hits[0].passage.text == lamp.text
        assert hits[0].score == pytest.approx(1)
    assert verify(old).problems == ()


def test_an_old_collection_can_be_written_and_keeps_its_vectors(old: Path) -> None:
    with opened(old) as collection:
        lamp, well = collection.articles()
        embedder = WordEmbedder(dimensions=8)
        collection.embedder = embedder
        report = collection.add_articles([lamp, well, article("New.", "/new")])
        # The language of the second was not known.
        assert (len(report.unchanged), len(report.updated), len(report.added)) == (1, 1, 1)
        assert len(embedder.embedded) == 1
        assert min(hit.passage.id for hit in collection.search_lexical("new", 1)) > 3
        collection.remove(well.id)
        assert collection.verify().is_sound


def test_it_has_the_tables_of_a_new_one(old: Path, tmp_path: Path) -> None:
    with opened(old), opened(tmp_path / "new"):
        pass
    assert definitions(old) == definitions(tmp_path / "new")


def test_many_may_open_an_old_collection_at_once(old: Path) -> None:
    errors = list[BaseException]()
    together = threading.Barrier(4)

    def open_it() -> None:
        together.wait()
        try:
            with opened(old) as collection:
                assert collection.count() == 2
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert verify(old).is_sound


def test_a_backup_of_an_old_collection_is_restored_in_the_current_format(
    old: Path, tmp_path: Path
) -> None:
    before = (old / "collection.sqlite3").read_bytes()
    restore(old / "collection.sqlite3", tmp_path / "new")
    assert verify(tmp_path / "new").problems == ()
    assert verify(tmp_path / "new").articles == 2
    assert (old / "collection.sqlite3").read_bytes() == before


@pytest.mark.slow
def test_an_old_collection_that_another_writes_is_told_to_be_locked(old: Path) -> None:
    with writing(old, "adding articles"), pytest.raises(LockedError, match="adding articles"):
        opened(old)


def test_copies_that_an_older_format_could_not_know_are_found(tmp_path: Path) -> None:
    path = written(tmp_path / "old", "format-2")
    with writing(path, "adding articles"):  # by another, so that it can only be read
        Store(path / "collection.sqlite3", create=False, locked=True).close()
        with opened(path) as collection:
            ferry, island, well = collection.articles()
            assert len(set(collection.clusters([ferry.id, island.id, well.id]).values())) == 3
            assert verify(path).problems == ()
    with opened(path) as collection:
        clusters = collection.clusters([ferry.id, island.id, well.id])
        assert clusters[ferry.id] == clusters[island.id] != clusters[well.id]
        assert collection.copies(ferry.id) == [island]
        assert collection.verify().problems == ()
        assert len(collection.add_articles([ferry, island]).unchanged) == 2
    with opened(path), opened(tmp_path / "new"):
        assert definitions(path) == definitions(tmp_path / "new")


def definitions(path: Path) -> list[tuple[object, ...]]:
    database = apsw.Connection(str(path / "collection.sqlite3"))
    try:
        found = database.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name")
        return found.fetchall()
    finally:
        database.close()
