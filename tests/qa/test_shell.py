"""The shell from end to end, with the packaged model."""

import json
import shutil
from pathlib import Path

import apsw
import pytest

from index.collection import Collection
from tests.index import stories
from tests.qa.shells import FERRY, PERU, STOPPED, Result, Shell, origins

ANSWER_KEYS = [
    "question",
    "asked_as",
    "status",
    "text",
    "short_answer",
    "remark",
    "shape",
    "parts",
    "frame",
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
    "speaker",
]
HIT_KEYS = ["passage", "score", "stage"]
PASSAGE_KEYS = ["id", "article_id", "start", "end", "text", "language"]


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
        (["ask", STOPPED, "--embedder", "some/other-model"], "--embedder"),
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


# --- languages and copies ---


def test_copies_origins_and_languages_are_listed(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "two"
    folder.mkdir()
    (folder / "a.txt").write_text(f"Ferry\n\n{stories.FERRY}", "utf-8")
    shutil.copy(folder / "a.txt", folder / "b.txt")
    (folder / "c.txt").write_text(f"Island cut off\n\n{stories.FERRY_EDITED}", "utf-8")
    (folder / "d.txt").write_text(f"Fähre\n\n{stories.GERMAN}", "utf-8")
    made = ("--collection", tmp_path / "made")
    result = shell("add", folder, *made)
    assert "3 added" in result.out
    assert "1 duplicate" in result.out
    assert f"duplicate {folder / 'b.txt'}: the same as {folder / 'a.txt'}" in result.err
    listed = shell("list", *made).out
    assert str(folder / "b.txt") in listed
    assert listed.count("a copy of ") == 2
    assert "German" in listed
    rows = shell("list", *made, "--json").json
    assert [len(row["origins"]) for row in rows] == [2, 1, 1]
    assert rows[0]["copies"] == [rows[1]["id"]]
    stats = shell("stats", *made)
    assert "2 independent texts, 4 origins; 2 English, 1 German" in stats.out
    told = shell("ask", "Wann wird die Fähre nach Brandvik wieder fahren?", *made)
    assert "passages in German" in told.out
    removed = shell("remove", folder / "b.txt", *made)
    assert f"({folder / 'a.txt'}, {folder / 'b.txt'})" in removed.out


def test_of_many_copies_only_some_are_listed(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(8):
        (folder / f"{number}.txt").write_text(f"Ferry {number}\n\n{stories.FERRY}", "utf-8")
    made = ("--collection", tmp_path / "made")
    shell("add", folder, *made)
    listed = shell("list", *made).out
    assert listed.count("a copy of ") == 8 * 5
    assert listed.count("and of 2 more (--json names all)") == 8
    assert [len(row["copies"]) for row in shell("list", *made, "--json").json] == [7] * 8


def test_a_reader_that_is_none_is_told(shell: Shell, made: Path, tmp_path: Path) -> None:
    result = shell("ask", STOPPED, "--collection", made, "--reader", tmp_path)
    assert result.code == 2
    assert "not the settings of a calibrated reader" in result.err
