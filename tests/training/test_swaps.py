from __future__ import annotations

import random

import pytest

from index.terms import words
from training.swaps import Names, swaps

ARTICLE = [
    "After a vote in 1921 the council of Harlow Bay asked Edda Stroll to build the first pier. "
    "The pier was opened before the war by Ivo Lund and cost 350 crowns.",
    "In 1948, when Berta Quill was mayor, the railway ran to Tarn End, and 912 people came in "
    "March. They were sent on to Veldergate and to Oskerby in the hands of Nils Varga.",
]
NAMES = Names.of(ARTICLE)


def made(question: str, seed: int = 0) -> dict[str, str]:
    """The changed questions by kind."""
    return {s.kind: s.question for s in swaps(question, ARTICLE[0], NAMES, random.Random(seed))}


@pytest.mark.parametrize("seed", range(5))
def test_a_year_becomes_another_year_of_the_article(seed: int) -> None:
    assert made("What was decided in 1921?", seed)["year"] == "What was decided in 1948?"


@pytest.mark.parametrize("seed", range(5))
def test_a_person_becomes_another_person_who_is_foreign_to_the_paragraph(seed: int) -> None:
    changed = made("What did the council ask Edda Stroll to build?", seed)["name"]
    assert changed in (
        "What did the council ask Berta Quill to build?",
        "What did the council ask Nils Varga to build?",
    )


@pytest.mark.parametrize(
    ("question", "changed"),
    [
        ("Who built the first pier?", "Who built the last pier?"),
        ("Who ruled before the war?", "Who ruled after the war?"),
    ],
)
def test_a_word_becomes_its_opposite_unless_the_paragraph_has_that_too(
    question: str, changed: str
) -> None:
    opposite = made(question).get("opposite")
    assert opposite == (None if "after" in changed else changed)


def test_a_question_is_negated_where_the_paragraph_negates_nothing() -> None:
    assert made("What did the pier cost?")["negation"] == "What didn't the pier cost?"
    denied = "The pier was never paid for."
    assert not swaps("What did the pier cost?", denied, Names.of([denied]), random.Random(0))


@pytest.mark.parametrize(
    ("question", "changed"),
    [
        ("Why won't the gate open?", "Why will the gate open?"),
        ("What can't be sold?", "What can be sold?"),
        ("What did Lund not sell?", "What did Lund sell?"),
        ("Who wasn't asked?", "Who was asked?"),
    ],
)
def test_a_negation_is_taken_out(question: str, changed: str) -> None:
    assert made(question)["affirmation"] == changed


def test_what_is_swapped_in_never_stands_in_the_paragraph() -> None:
    questions = [
        "What did Edda Stroll open in 1921 for 350 crowns?",
        "Who asked Ivo Lund to come to Harlow Bay in 1921?",
    ]
    for question in questions:
        for seed in range(20):
            for swap in swaps(question, ARTICLE[0], NAMES, random.Random(seed)):
                assert swap.question != question
                if swap.kind != "negation":
                    new = set(words(swap.question)) - set(words(question))
                    assert new
                    assert not new & set(words(ARTICLE[0]))


def test_a_name_that_the_paragraph_lacks_is_left_alone() -> None:
    assert "name" not in made("Where did the old Veldergate stand?")
