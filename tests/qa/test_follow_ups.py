"""Follow-ups as people ask them, over turns with answers, without a network: rules alone."""

from __future__ import annotations

from datetime import date

import pytest

from qa.conversation import stand_alone
from qa.types import Answer, Citation, Turn


def turn(asked_as: str, quote: str = "", short: str = "", typed: str = "") -> Turn:
    """A turn that was answered with one quote, if it was answered."""
    if not quote:
        return Turn(typed or asked_as, asked_as)
    citation = Citation(
        1, "a", "0" * 64, "Title", None, None, date(2024, 8, 7), quote, 0, len(quote)
    )
    answer = Answer(
        typed or asked_as, asked_as, "answered", f"{quote} [1]", short, citations=(citation,)
    )
    return Turn(typed or asked_as, asked_as, answer)


BRIDGES = turn("Which bridges were hit?")
FERRIES = turn("When did Danish ferries reach the Skerry islands?")
LUND = turn("Who is the mayor of Oskerby?", "Ivo Lund is the mayor of Oskerby.", "Ivo Lund")
MILL = turn("How old is the Tarn End mill?")
POSITION = turn("What is Norway's position on Velder Flame use?")


@pytest.mark.parametrize(
    ("history", "question", "meant"),
    [
        # A question word alone takes the place of another one, or follows.
        ([FERRIES], "Why?", "Why did Danish ferries reach the Skerry islands?"),
        ([FERRIES], "where", "Where did Danish ferries reach the Skerry islands?"),
        ([LUND], "Since when?", "Who is the mayor of Oskerby? Since when?"),
        ([turn("Did Oskerby sell the mill?")], "When?", "When did Oskerby sell the mill?"),
        ([POSITION], "Why?", "What is Norway's position on Velder Flame use? Why?"),
        ([BRIDGES], "the second one?", "Which bridges were hit? the second one?"),
        ([BRIDGES], "What about the third?",
         "Which bridges were hit? What about the third?"),
        ([POSITION], "Who else says so?",
         "What is Norway's position on Velder Flame use? Who else says so?"),
        ([turn("Which bridges were hit? the second one?", typed="the second one?")], "the third?",
         "Which bridges were hit? the third?"),
        ([turn("What happened on 6 August 2024?")], "and the next day?",
         "What happened on 6 August 2024? and the next day?"),
        ([turn("When was the first bridge hit?"), turn("What weapons hit it?")], "and the second?",
         "When was the second bridge hit?"),
        ([turn("What are the diplomatic means of Peru?")], "And the military ones?",
         "What are the military means of Peru?"),
        ([turn("What are the aims of Peru?")], "And Norway's aims?", "What are Norway's aims?"),
        ([turn("What are the aims of the strike?")], "And Norway's aims?",
         "What are Norway's aims of the strike?"),
        ([turn("How fast do the Peruvians advance?")], "What about Holm?",
         "How fast do the Peruvians advance? What about Holm?"),
        ([turn("What is the UK's position?"), turn("What is the US's position?", typed="the US?")],
         "Why are they worried?", "Why is the US worried?"),
        ([turn("What are Peru's aims?")], "and Norway's aims?", "What are Norway's aims?"),
        ([turn("what did nato answer?")], "and Peru?", "what did Peru answer?"),
        ([turn("Who fears Chile?"),
          turn("what did nato answer (Chile)?", typed="what did nato answer?")],
         "and Peru?", "what did Peru answer (Chile)?"),
        ([turn("Who owns Oskerby?"),
          turn("How many boats sank (Oskerby)?", typed="How many boats sank?")],
         "And Holm?", "How many boats sank (Holm)?"),
        ([turn("Who makes Velder Flame (French weapon)?", typed="Who makes Velder Flame?")],
         "And the Skerry Spear?", "Who makes the Skerry Spear?"),
        ([turn("How fast do the Peruvians advance?", "They are near Holm.")], "What about Holm?",
         "How fast do the Peruvians advance in Holm?"),
        ([turn("What do the Peruvians say to Norway?")], "And Holm?",
         "What do Holm say to Norway?"),
        ([turn("Can Peru use Velder Flame?")], "The Skerry Spear too?",
         "Can Peru use The Skerry Spear?"),
        ([turn("Can Peru use the mill?")], "Velder Flame too?",
         "Can Peru use the mill? Velder Flame too?"),
        ([turn("What does Peru fear?")], "Who told Lund that?", "Who told Lund that?"),
        # Another name, year or place.
        ([POSITION], "And Germany?", "What is Germany's position on Velder Flame use?"),
        ([POSITION, turn("What is Germany's position on Velder Flame use?", typed="And Germany?")],
         "And Peru?", "What is Peru's position on Velder Flame use?"),
        ([FERRIES], "And in 1943?", "When did Danish ferries reach the Skerry islands in 1943?"),
        ([turn("How many boats sailed in 2022?")], "and in 2023", "How many boats sailed in 2023?"),
        ([turn("How many boats sailed in August 2022?")], "And in May?",
         "How many boats sailed in May 2022?"),
        ([turn("Who owns boats in Oskerby?")], "And in Holm?", "Who owns boats in Holm?"),
        ([turn("How many boats sailed?")], "And in Holm?", "How many boats sailed in Holm?"),
        # Another one who speaks, of the same.
        ([turn("What did Ivo Lund say about the mill?")], "And what did Edda Stroll say?",
         "What did Edda Stroll say about the mill?"),
        ([turn("What does Norway think about tolls on ferries?")], "What does Peru want",
         "What does Peru want about tolls on ferries?"),
        ([turn("What did Ivo Lund say about the mill?")], "What did Edda Stroll say about Peru?",
         "What did Edda Stroll say about Peru?"),
        ([turn("What did Ivo Lund build?")], "And what did Edda Stroll say?",
         "What did Ivo Lund build? And what did Edda Stroll say?"),
        ([turn("What does Ivo Lund think about tolls?")], "And Peru?",
         "What does Peru think about tolls?"),
        # Without capitals, where earlier turns tell what is a name.
        ([turn("What did Norway say?", "Norway said no, and Peru agreed.")], "and peru",
         "What did Peru say?"),
        ([turn("What did Ivo Lund say? When?", typed="When?")], "And Edda Stroll?",
         "What did Edda Stroll say?"),
        ([turn("What did Ivo Lund say about Peru?")], "And Chile?",
         "What did Ivo Lund say about Chile?"),
        ([turn("What did Peru say about Ivo Lund?")], "And Edda Stroll?",
         "What did Peru say about Edda Stroll?"),
        ([turn("Who makes Velder Flame?")], "And Norway?", "Who makes Velder Flame? And Norway?"),
        ([POSITION], "and germany", "What is Germany's position on Velder Flame use?"),
        ([POSITION], "what about the us?", "What is the US's position on Velder Flame use?"),
        ([turn("Where was the 2022 Velder Cup held?")], "And in 2018?",
         "Where was the 2018 Velder Cup held?"),
        ([turn("How many boats sailed?")], "In 2023?", "How many boats sailed in 2023?"),
        ([turn("When was the mill sold?")], "When was that?",
         "When was the mill sold? When was that?"),
        ([turn("How many boats sailed in May?")], "and before that?",
         "How many boats sailed in May? and before that?"),
        # People.
        ([turn("Who was freed?", "The captain Ivo Lund was freed.", "The captain Ivo Lund")],
         "What is he known for?", "What is Ivo Lund known for?"),
        ([turn("Who won the Velder Cup?", "Oskerby won it.", "Oskerby")], "Who did they beat?",
         "Who did Oskerby beat?"),
        ([turn("How long was Edda Stroll held?", typed="How long was she held?"),
          turn("Who was freed for Edda Stroll?", "Ivo Lund was freed.", "Ivo Lund", "For her?")],
         "What is he known for?", "What is Ivo Lund known for?"),
        ([turn("how much is the prize")], "Since when?", "how much is the prize? Since when?"),
        ([turn("Who threatened to sell the mill?")], "How old is it?", "How old is the mill?"),
        ([turn("Which play won the Velder prize?")], "Who wrote it?", "Who wrote the play?"),
        ([turn("What is Velder Flame?")], "Why does Peru want to ban it?",
         "Why does Peru want to ban Velder Flame?"),
        ([LUND], "When was he born?", "When was Ivo Lund born?"),
        ([LUND], "What are his plans?", "What are Ivo Lund’s plans?"),
        ([turn("What did Edda Stroll say about Oskerby?")], "Who follows her?",
         "Who follows Edda Stroll?"),
        ([turn("Who is Edda Stroll?")], "what did she say next", "what did Edda Stroll say next"),
        ([turn("What did Ivo Lund say?")], "Who said it?", "What did Ivo Lund say? Who said it?"),
        ([turn("Who owns Oskerby?"),
          turn("How many boats sank (Oskerby)?", typed="How many boats sank?")], "And in 1943?",
         "How many boats sank in 1943 (Oskerby)?"),
        ([turn("Who was seen in Oskerby?"), turn("What did the company say?")],
         "How many people own it?", "How many people own the company?"),
        ([turn("What did Peru say about the storm?")], "Why do they worry?",
         "Why does Peru worry?"),
        ([turn("Did Peru use Velder Flame?")], "Are they allowed to?", "Is Peru allowed to?"),
        ([turn("Which bridges did Peru hit?")], "What weapons did they use?",
         "What weapons did Peru use?"),
        ([turn("Did Peru use Velder Flame?")], "So they can use Peruvian ferries?",
         "Did Peru use Velder Flame? So they can use Peruvian ferries?"),
        ([turn("what did lund say", "The mill is old, Ivo Lund said.")], "where did he say that?",
         "where did Lund say that?"),
        ([turn("What does Peru say?", "Officials in Lima said no.")], "And Lima?",
         "What does Lima say?"),
        ([turn("Did Peru use Velder Flame?")], "Is it new?", "Is Velder Flame new?"),
        ([turn("Did Peru say no?")], "Where does he live?", "Did Peru say no? Where does he live?"),
        ([turn("Does the mill belong to Peru?")], "Under what conditions?",
         "Under what conditions does the mill belong to Peru?"),
        ([turn("What are the aims of Peru?")], "According to whom?",
         "What are the aims of Peru? According to whom?"),
        ([turn("How many people live in Oskerby?")], "Is it the same with Holm?",
         "How many people live in Holm?"),
        ([turn("Which bridge was hit?", "A bridge over the Quill was hit.", "A bridge")],
         "Which river is that?", "Which river is that?"),
        # Whoever corrects what was understood.
        ([turn("How fast can the Velder Roadster go?")], "No, I meant the Skerry.",
         "How fast can the Skerry go?"),
        ([turn("How many boats sank in Holm?")], "I mean in Oskerby",
         "How many boats sank in Oskerby?"),
        ([turn("What side effects does Velder have?")], "Sorry, I meant in children.",
         "What side effects does Velder have in children?"),
        # Two that were compared.
        ([turn("Is the Velder Cup different from the Holm Prize?")],
         "What is the difference between them?",
         "What is the difference between the Velder Cup and the Holm Prize?"),
        ([turn("What is the range of Velder Flame?"),
          turn("What is the range of the Skerry Spear?", typed="And of the Skerry Spear?")],
         "Which of them is cheaper?", "Which of Velder Flame and the Skerry Spear is cheaper?"),
        ([turn("Who is Edda Stroll?"),
          turn("When was Edda Stroll born?", typed="When was she born?"),
          turn("When was Ivo Lund born?", typed="And Ivo Lund?")],
         "Who succeeded him?", "Who succeeded Ivo Lund?"),
        ([turn("How many were killed in the storm in Norway?"),
          turn("How many were killed in the storm in Peru?", typed="And in Peru?")],
         "When did it happen?", "When did the storm happen?"),
        ([turn("Did the Fed raise rates?")], "When will it meet?", "When will the Fed meet?"),
        ([turn("What did the report by Peru say about tolls?")], "Who wrote it?",
         "Who wrote the report?"),
        ([turn("Is asphalt better than concrete?")], "How do they differ in weight?",
         "How do asphalt and concrete differ in weight?"),
        # Several sentences, and words that are no part of a thing.
        ([turn("Okay. Should I try Velderfit?")], "How old is it?", "How old is Velderfit?"),
        ([turn("I heard Ivo Lund was ill. What happened?")], "Is he well now?",
         "Is Ivo Lund well now?"),
        ([turn("Describe the Quill tanker scale.")], "Who developed it?",
         "Who developed the Quill tanker scale?"),
        ([turn("Can you tell me more about the mill?")], "Who owns it?",
         "Who owns the mill?"),
        ([turn("What is a 529 plan?")], "How does it work?", "How does the 529 plan work?"),
        ([turn("Who makes Velder Flame?")], "I doubt it. Who owns them?",
         "Who makes Velder Flame? I doubt it. Who owns them?"),
        # Things, several things, places.
        ([MILL], "Who built it?", "Who built the Tarn End mill?"),
        ([MILL], "What is its height?", "What is the Tarn End mill’s height?"),
        ([MILL], "its height?", "the Tarn End mill’s height?"),
        ([turn("How far can Velder Flame fly?")], "Who makes it?", "Who makes Velder Flame?"),
        ([turn("How many people live in Oskerby?")], "How many of them are children?",
         "How many of the people are children?"),
        ([BRIDGES], "Which river do they cross?", "Which river do the bridges cross?"),
        ([turn("Which river do they cross?", "The river is the Quill.", "Quill")],
         "How long is it?", "How long is the Quill?"),
        ([turn("Who leads the Oskerby harbour office?")], "When was it founded?",
         "When was the Oskerby harbour office founded?"),
        ([FERRIES], "How many of them?", "How many of the Danish ferries?"),
        ([turn("Where are the missiles made?")], "Who paid for it?",
         "Where are the missiles made? Who paid for it?"),
        ([FERRIES], "How many people live there?", "How many people live in the Skerry islands?"),
        ([turn("Which city is the capital of Peru?", "Its capital is Lima.", "Lima")],
         "Who lives there?", "Who lives in Lima?"),
        ([turn("When was the mill sold?", "The mill was sold in 1871.", "1871")],
         "What else happened that year?", "What else happened in 1871?"),
        ([turn("When was the mill sold?", "The mill was sold in 1871.", "1871")],
         "In that year, who owned it?", "In 1871, who owned the mill?"),
    ],
)  # fmt: skip
def test_a_follow_up_is_asked_as_it_is_meant(
    history: list[Turn], question: str, meant: str
) -> None:
    assert stand_alone(question, history) == meant


@pytest.mark.parametrize(
    "question",
    [
        "How many tanks were there in Oskerby?",
        "What did Peru say about its fleet?",
        "Is it true that Peru has sold boats to Chile?",
        "Why did Chile say that it would not pay the harbour tax?",
        "When the Quill leaves Lake Velder, which way does it flow?",
        "Who stated he wanted the harbour of Holm to close?",
        "Is it easier or harder to sail from Peru?",
        "What is the capital of Peru?",
        "capital of Peru",
        "Which countries joined the alliance after the war?",
    ],
)
def test_a_question_that_stands_alone_stays_as_it_is_after_any_turn(question: str) -> None:
    for before in (FERRIES, LUND, MILL, POSITION):
        assert stand_alone(question, [before]) == question


@pytest.mark.parametrize("white", ["\n", " ", "\t"])
def test_white_space_means_nothing_and_takes_no_time(white: str) -> None:
    # A pattern that tries every share of it would take minutes.
    long = f"What is {white * 1_900} xx !"
    assert stand_alone(long, [MILL]) == long
    assert stand_alone("And Peru?", [turn(long)]) == "What is xx ! And Peru?"
    assert stand_alone(f"Who built{white * 1_900}it?", [MILL]) == "Who built the Tarn End mill?"


def test_what_was_asked_last_is_meant_and_not_what_was_dropped() -> None:
    history = [MILL, turn("Who owns the Quill lighthouse?")]
    assert stand_alone("How tall is it?", history) == "How tall is the Quill lighthouse?"


def test_a_chain_keeps_its_subject() -> None:
    history = [turn("What is Velder Flame?")]
    for typed, meant in [
        ("How far can it fly?", "How far can Velder Flame fly?"),
        ("Who makes it?", "Who makes Velder Flame?"),
        ("What is its weight?", "What is Velder Flame’s weight?"),
        ("And when was it first used?", "And when was Velder Flame first used?"),
        ("Why?", "Why was Velder Flame first used?"),
    ]:
        assert stand_alone(typed, history) == meant
        history.append(turn(meant, typed=typed))
