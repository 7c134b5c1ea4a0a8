import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.conversation import LONGEST_QUESTION, stand_alone
from qa.types import Turn

FERRY = Turn("When does the ferry to Holm sail?", "When does the ferry to Holm sail?")


@pytest.mark.parametrize(
    "question",
    ["Since then?", "Who is he?", "And now?", "What about the bridge?", "How many did they have?"],
)
def test_a_question_that_names_nothing_of_its_own_is_joined_to_the_one_before(
    question: str,
) -> None:
    assert stand_alone(question, [FERRY]) == f"{FERRY.asked_as} {question}"


@pytest.mark.parametrize(
    "question",
    [
        "What is the range of Storm Shadow?",
        "Where is Sudzha?",
        "Who founded the Institute for the Study of War?",
        "How many people still live in that city beside the river?",
        "And when did the factory in Oster reopen after its fire?",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    assert stand_alone(question, [FERRY]) == question


@given(st.text())
def test_a_first_question_is_left_as_it_is(question: str) -> None:
    assert stand_alone(question, []) == question


def test_a_chain_of_follow_ups_keeps_what_it_is_about() -> None:
    joined = stand_alone("By whom?", [FERRY])
    history = [FERRY, Turn("By whom?", joined)]
    assert stand_alone("And him?", history) == f"{FERRY.asked_as} And him?"


def test_only_the_last_turn_is_joined() -> None:
    mill = Turn("Who built the mill?", "Who built the mill?")
    assert stand_alone("When?", [FERRY, mill]) == "Who built the mill? When?"


def test_a_long_conversation_does_not_join_into_an_endless_question() -> None:
    history = [FERRY]
    for _ in range(1_000):
        asked_as = stand_alone("And then?", history)
        assert len(asked_as) <= LONGEST_QUESTION
        history.append(Turn("And then?", asked_as))


@given(st.text(), st.text())
def test_any_text_can_follow_any_text(before: str, question: str) -> None:
    asked_as = stand_alone(question, [Turn(before, before)])
    assert asked_as == question or len(asked_as) <= LONGEST_QUESTION
