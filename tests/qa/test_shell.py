"""The shell from end to end, with the packaged model."""

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
import pytest

from index.collection import Collection
from qa.__main__ import main

ROOT = Path(__file__).parents[2]

MILL = """---
title: The mill at Oster
source: Valley Post
published: 2023-04-01
url: https://example.org/mill
authors: [Ida Holm]
---
The mill at Oster ground its last sack of grain in October 1962. Its owner, Karl Brandt, could no
longer compete with the large mills of the port.

A museum opened in the building in 1987. It shows how “stone flour” was made, and it has about
9,000 visitors a year.
"""
FERRY = """Ferry to Holm gets a new ship

The island of Holm will have a new ferry in spring. The ship is called Sula and carries 44 cars.

Until then the old ferry sails every two hours, because one of its two engines has failed.
"""
HOTEL = """<!doctype html>
<html lang="en"><head><title>Hotel by the lighthouse reopens</title></head>
<body><article><h1>Hotel by the lighthouse reopens</h1>
<p>The Grand Hotel beside the lighthouse of Holm reopened on Friday after a fire two years ago.</p>
<p>Its new owner, Elsa Nordin, bought the ruin for one crown and rebuilt it with local timber.</p>
<p>The kitchen serves herring, potatoes and rye bread, as it did a hundred years ago.</p>
</article></body></html>
"""

ANSWER_KEYS = [
    "question",
    "asked_as",
    "status",
    "text",
    "short_answer",
    "citations",
    "hits",
    "confidence",
    "timings",
]
CITATION_KEYS = [
    "marker",
    "article_id",
    "title",
    "source",
    "url",
    "published",
    "quote",
    "start",
    "end",
]
HIT_KEYS = ["passage", "score", "stage"]
PASSAGE_KEYS = ["id", "article_id", "start", "end", "text"]

STOPPED = "When did the mill at Oster grind its last grain?"
PERU = "Who won the presidential election in Peru?"


@dataclass
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Shell = Callable[..., Result]


def exit_code(*arguments: object) -> int:
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as stopped:  # argparse's way out
        return int(stopped.code or 0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three articles, and three files that cannot become one."""
    made = tmp_path_factory.mktemp("articles")
    (made / "mill.md").write_text(MILL, "utf-8")
    (made / "islands").mkdir()
    (made / "islands" / "ferry.txt").write_text(FERRY, "utf-8")
    (made / "islands" / "hotel.html").write_text(HOTEL, "utf-8")
    (made / "empty.txt").write_bytes(b"")
    (made / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    (made / "sheet.csv").write_text("a,b\n1,2\n", "utf-8")
    return made


@pytest.fixture(scope="module")
def added(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The collection of `folder`, and what the shell said when it was made."""
    path = tmp_path_factory.mktemp("collections") / "made"
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = exit_code("add", folder, "--collection", path)
    return path, Result(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def made(added: tuple[Path, Result]) -> Path:
    """A collection that no test changes."""
    return added[0]


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    """The same collection, for a test to change."""
    return Path(shutil.copytree(made, tmp_path / "copied"))


@pytest.fixture
def shell(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Shell:
    """Runs one command in an empty folder."""
    monkeypatch.delenv("ARTICLE_QA_COLLECTION", raising=False)
    monkeypatch.delenv("ARTICLE_QA_EMBEDDER", raising=False)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    def run(*arguments: object) -> Result:
        capsys.readouterr()
        code = exit_code(*arguments)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Result(code, said.out, said.err)

    return run


def origins(collection: Path) -> set[str]:
    with Collection.open(collection, create=False) as opened:
        return {Path(article.origin).name for article in opened.articles()}


# --- add ---


def test_add_takes_files_and_folders_and_lists_what_it_refused(added: tuple[Path, Result]) -> None:
    path, result = added
    assert result.code == 0
    assert result.out == "3 added, 0 updated, 0 unchanged, 3 refused\n"
    refused = result.err.splitlines()
    assert len(refused) == 3
    assert all(line.startswith("refused ") and ": " in line for line in refused)
    assert {Path(line.split(": ")[0]).name for line in refused} == {
        "empty.txt",
        "photo.txt",
        "sheet.csv",
    }
    assert origins(path) == {"mill.md", "ferry.txt", "hotel.html"}


def test_adding_the_same_again_changes_nothing(shell: Shell, copied: Path, folder: Path) -> None:
    result = shell("add", folder / "mill.md", folder / "islands", "--collection", copied, "--json")
    assert result.code == 0
    assert result.json["unchanged"] == [
        str(folder / "mill.md"),
        str(folder / "islands" / "ferry.txt"),
        str(folder / "islands" / "hotel.html"),
    ]
    assert (result.json["added"], result.json["updated"], result.json["refused"]) == ([], [], [])


def test_add_as_json_tells_what_was_refused_and_why(
    shell: Shell, copied: Path, folder: Path
) -> None:
    result = shell(
        "add", folder / "empty.txt", folder / "mill.md", "--collection", copied, "--json"
    )
    (refusal,) = result.json["refused"]
    assert result.code == 0
    assert refusal["origin"] == str(folder / "empty.txt")
    assert refusal["reason"] in result.err


@pytest.mark.parametrize("name", ["empty.txt", "photo.txt", "sheet.csv", "missing.txt", "missing"])
def test_add_fails_when_nothing_could_be_added(
    shell: Shell, copied: Path, folder: Path, name: str
) -> None:
    result = shell("add", folder / name, "--collection", copied)
    assert result.code == 2
    refused, advice = result.err.splitlines()
    assert name in refused
    assert advice.startswith("article-qa: nothing could be added")
    assert origins(copied) == {"mill.md", "ferry.txt", "hotel.html"}


def test_add_of_a_folder_without_articles_fails(shell: Shell, copied: Path, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    result = shell("add", tmp_path / "bare", "--collection", copied)
    assert result.code == 2
    assert "nothing could be added" in result.err


def test_a_file_name_cannot_write_to_the_terminal(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "hostile"
    folder.mkdir()
    (folder / "a\x1b[2Jb\nc.txt").write_text(FERRY, "utf-8")
    (folder / "d\x1b[2J.txt").write_bytes(b"")
    added = shell("add", folder, "--collection", tmp_path / "made")
    listed = shell("list", "--collection", tmp_path / "made")
    removed = shell("remove", folder, "--collection", tmp_path / "made")
    assert "d\\x1b[2J.txt: empty file" in added.err
    for said in (listed, removed):
        assert "a\\x1b[2Jb\\nc.txt" in said.out
    assert "\x1b" not in added.out + added.err + listed.out + removed.out


# --- list, stats, remove ---


def test_list_shows_id_title_source_date_and_origin(shell: Shell, made: Path, folder: Path) -> None:
    result = shell("list", "--collection", made)
    assert result.code == 0
    assert "The mill at Oster · Valley Post · 1 April 2023" in result.out
    assert "Ferry to Holm gets a new ship · date unknown" in result.out
    assert str(folder / "islands" / "hotel.html") in result.out
    assert len(result.out.splitlines()) == 6


def test_list_as_json_has_every_field_but_the_text(shell: Shell, made: Path) -> None:
    articles = shell("list", "--collection", made, "--json").json
    (mill,) = [article for article in articles if article["title"] == "The mill at Oster"]
    assert len(articles) == 3
    assert "text" not in mill
    assert (mill["source"], mill["published"]) == ("Valley Post", "2023-04-01")
    assert (mill["url"], mill["authors"]) == ("https://example.org/mill", ["Ida Holm"])


def test_an_empty_collection_is_listed_with_what_to_do(shell: Shell, tmp_path: Path) -> None:
    Collection.open(tmp_path / "empty").close()
    assert "article-qa add" in shell("list", "--collection", tmp_path / "empty").out


def test_stats_count_what_is_there(shell: Shell, made: Path) -> None:
    counted = shell("stats", "--collection", made, "--json").json
    assert counted["articles"] == 3
    assert counted["passages"] >= 3
    assert counted["embedder"].startswith("all-MiniLM-L6-v2@")
    assert counted["bytes"] > 10_000
    assert "3 articles" in shell("stats", "--collection", made).out


@pytest.mark.parametrize("by", ["id", "file", "folder"])
def test_remove_by_id_file_or_folder(shell: Shell, copied: Path, folder: Path, by: str) -> None:
    listed = shell("list", "--collection", copied, "--json").json
    ids = {Path(article["origin"]).name: article["id"] for article in listed}
    name = {"id": ids["mill.md"], "file": folder / "mill.md", "folder": folder / "islands"}[by]
    left = {"mill.md"} if by == "folder" else {"ferry.txt", "hotel.html"}
    result = shell("remove", name, "--collection", copied)
    assert result.code == 0
    assert result.out.count("removed ") == 3 - len(left)
    assert origins(copied) == left


def test_remove_by_a_relative_path(
    shell: Shell, copied: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert shell("remove", "islands/ferry.txt", "--collection", copied).code == 0
    assert origins(copied) == {"mill.md", "hotel.html"}


def test_remove_removes_nothing_when_one_of_the_names_is_unknown(
    shell: Shell, copied: Path, folder: Path
) -> None:
    result = shell("remove", folder / "mill.md", "nobody", "--collection", copied)
    assert result.code == 2
    assert "'nobody'" in result.err
    assert "article-qa list" in result.err
    assert len(origins(copied)) == 3


def test_remove_of_an_empty_name_is_not_the_current_folder(
    shell: Shell, copied: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert shell("remove", "", "--collection", copied).code == 2
    assert len(origins(copied)) == 3


def test_remove_as_json_tells_what_it_was(shell: Shell, copied: Path, folder: Path) -> None:
    (removed,) = shell("remove", folder / "mill.md", "--collection", copied, "--json").json
    assert removed["title"] == "The mill at Oster"
    assert "text" not in removed


# --- retrieve and ask ---


def test_retrieve_as_json_gives_the_best_hits_first(shell: Shell, made: Path) -> None:
    result = shell("retrieve", "ferry to Holm", "-k", 2, "--collection", made, "--json")
    assert result.code == 0
    assert [list(hit) for hit in result.json] == [HIT_KEYS, HIT_KEYS]
    assert [list(hit["passage"]) for hit in result.json] == [PASSAGE_KEYS, PASSAGE_KEYS]
    first, second = result.json
    assert (first["stage"], second["stage"]) == ("fused", "fused")
    assert first["score"] >= second["score"]
    assert "ferry" in first["passage"]["text"]
    with Collection.open(made) as collection:
        text = collection.article(first["passage"]["article_id"]).text
    assert text[first["passage"]["start"] : first["passage"]["end"]] == first["passage"]["text"]


def test_retrieve_shows_where_a_passage_comes_from(shell: Shell, made: Path) -> None:
    result = shell("retrieve", "stone flour museum", "-k", 1, "--collection", made)
    assert result.code == 0
    assert "The mill at Oster · Valley Post · 1 April 2023" in result.out
    assert "“stone flour”" in result.out


def test_ask_as_json_is_a_proved_answer_in_the_agreed_form(shell: Shell, made: Path) -> None:
    result = shell("ask", STOPPED, "--collection", made, "--json")
    answer = result.json
    assert result.code == 0
    assert list(answer) == ANSWER_KEYS
    assert all(list(citation) == CITATION_KEYS for citation in answer["citations"])
    assert all(list(hit) == HIT_KEYS for hit in answer["hits"])
    assert all(list(hit["passage"]) == PASSAGE_KEYS for hit in answer["hits"])
    assert (answer["question"], answer["asked_as"]) == (STOPPED, STOPPED)
    assert answer["status"] == "answered"
    assert 0 < answer["confidence"] <= 1
    assert answer["short_answer"] in answer["citations"][0]["quote"]
    assert all(seconds >= 0 for seconds in answer["timings"].values())
    first = answer["citations"][0]
    assert "October 1962" in first["quote"]
    assert (first["marker"], first["published"]) == (1, "2023-04-01")
    assert first["url"] == "https://example.org/mill"
    with Collection.open(made) as collection:
        for citation in answer["citations"]:
            text = collection.article(citation["article_id"]).text
            assert text[citation["start"] : citation["end"]] == citation["quote"]
            assert f"{citation['quote']} [{citation['marker']}]" in answer["text"]


def test_ask_prints_the_answer_and_its_sources(shell: Shell, made: Path) -> None:
    result = shell("ask", STOPPED, "--collection", made)
    assert result.code == 0
    assert "October 1962. [1]" in " ".join(result.out.split())
    assert "[1] The mill at Oster · Valley Post · 1 April 2023" in result.out
    assert "https://example.org/mill" in result.out
    assert result.err == ""


def test_ask_shows_the_nearest_passages_when_nothing_answers(shell: Shell, made: Path) -> None:
    result = shell("ask", PERU, "--collection", made)
    assert result.code == 0
    assert result.out.startswith("The articles do not answer this question.\n")
    assert "Nearest passages, which do not answer:" in result.out


def test_asking_an_empty_collection_is_no_error(shell: Shell, tmp_path: Path) -> None:
    with Collection.open(tmp_path / "bare"):
        pass
    result = shell("ask", STOPPED, "--collection", tmp_path / "bare")
    assert result.code == 0
    assert "no articles in this collection yet" in result.out
    assert shell("list", "--collection", tmp_path / "bare", "--json").json == []


def test_many_questions_give_one_json_line_each_in_order(
    shell: Shell, made: Path, tmp_path: Path
) -> None:
    lines = [
        {"question": STOPPED, "asked_on": "2024-08-18"},
        {"question": PERU, "history": []},
        {"question": "Why?", "history": [["How often does the old ferry sail?", None]]},
        {"question": "\ud800 DROP TABLE “mill” \x00"},
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    result = shell("ask", "--questions", file, "--collection", made, "--json")
    assert result.code == 0
    answers = [json.loads(line) for line in result.out.split("\n")[:-1]]
    assert [list(answer) for answer in answers] == [ANSWER_KEYS] * 4
    assert [answer["question"] for answer in answers] == [line["question"] for line in lines]
    assert [answer["status"] for answer in answers[:2]] == ["answered", "not_found"]
    assert answers[2]["asked_as"] == "How often does the old ferry sail? Why?"
    assert "engines has failed" in answers[2]["text"]


def test_a_malformed_line_is_refused_before_anything_is_answered(
    shell: Shell, made: Path, tmp_path: Path
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(f'{{"question": "{STOPPED}"}}\n{{"question": "Why?", "history": 5}}\n', "utf-8")
    result = shell("ask", "--questions", file, "--collection", made, "--json")
    assert (result.code, result.out) == (2, "")
    assert len(result.err.splitlines()) == 1
    assert "questions.jsonl, line 2: " in result.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask"], "give one question, or --questions FILE"),
        (["ask", STOPPED, "--questions", "x.jsonl"], "give one question, or --questions FILE"),
        (["ask", "--questions", "x.jsonl"], "cannot read x.jsonl"),
        (["ask", ""], "type what you want to know"),
        (["ask", " \t "], "type what you want to know"),
        (["ask", "why " * 250_000], "Shorten it"),
        (["retrieve", ""], "type what you want to know"),
        (["ask", STOPPED, "--asked-on", "yesterday"], "'yesterday' is not a date"),
        (["retrieve", "mill", "-k", "0"], "0 is not a number from 1"),
        (["retrieve", "mill", "-k", "many"], "many is not a number from 1"),
        (["retrieve", "mill", "-k", "9" * 30], "is not a number from 1"),
        (["retrieve"], "QUESTION"),
        (["add"], "PATH"),
        (["remove"], "ARTICLE"),
        (["serve", "no-such-folder"], "no-such-folder: no such file or folder"),
        (["list", "--embedder", "some/other-model"], "--embedder"),
        (["add", ""], "a path is empty"),
        (["serve", ""], "a path is empty"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_an_error_of_use_is_told_in_a_line(
    shell: Shell, made: Path, arguments: list[str], said: str
) -> None:
    result = shell(*arguments, "--collection", made)
    assert (result.code, result.out) == (2, "")
    assert said in result.err.splitlines()[-1]
    assert result.err.splitlines()[-1].startswith("article-qa")
    assert len(result.err) < 1_500


@pytest.mark.parametrize("arguments", [["nonsense"], [], ["--collection", "x"], ["list", "--what"]])
def test_an_unknown_command_or_option_is_an_error_of_use(
    shell: Shell, arguments: list[str]
) -> None:
    result = shell(*arguments)
    assert (result.code, result.out) == (2, "")
    assert "usage: article-qa" in result.err


# --- which collection ---


@pytest.mark.parametrize(
    "arguments",
    [["list"], ["stats"], ["remove", "mill.md"], ["retrieve", "mill"], ["ask", STOPPED]],
    ids=lambda arguments: arguments[0],
)
def test_a_missing_collection_is_told_with_what_to_do(shell: Shell, arguments: list[str]) -> None:
    result = shell(*arguments, "--collection", "nowhere")
    assert (result.code, result.out) == (2, "")
    assert len(result.err.splitlines()) == 1
    assert "no collection at nowhere" in result.err
    assert "article-qa add" in result.err
    assert not Path("nowhere").exists()


def test_without_an_option_the_default_collection_is_used(shell: Shell) -> None:
    assert "no collection at .collections/default" in shell("list").err


def test_the_environment_names_the_default_collection_and_the_option_beats_it(
    shell: Shell, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARTICLE_QA_COLLECTION", str(made))
    assert len(shell("list", "--json").json) == 3
    assert "no collection at nowhere" in shell("list", "--collection", "nowhere").err


@pytest.mark.parametrize(
    "command", ["", "add", "list", "remove", "stats", "retrieve", "ask", "serve"]
)
def test_help_states_the_default_collection(shell: Shell, command: str) -> None:
    result = shell(*command.split(), "--help")
    said = " ".join(result.out.split())
    assert (result.code, result.err) == (0, "")
    assert "--collection DIR" in said
    assert ".collections/default" in said
    assert "$ARTICLE_QA_COLLECTION" in said


def test_an_empty_name_of_a_collection_is_not_the_current_folder(
    shell: Shell, folder: Path
) -> None:
    assert shell("add", folder, "--collection", "").code == 2
    assert list(Path().iterdir()) == []


def test_the_collection_may_be_named_before_the_command(shell: Shell, made: Path) -> None:
    assert len(shell("--collection", made, "list", "--json").json) == 3
    assert "no collection at b" in shell("--collection", made, "list", "--collection", "b").err


def test_help_names_every_command_and_the_exit_codes(shell: Shell) -> None:
    said = shell("--help").out
    for command in ("add", "list", "remove", "stats", "retrieve", "ask", "serve"):
        assert f"    {command} " in said
    assert "Exit codes: 0" in said


def test_a_file_is_no_collection(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    for command in (["add", tmp_path], ["list"]):
        result = shell(*command, "--collection", tmp_path / "file")
        assert (result.code, len(result.err.splitlines())) == (2, 1)


def test_a_name_too_long_for_the_system_is_told(shell: Shell) -> None:
    result = shell("list", "--collection", "x" * 5_000)
    assert result.code == 2


# --- damage ---


@pytest.mark.parametrize("arguments", [["list", "--json"], ["ask", STOPPED], ["remove", "mill"]])
def test_a_collection_with_a_changed_row_is_damaged(
    shell: Shell, copied: Path, arguments: list[str]
) -> None:
    database = apsw.Connection(str(copied / "collection.sqlite3"))
    database.execute("UPDATE article SET text = replace(text, '1962', '1963')")
    database.close()
    result = shell(*arguments, "--collection", copied)
    assert (result.code, result.out) == (1, "")
    assert "does not match its checksum" in result.err
    assert "backup" in result.err


@pytest.mark.parametrize("command", ["list", "stats"])
def test_a_collection_that_is_no_database_is_damaged(
    shell: Shell, copied: Path, command: str
) -> None:
    for beside in copied.glob("collection.sqlite3-*"):
        beside.unlink()
    (copied / "collection.sqlite3").write_bytes(b"no database at all " * 500)
    result = shell(command, "--collection", copied)
    assert (result.code, result.out) == (1, "")
    assert len(result.err.splitlines()) == 1
    assert "restore a backup" in result.err


# --- as a process ---


@contextlib.contextmanager
def process(
    *arguments: str | bytes | Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdout: Any = subprocess.PIPE,
) -> Iterator[subprocess.Popen[bytes]]:
    """The program as a process of its own, ended at the latest with the test."""
    with subprocess.Popen(
        [sys.executable, "-m", "qa", *arguments],
        # Output is held back as it is for users, whatever the tests themselves run with.
        env={**os.environ, "PYTHONUNBUFFERED": "", "PYTHONPATH": str(ROOT), **(env or {})},
        cwd=cwd,
        stdout=stdout,
        stderr=subprocess.PIPE,
    ) as started:
        try:
            yield started
        finally:
            if started.poll() is None:
                started.kill()


def test_the_program_runs_from_another_folder(made: Path, tmp_path: Path) -> None:
    with process("list", "--json", "--collection", made, cwd=tmp_path) as listing:
        out, err = listing.communicate(timeout=60)
    assert (listing.returncode, err) == (0, b"")
    assert len(json.loads(out)) == 3


def served(folder: Path, cwd: Path) -> list[str]:
    """What `serve` says up to its address, at which the page is then asked for."""
    with process("serve", folder, "--port", "0", cwd=cwd) as serving:
        assert serving.stdout is not None
        said = [serving.stdout.readline().decode() for _ in range(2)]
        address = said[1].split()[2]
        with urllib.request.urlopen(address, timeout=60) as page:
            assert b"Article QA" in page.read()
        serving.terminate()
        serving.communicate(timeout=60)
    return said


def test_each_served_folder_has_a_collection_of_its_own(tmp_path: Path) -> None:
    mill, ferry = tmp_path / "one" / "articles", tmp_path / "other" / "articles"
    for folder, name, text in ((mill, "mill.md", MILL), (ferry, "ferry.txt", FERRY)):
        folder.mkdir(parents=True)
        (folder / name).write_text(text, "utf-8")

    assert "1 added" in served(mill, tmp_path)[0]
    assert "1 added" in served(Path("other/articles"), tmp_path)[0]
    again = served(Path("one/articles"), tmp_path)

    assert "0 added, 0 updated, 1 unchanged" in again[0]
    assert "http://127.0.0.1:" in again[1]
    assert "(1 article)" in again[1]
    collections = list((tmp_path / ".collections").iterdir())
    assert sorted(map(sorted, map(origins, collections))) == [["ferry.txt"], ["mill.md"]]
    assert all(folder.name.startswith("articles-") for folder in collections)


def test_an_address_for_others_is_refused_before_anything_is_added(tmp_path: Path) -> None:
    (tmp_path / "mill.md").write_text(MILL, "utf-8")
    with process("serve", tmp_path, "--host", "0.0.0.0", cwd=tmp_path) as serving:
        _, err = serving.communicate(timeout=60)
    assert serving.returncode == 2
    assert b"127.0.0.1 only" in err
    assert not (tmp_path / ".collections").exists()


def test_output_into_a_closed_pipe_ends_quietly(made: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with process("list", "--collection", made, stdout=writing) as listing:
        os.close(writing)
        _, err = listing.communicate(timeout=60)
    assert (listing.returncode, err) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_told_in_a_line(made: Path) -> None:
    with (
        Path("/dev/full").open("w") as full,
        process("list", "--collection", made, stdout=full) as listing,
    ):
        _, err = listing.communicate(timeout=60)
    assert listing.returncode == 2
    assert len(err.splitlines()) == 1
    assert b"No space left" in err


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A shell starts background jobs with interrupts ignored, and what they start inherits it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_an_interrupt_ends_the_program_in_a_line(
    made: Path, tmp_path: Path, interruptible: None
) -> None:
    os.mkfifo(tmp_path / "slow.jsonl")
    slow = tmp_path / "slow.jsonl"
    with (
        process("ask", "--questions", slow, "--collection", made) as asking,
        slow.open("wb"),  # opens when the program has begun to read it
    ):
        asking.send_signal(signal.SIGINT)
        out, err = asking.communicate(timeout=60)
    assert (asking.returncode, out) == (130, b"")
    assert err == b"article-qa: stopped; what was finished is kept\n"


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are text there")
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_question_that_is_not_text_is_survived_on_any_terminal(
    tmp_path: Path, encoding: str
) -> None:
    with Collection.open(tmp_path / "bare"):
        pass
    question = "How was “stone flour” made \udcff🐟?"
    as_typed = question.encode("utf-8", "surrogateescape")
    for form in ([], ["--json"]):
        with process(
            *("ask", as_typed, *form, "--collection", tmp_path / "bare"),
            env={"PYTHONIOENCODING": encoding},
        ) as asking:
            out, err = asking.communicate(timeout=60)
        assert (asking.returncode, err) == (0, b"")
    answer = json.loads(out.decode(encoding))
    assert answer["question"] == question
    assert answer["asked_as"] == "How was “stone flour” made ?🐟?"


def test_titles_are_listed_on_a_terminal_without_their_characters(made: Path) -> None:
    with process("list", "--collection", made, env={"PYTHONIOENCODING": "ascii"}) as listing:
        out, err = listing.communicate(timeout=60)
    assert (listing.returncode, err) == (0, b"")
    assert b"The mill at Oster \\xb7 Valley Post" in out
