from __future__ import annotations

import random
from pathlib import Path

import pytest

from qa.tokens import WordPieces
from training import data, followups, rewritings
from training.rewritings import FollowUp


def test_terms_are_what_the_rewriting_takes_from_earlier_turns() -> None:
    turns = ["Who built the lighthouse of Tarn End?"]
    terms = rewritings.terms("Is it tall?", "Is the Tarn End lighthouse really tall?", turns)
    assert terms == rewritings.term_stems("Tarn End lighthouse")


def test_only_the_named_sources_are_trained_on(data_folder: Path) -> None:
    assert {one.source for one in rewritings.rewritings(data_folder)} - rewritings.SOURCES
    everyone = rewritings.of_people(data_folder)
    assert len(everyone) == 4
    others = [rewritings.of_people(data_folder, source) for source in sorted(rewritings.SOURCES)]
    assert sum(len(everyone) - len(some) for some in others) == 4


@pytest.mark.parametrize(
    ("question", "turn"),
    [
        ("When was the Old Bridge built?", "Who paid for the Old Bridge?"),
        ("What is the Old Bridge's length?", "Who paid for the Old Bridge?"),
        ("What happened in Quillmouth?", "Who is the mayor of Quillmouth?"),
    ],
)
def test_what_a_question_shares_with_a_turn_is_left_out_and_becomes_its_terms(
    question: str, turn: str
) -> None:
    for seed in range(20):
        made = followups.shortened(question, [turn], "", random.Random(seed))
        assert made is not None
        assert made.terms
        assert made.terms == rewritings.terms(made.question, question, [turn])
        assert made.terms.isdisjoint(rewritings.term_stems(made.question))


def test_a_question_that_shares_nothing_is_left_as_it_is() -> None:
    draw = random.Random(0)
    assert followups.shortened("Where is Oskerby?", ["Who built the mill?"], "", draw) is None


def test_only_words_of_terms_are_marked_in_all_their_pieces(pieces: WordPieces) -> None:
    turns = ("Who founded Veldergate?", "Veldergate's founder was Ivo Lund.")
    marked = followups.mark(pieces, FollowUp("When?", turns, frozenset({"velderg"})))
    (tokens,) = pieces.of(["veldergate"])
    assert len(tokens.ids) > 1
    assert (marked.labels == 1).sum() == 2 * len(tokens.ids)
    assert (marked.labels == 0).sum() > 0
    assert (marked.labels[: marked.pair.begin] == -1).all()


def test_people_come_several_times_and_made_ones_once(
    data_folder: Path, pieces: WordPieces
) -> None:
    reading = data.consecutive(data_folder)
    assert len(followups.prepare(data_folder, reading, pieces, 0, people=3, made=0)) == 12
    assert len(followups.prepare(data_folder, reading, pieces, 0, people=0, made=5)) == 5
    assert len(followups.prepare(data_folder, reading, pieces, 0, people=1, made=2)) == 6
