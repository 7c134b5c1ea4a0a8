"""What is damaged is named, with its place; what is only unusual is no damage."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Collection
from index.database import Database
from index.errors import CollectionError, FormatError, NotFoundError
from index.types import Article
from index.verification import verify
from tests.articles import BRIDGE, FAIR, STORM, article, long_article
from tests.doubles import WordEmbedder
from tests.index.damaged import MADE, altered, copied, made, opened, overwritten


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("whole") / "collection")


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return copied(whole, tmp_path / "copy")


def problems(path: Path) -> str:
    """All that is wrong, in lines; something must be."""
    verdict = verify(path)
    assert not verdict.is_sound
    return "\n".join(map(str, verdict.problems))


# --- what is sound ---


def test_a_sound_collection_is_counted_and_left_as_it_is(copy: Path) -> None:
    before = {file.name: file.read_bytes() for file in copy.iterdir()}
    verdict = verify(copy)
    assert (verdict.problems, verdict.notes) == ((), ())
    assert (verdict.articles, verdict.passages) == (13, 43)
    assert {file.name: file.read_bytes() for file in copy.iterdir()} == before


def test_all_that_can_be_done_to_a_collection_leaves_it_sound(collection: Collection) -> None:
    collection.add_articles([*MADE, article("Zażółć 😀. ﬁne “quotes”\n\n\nU.S. 1. One", "/odd")])
    collection.remove(FAIR.id)
    collection.add_articles([article("The storm, a day later.", origin=STORM.origin)])
    collection.add_articles([article("A title beyond any embedder.", "/t", title="w " * 900)])
    assert collection.verify().problems == ()
    collection.compact()
    assert collection.verify().problems == ()
    collection.reembed(WordEmbedder(name="others", max_tokens=40))
    assert collection.verify().problems == ()


@pytest.mark.parametrize("damage", ["missing", "stale", "garbage"])
def test_a_cache_that_is_lost_is_noted_and_no_damage(copy: Path, damage: str) -> None:
    (cache,) = copy.glob("segment-*")
    if damage == "missing":
        cache.unlink()
    elif damage == "garbage":
        cache.write_bytes(b"x" * cache.stat().st_size)
    else:
        with opened(copy) as collection:
            collection.remove(STORM.id)
    verdict = verify(copy)
    assert verdict.is_sound
    assert len(verdict.notes) == 1
    assert "search index" in verdict.notes[0]


def test_an_interrupted_add_is_sound(collection: Collection) -> None:
    def interrupted() -> Iterator[Article]:
        yield from (long_article(range(20 * n, 20 * n + 20), f"/{n}") for n in range(20))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collection.add_articles(interrupted())
    assert collection.count()
    assert collection.verify().is_sound


@pytest.mark.parametrize("left", [(), ("write.lock",), ("collection.sqlite3", "write.lock")])
def test_a_folder_whose_making_was_interrupted_is_sound(
    tmp_path: Path, left: tuple[str, ...]
) -> None:
    for name in left:
        (tmp_path / name).touch()
    verdict = verify(tmp_path)
    assert verdict.is_sound
    assert "nothing was added yet" in verdict.notes[0]
    with opened(tmp_path) as collection:
        collection.add_articles([STORM])
    assert verify(tmp_path).articles == 1


def test_a_folder_of_something_else_is_no_collection(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    for path in (tmp_path, tmp_path / "letter.txt", tmp_path / "absent"):
        with pytest.raises(NotFoundError, match="no collection at"):
            verify(path)


def test_reading_and_adding_go_on_while_it_is_verified(collection: Collection) -> None:
    collection.add_articles(MADE)
    database = Database(collection.path / "collection.sqlite3", create=False)
    with database.transaction() as connection:
        connection.execute("SELECT count(*) FROM article").fetchall()
        collection.remove(STORM.id)
        collection.add_articles([article("A new one.", origin="/new")])
        assert verify(collection.path).articles == 13
    database.close()


# --- what is damaged ---


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            f"UPDATE article SET text = replace(text, 'nine', 'ten') WHERE id = '{STORM.id}'",
            f"article {STORM.id} ({STORM.origin}): does not match its checksum",
        ),
        (
            f"UPDATE article SET published = '2024-05-30' WHERE id = '{STORM.id}'",
            f"article {STORM.id} ({STORM.origin}): does not match its checksum",
        ),
        (
            "UPDATE passage SET vector = zeroblob(1024) WHERE id = 1",
            f"article {STORM.id} ({STORM.origin}): passage 1 does not match its checksum",
        ),
        (
            "DELETE FROM passage WHERE id = 1",
            f"article {STORM.id} ({STORM.origin}): it has 0 passages and should have 1",
        ),
        (f"DELETE FROM article WHERE id = '{FAIR.id}'", "passage 2: its article is missing"),
        ("INSERT INTO removed VALUES (3, 0)", "removed passage 3: does not match its checksum"),
        ("UPDATE meta SET value = '7' WHERE key = 'change'", "fact 'change': '7' does not match"),
        ("UPDATE meta SET value = '1' WHERE key = 'format'", "fact 'format': '1' does not match"),
        ("DELETE FROM meta WHERE key = 'embedder'", "fact 'embedder': is missing"),
        ("UPDATE sqlite_sequence SET seq = 3", "passage ids: 3 is noted as the last"),
        ("DROP INDEX passage_article", "table passage_article: is not as this program makes it"),
        ("DROP TABLE passage", "table passage: is not as this program makes it"),
    ],
)
def test_damage_is_named_with_its_place(copy: Path, change: str, said: str) -> None:
    altered(copy, change)
    assert said in problems(copy)


def test_one_damaged_article_is_one_problem(copy: Path) -> None:
    altered(copy, f"UPDATE article SET title = 'x' WHERE id = '{STORM.id}'")
    assert len(verify(copy).problems) == 1
    altered(copy, f"UPDATE article SET title = 'x' WHERE id = '{FAIR.id}'")
    assert len(verify(copy).problems) == 2


@pytest.mark.parametrize("id", [4, 5, 7])
def test_one_damaged_passage_is_one_problem(copy: Path, id: int) -> None:
    """Its text is not said to be in no passage: it is in this one."""
    altered(copy, f"UPDATE passage SET vector = zeroblob(1024) WHERE id = {id}")
    assert problems(copy).endswith(f"passage {id} does not match its checksum")
    assert len(verify(copy).problems) == 1


def test_text_that_is_no_text_any_more_is_named_and_the_rest_is_checked(copy: Path) -> None:
    altered(copy, "INSERT INTO removed VALUES (3, 0)")
    overwritten(copy, STORM.text.encode(), b"\xff" + STORM.text.encode()[1:])
    said = problems(copy)
    assert f"article {STORM.id} ({STORM.origin})" in said
    assert "removed passage 3" in said


def test_passages_of_another_text_are_damage_even_where_every_checksum_is_right(
    copy: Path,
) -> None:
    with opened(copy) as collection:
        collection.add_articles([article("The fair ran dry in rain. Nobody rode.", FAIR.origin)])
        passages = collection.search_lexical("fair rain", 1)
    other = copied(copy, copy.parent / "other")
    with opened(other) as collection:
        collection.add_articles([FAIR])
    altered(
        copy,
        f"ATTACH '{other / 'collection.sqlite3'}' AS other",
        f"DELETE FROM article WHERE id = '{FAIR.id}'",
        f"INSERT INTO article SELECT * FROM other.article WHERE id = '{FAIR.id}'",
    )
    said = problems(copy)
    assert f"article {FAIR.id} ({FAIR.origin}): passage {passages[0].passage.id}" in said


def test_a_lost_database_is_damage_where_the_cache_shows_that_there_was_one(copy: Path) -> None:
    database = copy / "collection.sqlite3"
    database.write_bytes(b"")
    said = "collection.sqlite3: is missing or empty, but segment-00000026-0.index shows that"
    assert problems(copy) == f"{said} there was one"
    database.unlink()
    assert problems(copy) == f"{said} there was one"


def test_what_is_no_database_is_damage(copy: Path) -> None:
    (copy / "collection.sqlite3").write_bytes(b"notes of mine " * 900)
    assert problems(copy) == "collection.sqlite3: it is no database"


def test_a_newer_format_is_refused_by_its_version(copy: Path) -> None:
    with opened(copy) as collection, collection._store.transaction():
        collection._store.set_meta("format", "9")
        collection._store.set_meta("needs", "4.2.0")
    with pytest.raises(FormatError, match=r"version 4\.2\.0 or newer"):
        verify(copy)


def test_no_flipped_bit_goes_unnoticed_or_leaves_the_answers_as_they_were(copy: Path) -> None:
    file = copy / "collection.sqlite3"
    data = file.read_bytes()
    right = {one.id: one for one in MADE}
    chance = random.Random(3)
    noticed = 0
    for _ in range(60):
        damaged = bytearray(data)
        damaged[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        try:
            verdict = verify(copy)
        except CollectionError:
            noticed += 1
            continue
        if not verdict.is_sound:
            noticed += 1
            continue
        # In room that is not used, or in what SQLite does not read.
        with opened(copy) as collection:
            assert {one.id: one for one in collection.articles()} == right
            for one in (STORM, FAIR, BRIDGE):
                assert collection.search_lexical(one.title, 1)[0].passage.article_id == one.id
    assert noticed > 20  # much of a small database is room that is not used
