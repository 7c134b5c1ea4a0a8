import dataclasses
import json
import multiprocessing
import os
import stat
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import apsw
import pytest

from bench import news
from index.errors import HistoryError, NotFoundError
from index.types import Filter
from qa.records import NEAREST, Records
from qa.records_check import check, evaluation_set
from qa.records_export import KINDS
from tests.qa.kept import BUILT, FAIR, HERRING, QUAY, UNKNOWN, answer, shelf
from tests.qa.library import article

SHELF = shelf()


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "kept" / "history.sqlite3")


def titles(records: Records, search: str = "") -> list[str]:
    return [one.title for one in records.conversations(search)]


def test_a_kept_answer_is_the_answer_that_was_shown(records: Records) -> None:
    given = answer(HERRING)
    conversation = records.begin("Boats", "articles")
    records.add(
        conversation, given, SHELF, asked_on=date(2024, 8, 18), filter=Filter(sources=("News",))
    )
    (turn,) = records.turns(conversation)
    assert given.citations
    assert dataclasses.replace(turn.answer, hits=()) == dataclasses.replace(given, hits=())
    assert turn.asked_on == date(2024, 8, 18)
    assert turn.filter == Filter(sources=("News",))
    assert turn.turn.asked_as == given.asked_as
    (hit,) = turn.answer.hits
    assert given.citations[0].quote in hit.passage.text
    assert turn.references[QUAY.id].title == QUAY.title


def test_an_answer_about_a_time_is_kept_with_what_was_made_of_it(records: Records) -> None:
    given = answer("When was the quay at Verden built, as of 1 May 2024?")
    conversation = records.begin("", "articles")
    records.add(conversation, given, SHELF)
    (turn,) = records.turns(conversation)
    assert given.frame is not None
    assert turn.answer.frame == given.frame


def test_of_what_was_not_found_the_nearest_passages_are_kept(records: Records) -> None:
    given = answer(UNKNOWN)
    assert given.status == "not_found"
    conversation = records.begin("", "articles")
    records.add(conversation, given, SHELF)
    (turn,) = records.turns(conversation)
    assert turn.answer.hits == given.hits[:NEAREST]
    assert {hit.passage.article_id for hit in turn.answer.hits} == set(turn.references)


def test_nothing_is_written_before_something_is_kept(records: Records) -> None:
    assert records.conversations() == []
    assert records.delete_all() == 0
    assert not records.path.parent.exists()


def test_the_last_conversation_that_was_asked_comes_first(records: Records) -> None:
    first, _ = records.begin("First", "a"), records.begin("Second", "b")
    assert titles(records) == ["Second", "First"]
    records.add(first, answer(), SHELF)
    assert titles(records) == ["First", "Second"]
    assert [one.turns for one in records.conversations()] == [1, 0]


def test_a_collection_is_known_by_any_way_to_it(records: Records, tmp_path: Path) -> None:
    records.begin("One", tmp_path / "kept" / ".." / "a")
    (found,) = records.conversations(collection=tmp_path / "a")
    assert found.collection == str(tmp_path / "a")


def test_a_conversation_without_a_title_has_its_first_question_for_one(records: Records) -> None:
    conversation = records.begin("", "articles")
    for question in (BUILT, HERRING):
        records.add(conversation, answer(question), SHELF)
    assert titles(records) == [BUILT]
    records.rename(conversation, "  The\nquay ")
    assert titles(records) == ["The quay"]


def test_conversations_are_found_by_words_of_questions_answers_titles(records: Records) -> None:
    quay, other = records.begin("", "a"), records.begin("Pie recipes", "b", owner="ida")
    records.add(quay, answer(HERRING), SHELF)
    records.add(other, answer("When did the spring fair open?"), SHELF)
    assert titles(records, "“LOGGERS” herr") == [HERRING]  # of the quote, and a word's beginning
    assert titles(records, "sunshine recipes") == ["Pie recipes"]
    assert titles(records, "loggers sunshine") == []
    assert titles(records, "ring") == []
    assert [one.id for one in records.conversations(owner="ida")] == [other]
    assert [one.id for one in records.conversations(collection="a")] == [quay]


def test_what_is_deleted_is_gone_from_the_file(records: Records) -> None:
    kept, gone = records.begin("Kept", "a"), records.begin("Gone", "a")
    for conversation in (kept, gone):
        records.rate(records.add(conversation, answer(HERRING), SHELF), "right")
    records.delete(gone)
    with pytest.raises(NotFoundError, match="history list"):
        records.turns(gone)
    assert titles(records) == ["Kept"]
    assert len(list(records.rated())) == 1
    assert records.delete_all() == 1
    assert records.conversations() == []
    left = b"".join(file.read_bytes() for file in records.path.parent.iterdir())
    assert b"loggers" not in left
    assert records.begin("New", "a") > gone


def test_one_owner_deletes_what_is_theirs(records: Records) -> None:
    records.begin("Mine", "a", owner="ida")
    records.begin("Yours", "a", owner="per")
    assert records.delete_all(owner="ida") == 1
    assert titles(records) == ["Yours"]


def test_an_answer_can_be_rated_again_and_not_at_all(records: Records) -> None:
    turn = records.add(records.begin("", "a"), answer(), SHELF)
    records.rate(turn, "wrong", "that was the other quay")
    records.rate(turn, "wrong source", "a blog")
    (rated,) = records.rated()
    assert rated.rating is not None
    assert (rated.rating.verdict, rated.rating.note) == ("wrong source", "a blog")
    records.rate(turn, None)
    assert list(records.rated()) == []
    with pytest.raises(NotFoundError):
        records.rate(turn + 1, "right")


def test_rated_answers_are_questions_that_the_measurements_read(
    records: Records, tmp_path: Path
) -> None:
    conversation = records.begin("", "a")
    for verdict in ("right", "wrong", "wrong source", None):
        turn = records.add(conversation, answer(), SHELF, asked_on=date(2024, 8, 18))
        records.rate(turn, verdict)
    rows = list(evaluation_set(records.rated()))
    file = tmp_path / "rated.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    right, wrong, elsewhere = news.questions(file)
    assert right.question == BUILT
    assert right.asked_on == date(2024, 8, 18)
    assert right.relevant == {QUAY.origin}
    assert right.answers == elsewhere.answers != ()
    assert (wrong.answers, wrong.relevant) == ((), frozenset())
    assert elsewhere.relevant == frozenset()


def test_old_answers_say_what_became_of_their_articles() -> None:
    articles = shelf()
    given = answer(BUILT, articles)
    assert [one.standing for one in check(given, articles)] == ["same"]
    longer = article(QUAY.title, f"Once upon a time. {QUAY.text}")
    assert longer.id == QUAY.id
    articles.put(longer)
    (moved,) = check(given, articles)
    assert moved.standing == "changed"
    assert moved.now is not None
    assert longer.text[slice(*moved.now)] == moved.citation.quote
    articles.put(article(QUAY.title, "The quay is no more."))
    (changed,) = check(given, articles)
    assert (changed.standing, changed.now) == ("changed", None)
    assert "changed since" in str(changed)
    articles.remove(QUAY.id)
    (removed,) = check(given, articles)
    assert removed.standing == "removed"


def test_an_article_that_has_gone_meanwhile_does_not_keep_an_answer_out(records: Records) -> None:
    articles = shelf(QUAY, FAIR)
    given = answer(BUILT, articles)
    articles.remove(QUAY.id)
    conversation = records.begin("", "a")
    records.add(conversation, given, articles)
    (turn,) = records.turns(conversation)
    assert turn.references == {}
    assert turn.answer.citations == given.citations


def test_half_a_character_is_kept_as_a_question_has_it(records: Records) -> None:
    given = dataclasses.replace(answer(), question=f"{BUILT} \ud800\0")
    conversation = records.begin("", "a")
    records.rate(records.add(conversation, given, SHELF), "wrong", "\udfff")
    (turn,) = records.turns(conversation)
    assert turn.answer.question == given.question
    assert titles(records) == [f"{BUILT} ?\0"]


def test_fields_that_came_later_and_fields_that_went_do_not_matter(records: Records) -> None:
    conversation = records.begin("", "a")
    records.add(conversation, answer(), SHELF)
    with apsw.Connection(str(records.path)) as connection:
        ((text,),) = connection.execute("SELECT record FROM turn")
        row = json.loads(str(text))
        row["answer"]["colour"] = "green"
        del row["answer"]["remark"]
        text = json.dumps(row)
        crc = zlib.crc32(text.encode())
        connection.execute("UPDATE turn SET record = ?, crc = ?", (text, crc))
    (turn,) = records.turns(conversation)
    assert turn.answer.remark == ""


def test_a_damaged_answer_is_told_and_those_beside_it_are_shown(records: Records) -> None:
    conversation = records.begin("", "a")
    for question in (BUILT, HERRING, BUILT):
        records.rate(records.add(conversation, answer(question), SHELF), "right")
    with apsw.Connection(str(records.path)) as connection:
        connection.execute(
            "UPDATE turn SET record = replace(record, '1954', '1955') WHERE number = 2"
        )
    assert [turn.number for turn in records.turns(conversation)] == [1, 3]
    (damaged,) = records.damaged(conversation)
    assert (damaged.conversation, damaged.number) == (conversation, 2)
    assert [turn.number for turn in records.rated()] == [1, 3]
    for kind in KINDS:
        told = records.export(conversation, kind)
        assert "checksum" in told
        assert "1955" not in told
    assert records.damaged(records.begin("", "a")) == []


def test_a_file_that_is_no_history_is_left_as_it_is(tmp_path: Path) -> None:
    text, other = tmp_path / "notes.txt", tmp_path / "other.sqlite3"
    text.write_text("my notes\n" * 50, "utf-8")
    with apsw.Connection(str(other)) as connection:
        connection.execute("CREATE TABLE mine (id)")
    for file in (text, other):
        before = file.read_bytes()
        with pytest.raises(HistoryError, match=file.name):
            Records(file).begin("", "a")
        with pytest.raises(HistoryError, match="ARTICLE_QA_HISTORY"):
            Records(file).conversations()
        assert file.read_bytes() == before


def test_a_damaged_file_is_told_as_damaged(records: Records) -> None:
    for _ in range(40):
        records.add(records.begin("", "a"), answer(), SHELF)
    data = bytearray(records.path.read_bytes())
    data[4096:] = b"\x55" * (len(data) - 4096)
    records.path.write_bytes(data)
    with pytest.raises(HistoryError, match="is damaged"):
        records.conversations()


def test_a_history_of_a_newer_version_is_refused(records: Records) -> None:
    records.begin("", "a")
    with apsw.Connection(str(records.path)) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(HistoryError, match="newer version"):
        records.conversations()


def test_a_place_that_cannot_be_used_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HistoryError, match="ARTICLE_QA_HISTORY"):
        Records(tmp_path / "file" / "history.sqlite3").begin("", "a")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root writes anywhere")
def test_a_history_that_cannot_be_written_can_be_read(records: Records) -> None:
    records.begin("Kept", "a")
    records.path.chmod(0o400)
    records.path.parent.chmod(0o500)
    try:
        assert titles(records) == ["Kept"]
        with pytest.raises(HistoryError, match="cannot write"):
            records.begin("More", "a")
    finally:
        records.path.parent.chmod(0o700)


@pytest.mark.skipif(os.name != "posix", reason="file modes are of POSIX")
def test_only_its_owner_may_read_the_file(records: Records) -> None:
    records.begin("", "a")
    assert stat.S_IMODE(records.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(records.path.parent.stat().st_mode) == 0o700


def _begin_and_add(path: Path, name: int) -> None:
    records = Records(path)
    conversation = records.begin(f"Process {name}", "a")
    for _ in range(5):
        records.add(conversation, answer(), SHELF)


def test_threads_and_processes_keep_all_they_are_given(records: Records) -> None:
    spawning = multiprocessing.get_context("spawn" if sys.platform != "linux" else "forkserver")
    processes = [
        spawning.Process(target=_begin_and_add, args=(records.path, name)) for name in range(2)
    ]
    for process in processes:
        process.start()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(_begin_and_add, [records.path] * 8, range(8)))
    for process in processes:
        process.join()
        assert process.exitcode == 0
    kept = records.conversations()
    assert [one.turns for one in kept] == [5] * 10
    for one in kept:
        assert [turn.number for turn in records.turns(one.id)] == [1, 2, 3, 4, 5]
