"""Times as people ask for them, on several days: `expressions.txt` says what each means."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qa.timeframe import time_frame

TABLE = Path(__file__).with_name("expressions.txt")


def rows() -> list[tuple[str, str, str]]:
    """The day of asking, the question, and what it means."""
    found, asked_on = [], ""
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("@"):
            asked_on = line.removeprefix("@").strip()
        elif line and not line.startswith("#"):
            question, meaning = line.split(" | ", 1)
            found.append((asked_on, question, meaning))
    return found


@pytest.mark.parametrize(("asked_on", "question", "meaning"), rows())
def test_a_question_means_the_time_that_people_mean(
    asked_on: str, question: str, meaning: str
) -> None:
    frame = time_frame(question, date.fromisoformat(asked_on))
    if frame is None:
        said = "none"
    elif frame.newest:
        said = "newest"
    else:
        said = f"{frame.first or '-'} | {frame.last or '-'}{' only' if frame.only else ''}"
    assert said == meaning


def test_the_words_are_those_of_the_question() -> None:
    for asked_on, question, _ in rows():
        frame = time_frame(question, date.fromisoformat(asked_on))
        assert frame is None or frame.words in " ".join(question.split())
