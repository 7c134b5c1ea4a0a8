from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from training import quiz
from training.data import Reading

ARTICLES = {
    "ferry": ("A ferry for Holm", "On Monday Holm bought a new ferry. It was built in Lund."),
    "again": ("The new ferry", "The ferry that Holm bought comes from a yard in Lund, it said."),
    "other": ("Elsewhere", "In Lund nobody has heard of it."),
    "mill": ("The mill", "The mill of Oster buys grain. Holm has a ferry and a mill."),
}
FIRST = "Where was the new ferry of Holm built?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("data")
    (made / "news").mkdir()
    with gzip.open(made / "news" / "articles-small.jsonl.gz", "wt") as file:
        for origin, (title, text) in ARTICLES.items():
            row = {"id": origin, "url": None, "title": title, "text": text, "authors": []}
            file.write(json.dumps(row | {"published": "2022-07-01"}) + "\n")
    asked = {"answers": ["Lund"], "relevant": ["ferry"], "gold": ["again"]}
    rows = [
        {"question_id": "1", "date": "2022/07/02", "question": FIRST, **asked},
        {"question_id": "2", "date": "2023/07/02", "question": "Who makes ferries?", **asked},
    ]
    lines = "\n".join(map(json.dumps, rows))
    (made / "news" / "questions-2022-2023.jsonl").write_text(lines)
    return made


@pytest.fixture(scope="module")
def reading(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Reading:
    made = Reading()
    quiz.append(made, folder, tmp_path_factory.mktemp("cache"))
    return made


def test_passages_of_articles_that_answer_are_marked_where_they_do(reading: Reading) -> None:
    marked = {
        reading.paragraphs[question.paragraph].title: question.span
        for question in reading.questions
        if question.span
    }
    assert marked.keys() == {"A ferry for Holm", "The new ferry"}
    for title, span in marked.items():
        (text,) = (one.text for one in reading.paragraphs if one.title == title)
        assert text[span.start : span.end] == "Lund"


def test_passages_without_the_answer_do_not_answer(reading: Reading) -> None:
    lacking = {
        reading.paragraphs[question.paragraph].title
        for question in reading.questions
        if not question.answers
    }
    assert lacking == {"The mill"}  # the answer stands in "Elsewhere", which is not marked


def test_questions_of_later_years_are_not_trained_on(reading: Reading) -> None:
    assert {question.text for question in reading.questions} == {FIRST}


def test_an_answer_is_found_in_any_case_but_not_inside_a_word() -> None:
    text = "Lundberg sang. Then LUND sang."
    found = quiz.answer_in("Who sang?", text, ["Lund"])
    assert found
    assert text[found.start : found.end] == "LUND"
    assert quiz.answer_in("Who sang?", text, ["Un"]) is None
