import logging
from collections.abc import Sequence

import pytest

from chat.session import BROKEN, EMPTY, Session, warm_up
from chat.shelf import Shelf
from chat.types import Asks, Exchange
from index.errors import ModelError
from qa.types import Answer, Turn
from tests.chat.memory import MemoryLibrary, WordAssistant, article

STORM = article("Storm", "The storm closed the harbour for nine days.")


class Failing:
    """An assistant that cannot answer."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Answer:
        raise self.error


def session(library: MemoryLibrary, assistant: Asks | None = None) -> Session:
    return Session(assistant or WordAssistant(library), library, Shelf(library))


def ask(at: Session, question: str, before: tuple[Exchange, ...] = ()) -> tuple[Exchange, ...]:
    return list(at.ask(question, before))[-1].conversation


def test_a_question_is_shown_as_being_searched_before_it_is_answered() -> None:
    searching, answered = session(MemoryLibrary.of(STORM)).ask(
        "How did the storm close the harbour?", ()
    )
    assert "Searching your articles" in searching.transcript
    assert searching.evidence is None
    assert "nine days" in answered.transcript
    assert answered.evidence is not None
    assert "<mark>The storm closed the harbour for nine days.</mark>" in answered.evidence


def test_earlier_answers_are_the_history_of_the_next_question() -> None:
    library = MemoryLibrary.of(STORM)
    assistant = WordAssistant(library)
    at = session(library, assistant)
    first = ask(at, "How long did the storm close the harbour?")
    ask(at, "And the school?", first)
    question, history = assistant.asked[-1]
    assert question == "And the school?"
    assert [turn.question for turn in history] == ["How long did the storm close the harbour?"]
    assert history[0].answer is not None


def test_conversations_share_nothing() -> None:
    at = session(MemoryLibrary.of(STORM))
    mine = ask(at, "How long did the storm close the harbour?")
    (_, other) = at.ask("Did the storm close the school?", ())
    assert "How long" not in other.transcript
    assert [exchange.question for exchange in mine] == ["How long did the storm close the harbour?"]


def test_an_empty_question_gets_a_friendly_reply_that_does_not_pile_up() -> None:
    at = session(MemoryLibrary.of(STORM))
    once = ask(at, "   ")
    twice = ask(at, "", once)
    assert [exchange.problem for exchange in twice] == [
        "The question is empty: type what you want to know."
    ]


def test_a_huge_question_gets_a_friendly_reply_and_is_not_kept() -> None:
    views = list(session(MemoryLibrary.of(STORM)).ask("storm " * 200_000, ()))
    assert "1,199,999 characters" in views[-1].transcript
    assert all(len(view.transcript) < 5_000 for view in views)
    assert len(views[-1].conversation[0].question) <= 1_000


def test_an_empty_collection_says_how_to_add_articles() -> None:
    at = session(MemoryLibrary())
    assert "make run ARTICLES=some/folder" in at.start().transcript
    assert ask(at, "How long?")[0].problem == EMPTY


def test_a_known_error_is_shown_as_its_message() -> None:
    at = session(MemoryLibrary.of(STORM), Failing(ModelError("The model is missing: install it.")))
    assert ask(at, "How long?")[0].problem == "The model is missing: install it."


def test_an_unknown_error_is_logged_and_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    at = session(MemoryLibrary.of(STORM), Failing(ZeroDivisionError("secret detail")))
    with caplog.at_level(logging.ERROR):
        (_, last) = at.ask("How long?", ())
    assert last.conversation[0].problem == BROKEN
    assert "secret detail" not in last.transcript
    assert "secret detail" in caplog.text


def test_warming_up_asks_a_suggestion_and_never_fails() -> None:
    library = MemoryLibrary.of(STORM)
    assistant = WordAssistant(library)
    warm_up(assistant, Shelf(library, ["How long?"]))
    assert [question for question, _ in assistant.asked] == ["How long?"]
    warm_up(Failing(ModelError("missing")), Shelf(library, ["How long?"]))
    warm_up(assistant, Shelf(MemoryLibrary(), ["How long?"]))
    assert len(assistant.asked) == 1


def test_the_evidence_of_an_earlier_turn_can_be_shown_again() -> None:
    at = session(MemoryLibrary.of(STORM))
    both = ask(at, "Who?", ask(at, "How long did the storm close the harbour?"))
    html = at.cite(both, {"turn": "1", "marker": "1"})
    assert 'data-turn="1" data-active="1"' in html
    assert "<mark>" in at.open(both, {"turn": "1", "marker": "1"})


@pytest.mark.parametrize(
    "event",
    [{}, {"turn": "9", "marker": "1"}, {"turn": "x"}, {"turn": [1], "marker": {}}, {"turn": None}],
)
def test_an_event_that_names_nothing_is_answered_all_the_same(event: dict[str, object]) -> None:
    at = session(MemoryLibrary.of(STORM))
    conversation = ask(at, "How long did the storm close the harbour?")
    assert "not known here" in at.cite(conversation, event)
    assert "not known here" in at.open(conversation, event)


def test_a_long_conversation_forgets_its_beginning_but_keeps_its_numbers() -> None:
    at = session(MemoryLibrary.of(STORM))
    conversation: tuple[Exchange, ...] = ()
    for number in range(55):
        conversation = ask(at, f"Storm {number}?", conversation)
    assert len(conversation) == 50
    assert [conversation[0].number, conversation[-1].number] == [6, 55]
