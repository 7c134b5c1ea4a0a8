"""Answers across articles: who says what, what the articles say of one thing, how it went."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.types import Article
from qa.assistant import READ, READ_ACROSS, Assistant
from qa.retriever import Retriever
from tests.qa.library import CoverageReader, Library, article, passage
from tests.qa.marked import LOW, THRESHOLD, Marked, ask, on

OLD = on(1, "Old", "In the storm 12 boats sank off Holm, the harbour office said.")
NEW = on(9, "New", "In all 15 boats sank in the storm off Holm.")
SAME = on(5, "Same", "The owners have lost 15 boats that lay off Holm that night.")
COPY = on(6, "Copy", NEW.text)
OTHER = on(7, "Other", "In the races off Lund there were 40 boats.")
AGREE = "Do the articles agree on how many boats sank in the storm off Holm?"


def test_articles_are_compared_figure_by_figure_with_their_sources() -> None:
    answer = ask(AGREE, (OLD, "12", 0.8), (NEW, "15", 0.7), (SAME, "15", 0.6), (OTHER, "40", 0.6))
    assert answer.asked_as == "How many boats sank in the storm off Holm?"
    assert answer.shape == "comparison"
    assert [(part.claim, part.published, part.articles) for part in answer.parts] == [
        ("15", NEW.published, 2),
        ("12", OLD.published, 1),
    ]
    assert answer.parts[0].markers == (1, 2)
    assert answer.text.splitlines() == [
        f"9 May 2024: {NEW.text} [1] [2]",
        f"1 May 2024: {OLD.text} [3]",
    ]
    assert answer.remark == "The articles differ; the newest comes first. “15”: 2 articles."


def test_an_article_that_only_repeats_a_sentence_is_counted_and_is_not_independent() -> None:
    answer = ask(AGREE, (NEW, "15", 0.7), (COPY, "15", 0.7), (SAME, "15", 0.6))
    (part,) = answer.parts
    assert (part.articles, part.independent) == (3, 2)
    assert answer.remark == "3 articles, 2 independent."


def test_one_article_agrees_with_nobody() -> None:
    answer = ask(AGREE, (NEW, "15", 0.7))
    assert answer.remark == "Only one article says so."


def test_names_are_compared_as_figures_are() -> None:
    one = on(1, "One", "The mill at Oster was built by Karl Brandt.")
    other = on(2, "Other", "Ida Holm, not her uncle, built the mill at Oster.")
    third = on(3, "Third", "The mill at Oster was built for Karl Brandt by his aunt.")
    question = "Do the sources agree on who built the mill at Oster?"
    answer = ask(
        question, (one, "Karl Brandt", 0.8), (other, "Ida Holm", 0.7), (third, "his aunt", 0.5)
    )
    assert [part.claim for part in answer.parts] == ["Ida Holm", "Karl Brandt"]


def test_figures_of_another_year_or_of_part_of_a_thing_are_no_claims() -> None:
    then = on(2, "Then", "In the storm off Holm of 1931 no fewer than 90 boats sank.")
    strength = on(3, "Strength", "The storm off Holm that sank boats had a force of 9.5 there.")
    answer = ask(AGREE, (NEW, "15", 0.7), (then, "90", 0.7), (strength, "9.5", 0.7))
    assert [part.claim for part in answer.parts] == ["15"]


def test_nothing_is_compared_where_no_figure_is_sure() -> None:
    assert ask(AGREE, (NEW, "15", 0.4), (OLD, "12", 0.3)).status == "not_found"


MAYOR = on(3, "Mayor", "“The bridge will be repaired,” Karl Brandt said.")
UNION = on(8, "Union", "The union of drivers said that the bridge was safe.")
NOBODY = on(5, "Nobody", "The bridge is old, and everybody knows it.")
ELSEWHERE = on(6, "Elsewhere", "Karl Brandt said that herring was cheap.")


def test_positions_are_told_with_who_says_them_and_when() -> None:
    answer = ask(
        "Who says what about the bridge?",
        (MAYOR, "", LOW),
        (UNION, "", LOW / 2),
        (NOBODY, "", LOW),
        (ELSEWHERE, "", LOW),
    )
    assert answer.shape == "positions"
    assert [(part.speaker, part.published) for part in answer.parts] == [
        ("Karl Brandt", MAYOR.published),
        ("The union of drivers", UNION.published),
    ]
    assert answer.text.splitlines() == [
        f"Karl Brandt, 3 May 2024: {MAYOR.text} [1]",
        f"The union of drivers, 8 May 2024: {UNION.text} [2]",
    ]
    assert [citation.speaker for citation in answer.citations] == [
        part.speaker for part in answer.parts
    ]


@pytest.mark.parametrize(
    ("question", "speakers"),
    [
        ("What did Brandt say about the bridge?", ["Karl Brandt"]),
        ("What did Karl Brandt say about herring?", ["Karl Brandt"]),
        ("What is the union's position on the bridge?", ["The union of drivers"]),
        ("What did Mayor Brandt say about the bridge?", ["Karl Brandt"]),
        ("What did Ida Brandt say about the bridge?", []),
        ("What did Ida Holm say about the bridge?", []),
        ("What did Karl Brandt say about bananas?", []),
    ],
)
def test_only_the_one_whose_position_is_asked_is_quoted(question: str, speakers: list[str]) -> None:
    answer = ask(question, (MAYOR, "", LOW), (UNION, "", LOW), (ELSEWHERE, "", LOW))
    assert [part.speaker for part in answer.parts] == speakers
    assert (answer.status == "answered") is bool(speakers)


REFUSES = on(4, "Refuses", "Nothing has changed in the UK’s refusal to pay for the bridge.")
PAYS = on(7, "Pays", "The Germans pay for a bridge.")


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("What is the UK's position on paying for the bridge?", REFUSES),
        ("What is Britain's stance on the bridge?", REFUSES),
        ("What is the British position on the bridge?", REFUSES),
        ("Where does Germany stand on the bridge?", PAYS),
        ("What is France's position on the bridge?", None),
        ("What is the UK's position on herring?", None),
    ],
)
def test_a_position_is_also_told_by_who_names_whose_it_is_and_what_it_is_about(
    question: str, quoted: Article | None
) -> None:
    answer = ask(question, (REFUSES, "the bridge", LOW), (PAYS, "", LOW / 2), (NOBODY, "", LOW))
    assert [citation.quote for citation in answer.citations] == ([quoted.text] if quoted else [])
    assert answer.short_answer == ""  # no words of it were sure


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("What is the UK's position on the bridge?", REFUSES),
        ("What is the US's position on the bridge?", None),
        ("What is the French position on the bridge?", None),
    ],
)
def test_what_one_country_wants_is_not_told_of_another_however_sure_the_reader_is(
    question: str, quoted: Article | None
) -> None:
    answer = ask(question, (REFUSES, "the bridge", 1.0))
    assert [citation.quote for citation in answer.citations] == ([quoted.text] if quoted else [])


def test_the_us_is_not_named_by_the_word_use() -> None:
    used = on(4, "Used", "Nothing has changed in the UK’s refusal of any use of the bridge.")
    question = "What is the US's position on the bridge?"
    assert ask(question, (used, "the bridge", LOW)).status == "not_found"


def test_a_sentence_without_a_country_or_with_a_speaker_may_tell_its_position() -> None:
    minister = on(4, "Minister", "Karl Brandt said that the UK must pay for the bridge.")
    question = "What is Denmark's position on the bridge?"
    assert ask(question, (minister, "", 1.0)).status == "answered"
    assert ask(question, (NOBODY, "", 1.0)).status == "answered"


def test_asked_what_somebody_says_what_others_say_of_them_is_no_answer() -> None:
    other = on(9, "Other", "Ida Holm remarked that the bridge was a trouble for Karl Brandt.")
    answer = ask("What did Brandt say about the bridge?", (MAYOR, "", LOW), (other, "", LOW))
    assert [part.speaker for part in answer.parts] == ["Karl Brandt"]


def test_a_sentence_that_goes_on_from_the_topic_is_about_it() -> None:
    both = on(4, "Both", "The bridge has cracks. Ida Holm said that trucks must wait.")
    apart = on(4, "Apart", "The bridge has cracks.\nKarl Brandt said that herring was cheap.")
    articles = Library(both, apart)
    said = ("Ida Holm said that trucks must wait.", "Karl Brandt said that herring was cheap.")
    reader = Marked(dict.fromkeys(said, ("", LOW)))
    answer = Assistant(articles, Retriever(articles), reader).ask(
        "Who says what about the bridge?", asked_on=date(2024, 6, 1)
    )
    assert [part.speaker for part in answer.parts] == ["Ida Holm"]


def test_where_nobody_is_named_the_question_is_answered_as_any_other() -> None:
    answer = ask("What do people say about the bridge?", (NOBODY, "", 2 * THRESHOLD))
    assert (answer.shape, answer.parts) == ("plain", ())
    assert answer.text == f"{NOBODY.text} [1]"


def test_a_figure_is_followed_through_the_days() -> None:
    told = [
        on(day, f"Day {day}", f"By now the strike has cost the port {cost} crowns.")
        for day, cost in ((9, "900"), (1, "100"), (5, "400"))
    ]
    answer = ask(
        "How has the cost of the strike developed?",
        *((one, f"{one.text.split()[-2]} crowns", 0.7) for one in told),
    )
    assert answer.asked_as == "What is the cost of the strike?"
    assert answer.shape == "development"
    assert [part.claim for part in answer.parts] == ["100 crowns", "400 crowns", "900 crowns"]


def test_a_dispute_is_told_day_by_day_even_if_no_sentence_answers() -> None:
    told = [
        on(2, "Begun", "The strike of the pilots began at dawn."),
        on(4, "Talks", "Talks on the strike of the pilots were put off."),
        on(4, "Also", "The pilots were on strike again."),
        on(8, "Herring", "Herring was cheap that week."),
    ]
    question = "How did the strike of the pilots develop?"
    scores = (0.3, 0.3, 0.2, 0.3)
    answer = ask(question, *((one, "", score) for one, score in zip(told, scores, strict=True)))
    assert answer.text.splitlines() == [
        f"2 May 2024: {told[0].text} [1]",
        f"4 May 2024: {told[1].text} [2]",
    ]
    assert ask(question, (told[0], "", 0.3), (told[3], "", 0.3)).status == "not_found"


STRIKE = (
    on(2, "Begun", "The strike of the pilots began at dawn."),
    on(4, "Talks", "Talks on the strike of the pilots were put off."),
    on(8, "Over", "The strike of the pilots is over."),
)


def test_the_latest_is_told_with_the_newest_day_first() -> None:
    answer = ask("What is the latest on the strike?", *((one, "pilots", 0.3) for one in STRIKE))
    assert [one.quote for one in answer.citations] == [one.text for one in reversed(STRIKE)]
    assert (answer.shape, answer.short_answer) == ("plain", "")
    alone = ask("What is the latest on the strike?", (STRIKE[1], "pilots", 0.3))
    assert [one.quote for one in alone.citations] == [STRIKE[1].text]


def test_a_development_since_a_day_tells_of_nothing_before_it() -> None:
    told = [
        (one, "", 0.3) for one in (*STRIKE, on(20, "After", "The strike left the pilots poor."))
    ]
    answer = ask("How has the strike of the pilots developed since 3 May 2024?", *told)
    assert [one.published for one in answer.citations] == [date(2024, 5, n) for n in (4, 8, 20)]


def test_a_day_is_told_by_the_beginning_of_an_article() -> None:
    below = on(8, "Over", STRIKE[2].text + " Nothing more." * 100 + " A strike is a sad thing.")
    shelf = Library(*STRIKE[:2], below)
    known = {one.text: ("", 0.3) for one in STRIKE} | {"A strike is a sad thing.": ("", 0.4)}
    answer = Assistant(shelf, Retriever(shelf), Marked(known)).ask("Timeline of the strike")
    assert [one.quote for one in answer.citations] == [one.text for one in STRIKE]


@pytest.mark.parametrize(
    "text", ["How the strike of the pilots ended", "Why did the strike of the pilots end?"]
)
def test_a_day_is_not_told_by_a_heading_or_a_question(text: str) -> None:
    told = (*STRIKE[:2], on(8, "Heading", text))
    answer = ask("Timeline of the strike of the pilots", *((one, "", 0.3) for one in told))
    assert [one.quote for one in answer.citations] == [one.text for one in told[:2]]


def test_a_day_is_told_by_what_developed_and_not_by_what_belongs_to_it() -> None:
    other = on(8, "Other", "The pilots of Oster met the pilots of Lund.")
    told = ((one, "", 0.3) for one in (*STRIKE[:2], other))
    answer = ask("Timeline of the Oster pilots strike", *told)
    assert other.text not in [one.quote for one in answer.citations]


def test_where_a_figure_is_not_sure_one_of_each_day_is_told() -> None:
    told = [
        (on(1, "One", "The cost of the strike was put at 100 crowns."), "100 crowns", 0.3),
        (on(5, "Five", "The strike's cost rose to 400 crowns."), "400 crowns", 0.3),
        (on(9, "Nine", "The cost of a strike was 7 crowns in 1931."), "7 crowns", 0.4),
    ]
    answer = ask("How has the cost of the strike changed?", *told)
    assert [part.claim for part in answer.parts] == ["100 crowns", "400 crowns"]


DAYS = article(
    "Days",
    "On Monday the harbour office put the number of boats that sank off Holm at 12. "
    "A day later Karl Brandt counted 15 boats off Holm. Off Holm 900 people live.",
    published=date(2024, 5, 4),
)


@pytest.mark.parametrize(
    ("question", "claims", "remark"),
    [
        (AGREE, ["15", "12"], "One article gives all of these."),
        ("How has the number of boats that sank off Holm changed?", ["12", "15"], ""),
    ],
)
def test_one_article_may_give_several_counts_of_the_very_thing(
    question: str, claims: list[str], remark: str
) -> None:
    shelf, said = Library(DAYS), passage(DAYS)
    scores = (("12", 0.8), ("15", 0.6), ("900", 0.6))
    known = dict(zip(map(said.text_at, said.sentences), scores, strict=True))
    assistant = Assistant(shelf, Retriever(shelf), Marked(known))
    answer = assistant.ask(question, asked_on=date(2024, 6, 1))
    assert [part.claim for part in answer.parts] == claims
    assert answer.remark == remark


def test_what_only_has_a_figure_in_its_name_is_no_count() -> None:
    jet = on(3, "Jet", "Off Holm an F-16 flew over the boats that sank.")
    answer = ask(AGREE, (NEW, "15", 0.7), (jet, "F-16", 0.7))
    assert [part.claim for part in answer.parts] == ["15"]


def test_how_old_somebody_is_is_no_figure_of_another_thing() -> None:
    days = on(1, "Days", "Karl Brandt was in office for 45 days.")
    age = on(3, "Age", "Karl Brandt, 47, took office in the town hall.")
    question = "Do the articles agree on how long Karl Brandt was in office?"
    answer = ask(question, (days, "45 days", 0.8), (age, "47", 0.8))
    assert [part.claim for part in answer.parts] == ["45 days"]
    (part,) = ask("Do the articles agree on how old Karl Brandt is?", (age, "47", 0.8)).parts
    assert part.claim == "47"


def test_a_figure_of_where_things_were_counted_is_not_theirs() -> None:
    towns = on(3, "Towns", "There were boats in 27 towns on the coast off Holm.")
    answer = ask("Do the articles agree on how many boats there were?", (towns, "27", 0.9))
    assert answer.status == "not_found"


@pytest.mark.parametrize(
    ("question", "asked_on", "says_so"),
    [
        ("Who is the mayor of Oster?", date(2026, 1, 1), True),
        ("Who is the mayor of Oster?", date(2024, 9, 1), False),
        ("Who is the mayor of Oster now?", date(2024, 12, 1), True),
        ("Who was the mayor of Oster?", date(2026, 1, 1), False),
        ("Who became the mayor of Oster?", date(2026, 1, 1), False),
        ("Who was the mayor of Oster in 2024?", date(2026, 1, 1), False),
    ],
)
def test_an_old_source_is_told_where_the_present_is_asked_about(
    question: str, asked_on: date, says_so: bool
) -> None:
    mayor = on(3, "Mayor", "Ida Holm, who became mayor of Oster, is an engineer.")
    answer = ask(question, (mayor, "Ida Holm", 1.0), day=asked_on)
    assert answer.status == "answered"
    assert ("The newest source is old: 3 May 2024." in answer.remark) is says_so


def test_more_is_read_where_articles_are_laid_side_by_side() -> None:
    shelf = Library(*(article(f"Bridge {n}", f"Bridge {n} is a bridge.") for n in range(60)))
    assistant = Assistant(shelf, Retriever(shelf), CoverageReader())
    assert len(assistant.ask("Which bridge is old?").hits) == READ
    assert len(assistant.ask("Who says what about the bridge?").hits) == READ_ACROSS


def test_parts_and_citations_are_plain_values() -> None:
    answer = ask(AGREE, (NEW, "15", 0.7), (OLD, "12", 0.6))
    assert replace(answer) == answer
    assert {marker for part in answer.parts for marker in part.markers} == {
        citation.marker for citation in answer.citations
    }
