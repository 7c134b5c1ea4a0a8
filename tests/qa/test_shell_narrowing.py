from __future__ import annotations

from pathlib import Path

import pytest

from tests.qa.shells import STOPPED, Shell

OSTER = "the mill at Oster"


def titles(shell: Shell, made: Path, *options: object) -> set[str]:
    """The titles of what is found."""
    result = shell("retrieve", "mill ferry hotel", *options, "--json", "--collection", made)
    assert result.code == 0
    listed = shell("list", "--json", "--collection", made).json
    named = {article["id"]: article["title"] for article in listed}
    return {named[hit["passage"]["article_id"]] for hit in result.json}


def test_everything_is_searched_without_options(shell: Shell, made: Path) -> None:
    assert len(titles(shell, made)) == 3


@pytest.mark.parametrize(
    "options",
    [
        ("--source", "valley post"),
        ("--author", "Ida Holm"),
        ("--from", "2023-04-01", "--to", "2023-04-01"),
    ],
)
def test_what_is_searched_is_narrowed(shell: Shell, made: Path, options: tuple[str, ...]) -> None:
    assert titles(shell, made, *options) == {"The mill at Oster"}


def test_a_source_is_left_out(shell: Shell, made: Path) -> None:
    others = titles(shell, made, "--not-source", "valley post")
    assert others == titles(shell, made) - {"The mill at Oster"}


def test_one_article_is_asked_by_its_file(shell: Shell, made: Path, folder: Path) -> None:
    mill = folder / "mill.md"
    assert titles(shell, made, "--article", mill) == {"The mill at Oster"}
    answer = shell("ask", STOPPED, "--article", mill, "--json", "--collection", made).json
    assert "1962" in answer["text"]


def test_an_unknown_article_is_an_error_of_use(shell: Shell, made: Path) -> None:
    result = shell("ask", STOPPED, "--article", "nowhere.md", "--collection", made)
    assert result.code == 2
    assert "no article 'nowhere.md'" in result.err


def test_nothing_is_quoted_of_what_is_left_out(shell: Shell, made: Path) -> None:
    result = shell("ask", STOPPED, "--source", "Another Post", "--json", "--collection", made)
    assert result.json["status"] == "not_found"
    assert result.json["hits"] == []


def test_words_about_time_are_told_and_can_be_ignored(shell: Shell, made: Path) -> None:
    question = f"What do articles from last year say of {OSTER}?"
    given = ("ask", question, "--asked-on", "2024-05-05", "--collection", made)
    taken = shell(*given, "--json").json["frame"]
    assert (taken["words"], taken["first"], taken["last"]) == (
        "from last year",
        "2023-01-01",
        "2023-12-31",
    )
    assert "“from last year”: published 1 January 2023 to 31 December 2023" in shell(*given).out
    assert shell(*given, "--ignore-time", "--json").json["frame"] is None
