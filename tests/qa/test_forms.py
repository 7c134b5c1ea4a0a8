from datetime import date

import pytest

from qa.forms import Asked, what_is_asked
from qa.timeframe import time_frame


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("Do the articles agree on how many boats sank?", "How many boats sank?"),
        ("Do my sources agree about the number of boats?", "What is the number of boats?"),
        ("Do they differ on when the mill closed?", "When the mill closed?"),
        ("Do they agree on how much land Peru holds?", "How much land does Peru hold?"),
        ("Do they agree on when the Oster Mill closes?", "When does the Oster Mill close?"),
        ("Do they agree on how often Ida Holm carries it?", "How often does Ida Holm carry it?"),
        ("Do they agree on what Peru watches?", "What does Peru watch?"),
        ("Do they agree on when the mill was closed?", "When was the mill closed?"),
        ("Do they agree on how many boats there are?", "How many boats are there?"),
        ("Do they agree on what the price of bread is?", "What is the price of bread?"),
        ("Do they agree on who was in the mill?", "Who was in the mill?"),
        ("Are the articles consistent on the price?", "What is the price?"),
        (
            "Do they agree on the death toll after the fire?",
            "How many people died after the fire?",
        ),
        (
            "did all the newspapers really agree on the causes of the fire",
            "What are the causes of the fire?",
        ),
        ("Is there any agreement among the articles on the price?", "What is the price?"),
        ("Are there contradictions between the reports about who built it?", "Who built it?"),
    ],
)
def test_what_articles_may_agree_on_is_asked_by_itself(question: str, read: str) -> None:
    assert what_is_asked(question) == Asked(read, "comparison")


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What did the mayor say about the bridge last week?", "the bridge"),
        ("What did the mayor say in August 2024?", ""),
        ("In August 2024, what did the mayor say about the bridge?", "the bridge"),
    ],
)
def test_words_about_time_are_no_part_of_a_topic(question: str, topic: str) -> None:
    frame = time_frame(question, date(2024, 9, 1))
    assert what_is_asked(question, frame) == Asked(question, "positions", topic, "the mayor")


@pytest.mark.parametrize(
    ("question", "speaker", "topic"),
    [
        ("Who says what about the bridge?", "", "the bridge"),
        ("What did the mayor say about the bridge?", "the mayor", "the bridge"),
        ("What does Ida Holm think of the toll?", "Ida Holm", "the toll"),
        ("What did people say about the bridge?", "", "the bridge"),
        ("What do most people say about cracks in it", "", "cracks in it"),
        ("What do the other sources say about cracks in it", "", "cracks in it"),
        ("What is Ida Holm's position on the toll?", "Ida Holm", "the toll"),
        ("What is the position of the ministry on tolls?", "the ministry", "tolls"),
        ("What are the reactions to the closing?", "", "the closing"),
        ("How did the unions react to the closing?", "the unions", "the closing"),
        ("What has been said about the closing?", "", "the closing"),
        ("What did Ida Holm say?", "Ida Holm", ""),
        ("What is the UK position on tolls?", "UK", "tolls"),
        ("What is British policy on tolls?", "British", "tolls"),
        ("Where does the ministry stand on tolls?", "the ministry", "tolls"),
        ("what does the ministry say (tolls, Oster)?", "the ministry", "tolls, Oster"),
        ("What are the drivers' demands?", "the drivers", "demands"),
    ],
)
def test_positions_are_somebodys_on_something(question: str, speaker: str, topic: str) -> None:
    assert what_is_asked(question) == Asked(question, "positions", topic, speaker)


@pytest.mark.parametrize(
    ("question", "read", "measured"),
    [
        ("How has the price of bread changed?", "What is the price of bread?", True),
        (
            "How has the death toll of the storm changed?",
            "How many people died in the storm?",
            True,
        ),
        ("How did the number of boats develop?", "What is the number of boats?", True),
        ("How has the dispute over the toll developed?", None, False),
        ("How has the debt ceiling dispute developed?", None, False),
        ("Timeline of the strike", None, False),
        ("History of the mill", None, False),
        ("What happened with the mill over time?", None, False),
        ("What has happened to Ida Holm since May?", None, False),
        (
            "How has the price of bread changed (Oster)?",
            "What is the price of bread (Oster)?",
            True,
        ),
    ],
)
def test_a_figure_that_developed_is_asked_as_it_is_on_any_day(
    question: str, read: str | None, measured: bool
) -> None:
    asked = what_is_asked(question)
    assert (asked.form, asked.question) == ("course", read or question)
    assert asked.measured is measured


@pytest.mark.parametrize(
    "question",
    [
        "Who built the bridge?",
        "When did Ida Holm say that the bridge would close?",
        "How many articles agree?",
        "What did the mill grind?",
        "What is the position of the bridge?",
        "How did the storm change the coast?",
    ],
)
def test_other_questions_ask_for_an_answer(question: str) -> None:
    assert what_is_asked(question).form in ("one", "several")


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What is the latest on the strike?", "the strike"),
        ("what's new with the mill", "the mill"),
        ("Latest news about Ida Holm", "Ida Holm"),
        ("Any updates on the bridge?", "the bridge"),
        ("What are the latest developments in the strike (Oster)?", "the strike"),
    ],
)
def test_the_latest_is_asked_of_something(question: str, topic: str) -> None:
    assert what_is_asked(question) == Asked(question, "latest", topic)


@pytest.mark.parametrize(
    "question",
    ["What is the latest count of boats?", "What is the latest version?", "What is the new mill?"],
)
def test_the_latest_of_a_kind_is_one_answer(question: str) -> None:
    assert what_is_asked(question).form == "one"
