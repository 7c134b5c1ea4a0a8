"""Conversations that are made of questions, and what is left out of them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from training import data, dialogues
from training.leaving_out import left_out
from training.rewritings import term_stems

BRIDGE = "Who paid for the Old Harbour Bridge?"


@pytest.mark.parametrize(
    "question",
    [
        "When was the Old Harbour Bridge built?",
        "What is the Old Harbour Bridge's length?",
        "Which ships pass under the Old Harbour Bridge?",
        "How many Old Harbour Bridge tolls were there?",
    ],
)
def test_what_a_turn_names_is_left_out_in_several_ways(question: str) -> None:
    ways = {left_out(question, [BRIDGE], "", random.Random(seed)) for seed in range(60)}
    assert len(ways) > 2
    for way in ways:
        assert way is not None
        assert not term_stems(question) <= term_stems(way)


@pytest.mark.parametrize(
    ("question", "text", "pronouns"),
    [
        ("When was Ivo Lund born?", "Ivo Lund wrote plays. He lived in Holm.", {"he"}),
        ("When was Edda Stroll born?", "Edda Stroll wrote plays. She lived here.", {"she"}),
        ("When was Oskerby founded?", "Oskerby has a weir.", {"it", "this", "that", "they"}),
        ("When were the mills built?", "The mills are old.", {"they", "these"}),
    ],
)
def test_a_pronoun_fits_what_it_means(question: str, text: str, pronouns: set[str]) -> None:
    name = question.removeprefix("When was ").removeprefix("When were ").rsplit(maxsplit=1)[0]
    ways = [left_out(question, [f"Who is {name}?"], text, random.Random(n)) for n in range(60)]
    used = [way.split()[2] for way in ways if way and len(way.split()) == 4]
    fitting = [word for word in used if word in pronouns | {name.split()[-1]}]
    assert pronouns & set(fitting)
    # Of what only its last word was kept of, that may be left out next.
    assert len(fitting) > 0.85 * len(used)


def test_nothing_is_left_out_that_no_turn_names() -> None:
    for seed in range(20):
        assert left_out("Where is Oskerby?", [BRIDGE], "", random.Random(seed)) is None


def test_conversations_are_made_of_questions_on_an_article(data_folder: Path) -> None:
    reading = data.consecutive(data_folder)
    made = [one for seed in range(20) for one in dialogues.made(reading, seed)]
    assert made[:4] == list(dialogues.made(reading, 0))[:4]
    assert any(one.terms for one in made)
    assert any(not one.terms for one in made)
    written = {question.text for question in reading.questions}
    assert any(turn not in written for one in made for turn in one.turns)
    for one in made:
        assert one.turns
        assert one.terms <= term_stems(" ".join(one.turns))
        assert one.terms.isdisjoint(term_stems(one.question))
