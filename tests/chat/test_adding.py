import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat import adding, receiving
from chat.adding import Adding
from chat.articles import ArticleList
from chat.catalogue import Catalogue
from chat.receiving import Receiver, RefusedError, Room, place
from chat.types import Person
from index.collection import Collection
from index.locking import writing


@pytest.fixture
def work(collection: Collection) -> Iterator[Adding]:
    made = Adding(collection)
    yield made
    made.stop()


def test_what_became_of_a_file_is_told_in_a_sentence(work: Adding, collection: Collection) -> None:
    text = b"The ferry was painted green in July."
    assert work.add_now("ferry.txt", text).report() == "1 article added."
    assert work.add_now("ferry.txt", text).report() == "1 already here."
    assert work.add_now("ferry.txt", b"It was painted red.").report() == "1 replaced."
    refused = work.add_now("empty.txt", b"")
    assert refused.report() == "1 could not be added."
    assert refused.told()["refused"][0][0] == "empty.txt"
    assert not (collection.path / adding.FOLDER / "empty.txt").exists()
    assert [article.text for article in collection.articles()] == ["It was painted red."]


@pytest.mark.parametrize(
    "name",
    [
        *("../../evil.txt", "/etc/passwd", "..\\..\\evil.txt", "C:\\evil.txt", "....//evil.txt"),
        *("a\x00b.txt", "a\nb.txt", "\u202etxt.exe", "x" * 5_000 + ".md", "", ".", "..", " / / "),
        *("NUL", "é" * 300, "a/b/../../../../c.txt", "\ud800.txt", "*?<>|.html"),
    ],
)
def test_whatever_a_file_is_called_it_is_kept_inside_the_folder(tmp_path: Path, name: str) -> None:
    kept = place(tmp_path / "added", name)
    assert (tmp_path / "added") in kept.resolve().parents
    assert ".." not in kept.parts
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text("x")


def test_two_names_are_two_files_and_the_same_name_is_the_same_file(tmp_path: Path) -> None:
    long = "x" * 200
    names = ["plain.txt", "what?.txt", "what*.txt", "what_.txt", f"{long}1.md", f"{long}2.md"]
    assert len({place(tmp_path, name) for name in names}) == len(names)
    assert place(tmp_path, "folder/plain.txt") == tmp_path / "folder" / "plain.txt"
    assert place(tmp_path, "what?.txt") == place(tmp_path, "what?.txt")


def test_a_folder_that_leads_elsewhere_is_not_followed(
    work: Adding, collection: Collection, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    (collection.path / adding.FOLDER).mkdir()
    (collection.path / adding.FOLDER / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(RefusedError, match="leads out of"):
        work.add_now("link/evil.txt", b"Some text.")
    assert list((tmp_path / "outside").iterdir()) == []


def test_while_another_program_writes_it_waits_and_says_so(
    work: Adding, collection: Collection
) -> None:
    id = work.begin()
    with writing(collection.path, "repairing it"):
        with work.receiving(id, "ferry.txt") as receiver:
            receiver.take(b"The ferry was painted green.")
        work.complete(id)
        until(lambda: "repairing it" in told(work, id).words)
        assert not told(work, id).finished
    until(lambda: told(work, id).finished)
    assert told(work, id).report() == "1 article added."


def test_a_file_that_is_broken_off_is_not_added(work: Adding, collection: Collection) -> None:
    id = work.begin()
    with pytest.raises(TypeError), work.receiving(id, "ferry.txt") as receiver:
        receiver.take("no bytes")  # type: ignore[arg-type]
    assert list((collection.path / adding.FOLDER).iterdir()) == []
    assert told(work, id).files == 0


def test_more_than_can_wait_is_refused(tmp_path: Path) -> None:
    room = Room(most=10)
    with (tmp_path / "file").open("wb") as file:
        Receiver(file, room).take(b"12345678")
        with pytest.raises(RefusedError, match="too much is waiting"):
            Receiver(file, room).take(b"123")
        receiver = Receiver(file, Room())
        receiver.size = receiving.MAX_FILE
        with pytest.raises(RefusedError, match="larger than 200 MB"):
            receiver.take(b"1")


def test_what_was_dropped_leaves_with_its_article_and_nothing_else_does(
    work: Adding, collection: Collection, tmp_path: Path
) -> None:
    text = b"The ferry was painted green in July."
    work.add_now("ferry.txt", text)
    work.add_now("copies/ferry.txt", text)
    work.add_now("harbour.txt", b"The harbour froze in January.")
    elsewhere = tmp_path / "storm.txt"
    elsewhere.write_text("A storm closed the harbour for nine days.")
    collection.add(elsewhere)
    articles = ArticleList(Catalogue(collection), collection, work)
    for article in list(collection.articles()):
        if "harbour froze" not in article.text:
            articles.remove(article.id, Person(may_change=True))
    left = (collection.path / adding.FOLDER).rglob("*.txt")
    assert [path.name for path in left] == ["harbour.txt"]
    assert elsewhere.exists()


def test_an_upload_that_is_not_known_is_refused(work: Adding) -> None:
    with pytest.raises(RefusedError, match="not known here"), work.receiving("none", "x.txt"):
        pass
    assert work.job("none") is None


def told(work: Adding, id: str) -> adding.Job:
    job = work.job(id)
    assert job is not None
    return job


def until(holds: object) -> None:
    assert callable(holds)
    for _ in range(400):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never came")
