"""A file of questions, one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.errors import QuestionError
from qa.assistant import checked
from qa.types import Answer, Turn

_FORM = (
    '{"question": "…", "history": [["question", "answer or null"], …], "asked_on": "YYYY-MM-DD"}; '
    "history and asked_on may be left out"
)


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """One line of the file."""

    question: str
    history: tuple[Turn, ...] = ()
    asked_on: date | None = None


def read_questions(path: Path) -> list[BatchQuestion]:
    """All questions of a file; blank lines are skipped.

    Raises QuestionError naming the first line that is malformed, before anything is answered.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise QuestionError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise QuestionError(f"{path} is not UTF-8 text") from error
    questions = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                questions.append(_question(json.loads(line)))
            except (ValueError, RecursionError, QuestionError) as error:
                raise QuestionError(f"{path}, line {number}: {error}. A line is {_FORM}") from error
    return questions


def _question(row: object) -> BatchQuestion:
    if not isinstance(row, dict) or not isinstance(row.get("question"), str):
        raise ValueError("there is no text under “question”")
    unknown = sorted(set(row) - {"question", "history", "asked_on"})
    if unknown:
        raise ValueError(f"unknown name “{unknown[0]}”")
    asked_on = row.get("asked_on")
    if asked_on is not None and not isinstance(asked_on, str):
        raise ValueError("“asked_on” is not a date")
    history = row.get("history") or []
    if not isinstance(history, list):
        raise ValueError("“history” is not a list")
    return BatchQuestion(
        question=checked(row["question"]),
        history=tuple(_turn(turn) for turn in history),
        asked_on=date.fromisoformat(asked_on) if asked_on else None,
    )


def _turn(turn: object) -> Turn:
    match turn:
        case [str(question), None]:
            return Turn(question, question)
        case [str(question), str(answer)]:
            return Turn(question, question, Answer(question, question, "answered", answer))
    raise ValueError("a turn of “history” is not [question, answer or null]")
