"""A file of questions, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.errors import QuestionError
from qa.assistant import checked
from qa.conversation import stand_alone
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
        lines = path.read_text("utf-8-sig").split("\n")  # JSON may hold other line separators
    except OSError as error:
        raise QuestionError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise QuestionError(f"{path} is not UTF-8 text") from error
    questions = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                questions.append(_question(_row(line)))
            except (ValueError, QuestionError) as error:
                reason = str(error).rstrip(".")
                raise QuestionError(
                    f"{path}, line {number}: {reason}. A line is {_FORM}"
                ) from error
    return questions


def _row(line: str) -> object:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg} at character {error.pos + 1})") from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _question(row: object) -> BatchQuestion:
    if not isinstance(row, dict) or not isinstance(row.get("question"), str):
        raise ValueError("there is no text under “question”")
    unknown = sorted(set(row) - {"question", "history", "asked_on"})
    if unknown:
        raise ValueError(f"unknown name {unknown[0]!r:.80}")
    history = row.get("history")
    if not isinstance(history, list | None):
        raise ValueError("“history” is not a list")
    checked(row["question"])
    return BatchQuestion(row["question"], _turns(history or []), _day(row.get("asked_on")))


def _day(asked_on: object) -> date | None:
    if asked_on is None:
        return None
    try:
        if isinstance(asked_on, str):
            return date.fromisoformat(asked_on)
    except ValueError:
        pass
    raise ValueError("“asked_on” is not a date like 2024-08-18")


def _turns(history: Sequence[object]) -> tuple[Turn, ...]:
    """The earlier turns; each was asked as the ones before it make it stand alone."""
    turns: list[Turn] = []
    for turn in history:
        match turn:
            case [str(question), str() | None as answer]:
                question = checked(question)
            case _:
                raise ValueError("a turn of “history” is not [question, answer or null]")
        asked_as = stand_alone(question, turns)
        given = Answer(question, asked_as, "answered", answer) if answer is not None else None
        turns.append(Turn(question, asked_as, given))
    return tuple(turns)
