"""How much of what was found is read: all, unless the answer is sure or time is short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, repeat

import pytest

from index.errors import ArticleQAError
from index.types import Hit
from qa import rounds, settings
from qa.assistant import SECONDS, Assistant
from qa.reader import Reading
from qa.retriever import Retriever
from tests.qa.library import CoverageReader, Library, article, passage

PIANO = "Who tuned the piano?"


class Noting(CoverageReader):
    """Notes how many passages it was given each time."""

    def __init__(self) -> None:
        self.given: list[int] = []

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        self.given.append(len(hits))
        return super().read(question, hits)


def hits(*texts: str) -> list[Hit]:
    return [
        Hit(passage(article(f"{number}", text), number), 1 / (number + 1), "fused")
        for number, text in enumerate(texts)
    ]


def read(
    found: Sequence[Hit], *, one_answer: bool = True, late: Sequence[bool] = ()
) -> tuple[rounds.Rounds, list[int]]:
    reader, clock = Noting(), chain(late, repeat(False))
    made = rounds.read(reader, PIANO, found, is_late=lambda: next(clock), one_answer=one_answer)
    return made, reader.given


SURE = "Marek tuned the piano."
AGREES = "They say that Marek tuned the old piano, too."
OTHERS = [f"The ferry to isle {name} was late." for name in "ABCDEFGHIJKLMNO"]


def test_no_hits_are_read_as_none() -> None:
    assert read([])[0] == rounds.Rounds([])


def test_what_fits_one_round_is_read_at_once() -> None:
    made, given = read(hits(*OTHERS[: rounds.FIRST]))
    assert given == [rounds.FIRST]
    assert len(made.readings) == rounds.FIRST


def test_while_nothing_is_sure_everything_is_read() -> None:
    made, given = read(hits(*OTHERS, SURE))
    assert given == [5, 10, 16]
    assert made.readings[0].text == SURE
    assert made.left == 0


def test_once_the_answer_is_sure_only_passages_that_may_agree_are_read() -> None:
    found = hits(SURE, *OTHERS[:8], AGREES)
    made, given = read(found)
    assert given == [5, 6]
    assert {reading.text for reading in made.readings} >= {SURE, AGREES}
    assert made.left == 0


@pytest.mark.parametrize("sure", [SURE, "Marek tuned the piano in 1962."])
def test_with_several_answers_or_figures_all_is_read(sure: str) -> None:
    made, given = read(hits(sure, *OTHERS[:9]), one_answer=sure != SURE)
    assert given == [5, 10]
    assert len(made.readings) == 10


def test_what_need_not_be_read_was_not_left_for_want_of_time() -> None:
    made, given = read(hits(SURE, *OTHERS[:9]), late=[True])
    assert (made.left, given) == (0, [5])
    made, given = read(hits(SURE, *OTHERS[:8], AGREES), late=[True])
    assert (made.left, given) == (1, [5])


class SecondThoughts(Noting):
    """Is sure of the first round alone."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        readings = super().read(question, hits)
        return readings if len(hits) == rounds.FIRST else [replace(r, score=0.1) for r in readings]


def test_when_more_is_read_and_the_answer_is_no_longer_sure_the_rest_is_read_too() -> None:
    reader = SecondThoughts()
    found = hits(SURE, *OTHERS[:8], AGREES)
    rounds.read(reader, PIANO, found, is_late=lambda: False, one_answer=True)
    assert reader.given == [5, 6, 10]


def test_a_reader_that_is_hard_to_convince_is_not_sure_before_it_would_answer() -> None:
    reader = Noting()
    reader.threshold = 1.1
    rounds.read(reader, PIANO, hits(SURE, *OTHERS[:9]), is_late=lambda: False, one_answer=True)
    assert reader.given == [5, 10]


def test_without_time_the_first_round_is_read_and_the_rest_is_counted() -> None:
    made, given = read(hits(*OTHERS), late=[True])
    assert given == [5]
    assert made.left == 10
    made, given = read(hits(*OTHERS), late=[False, True])
    assert given == [5, 10]
    assert made.left == 5


def test_an_answer_says_that_passages_were_left_unread() -> None:
    shelf = Library(*(article(text, f"{text} The piano was tuned by {text}.") for text in OTHERS))
    reader = Noting()
    hurried = Assistant(shelf, Retriever(shelf), reader, seconds=0)
    assert "Time was short" not in hurried.ask(PIANO).remark  # it may have waited for a network
    reader.given.clear()
    answer = hurried.ask(PIANO)
    assert reader.given == [5]
    assert "Time was short: 5 passages were found but not read." in answer.remark
    assert "Time was short" not in Assistant(shelf, Retriever(shelf), Noting()).ask(PIANO).remark


def test_the_time_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.seconds() == SECONDS
    monkeypatch.setenv("ARTICLE_QA_SECONDS", "0.5")
    assert settings.seconds() == 0.5
    for wrong in ("soon", "-1", "nan"):
        monkeypatch.setenv("ARTICLE_QA_SECONDS", wrong)
        with pytest.raises(ArticleQAError, match=f"is '{wrong}': it must be a number of seconds"):
            settings.seconds()
