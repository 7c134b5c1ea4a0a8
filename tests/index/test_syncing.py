"""Files that move, change and leave: the collection follows the folder, and nothing more."""

import os
import shutil
import zipfile
from pathlib import Path

import pytest

from index import Collection
from index.errors import LoadError
from index.types import Duplicate, Move
from tests.articles import STORM, everything
from tests.doubles import WordEmbedder

TEXTS = {
    "storm.txt": "The storm\n\nThe storm closed the harbour for nine days.",
    "fair.md": "# The fair\n\nThe spring fair opened in sunshine.",
    "north/bridge.txt": "The bridge\n\nThe old bridge was closed to carts.",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    for name, text in TEXTS.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(text, "utf-8")
    return made


def names(collection: Collection, folder: Path) -> set[str]:
    return {Path(one.origin).relative_to(folder).as_posix() for one in collection.articles()}


# --- moved files ---


def test_a_moved_file_keeps_its_article_and_embeds_nothing(
    collection: Collection, embedder: WordEmbedder, folder: Path
) -> None:
    collection.add(folder)
    (before,) = collection.find(str(folder / "storm.txt"))
    (folder / "south").mkdir()
    (folder / "storm.txt").rename(folder / "south" / "gale.txt")
    embedded, found = len(embedder.embedded), everything(collection)
    report = collection.add(folder)
    moved = Move(str(folder / "storm.txt"), str(folder / "south" / "gale.txt"))
    assert (report.moved, report.added, report.updated) == ((moved,), (), ())
    assert str(report) == "0 added, 0 updated, 2 unchanged, 0 refused, 1 moved"
    assert len(embedder.embedded) == embedded
    assert everything(collection) == found
    assert collection.find(str(folder / "storm.txt")) == []
    (after,) = collection.find(moved.origin)
    assert (after.title, after.text) == (before.title, before.text)
    assert collection.count() == 3
    assert collection.verify().is_sound


def test_a_whole_folder_may_move(
    collection: Collection, embedder: WordEmbedder, folder: Path
) -> None:
    collection.add(folder)
    folder.rename(folder.with_name("elsewhere"))
    calls = embedder.calls
    assert len(collection.add(folder.with_name("elsewhere")).moved) == 3
    assert embedder.calls == calls  # the model is not even loaded
    assert names(collection, folder.with_name("elsewhere")) == set(TEXTS)


def test_a_copy_is_no_move(collection: Collection, folder: Path) -> None:
    collection.add(folder)
    shutil.copy(folder / "storm.txt", folder / "copy.txt")
    report = collection.add(folder)
    copy = Duplicate(str(folder / "copy.txt"), str(folder / "storm.txt"))
    assert (report.duplicates, report.moved, report.added) == ((copy,), (), ())
    assert collection.count() == 3


def test_of_two_copies_of_a_file_that_is_gone_only_one_has_moved(
    collection: Collection, folder: Path
) -> None:
    collection.add(folder)
    shutil.copy(folder / "storm.txt", folder / "one.txt")
    (folder / "storm.txt").rename(folder / "two.txt")
    report = collection.add(folder)
    assert [move.origin for move in report.moved] == [str(folder / "one.txt")]
    assert report.duplicates == (Duplicate(str(folder / "two.txt"), str(folder / "one.txt")),)
    assert names(collection, folder) == {"one.txt", "fair.md", "north/bridge.txt"}


def test_a_file_that_came_back_after_it_moved_is_a_copy(
    collection: Collection, folder: Path
) -> None:
    collection.add(folder)
    (folder / "storm.txt").rename(folder / "gale.txt")
    collection.add(folder)
    shutil.copy(folder / "gale.txt", folder / "storm.txt")
    (copy,) = collection.add(folder).duplicates
    assert copy == Duplicate(str(folder / "storm.txt"), str(folder / "gale.txt"))
    assert collection.count() == 3


# --- sync ---


def test_sync_adds_updates_and_removes_what_has_left(
    collection: Collection, embedder: WordEmbedder, folder: Path
) -> None:
    assert len(collection.sync(folder).added) == 3
    (folder / "storm.txt").unlink()
    (folder / "fair.md").write_text("# The fair\n\nThe spring fair was rained off.", "utf-8")
    (folder / "new.txt").write_text("News\n\nThere is something new.", "utf-8")
    report = collection.sync(folder)
    assert report.added == (str(folder / "new.txt"),)
    assert report.updated == (str(folder / "fair.md"),)
    assert report.unchanged == (str(folder / "north" / "bridge.txt"),)
    assert report.removed == (str(folder / "storm.txt"),)
    assert str(report) == "1 added, 1 updated, 1 unchanged, 0 refused, 1 removed"
    assert names(collection, folder) == {"fair.md", "new.txt", "north/bridge.txt"}
    assert collection.search_lexical("storm", 5) == []
    again = collection.sync(folder)
    assert (len(again.unchanged), again.removed) == (3, ())


def test_sync_takes_a_file_that_moved_inside_for_a_move(
    collection: Collection, folder: Path
) -> None:
    collection.sync(folder)
    (folder / "storm.txt").rename(folder / "north" / "storm.txt")
    report = collection.sync(folder)
    assert (len(report.moved), report.removed) == (1, ())
    assert names(collection, folder) == {"fair.md", "north/bridge.txt", "north/storm.txt"}


def test_sync_leaves_all_other_articles_alone(
    collection: Collection, folder: Path, tmp_path: Path
) -> None:
    beside = tmp_path / "articles-of-others"
    beside.mkdir()
    (beside / "letter.txt").write_text("A letter\n\nIt came from afar.", "utf-8")
    collection.add(beside)
    collection.add_articles([STORM])  # was never a file
    collection.sync(folder)
    (beside / "letter.txt").unlink()
    shutil.rmtree(folder / "north")
    report = collection.sync(folder)
    assert report.removed == (str(folder / "north" / "bridge.txt"),)
    assert collection.count() == 4
    assert collection.sync(folder / "." / ".." / "articles").removed == ()


def test_sync_of_an_inner_folder_removes_only_there(collection: Collection, folder: Path) -> None:
    collection.sync(folder)
    (folder / "storm.txt").unlink()
    (folder / "north" / "bridge.txt").unlink()
    assert len(collection.sync(folder / "north").removed) == 1
    assert names(collection, folder) == {"storm.txt", "fair.md"}


def test_sync_of_a_folder_that_lost_its_last_file_empties_it(
    collection: Collection, folder: Path
) -> None:
    collection.sync(folder)
    shutil.rmtree(folder)
    folder.mkdir()
    assert len(collection.sync(folder).removed) == 3
    assert collection.count() == 0


def test_sync_removes_nothing_where_the_folder_is_missing(
    collection: Collection, folder: Path
) -> None:
    collection.sync(folder)
    shutil.rmtree(folder)
    with pytest.raises(LoadError, match=r"articles cannot be read.*nothing was removed"):
        collection.sync(folder)
    folder.write_text("now a file")
    with pytest.raises(LoadError, match="nothing was removed"):
        collection.sync(folder)
    assert collection.count() == 3


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="the administrator may read everything"
)
def test_sync_removes_nothing_of_what_it_may_not_read(collection: Collection, folder: Path) -> None:
    collection.sync(folder)
    (folder / "north").chmod(0)
    try:
        assert collection.sync(folder).removed == ()
        assert collection.count() == 3
    finally:
        (folder / "north").chmod(0o755)


def test_a_file_that_is_there_and_cannot_be_used_keeps_its_article(
    collection: Collection, folder: Path
) -> None:
    collection.sync(folder)
    (folder / "storm.txt").write_bytes(b"")
    (folder / "fair.md").unlink()
    (folder / "fair.md").symlink_to(folder / "missing.md")
    report = collection.sync(folder)
    assert len(report.refused) == 2
    assert report.removed == ()
    assert collection.count() == 3


def packed(file: Path, **texts: str) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in texts.items():
            archive.writestr(f"{name}.txt", text)


def test_articles_of_an_archive_stay_as_long_as_it_holds_them(
    collection: Collection, embedder: WordEmbedder, folder: Path
) -> None:
    texts = {name: f"No. {name}\n\nThe {name} word of it." for name in ("one", "two", "three")}
    packed(folder / "kept.zip", **texts)
    assert len(collection.sync(folder).added) == 6
    assert len(collection.sync(folder).unchanged) == 6
    del texts["two"]
    packed(folder / "kept.zip", **texts)
    report = collection.sync(folder)
    assert report.removed == (str(folder / "kept.zip" / "two.txt"),)
    assert len(report.unchanged) == 5
    shutil.copy(folder / "kept.zip", folder / "copy.zip")
    report = collection.sync(folder)
    assert (len(report.duplicates), report.moved, report.removed) == (2, (), ())
    (folder / "copy.zip").unlink()
    assert len(collection.sync(folder).removed) == 2
    (folder / "kept.zip").rename(folder / "north" / "kept.zip")
    embedded = len(embedder.embedded)
    report = collection.sync(folder)
    assert (len(report.moved), report.removed) == (2, ())
    assert len(embedder.embedded) == embedded
    (folder / "north" / "kept.zip").write_bytes(b"PK\x03\x04 torn")
    report = collection.sync(folder)
    assert (len(report.refused), report.removed) == (1, ())
    assert collection.count() == 5


def test_a_folder_exchanged_while_it_is_synced_loses_nothing(tmp_path: Path, folder: Path) -> None:
    class Exchanging(WordEmbedder):
        """The disk with the articles is pulled out while they are embedded."""

        def embed_passages(self, texts):  # type: ignore[no-untyped-def]
            if folder.exists():
                folder.rename(tmp_path / "pulled out")
                folder.mkdir()
            return super().embed_passages(texts)

    with Collection.open(tmp_path / "made", embedder=WordEmbedder()) as collection:
        collection.sync(folder)
    (folder / "new.txt").write_text("News\n\nThere is something new.", "utf-8")
    with Collection.open(tmp_path / "made", embedder=Exchanging()) as collection:
        with pytest.raises(LoadError, match="nothing was removed"):
            collection.sync(folder)
        assert collection.count() == 4
