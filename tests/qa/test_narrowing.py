"""Words of a question that narrow what is searched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.types import Filter
from qa.assistant import Assistant
from qa.narrowing import narrowing
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


READERS = (
    replace(
        article("Radio", "The ferry to Holm sank in May."), source="BBC News", authors=("Jane Doe",)
    ),
    replace(
        article("Guard", "The ferry to Holm sank in June."),
        source="The Guardian",
        authors=("Tom Ray", "Ann Lee"),
    ),
    replace(article("Site", "The ferry to Holm sank in July."), source="www.theguardian.com"),
    replace(article("Wire", "The ferry to Holm sank in fog."), source="Reuters"),
    replace(
        article("Crowd", "The ferry to Holm was old."),
        source="People",
        authors=("Al Law", "Rosa May"),
    ),
)
GUARDIAN = Filter(sources=("The Guardian", "www.theguardian.com"))
REUTERS, BBC = Filter(sources=("Reuters",)), Filter(sources=("BBC News",))
JANE, ANN = Filter(authors=("Jane Doe",)), Filter(authors=("Ann Lee",))
NOT_REUTERS = Filter(excluded_sources=("Reuters",))
SINK = "When did the ferry sink?"


@pytest.mark.parametrize(
    ("question", "left", "wanted"),
    [
        ("According to the Guardian, when did it sink?", "When did it sink?", GUARDIAN),
        ("according to the bbc, when did it sink?", "when did it sink?", BBC),
        ("When did the ferry sink, according to Reuters?", SINK, REUTERS),
        ("When did the ferry sink according to the BBC?", SINK, BBC),
        ("When did the ferry sink in the BBC's reports?", SINK, BBC),
        ("When did the ferry sink in the Guardian’s coverage?", SINK, GUARDIAN),
        ("When did the ferry sink in the Reuters article?", SINK, REUTERS),
        ("When did the ferry sink in articles from Reuters?", SINK, REUTERS),
        ("When did the ferry sink in stories by the Guardian?", SINK, GUARDIAN),
        ("When did the ferry sink, just from Reuters?", SINK, REUTERS),
        ("Only using Reuters, when did the ferry sink?", SINK, REUTERS),
        ("When did the ferry sink in articles by Jane Doe?", SINK, JANE),
        ("When did the ferry sink in Jane Doe's articles?", SINK, JANE),
        ("When did the ferry sink in articles written by jane doe?", SINK, JANE),
        ("When did the ferry sink in pieces by Lee?", SINK, ANN),
        ("What do articles by Ann Lee say of it?", "What do articles say of it?", ANN),
        ("What did the Reuters report say of it?", "What did the report say of it?", REUTERS),
        ("When did the ferry sink, excluding Reuters?", SINK, NOT_REUTERS),
        ("When did the ferry sink, not from Reuters?", SINK, NOT_REUTERS),
        ("When did the ferry sink, except in Reuters articles?", SINK, NOT_REUTERS),
        ("only articles by Jane Doe", SANK, JANE),
        ("just the ones by Jane Doe", SANK, JANE),
        ("And only in articles of the Guardian?", SANK, GUARDIAN),
        ("Reuters only", SANK, REUTERS),
        ("the BBC ones only", SANK, BBC),
        ("And without the Reuters articles?", SANK, NOT_REUTERS),
        ("everything except Reuters", SANK, NOT_REUTERS),
        ("everything apart from Reuters", SANK, NOT_REUTERS),
        ("When did the ferry sink, other than in Reuters articles?", SINK, NOT_REUTERS),
        ("only by Ann Lee", SANK, ANN),
        ("Only from Jane Doe, when did the ferry sink?", "When did the ferry sink?", JANE),
        ("but not from Reuters", SANK, NOT_REUTERS),
    ],
)
def test_a_source_or_an_author_that_is_named_narrows(
    question: str, left: str, wanted: Filter
) -> None:
    found = narrowing(question, [Turn(SANK, SANK)], Library(*READERS), None)
    assert found is not None
    assert (found.question, found.filter) == (left, wanted)


def test_what_was_left_out_already_stays_so() -> None:
    left_out = Filter(excluded_sources=("People",))
    found = narrowing("but not from Reuters", [Turn(SANK, SANK)], Library(*READERS), left_out)
    assert found is not None
    assert found.filter.excluded_sources == ("People", "Reuters")


@pytest.mark.parametrize(
    "question",
    [
        "Why were only Reuters reporters hurt?",
        "What must be done by Monday?",
        "Was it wrong, by the BBC's own admission?",
        "According to people on Holm, when did it sink?",
        "When did the ferry to Holm sink, according to people?",
        "What do people's stories say about Holm?",
        "How many died, according to the Red Cross?",
        "What did the BBC chairman say?",
        "Who owns the Guardian?",
        "Who is the guardian of the child?",
        "Which book was written by Jane Doe?",
        "Who was killed by Jane Doe?",
        "How many articles by law must be printed?",
        "What did the report by the commission say?",
        "How many people except Reuters staff were hurt?",
        "Who, apart from the Guardian, reported it?",
        "Who works for a company other than Reuters?",
        "Which agency was there, apart from Reuters?",
        "Which articles from last week are about the ferry?",
        "Only from last week?",
        "only the latest ones",
        "Who just left the BBC?",
        "What does the second article of the treaty say?",
    ],
)
def test_words_like_these_name_no_source_to_search(question: str) -> None:
    assert narrowing(question, [Turn(SANK, SANK)], Library(*READERS), None) is None


LAST_WEEK = Filter(published_from=date(2024, 5, 20), published_to=date(2024, 5, 26))


@pytest.mark.parametrize(
    ("question", "left", "wanted"),
    [
        ("only from last week", SANK, LAST_WEEK),
        ("Only articles from last week?", SANK, LAST_WEEK),
        ("And in articles from last week?", SANK, LAST_WEEK),
        ("just the ones published last week", SANK, LAST_WEEK),
        ("just the articles of 2023", SANK, Filter((), date(2023, 1, 1), date(2023, 12, 31))),
        ("and only those since March", SANK, Filter(published_from=date(2024, 3, 1))),
        ("only before May", SANK, Filter(published_to=date(2024, 4, 30))),
        ("When did the ferry sink, only from last week?", SINK, LAST_WEEK),
        ("When did the ferry sink, just in stories published last week?", SINK, LAST_WEEK),
        ("only the latest ones", SANK, Filter()),
    ],
)
def test_times_of_publication_narrow(question: str, left: str, wanted: Filter) -> None:
    found = narrowing(question, [Turn(SANK, SANK)], Library(*READERS), None, DAY)
    assert found is not None
    assert (found.question, found.filter) == (left, wanted)


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the articles of last week?",
        "Who wrote only articles from 2020?",
        "What happened only after 2020?",
        "Why only since March?",
        "Only in May?",
        "And those from May?",
        "And last week?",
    ],
)
def test_other_times_narrow_nothing(question: str) -> None:
    assert narrowing(question, [Turn(SANK, SANK)], Library(*READERS), None, DAY) is None


def test_times_narrow_nothing_where_they_are_not_heeded(assistant: Assistant) -> None:
    question = "When did the ferry to Holm sink, only from last week?"
    heeded = assistant.ask(question, asked_on=DAY)
    assert "Only articles published 20 May 2024 to 26 May 2024 were searched." in heeded.remark
    ignored = assistant.ask(question, asked_on=DAY, heed_time=False)
    assert "were searched" not in ignored.remark


def test_what_was_left_out_is_told(assistant: Assistant) -> None:
    answer = asked(assistant, "When did the ferry to Holm sink, not from the Herald?")
    assert answer.asked_as == "When did the ferry to Holm sink?"
    assert {citation.source for citation in answer.citations} == {"Valley Post"}
    assert answer.remark.startswith("Articles of Herald were not searched.")


def test_the_last_article_is_the_one_that_was_quoted_last_of_all(assistant: Assistant) -> None:
    answer = asked(assistant, SANK, "When did the ferry to Holm sink in the last article?")
    quoted = asked(assistant, SANK).citations
    assert {one.article_id for one in answer.citations} == {quoted[-1].article_id}


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
