import json
from datetime import date
from pathlib import Path

import pytest

from index.errors import QuestionError
from qa.batch import BatchQuestion, read_questions

GOOD = '{"question": "Who built the mill?"}'


def file(folder: Path, *lines: str | bytes) -> Path:
    path = folder / "questions.jsonl"
    path.write_bytes(b"\n".join(x if isinstance(x, bytes) else x.encode() for x in lines))
    return path


def test_every_line_is_a_question_in_order(tmp_path: Path) -> None:
    path = file(tmp_path, GOOD, '{"question": "When?", "history": null, "asked_on": null}')
    assert read_questions(path) == [
        BatchQuestion("Who built the mill?"),
        BatchQuestion("When?"),
    ]


def test_history_and_day_are_read(tmp_path: Path) -> None:
    line = {
        "question": "And when?",
        "history": [["Who built the mill?", "Otto did."], ["Why?", None]],
        "asked_on": "2024-08-18",
    }
    (question,) = read_questions(file(tmp_path, json.dumps(line)))
    first, second = question.history
    assert question.asked_on == date(2024, 8, 18)
    assert (first.question, second.question) == ("Who built the mill?", "Why?")
    assert first.answer is not None
    assert first.answer.text == "Otto did."
    assert second.answer is None


def test_a_follow_up_in_the_history_is_understood_from_the_turns_before(tmp_path: Path) -> None:
    line = {"question": "When?", "history": [["Who built the mill?", "Otto."], ["Why?", None]]}
    (question,) = read_questions(file(tmp_path, json.dumps(line)))
    assert question.history[-1].asked_as == "Who built the mill? Why?"


def test_an_answer_in_the_history_may_be_empty(tmp_path: Path) -> None:
    (question,) = read_questions(
        file(tmp_path, '{"question": "Why?", "history": [["Who built the mill?", ""]]}')
    )
    assert question.history[0].answer is not None


def test_blank_lines_and_windows_line_ends_and_a_byte_order_mark_are_allowed(
    tmp_path: Path,
) -> None:
    path = file(tmp_path, "\ufeff" + GOOD + "\r", "\r", "   ", GOOD + "\r", "")
    assert len(read_questions(path)) == 2


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_other_line_separators_inside_a_question_do_not_end_the_line(
    tmp_path: Path, separator: str
) -> None:
    line = json.dumps({"question": f"Who built{separator}the mill?"}, ensure_ascii=False)
    assert [q.question for q in read_questions(file(tmp_path, line))] == [
        f"Who built{separator}the mill?"
    ]


def test_an_empty_file_holds_no_questions(tmp_path: Path) -> None:
    assert read_questions(file(tmp_path, "")) == []


@pytest.mark.parametrize(
    "line",
    [
        "Who built the mill?",
        '{"question": "Who built the mill?"',
        '"Who built the mill?"',
        '["Who built the mill?"]',
        "null",
        "{}",
        '{"question": null}',
        '{"question": 5}',
        '{"question": ["Who?"]}',
        '{"question": ""}',
        '{"question": " \\n "}',
        json.dumps({"question": "x" * 1_000_000}),
        '{"question": "Who?", "extra": 1}',
        '{"question": "Who?", "\\ud800\\n": 1}',
        '{"question": "Who?", "history": "Why?"}',
        '{"question": "Who?", "history": {}}',
        '{"question": "Who?", "history": ""}',
        '{"question": "Who?", "history": 0}',
        '{"question": "Who?", "history": false}',
        '{"question": "Who?", "history": ["Why?"]}',
        '{"question": "Who?", "history": [[]]}',
        '{"question": "Who?", "history": [["Why?"]]}',
        '{"question": "Who?", "history": [["Why?", "So.", "More."]]}',
        '{"question": "Who?", "history": [["Why?", 1]]}',
        '{"question": "Who?", "history": [[null, "So."]]}',
        '{"question": "Who?", "history": [["", "So."]]}',
        '{"question": "Who?", "history": [{"question": "Why?"}]}',
        json.dumps({"question": "Who?", "history": [["x" * 1_000_000, None]]}),
        '{"question": "Who?", "asked_on": ""}',
        '{"question": "Who?", "asked_on": "yesterday"}',
        '{"question": "Who?", "asked_on": "2024-02-30"}',
        '{"question": "Who?", "asked_on": 20240818}',
        '{"question": "Who?", "asked_on": ["2024-08-18"]}',
        '{"question": "Who?", "asked_on": ' + "9" * 5_000 + "}",
        "[" * 100_000,
        '{"question": "Who?", "history": ' + "[" * 50_000 + "]" * 50_000 + "}",
        '{"question": "Who?", "asked_on": ' + "[" * 900 + "]" * 900 + "}",
        "{" * 30,
    ],
    ids=lambda line: line[:60],
)
def test_a_malformed_line_is_refused_by_its_number(tmp_path: Path, line: str) -> None:
    path = file(tmp_path, GOOD, "", line, GOOD)
    with pytest.raises(QuestionError, match=r"questions\.jsonl, line 3: ") as refused:
        read_questions(path)
    assert len(str(refused.value)) < 1_000
    assert "\n" not in str(refused.value)
    assert ".." not in str(refused.value)
    assert str(refused.value).isprintable()


def test_the_first_of_several_malformed_lines_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="line 2: "):
        read_questions(file(tmp_path, GOOD, "{", GOOD, "{"))


def test_the_place_of_an_error_in_the_line_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match=r"line 1: not JSON \(.* at character 15\)"):
        read_questions(file(tmp_path, '{"question":  }'))


def test_a_file_that_is_missing_a_folder_or_not_text_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="nowhere"):
        read_questions(tmp_path / "nowhere")
    with pytest.raises(QuestionError, match="cannot read"):
        read_questions(tmp_path)
    with pytest.raises(QuestionError, match="not UTF-8"):
        read_questions(file(tmp_path, GOOD, b"\xff\xfe\x00"))
