"""Follow-ups with a network that marks the words it is told to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qa.conversation import stand_alone
from qa.resolver import Resolver
from qa.tokens import Pair, WordPieces
from qa.turns import MAX_TOKENS, told
from qa.types import Answer, Citation, Turn

MISSILES = "What is the UK's position on Storm Shadow use?"


class Marks:
    """Likely are the words it is given, wherever they stand."""

    def __init__(self, pieces: WordPieces, *words: str) -> None:
        self._ids = {token for one in pieces.of(words) for token in one.ids.tolist()}

    def terms(self, pair: Pair) -> NDArray[np.float32]:
        return np.array([4.0 if token in self._ids else -4.0 for token in pair.ids], np.float32)


def asked_as(pieces: WordPieces, question: str, turns: list[str], *marked: str) -> str:
    resolver = Resolver(lambda: (pieces, Marks(pieces, *marked)), 0.5)
    return stand_alone(question, [Turn(turn, turn) for turn in turns], resolver)


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("How far can it fly?", "How far can Storm Shadow fly?"),
        ("Who makes them?", "Who makes Storm Shadow?"),
        ("What is its range?", "What is Storm Shadow’s range?"),
        ("Is it new?", "Is Storm Shadow new?"),
        ("How does that missile work?", "How does that missile work (Storm Shadow)?"),
        ("Is there a newer one?", "Is there a newer one (Storm Shadow)?"),
    ],
)
def test_a_marked_thing_takes_the_place_of_the_pronoun_or_follows(
    pieces: WordPieces, question: str, meant: str
) -> None:
    assert asked_as(pieces, question, [MISSILES], "storm", "shadow") == meant


@pytest.mark.parametrize(
    ("question", "before", "meant"),
    [
        ("And Germany?", MISSILES, "What is Germany's position on Storm Shadow use?"),
        (
            "What about the Americans?",
            MISSILES,
            "What is the Americans' position on Storm Shadow use?",
        ),
        (
            "And in 2023?",
            "How many ferries sailed in 2022 from Holm?",
            "How many ferries sailed in 2023 from Holm?",
        ),
    ],
)
def test_another_name_or_year_takes_the_place_of_the_first(
    pieces: WordPieces, question: str, before: str, meant: str
) -> None:
    assert asked_as(pieces, question, [before]) == meant


def test_a_name_of_several_words_is_one_thing_with_its_article(pieces: WordPieces) -> None:
    turns = ["Who founded the Institute for the Study of War?"]
    made = asked_as(pieces, "Where is it?", turns, "institute", "study", "war")
    assert made == "Where is the Institute for the Study of War?"


def test_what_is_named_twice_is_added_once(pieces: WordPieces) -> None:
    turns = ["Who built Tarn End lighthouse?", "Is Tarn End lighthouse tall?"]
    made = asked_as(pieces, "When was it lit?", turns, "tarn", "end", "lighthouse")
    assert made == "When was Tarn End lighthouse lit?"


def test_nothing_that_the_question_names_itself_is_added(pieces: WordPieces) -> None:
    question = "How far can a Storm Shadow fly?"
    assert asked_as(pieces, question, [MISSILES], "storm", "shadow") == question


def test_a_question_with_nothing_marked_is_left_as_it_is(pieces: WordPieces) -> None:
    question = "What is the capital of Peru?"
    assert asked_as(pieces, question, [MISSILES], "lima") == question


def test_nothing_is_put_after_a_question_with_a_name_that_points_nowhere(
    pieces: WordPieces,
) -> None:
    question = "What did Ivo Lund say?"
    assert asked_as(pieces, question, [MISSILES], "storm", "shadow") == question
    made = asked_as(pieces, f"And {question}", [MISSILES], "storm", "shadow")
    assert made.endswith("(Storm Shadow)?")


def test_of_two_people_only_the_one_who_is_meant_is_named(pieces: WordPieces) -> None:
    turns = ["Who is Edda Stroll?", "Who is Ivo Lund?"]
    made = asked_as(pieces, "Who succeeded him?", turns, "lund", "stroll", "edda")
    assert made == "Who succeeded Ivo Lund?"


def test_what_another_thing_took_the_place_of_is_not_named(pieces: WordPieces) -> None:
    resolver = Resolver(lambda: (pieces, Marks(pieces, "storm", "shadow", "ata")), 0.5)
    history = [Turn("Who makes Storm Shadow?", "Who makes Storm Shadow?")]
    history.append(Turn("And ATA?", stand_alone("And ATA?", history, resolver)))
    assert stand_alone("How far can it fly?", history, resolver) == "How far can ATA fly?"


def test_no_lone_word_of_a_quote_is_put_beside_what_is_meant(pieces: WordPieces) -> None:
    quote = "Over Holm the Skerry boat can fly, if it must."
    citation = Citation(1, "a", "0" * 64, "Title", None, None, None, quote, 0, len(quote))
    asked = "What is the Skerry boat?"
    answer = Answer(asked, asked, "answered", f"{quote} [1]", citations=(citation,))
    resolver = Resolver(lambda: (pieces, Marks(pieces, "boat", "fly", "holm")), 0.5)
    made = stand_alone("Who built it?", [Turn(asked, asked, answer)], resolver)
    assert made == "Who built the Skerry boat (Holm)?"


def test_a_name_is_put_after_a_question_whole_and_without_a_verb_beside_it(
    pieces: WordPieces,
) -> None:
    half = asked_as(pieces, "What exactly is forbidden?", [MISSILES], "shadow")
    assert half == "What exactly is forbidden (Storm Shadow)?"
    turns = ["How has the harvest developed?"]
    made = asked_as(pieces, "What exactly is forbidden?", turns, "harvest", "developed")
    assert made == "What exactly is forbidden (the harvest)?"
    turns = ["How far can the Skerry boat fly?"]
    made = asked_as(pieces, "What exactly is forbidden?", turns, "boat", "fly")
    assert made == "What exactly is forbidden (boat)?"


@pytest.mark.parametrize(("others", "known"), [(4, True), (10, True), (20, False)])
def test_the_subject_of_a_long_conversation_is_not_what_it_began_with(
    pieces: WordPieces, others: int, known: bool
) -> None:
    turns = [MISSILES, *["Is there a harbour tax?"] * others]
    made = asked_as(pieces, "What exactly is forbidden?", turns, "storm", "shadow")
    assert ("Storm Shadow" in made) == known


def test_what_the_last_answer_quoted_may_be_meant(pieces: WordPieces) -> None:
    turns = ["Who opened the bridge?", "Mayor Edda Stroll opened it in 1871."]
    made = asked_as(pieces, "Where was she born?", turns, "edda", "stroll")
    assert made == "Where was Edda Stroll born?"


@given(
    st.text(max_size=300),
    st.lists(st.text(max_size=400), max_size=12),
)
def test_words_of_turns_stand_where_they_say(
    pieces: WordPieces, question: str, turns: list[str]
) -> None:
    shown = told(pieces, question, turns)
    assert len(shown.pair.ids) <= MAX_TOKENS
    last = shown.pair.begin
    for word in shown.words:
        assert any(c.isalnum() for c in turns[word.turn][word.span.start : word.span.end])
        assert last <= word.tokens.start < word.tokens.end < shown.pair.end
        last = word.tokens.end


def test_of_a_long_conversation_the_latest_turns_are_read(pieces: WordPieces) -> None:
    turns = [
        f"Question {number} about the harbour of Tarn End and its boats?" for number in range(99)
    ]
    shown = told(pieces, "Why?", turns)
    read = {word.turn for word in shown.words}
    assert max(read) == 98
    assert read == set(range(min(read), 99))


def test_of_every_turn_the_beginning_is_read_and_of_the_latest_more(pieces: WordPieces) -> None:
    turns = ["Who built the harbour of Tarn End?", *["harbour " * 300] * 4]
    read = [word.turn for word in told(pieces, "Why?", turns).words]
    assert [read.count(turn) for turn in range(4)] == [7, 32, 32, 32]
    assert read.count(4) > 100
