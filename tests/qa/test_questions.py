import pytest

from qa.questions import (
    asks_for_course,
    asks_for_several,
    asks_of_an_article,
    is_of_a_former_one,
    unmentioned,
)


@pytest.mark.parametrize(
    "question",
    [
        "Why was the bridge closed?",
        "What are the reasons for the delay?",
        "What is the council's position on the toll?",
        "What did the residents say about the noise?",
        "How has the town responded to the storm?",
        "Which of the villages were the hardest hit?",
        "List the towns on the river.",
    ],
)
def test_reasons_positions_and_lists_are_several(question: str) -> None:
    assert asks_for_several(question)


@pytest.mark.parametrize(
    "question",
    [
        "When was the bridge closed?",
        "Who opened the mill?",
        "How many boats does the fleet have?",
        "What is the name of the ferry?",
        "Where does the reason lie?",
        "What year were the Olympics held in London?",
        "In which city were the games held?",
        "Who holds the position of mayor?",
        "How many views did the video get?",
    ],
)
def test_one_fact_is_not_several(question: str) -> None:
    assert not asks_for_several(question)


@pytest.mark.parametrize(
    "question",
    [
        "How has the fleet changed since 2019?",
        "How did the strike develop?",
        "Give me a timeline of the strike",
        "What is the history of the mill?",
    ],
)
def test_a_development_is_a_course(question: str) -> None:
    assert asks_for_course(question)


@pytest.mark.parametrize(
    "question",
    [
        "When was the mill built?",
        "How does climate change affect wheat?",
        "Who is the youngest mayor in the history of Holm?",
        "How did the developer escape?",
        "How do people in developing countries vote?",
    ],
)
def test_what_only_speaks_of_change_is_no_course(question: str) -> None:
    assert not asks_for_course(question)


def test_names_and_figures_that_stand_nowhere_are_told_in_order() -> None:
    texts = ["The mayor of Holm spoke.", "Nothing happened in 1962."]
    question = "Did Lund's mayor visit Holm with Edda in 1971 or 1962?"
    assert unmentioned(question, texts) == ["Lund", "Edda", "1971"]


def test_the_first_word_of_a_question_is_no_name_for_its_capital() -> None:
    assert unmentioned("Where is it?", ["Nothing."]) == []
    assert unmentioned("Tell me who the Germans met?", ["A German mayor."]) == []


def test_a_name_in_another_spelling_or_form_is_mentioned() -> None:
    texts = ["Mr. Zelenskiy wrote to the World Health Organization and to the US."]
    question = "What is Zelensky's, the WHO's and the Americans' view of Lund?"
    assert unmentioned(question, texts) == ["Lund"]


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote this article?",
        "and when was the article published",
        "What's the article about?",
        "What is the title of that story?",
        "how old are these articles?",
    ],
)
def test_an_article_itself_may_be_asked_about(question: str) -> None:
    assert asks_of_an_article(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the article on the mill that the mayor quoted?",
        "What is article 51 about?",
        "When was the mill built?",
        "What does the article say about the mill?",
    ],
)
def test_what_an_article_tells_is_asked_otherwise(question: str) -> None:
    assert not asks_of_an_article(question)


@pytest.mark.parametrize(
    ("question", "sentence", "is_former"),
    [
        ("Who is the mayor of Holm?", "Former mayor Karl Brandt left Holm.", True),
        ("who is mayor now", "The ex-mayor, Karl Brandt, left.", True),
        ("Who is the current speaker of the House?", "Former House Speaker Ida Holm left.", True),
        ("Who is the mayor of Holm?", "Mayor Karl Brandt left Holm.", False),
        ("Who was the mayor of Holm?", "Former mayor Karl Brandt left Holm.", False),
        ("Who is Karl Brandt?", "Former mayor Karl Brandt left Holm.", False),
        ("Who is running for mayor?", "The former harbour chief Karl Brandt runs.", False),
    ],
)
def test_who_was_in_an_office_is_not_who_is(question: str, sentence: str, is_former: bool) -> None:
    assert is_of_a_former_one(question, sentence) is is_former
