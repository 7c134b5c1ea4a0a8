"""Conversations in the shell: kept, gone on with, opened again, passed on."""

import io
import json
import shutil
from pathlib import Path

import apsw
import pytest

from bench import news
from index.collection import Collection
from tests.qa.shells import MILL, PERU, STOPPED, Shell

MUSEUM = "When did the museum open in the building of the mill at Oster?"


@pytest.fixture
def history(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file of this test's history."""
    file = tmp_path / "kept" / "history.sqlite3"
    monkeypatch.setenv("ARTICLE_QA_HISTORY", str(file))
    return file


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_an_answer_is_kept_and_opened_again_with_its_quotes_proved(
    shell: Shell, made: Path, history: Path
) -> None:
    asked = shell("ask", STOPPED, "--collection", made)
    assert asked.code == 0
    listed = shell("history")
    assert STOPPED in listed.out
    assert "1 answer" in listed.out
    shown = shell("history", "show", "1")
    assert asked.out.strip() in shown.out
    assert "Proved again: 1 quote" in shown.out
    assert shell("history", "check").out == "1 quote proved again\n"


def test_a_follow_up_is_asked_with_what_was_asked_before(
    shell: Shell, made: Path, history: Path
) -> None:
    shell("ask", STOPPED, "--collection", made)
    went_on = shell("ask", "--continue", "Why?", "--collection", made, "--json")
    assert went_on.json["asked_as"] != "Why?"
    assert STOPPED in went_on.err
    (conversation,) = shell("history", "list", "--json").json
    assert (conversation["turns"], conversation["collection"]) == (2, str(made))
    assert shell("ask", "Why?", "--collection", made, "--json").json["asked_as"] == "Why?"


def test_continuing_needs_something_that_was_kept(shell: Shell, made: Path, history: Path) -> None:
    first = shell("ask", "-c", STOPPED, "--collection", made)
    assert first.code == 0
    assert "nothing to go on with" in first.err
    refused = shell("ask", "-c", "--no-history", STOPPED, "--collection", made)
    assert (refused.code, refused.out) == (2, "")
    assert "nothing is kept" in refused.err


@pytest.mark.parametrize("how", ["--no-history", "off"])
def test_nothing_is_kept_where_that_is_switched_off(
    shell: Shell, made: Path, history: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = [how] if how.startswith("-") else []
    if not options:
        monkeypatch.setenv("ARTICLE_QA_HISTORY", how)
    assert shell("ask", STOPPED, "--collection", made, *options).code == 0
    assert not history.parent.exists()
    if not options:
        assert "nothing is kept" in shell("history").err


def test_an_answer_is_shown_even_if_it_cannot_be_kept(
    shell: Shell, made: Path, history: Path
) -> None:
    history.parent.mkdir()
    history.write_text("this was never a history of anything")
    asked = shell("ask", STOPPED, "--collection", made)
    assert asked.code == 0
    assert "October 1962" in asked.out
    assert "not kept" in asked.err
    assert str(history) in asked.err
    assert shell("history").code == 2


def test_what_changed_and_what_went_since_is_said(
    shell: Shell, copied: Path, folder: Path, history: Path, tmp_path: Path
) -> None:
    shell("ask", STOPPED, "--collection", copied)
    changed = tmp_path / "mill.md"
    shell("remove", folder / "mill.md", "--collection", copied)
    checked = shell("history", "check", "1")
    assert checked.code == 1
    assert "removed since" in checked.out
    changed.write_text(MILL.replace("last sack", "very last sack"), "utf-8")
    shell("add", changed, "--collection", copied)
    shell("ask", STOPPED, "--collection", copied)
    changed.write_text(MILL.replace("last sack", "last heavy sack"), "utf-8")
    shell("add", changed, "--collection", copied)
    shown = shell("history", "show")
    assert "changed since: the quote is no longer in the article" in shown.out
    assert "very last sack" in shown.out
    shutil.rmtree(copied)
    without = shell("history", "show", "1")
    assert without.code == 0
    assert "October 1962" in without.out
    assert "no collection at" in without.out


def test_one_damaged_answer_takes_no_other_with_it(shell: Shell, made: Path, history: Path) -> None:
    shell("ask", STOPPED, "--collection", made)
    shell("ask", "--continue", MUSEUM, "--collection", made)
    shell("ask", "--continue", PERU, "--collection", made)
    with apsw.Connection(str(history)) as connection:
        connection.execute("UPDATE turn SET record = record || ' ' WHERE number = 2")
    shown = shell("history", "show", "1")
    assert shown.code == 0
    assert "Answer 2 is damaged" in shown.out
    assert "1. " + STOPPED in shown.out
    assert "3. " + PERU in shown.out
    checked = shell("history", "check")
    assert checked.code == 1
    assert "1: Answer 2 is damaged" in checked.out
    assert "1 quote proved again" in checked.out
    assert shell("history", "rate", "wrong", "--answer", "3").out == f"wrong: {PERU}\n"
    assert shell("history", "rate", "wrong", "--answer", "2").code == 2
    assert shell("ask", "--continue", "Why?", "--collection", made).code == 0


def test_a_conversation_is_exported_in_every_format(
    shell: Shell, made: Path, history: Path, tmp_path: Path
) -> None:
    shell("ask", PERU, "--collection", made)
    assert "Nearest passage 1" in shell("history", "export").out
    exported = json.loads(shell("history", "export", "1", "--format", "json").out)
    assert exported["turns"][0]["question"] == PERU
    shell("ask", STOPPED, "--collection", made)
    (turn,) = json.loads(shell("history", "export", "--format", "json").out)["turns"]
    with Collection.open(made, create=False) as opened:
        for one in turn["citations"]:
            stored = opened.article(one["article_id"])
            assert stored.text[one["start"] : one["end"]] == one["quote"]
            assert stored.sha256 == one["article_sha256"]
    page = tmp_path / "page.html"
    assert shell("history", "export", "1", "--format", "html", "--output", page).out == ""
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_who_says_what_is_told_in_the_shell(shell: Shell, copied: Path, tmp_path: Path) -> None:
    for name, speaker, word in (("one", "Ida Holm", "safe"), ("two", "Karl Brandt", "rotten")):
        (tmp_path / f"{name}.txt").write_text(
            f"The pier at Lund\n\nThe pier at Lund is {word}, {speaker} said on Friday.\n"
        )
    shell("add", tmp_path / "one.txt", tmp_path / "two.txt", "--collection", copied)
    answer = shell("ask", "Who says what about the pier?", "--collection", copied, "--json").json
    assert answer["shape"] == "positions"
    assert {part["speaker"] for part in answer["parts"]} == {"Ida Holm", "Karl Brandt"}
    told = shell("ask", "What did Ida Holm say about the pier?", "--collection", copied).out
    assert told.startswith("Ida Holm, date unknown: The pier at Lund is safe")


def test_rated_answers_come_out_as_questions(
    shell: Shell, made: Path, history: Path, tmp_path: Path
) -> None:
    shell("ask", STOPPED, "--collection", made)
    shell("ask", PERU, "--collection", made)
    assert shell("history", "rate", "wrong").out == f"wrong: {PERU}\n"
    shell("history", "rate", "right", "1", "--answer", "1", "--note", "as I remember it")
    assert shell("history", "rate", "right", "1", "--answer", "2").code == 2
    file = tmp_path / "rated.jsonl"
    file.write_text(shell("history", "rated").out, "utf-8")
    right, _ = news.questions(file)
    assert right.question == STOPPED
    assert len(right.relevant) == 1
    shell("history", "rate", "none", "1")
    assert len(shell("history", "rated").out.splitlines()) == 1


def test_conversations_are_found_named_and_deleted(shell: Shell, made: Path, history: Path) -> None:
    for question in (STOPPED, PERU):
        shell("ask", question, "--collection", made)
    shell("history", "rename", "1", "The mill")
    assert "The mill" in shell("history", "list", "--search", "october grain").out
    assert "no such conversations" in shell("history", "list", "--search", "banana").out
    assert "1 more" in shell("history", "list", "-n", "1").out
    assert shell("history", "delete").code == 2
    assert shell("history", "delete", "1", "99").code == 2
    assert len(shell("history", "--json").json) == 2
    assert shell("history", "delete", "1").out == "deleted 1: The mill\n"
    assert shell("history", "delete", "--all").out == "deleted 1 conversation\n"
    assert shell("history", "show").code == 2


def test_a_chat_goes_through_the_questions_that_are_typed(
    shell: Shell, made: Path, history: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, STOPPED, "", "Why?", "/right", "/new", "x" * 3000, MUSEUM, "/help", "/wrong")
    talked = shell("chat", "--collection", made)
    assert talked.code == 0
    assert "October 1962" in talked.out
    assert "1987" in talked.out
    assert "at most 2,000" in talked.err
    assert [one["turns"] for one in shell("history", "--json").json] == [1, 2]
    rated = [json.loads(line) for line in shell("history", "rated").out.splitlines()]
    assert [(row["verdict"], row["question"] == MUSEUM) for row in rated] == [
        ("right", False),
        ("wrong", True),
    ]


def test_a_chat_as_json_is_an_answer_a_line(
    shell: Shell, made: Path, history: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, STOPPED, "/right")
    talked = shell("chat", "--json", "--no-history", "--collection", made)
    (answer,) = map(json.loads, talked.out.splitlines())
    assert answer["question"] == STOPPED
    assert "No answer is kept" in talked.err
    assert not history.exists()
