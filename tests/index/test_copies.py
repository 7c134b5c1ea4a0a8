"""The same story twice: exact copies are origins of one article, near ones are linked."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import apsw
import pytest

from index import Collection
from index.errors import DamageError
from index.repair import repair
from index.types import Article, Duplicate
from tests.articles import FAIR, STORM, article, everything
from tests.doubles import WordEmbedder
from tests.index.stories import FERRY, FERRY_EDITED, FERRY_OTHER, FERRY_UPDATED, weather


def clusters(collection: Collection, *articles: Article) -> list[set[str]]:
    """The articles' origins, those of one cluster together, in order."""
    found = collection.clusters([one.id for one in articles])
    groups: dict[str, set[str]] = {}
    for one in articles:
        groups.setdefault(found[one.id], set()).add(one.origin)
    return sorted(groups.values(), key=sorted)


# --- exact copies ---


def test_the_very_same_from_another_place_is_a_further_origin(
    collection: Collection, embedder: WordEmbedder
) -> None:
    again = STORM.at("/mirror/storm.txt")
    report = collection.add_articles([STORM, FAIR, again])
    assert report.duplicates == (Duplicate(again.origin, STORM.origin),)
    assert str(report) == "2 added, 0 updated, 0 unchanged, 0 refused, 1 duplicate"
    assert collection.count() == 2
    assert collection.origins(STORM.id) == (STORM.origin, again.origin)
    assert collection.find(again.origin) == [STORM]
    assert len(embedder.embedded) == 2
    assert collection.stats().origins == 3
    assert collection.verify().is_sound


def test_a_further_origin_is_unchanged_when_it_is_added_again(collection: Collection) -> None:
    again = STORM.at("/mirror/storm.txt")
    collection.add_articles([STORM, again])
    report = collection.add_articles([again, STORM])
    assert report.unchanged == (again.origin, STORM.origin)
    assert (report.duplicates, report.updated) == ((), ())


@pytest.mark.parametrize(
    "facts",
    [
        {"title": "Another headline"},
        {"source": "Town Post"},
        {"published": date(2024, 5, 4)},
        {"authors": ("A. Writer",)},
        {"url": "https://post.example/storm"},
    ],
)
def test_the_same_text_with_facts_of_its_own_is_an_article_of_its_own(
    collection: Collection, facts: dict[str, object]
) -> None:
    other = replace(STORM.at("/post/storm.txt"), **facts)
    report = collection.add_articles([STORM, other])
    assert report.added == (STORM.origin, other.origin)
    assert clusters(collection, STORM, other) == [{STORM.origin, other.origin}]


def test_one_that_knows_less_is_a_further_origin(collection: Collection) -> None:
    bare = article(STORM.text, "/bare/storm.txt", title=STORM.title)
    assert len(collection.add_articles([STORM, bare]).duplicates) == 1


def test_a_changed_article_leaves_its_copies_what_they_were(
    collection: Collection, embedder: WordEmbedder
) -> None:
    one, two = STORM.at("/mirror/1.txt"), STORM.at("/mirror/2.txt")
    collection.add_articles([STORM, one, two])
    before = len(embedder.embedded)
    changed = article("The storm is over.", STORM.origin, title=STORM.title)
    assert collection.add_articles([changed]).updated == (STORM.origin,)
    assert collection.article(STORM.id) == changed
    assert collection.article(one.id) == one
    assert collection.origins(one.id) == (one.origin, two.origin)
    assert len(embedder.embedded) == before + 1
    assert collection.verify().is_sound


def test_a_copy_that_changes_is_an_article_of_its_own(collection: Collection) -> None:
    collection.add_articles([STORM, STORM.at("/mirror/1.txt")])
    changed = article("The storm is over.", "/mirror/1.txt", title=STORM.title)
    assert collection.add_articles([changed]).updated == ("/mirror/1.txt",)
    assert collection.origins(STORM.id) == (STORM.origin,)
    assert collection.article(changed.id) == changed
    back = collection.add_articles([STORM.at("/mirror/1.txt")])
    assert [one.origin for one in back.duplicates] == ["/mirror/1.txt"]
    assert collection.count() == 1


def test_changed_facts_keep_the_further_origins(collection: Collection) -> None:
    collection.add_articles([STORM, STORM.at("/mirror/1.txt")])
    dated = replace(STORM, published=date(2025, 1, 1))
    collection.add_articles([dated])
    assert collection.origins(STORM.id) == (STORM.origin, "/mirror/1.txt")
    assert collection.article(STORM.id) == dated


def test_an_article_is_removed_with_all_its_origins(collection: Collection) -> None:
    collection.add_articles([STORM, STORM.at("/mirror/1.txt")])
    collection.remove(STORM.id)
    assert collection.count() == collection.stats().origins == 0
    assert collection.add_articles([STORM.at("/mirror/1.txt")]).added == ("/mirror/1.txt",)


def test_a_folder_added_twice_under_two_names_is_there_once(
    collection: Collection, tmp_path: Path
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "storm.txt").write_text(f"Storm\n\n{STORM.text}")
    (folder / "ferry.md").write_text(f"# Ferry\n\n{FERRY}")
    collection.add(folder)
    before = everything(collection)
    shutil.copytree(folder, tmp_path / "again")
    assert len(collection.add(tmp_path / "again").duplicates) == 2
    assert len(collection.add(tmp_path / "again", folder).unchanged) == 4
    assert everything(collection) == before
    shutil.rmtree(folder)
    folder.mkdir()
    report = collection.sync(folder)
    assert len(report.removed) == 2
    assert everything(collection) == before
    assert {one.origin for one in collection.articles()} == {
        str(tmp_path / "again" / name) for name in ("storm.txt", "ferry.md")
    }
    assert len(collection.sync(tmp_path / "again").unchanged) == 2
    (tmp_path / "again" / "storm.txt").unlink()
    collection.sync(tmp_path / "again")
    assert [one.title for one in collection.articles()] == ["Ferry"]
    assert collection.verify().is_sound


def test_copies_that_move_are_followed(collection: Collection, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"Storm\n\n{STORM.text}")
    collection.add(tmp_path)
    (tmp_path / "b.txt").rename(tmp_path / "c.txt")
    report = collection.add(tmp_path)
    assert [move.origin for move in report.moved] == [str(tmp_path / "c.txt")]
    (tmp_path / "a.txt").rename(tmp_path / "d.txt")
    report = collection.add(tmp_path)
    assert [move.origin for move in report.moved] == [str(tmp_path / "d.txt")]
    (only,) = collection.articles()
    assert set(collection.origins(only.id)) == {str(tmp_path / "c.txt"), str(tmp_path / "d.txt")}
    assert collection.verify().is_sound


# --- near ones ---

REPORT = article(FERRY, "/wire/ferry.txt", title="Ferry stops for the winter")
EDITED = article(FERRY_EDITED, "/post/island.txt", title="Island cut off until March")
UPDATED = article(FERRY_UPDATED, "/wire/second.txt", title="County pays for second boat")
OTHER = article(FERRY_OTHER, "/post/protest.txt", title="Lanterns at the pier")


def test_a_wire_copy_and_an_update_are_one_cluster_and_another_story_is_not(
    collection: Collection,
) -> None:
    collection.add_articles([OTHER, UPDATED, EDITED, REPORT, STORM])
    together = {REPORT.origin, EDITED.origin, UPDATED.origin}
    assert clusters(collection, REPORT, EDITED, UPDATED, OTHER, STORM) == [
        {STORM.origin},
        together,
        {OTHER.origin},
    ]
    assert {one.origin for one in collection.copies(REPORT.id)} == together - {REPORT.origin}
    assert collection.copies(OTHER.id) == []
    assert collection.stats().independent == 3
    assert collection.verify().is_sound


def test_notices_of_one_pattern_are_independent(collection: Collection) -> None:
    towns = ("Hamnes", "Tresfjord", "Brandvik", "Aldmoor", "Veld")
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    chance = random.Random(1)
    notices = [
        article(
            weather(town, day, *(chance.randrange(1, 40) for _ in range(3))),
            f"/weather/{town}-{day}.txt",
            title=f"{town}, {day}",
        )
        for town in towns
        for day in days
    ]
    collection.add_articles(notices)
    assert collection.stats().independent == len(notices)


def test_clusters_follow_what_is_removed_and_changed(collection: Collection) -> None:
    # The two outer ones are copies of the one between them, and not of each other.
    first, second, third = (" ".join(f"{part}{n}" for n in range(100)) for part in "abc")
    ends = [article(f"{first} {second}", "/1"), article(f"{second} {third}", "/3")]
    between = article(f"{first} {second} {third}", "/2", title="Both")
    collection.add_articles([*ends, between])
    assert clusters(collection, *ends, between) == [{"/1", "/2", "/3"}]
    collection.remove(between.id)
    assert clusters(collection, *ends) == [{"/1"}, {"/3"}]
    collection.add_articles([between])
    assert clusters(collection, *ends, between) == [{"/1", "/2", "/3"}]
    collection.add_articles([article("Another text altogether.", "/2", title="Both")])
    assert clusters(collection, *ends, between) == [{"/1"}, {"/2"}, {"/3"}]
    assert collection.verify().is_sound


def test_clusters_do_not_depend_on_the_order_in_which_articles_came(tmp_path: Path) -> None:
    made = [REPORT, EDITED, UPDATED, OTHER, STORM, FAIR]
    found = []
    for seed in range(4):
        random.Random(seed).shuffle(made)
        with Collection.open(tmp_path / str(seed), embedder=WordEmbedder()) as collection:
            for one in made:
                collection.add_articles([one])
            collection.remove(UPDATED.id)
            collection.add_articles([UPDATED])
            found.append(clusters(collection, *made))
    assert found == [found[0]] * 4


def test_a_crowd_of_copies_is_one_cluster(collection: Collection) -> None:
    crowd = [article(f"{FERRY} No. {n} of 90.", f"/{n}", title=f"No. {n}") for n in range(90)]
    collection.add_articles(crowd)
    assert len(clusters(collection, *crowd)) == 1


# --- kept ---


def test_lost_pairs_are_noticed_named_and_made_again(
    collection: Collection, embedder: WordEmbedder
) -> None:
    collection.add_articles([REPORT, EDITED, OTHER, STORM, STORM.at("/mirror/1.txt")])
    collection.close()
    database = apsw.Connection(str(collection.path / "collection.sqlite3"))
    database.execute("DELETE FROM alike")
    database.close()
    with Collection.open(collection.path, embedder=embedder) as opened:
        with pytest.raises(DamageError, match="copies"):
            opened.clusters([REPORT.id])
        assert [problem.where for problem in opened.verify().problems] == ["copies"]
    report = repair(collection.path, embedder)
    assert report.kept == 4
    with Collection.open(collection.path, embedder=embedder) as opened:
        assert len(clusters(opened, REPORT, EDITED, OTHER)) == 2
        assert opened.origins(STORM.id) == (STORM.origin, "/mirror/1.txt")
        assert opened.verify().is_sound


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE sketch SET keys = zeroblob(336) WHERE id = 1",
        "DELETE FROM band WHERE sketch = 1",
        "DELETE FROM sketch WHERE id = 1",
        "UPDATE copy SET article_id = (SELECT max(id) FROM article)",
        "UPDATE alike SET crc = 7",
        "INSERT INTO alike VALUES ('a', 'b', 7)",
    ],
)
def test_damage_to_what_is_known_of_copies_is_found(
    collection: Collection, embedder: WordEmbedder, damage: str
) -> None:
    collection.add_articles([REPORT, EDITED, STORM, STORM.at("/mirror/1.txt")])
    collection.close()
    database = apsw.Connection(str(collection.path / "collection.sqlite3"))
    database.execute(damage)
    database.close()
    with Collection.open(collection.path, embedder=embedder) as opened:
        assert not opened.verify().is_sound
    repair(collection.path, embedder)
    with Collection.open(collection.path, embedder=embedder) as opened:
        assert opened.verify().is_sound
        assert len(clusters(opened, REPORT, EDITED, STORM)) == 2


def test_a_further_origin_that_is_missing_where_it_is_looked_for_is_noticed(
    collection: Collection, embedder: WordEmbedder
) -> None:
    """SQLite answers from an index whose pages are those of another one."""
    collection.add_articles([FAIR, STORM, STORM.at("/mirror/1.txt")])
    collection.close()
    database = apsw.Connection(str(collection.path / "collection.sqlite3"))
    database.execute("PRAGMA writable_schema = ON")
    database.execute(
        "UPDATE sqlite_schema SET rootpage = "
        "(SELECT rootpage FROM sqlite_schema WHERE name = 'alike_other') "
        "WHERE name = 'copy_article'"
    )
    database.close()
    with Collection.open(collection.path, embedder=embedder) as opened:
        with pytest.raises(DamageError, match="lost origins"):
            opened.origins(STORM.id)
        with pytest.raises(DamageError, match="lost origins"):
            opened.remove(FAIR.id)
        assert [one.origin for one in opened.articles()] == [FAIR.origin, STORM.origin]
        assert "further origins: are not those" in "".join(map(str, opened.verify().problems))
    report = repair(collection.path, embedder)
    assert (report.kept, report.quarantined) == (2, ())
    with Collection.open(collection.path, embedder=embedder) as opened:
        assert opened.origins(STORM.id) == (STORM.origin, "/mirror/1.txt")
        assert opened.verify().is_sound


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE copy SET file_sha256 = 'x'",
        "UPDATE copy SET article_id = 'x'",
        f"UPDATE article SET title = 'x' WHERE id = '{STORM.id}'",
    ],
)
def test_a_further_origin_that_a_repair_cannot_keep_is_named(
    collection: Collection, embedder: WordEmbedder, damage: str
) -> None:
    collection.add_articles([FAIR, STORM, STORM.at("/mirror/1.txt")])
    collection.close()
    database = apsw.Connection(str(collection.path / "collection.sqlite3"))
    database.execute(damage)
    database.close()
    report = repair(collection.path, embedder)
    lost = [one.where for one in report.quarantined]
    assert "further origin /mirror/1.txt" in lost
    assert report.file
    assert "/mirror/1.txt" in report.file.read_text("utf-8")
    with Collection.open(collection.path, embedder=embedder) as opened:
        assert opened.count() == 2 - (len(lost) - 1)
        assert opened.verify().is_sound
        opened.add_articles([STORM, STORM.at("/mirror/1.txt")])
        assert opened.origins(STORM.id) == (STORM.origin, "/mirror/1.txt")


def test_a_new_embedder_and_a_backup_keep_origins_and_clusters(
    collection: Collection, tmp_path: Path
) -> None:
    collection.add_articles([REPORT, EDITED, STORM, STORM.at("/mirror/1.txt")])
    collection.reembed(WordEmbedder(dimensions=64))
    assert len(clusters(collection, REPORT, EDITED, STORM)) == 2
    assert len(collection.origins(STORM.id)) == 2
    collection.backup(tmp_path / "kept.backup")
    collection.remove(STORM.id)
    collection.restore(tmp_path / "kept.backup")
    assert len(collection.origins(STORM.id)) == 2
    assert len(clusters(collection, REPORT, EDITED, STORM)) == 2
    assert collection.verify().is_sound
