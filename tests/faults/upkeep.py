"""Operations of the life cycle: syncing, re-embedding, compacting, checking, copying, repairing."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import apsw

from index import Collection
from index.backup import restore
from index.repair import repair
from tests.articles import paragraph
from tests.doubles import WordEmbedder
from tests.faults.operations import (
    FEW,
    FEW_AND_COPIES,
    SEARCH,
    Action,
    Library,
    Operation,
    acknowledged,
    add,
    few,
    few_and_copies,
    from_files,
    held_by,
    library,
    made,
    opened,
    same,
    small_segments,
)

_FORMATS = Path(__file__).parents[1] / "index" / "formats"
# Articles of the collection that are not of its folder.
_OTHERS = {one.id for one in FEW}

# --- actions ---


def _sync(collection: Collection) -> set[str]:
    return acknowledged(collection.sync(collection.path.parent / "articles"))


def _synced(before: Library, root: Path) -> Library:
    return {id: one for id, one in before.items() if id in _OTHERS} | from_files(root)


def _reembed(collection: Collection) -> set[str]:
    collection.reembed(WordEmbedder(dimensions=96))
    return set()


def _compact(collection: Collection) -> set[str]:
    collection.compact()
    return set()


def _verify(collection: Collection) -> set[str]:
    verdict = collection.verify()
    assert verdict.is_sound, verdict.problems
    return set()


def _backup(collection: Collection) -> set[str]:
    collection.backup(collection.path.parent / "backup")
    return set()


def _restore(collection: Collection) -> set[str]:
    root = collection.path.parent
    restore(root / "backup", root / "collection", replace=True)
    return FEW_AND_COPIES.keys() | {one.id for one in _LATER}


def _restored(before: Library, root: Path) -> Library:
    return FEW_AND_COPIES


def _repair(collection: Collection) -> set[str]:
    report = repair(collection.path, WordEmbedder())
    assert not report.quarantined, report.quarantined
    return set()


# --- what is there before ---

_LATER = (made(20), made(21, passages=5))


def folder_changed(root: Path) -> Library:
    """One file is new, one changed, one moved, one as it was, and one gone; of that a copy stays,
    and another that is nearly one.
    """
    folder = root / "articles"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.txt").write_text(f"Report {number}\n\n{paragraph(number)}\n")
    (folder / "again.txt").write_text(f"Report 0\n\n{paragraph(0)}\n")
    (folder / "near.txt").write_text(f"Another headline\n\n{paragraph(0)}\n")
    few(root)
    with opened(root) as collection:
        collection.sync(folder)
        held = held_by(collection)
    (folder / "0.txt").unlink()
    (folder / "1.txt").rename(folder / "moved.txt")
    (folder / "2.txt").write_text(f"Report 2\n\n{paragraph(2)}\n\n{paragraph(200)}\n")
    (folder / "4.txt").write_text(f"Report 4\n\n{paragraph(4)}\n")
    return held


def much_removed(root: Path) -> Library:
    with small_segments(), opened(root) as collection:
        collection.add_articles([made(number, passages=8) for number in range(20, 26)])
        collection.add_articles(FEW)
        for number in range(20, 26):
            collection.remove(made(number).id)
    return library(FEW)


def backed_up(root: Path) -> Library:
    few_and_copies(root)
    with opened(root) as collection:
        collection.backup(root / "backup")
        collection.add_articles(_LATER)
        collection.remove(FEW[0].id)
        return held_by(collection)


def only_a_backup(root: Path) -> Library:
    backed_up(root)
    shutil.rmtree(root / "collection")
    return {}


def damaged(root: Path) -> Library:
    """One vector is not as it was written, a passage is said to be removed that is there, and
    copies that were found are missing.
    """
    held = few_and_copies(root)
    database = apsw.Connection(str(root / "collection" / "collection.sqlite3"))
    database.execute("UPDATE passage SET vector = zeroblob(length(vector)) WHERE id = 2")
    database.execute("INSERT INTO removed VALUES (3, 0)")
    database.execute("DELETE FROM alike")
    database.close()
    return held


def of_format(number: int, root: Path) -> Library:
    (root / "collection").mkdir()
    database = apsw.Connection(str(root / "collection" / "collection.sqlite3"))
    database.execute("PRAGMA journal_mode = WAL").fetchall()
    database.execute((_FORMATS / f"format-{number}.sql").read_text("utf-8"))
    database.close()
    shutil.copytree(root, root / "copy")
    with opened(root / "copy") as collection:
        held = held_by(collection)
    shutil.rmtree(root / "copy")
    return held


UPKEEP: dict[str, Operation] = {
    "sync": Operation(folder_changed, (Action(_sync, _synced),)),
    "reembed": Operation(few_and_copies, (Action(_reembed, same),)),
    "compact": Operation(much_removed, (Action(_compact, same),)),
    "verify": Operation(few_and_copies, (Action(_verify, same),)),
    "backup": Operation(backed_up, (Action(_backup, same),)),
    "restore": Operation(backed_up, (Action(_restore, _restored),)),
    "restore into nothing": Operation(only_a_backup, (Action(_restore, _restored),)),
    "repair": Operation(damaged, (Action(_repair, same),), sound=False),
    **{
        f"bring up format {number}": Operation(partial(of_format, number), (SEARCH, add(made(10))))
        for number in (1, 2, 3)
    },
}
