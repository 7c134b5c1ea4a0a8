from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from index.passages import sentences
from index.types import Hit, Passage
from qa.remembering import Read, Remembered
from qa.spans import Window
from tests.qa import tiny_reader
from tests.qa.library import article

ASKED = "When did the ferry sail?"
TEXTS = [
    "The ferry sailed at dawn. It came back at dusk.",
    "The mill stopped in 1962. A museum opened there.",
    "Bakers work at night. Their ovens are heated with beech wood.",
]


def hit(text: str, id: int) -> Hit:
    made = article(f"Article {id}", text)
    return Hit(Passage(id, made.id, 0, len(text), text, tuple(sentences(text))), 0.8, "fused")


def key(number: int) -> Read:
    return b"question", str(number).encode(), b""


def window(number: int) -> Window:
    row = np.full(3, number, np.float32)
    return Window(0, row, row, float(number))


def test_of_more_than_fit_the_ones_last_wanted_are_kept() -> None:
    remembered = Remembered(most=3)
    remembered.keep({key(n): [window(n)] for n in range(3)})
    assert set(remembered.known([key(0)])) == {key(0)}
    remembered.keep({key(3): [window(3)]})
    assert set(remembered.known(key(n) for n in range(4))) == {key(0), key(2), key(3)}
    assert remembered.known([key(3)])[key(3)][0].relevance == 3.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, packaged: Path) -> Path:
    return tiny_reader.write(tmp_path_factory.mktemp("models") / "reader", packaged)


def test_equal_passages_are_read_once_and_a_repeated_question_not_at_all(folder: Path) -> None:
    judge = tiny_reader.judge(folder)
    hits = [hit(text, id) for id, text in enumerate([*TEXTS, TEXTS[0]], 1)]
    began = time.perf_counter()
    first = judge.judge(ASKED, hits)
    took = time.perf_counter() - began
    assert [one.judgement.margin for one in first[:2]] == [
        one.judgement.margin for one in first[-2:]
    ]
    began = time.perf_counter()
    assert judge.judge(ASKED, hits) == first
    assert time.perf_counter() - began < took
    assert judge.judge("Who works at night?", hits) != first


def test_a_passage_that_changed_is_read_again(folder: Path) -> None:
    judge = tiny_reader.judge(folder)
    before = judge.judge(ASKED, [hit(TEXTS[0], 1)])
    changed = judge.judge(ASKED, [hit(TEXTS[0].replace("dawn", "noon, as ever"), 1)])
    fresh = tiny_reader.judge(folder).judge(
        ASKED, [hit(TEXTS[0].replace("dawn", "noon, as ever"), 1)]
    )
    assert changed != before
    assert [one.short for one in changed] == [one.short for one in fresh]
