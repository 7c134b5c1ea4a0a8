"""Words of a question that narrow what is searched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qa.assistant import Assistant
from qa.retriever import Retriever
from qa.types import Answer, Turn
from tests.qa.library import CoverageReader, Library, article

DAY = date(2024, 6, 1)
POST = replace(
    article("Post", "The ferry to Holm sank in May. Ida Holm owns the ferry."), source="Valley Post"
)
HERALD = replace(article("Herald", "The ferry to Holm sank in June."), source="Herald")


@pytest.fixture
def assistant() -> Assistant:
    articles = Library(POST, HERALD)
    return Assistant(articles, Retriever(articles), CoverageReader())


def asked(assistant: Assistant, *questions: str) -> Answer:
    history: list[Turn] = []
    for question in questions:
        answer = assistant.ask(question, history=history, asked_on=DAY)
        history.append(Turn(question, answer.asked_as, answer))
    assert history[-1].answer is not None
    return history[-1].answer


SANK = "When did the ferry to Holm sink, and who sank it?"


@pytest.mark.parametrize(
    "words",
    [
        "only the Valley Post ones",
        "And only the valley post articles?",
        "Only from the Valley Post",
        "What about just the Post’s articles?",
    ],
)
def test_a_source_that_is_named_asks_the_last_question_of_it_alone(
    assistant: Assistant, words: str
) -> None:
    answer = asked(assistant, SANK, words)
    assert answer.asked_as == SANK
    assert {citation.source for citation in answer.citations} == {"Valley Post"}
    assert "Only articles of Valley Post were searched." in answer.remark


def test_a_source_that_no_article_has_is_told(assistant: Assistant) -> None:
    answer = asked(assistant, SANK, "only the Reuters ones")
    assert answer.asked_as == SANK
    assert answer.remark.startswith("No article has “Reuters” as its source: all were searched.")


def test_a_question_may_name_its_source_itself(assistant: Assistant) -> None:
    answer = asked(assistant, "When did the ferry to Holm sink, only in Herald articles?")
    assert answer.asked_as == "When did the ferry to Holm sink?"
    assert {citation.source for citation in answer.citations} == {"Herald"}


def test_this_article_is_the_one_that_was_quoted_last(assistant: Assistant) -> None:
    answer = asked(
        assistant, "Who owns the ferry?", "When did the ferry to Holm sink in this article?"
    )
    assert answer.asked_as == "When did the ferry to Holm sink?"
    assert {citation.article_id for citation in answer.citations} == {POST.id}
    assert answer.remark.startswith("Only “Post” was searched.")


@pytest.mark.parametrize(
    "question",
    [
        "Who owns only the ferry stories?",  # no such source
        "When did the ferry to Holm sink in this article?",  # none was quoted
        "Why do only the rich own ferries?",
    ],
)
def test_words_that_name_no_source_and_no_article_narrow_nothing(
    assistant: Assistant, question: str
) -> None:
    answer = asked(assistant, question)
    assert answer.asked_as == question
    assert "searched" not in answer.remark
