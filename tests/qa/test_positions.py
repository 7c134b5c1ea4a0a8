"""Whose position a question asks for, and which sentences tell it."""

from __future__ import annotations

from datetime import date

import pytest

from qa.assistant import Assistant
from qa.parties import parties
from qa.retriever import Retriever
from qa.stances import takes_a_stand
from tests.qa.library import Library, article
from tests.qa.marked import LOW, Marked, ask, on


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("Macron and Biden", ["Macron", "Biden"]),
        ("both the mayor and the WHO", ["mayor", "WHO"]),
        ("Brandt, Holm and the union", ["Brandt", "Holm", "union"]),
        ("Karl Brandt", ["Karl Brandt"]),
        ("", []),
        ("who", []),
    ],
)
def test_each_of_those_who_are_named_is_one_party(asked: str, named: list[str]) -> None:
    assert [one.name for one in parties(asked)] == named


@pytest.mark.parametrize(
    ("name", "text", "is_named"),
    [
        ("WHO", "The WHO said no.", True),
        ("WHO", "Nobody knows who said no.", False),
        ("WHO", "The World Health Organization said no.", True),
        ("MoD", "The Ministry of Defence said no.", True),
        ("CDC", "The Centers for Disease Control and Prevention said no.", True),
        ("U.N.", "The UN said no.", True),
        ("ISW", "In Switzerland it snowed.", False),
        ("Zelensky", "Volodymyr Zelenskiy said no.", True),
        ("Zelenskiy", "Zelenskyy’s office said no.", True),
        ("the Americans", "The US said no.", True),
        ("Kerry", "Kelly said no.", False),
        ("Karl Brandt", "Ida Brandt said no.", False),
    ],
)
def test_a_party_is_known_by_any_of_its_names(name: str, text: str, is_named: bool) -> None:
    (party,) = parties(name)
    assert party.is_named(text) is is_named


@pytest.mark.parametrize(
    ("sentence", "says", "stands"),
    [
        ("Britain still refuses to pay for the bridge.", "thinks", "acts"),
        ("Britain lets the bridge fall.", "", "acts"),
        ("There is no change in Britain’s refusal to pay.", "thinks", "acts"),
        ("The British policy is to pay.", "thinks", "acts"),
        ("Under British policy nobody pays.", "", ""),
        ("In a letter, British officials have voiced doubts.", "thinks", "acts"),
        ("Britain, which built it, wants it closed.", "thinks", "acts"),
        ("Critics mocked Britain over the bridge.", "", ""),
        ("It was built to please Britain, Karl thinks.", "", ""),
        ("Britain was told of the bridge.", "", ""),
        ("They fear that Britain might consider a bridge.", "", ""),
        ("Nobody asked Britain for permission to build.", "", ""),
        ("Britain asked Denmark for stone.", "", ""),
        ("Britain and Denmark: the bridge will be spoken of.", "", ""),
    ],
)
def test_a_sentence_that_only_speaks_of_somebody_is_not_their_position(
    sentence: str, says: str, stands: str
) -> None:
    (party,) = parties("Britain")
    places = party.places(sentence)
    assert places
    assert takes_a_stand(places, sentence, says=True) is bool(says)
    assert takes_a_stand(places, sentence, says=False) is bool(stands)


BRANDT = on(2, "Brandt", "“The bridge must be closed,” Karl Brandt said.")
AGAIN = on(3, "Again", "The bridge has never been safe, Karl Brandt added.")
HOLM = on(4, "Holm", "Ida Holm told us that the bridge was safe.")
OF_HIM = on(5, "Of him", "Two drivers took to the bridge to mock Brandt, and laughed.")


def test_of_two_who_are_asked_for_each_has_a_turn_before_one_has_another() -> None:
    answer = ask(
        "What do Brandt and Holm say about the bridge?",
        (BRANDT, "", LOW),
        (AGAIN, "", LOW),
        (HOLM, "", LOW / 2),
    )
    assert [part.speaker for part in answer.parts] == ["Karl Brandt", "Ida Holm", "Karl Brandt"]


def test_asked_what_somebody_says_a_sentence_that_only_names_them_is_no_answer() -> None:
    answer = ask(
        "What did Brandt say about the bridge?", (OF_HIM, "", 1.5 * LOW), (BRANDT, "", LOW)
    )
    assert [citation.quote for citation in answer.citations] == [BRANDT.text]


def test_the_who_is_asked_and_not_anybody() -> None:
    who = on(3, "WHO", "The World Health Organization said that the fever had reached Oster.")
    other = on(2, "Other", "Karl Brandt said that the fever was nothing new.")
    answer = ask("What did the WHO say about the fever?", (other, "", 1.5 * LOW), (who, "", LOW))
    assert [part.speaker for part in answer.parts] == ["The World Health Organization"]


LINK = "More:Karl Brandt says the bridge must be closed for a year, and nobody is asked"
POINTER = "Editor's note: For the latest on the bridge, see what Karl Brandt said here."


@pytest.mark.parametrize("elsewhere", [LINK, POINTER])
@pytest.mark.parametrize(
    "question",
    [
        "What did Brandt say about the bridge?",
        "Timeline of the bridge",
        "Do the articles agree on how many years the bridge was closed?",
    ],
)
def test_what_leads_to_another_article_is_not_told_of_this_one(
    question: str, elsewhere: str
) -> None:
    link = article("Fair", elsewhere, published=date(2024, 5, 9))
    days = on(1, "Day", "The bridge is closed."), on(3, "Other", "The bridge is open again.")
    answer = ask(question, (link, "Karl", 0.9), *((one, "", LOW) for one in days))
    assert elsewhere not in [citation.quote for citation in answer.citations]


def test_what_names_none_of_those_who_are_asked_for_is_not_theirs_however_sure() -> None:
    nobody = on(2, "Nobody", "Demand for boats was larger than supply.")
    assert ask("What is the union's demand?", (nobody, "larger", 0.9)).status == "not_found"
    union = on(3, "Union", "The union’s demand is a shorter week.")
    assert ask("What is the union's demand?", (union, "a shorter week", LOW)).citations


def test_workers_of_a_firm_are_not_the_firm() -> None:
    firm = on(2, "Firm", "“We want peace,” Holm Mills said.")
    assert ask("What do the Holm Mills workers want?", (firm, "", LOW)).status == "not_found"


def test_what_a_follow_up_took_over_is_what_the_position_is_about() -> None:
    answer = ask("What does Brandt say (the bridge)?", (BRANDT, "", LOW), (HOLM, "", LOW))
    assert [part.speaker for part in answer.parts] == ["Karl Brandt"]


def test_their_own_words_come_before_what_is_told_of_them() -> None:
    told = on(3, "Told", "The bridge may fall despite Denmark’s refusal to pay for it.")
    own = on(4, "Own", "“The bridge is not ours,” Danish officials said.")
    answer = ask("What is Denmark's position on the bridge?", (told, "", 2 * LOW), (own, "", LOW))
    assert [citation.quote for citation in answer.citations] == [own.text, told.text]


def test_a_question_in_an_article_is_no_position() -> None:
    question = on(3, "Question", "What is Brandt's plan for the bridge?")
    assert ask("What does Brandt think of the bridge?", (question, "", LOW)).status == "not_found"


def test_the_one_that_is_spoken_of_does_not_react_to_it() -> None:
    resigned = on(3, "Resigned", "Everybody cheered after Brandt announced his departure.")
    holm = on(4, "Holm", "Ida Holm called for a vote after Brandt's departure.")
    question = "What was the reaction to Brandt's departure?"
    answer = ask(question, (resigned, "", 2 * LOW), (holm, "", LOW))
    assert [part.speaker for part in answer.parts] == ["Ida Holm"]


@pytest.mark.parametrize(("who", "is_said"), [("critics", True), ("people", False)])
def test_that_somebody_is_a_critic_is_not_claimed(who: str, is_said: bool) -> None:
    answer = ask(f"What do {who} say about the bridge?", (BRANDT, "", LOW), (HOLM, "", LOW))
    assert ("Shown is whoever speaks of it" in answer.remark) is is_said
    assert len(answer.parts) == 2


@pytest.mark.parametrize(
    ("sentence", "speaks"),
    [
        ("Ida Holm, the ministry’s deputy secretary, said that the bridge was safe.", True),
        ("The ministry’s secretary, Ida Holm, said that the bridge was safe.", True),
        ("Ida Holm, a spokeswoman for the ministry, said that the bridge was safe.", True),
        ("Ida Holm, an aide of the ministry, said that the bridge was safe.", False),
        ("Of the ministry’s bridge nothing is left, Ida Holm said.", False),
        ("Ida Holm, who knows the ministry, said that the bridge was safe.", False),
    ],
)
def test_who_is_of_an_office_speaks_for_it(sentence: str, speaks: bool) -> None:
    told = on(3, "Told", sentence)
    answer = ask("What did the ministry say about the bridge?", (told, "", LOW))
    assert bool(answer.parts) is speaks


def test_what_he_said_is_quoted_from_the_sentence_that_names_him() -> None:
    text = "Karl Brandt came late. In the hall he said that the bridge must be closed."
    told = on(3, "Told", text)
    shelf = Library(told)
    known = {"In the hall he said that the bridge must be closed.": ("closed", LOW)}
    assistant = Assistant(shelf, Retriever(shelf), Marked(known))
    (citation,) = assistant.ask("What did Brandt say about the bridge?").citations
    assert citation.quote == text
    assert assistant.ask("What did Holm say about the bridge?").status == "not_found"


@pytest.mark.parametrize(
    ("asked", "sentence", "speaks"),
    [
        ("Russia", "Moscow refuses to pay for the bridge.", True),
        ("Moscow", "Russia has accused them of closing the bridge.", True),
        ("the US", "The White House said that the bridge was safe.", True),
        ("the White House", "The US said that the bridge was safe.", False),
        ("the UK", "Residents of London said that the bridge was safe.", False),
        ("Kyiv", "Moscow refuses to pay for the bridge.", False),
    ],
)
def test_a_capital_or_an_office_speaks_for_its_country(
    asked: str, sentence: str, speaks: bool
) -> None:
    told = on(3, "Told", sentence)
    answer = ask(f"What does {asked} say about the bridge?", (told, "", LOW))
    assert (answer.status == "answered") is speaks
