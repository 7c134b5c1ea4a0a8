import dataclasses
import itertools
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Article, Hit, Passage, Span
from qa import composer
from qa.citations import Quote
from qa.composer import FURTHER_SHARE, MOST_SHOWN, Composition
from qa.reader import Reading
from tests.qa.library import article, passage

HARBOUR = article(
    "Harbour",
    "The harbour of Holm was built in 1871. It has room for sixty boats. "
    "A lighthouse marks the entrance. Fishermen sell herring on the quay.\n"
    "He retired last spring. “They never asked,” the warden said. It’s quiet in winter.",
)
THRESHOLD = 0.5


def readings(scores: Sequence[float], of: Article = HARBOUR, id: int = 1) -> list[Reading]:
    """The article's sentences with these scores in their order, best first."""
    hit = Hit(passage(of, id), 1.0, "fused")
    rated = zip(hit.passage.sentences, scores, strict=False)
    return best_first([Reading(hit, span, score) for span, score in rated])


def composed(
    rated: Sequence[Reading], question: str = "Where is the harbour?", **days: date
) -> Composition:
    """What `compose` makes of them; `days` are of articles by their titles."""
    published = {article(title, "").id: day for title, day in days.items()}
    return composer.compose(question, rated, THRESHOLD, lambda ids: published)


def compose(rated: Sequence[Reading], threshold: float) -> list[Quote]:
    """The quotes that are shown for a question with one answer."""
    made = composer.compose("Where is the harbour?", rated, threshold, lambda ids: {})
    return [statement.quotes[0] for statement in made.statements]


def answering(of: Article, part: str, score: float, id: int = 1) -> Reading:
    """The first sentence of the article, of which `part` answers."""
    at = of.text.index(part)
    hit = Hit(passage(of, id), 1.0, "fused")
    return Reading(hit, hit.passage.sentences[0], score, Span(at, at + len(part)))


def best_first(rated: list[Reading]) -> list[Reading]:
    return sorted(rated, key=lambda reading: -reading.score)


def texts(quotes: Sequence[Quote]) -> list[str]:
    return [quote.text for quote in quotes]


def test_nothing_is_quoted_without_readings() -> None:
    assert compose([], THRESHOLD) == []


def test_nothing_is_quoted_when_the_best_sentence_is_below_the_threshold() -> None:
    assert compose(readings([0.49, 0.2, 0.1]), THRESHOLD) == []


def test_a_sentence_at_the_threshold_is_quoted() -> None:
    assert texts(compose(readings([0.5]), THRESHOLD)) == ["The harbour of Holm was built in 1871."]


def test_further_sentences_are_quoted_best_first_when_they_come_close() -> None:
    close = 0.9 * (FURTHER_SHARE + (1 - FURTHER_SHARE) / 2)
    far = 0.9 * FURTHER_SHARE - 0.01
    assert texts(compose(readings([close, 0.0, 0.9, far]), THRESHOLD)) == [
        "A lighthouse marks the entrance.",
        "The harbour of Holm was built in 1871.",
    ]


def test_a_further_sentence_below_the_threshold_is_not_quoted_however_close() -> None:
    assert len(compose(readings([0.5, 0.0, 0.499]), THRESHOLD)) == 1


def test_no_more_sentences_are_quoted_than_a_reader_wants() -> None:
    text = "Red paint dries. Blue boats sail. Green grass grows. Grey geese fly. Old ropes fray."
    quotes = compose(readings([0.9] * 5, article("Many", text)), THRESHOLD)
    assert len(quotes) == MOST_SHOWN


def test_copies_of_one_text_in_two_articles_are_cited_once() -> None:
    one = article("One", "The bridge over the Aller was closed on Monday for repairs.")
    other = article("Other", "On Monday the bridge over the Aller was closed for repairs, too.")
    rated = best_first(readings([0.9], one, 1) + readings([0.89], other, 2))
    assert [quote.article_id for quote in composed(rated).quotes] == [one.id]


def test_articles_that_agree_are_cited_with_the_sentence_that_is_shown() -> None:
    one = article("One", "The bridge over the Aller was closed in 1962.")
    other = article("Other", "Since 1962 nobody has crossed the old bridge on foot.")
    worse = article("Worse", "It was in 1962, some say.")
    rated = [
        answering(one, "1962", 0.9, 1),
        answering(other, "1962", 0.6, 2),
        answering(worse, "in 1962", 0.4, 3),
    ]
    made = composed(rated)
    (statement,) = made.statements
    assert texts(statement.quotes) == [one.text, other.text]
    assert not made.at_odds


def test_a_second_sentence_of_the_article_that_is_quoted_does_not_agree_with_it() -> None:
    text = "The mill closed in 1962. Everybody here remembers 1962."
    both = article("Both", text)
    first = answering(both, "1962", 0.9)
    at = text.rindex("1962")
    second = dataclasses.replace(
        first, sentence=first.hit.passage.sentences[1], score=0.8, short=Span(at, at + 4)
    )
    assert len(composed([first, second]).quotes) == 1


def test_articles_that_give_different_figures_are_shown_newest_first() -> None:
    old = article("Old", "The fleet has 40 boats.")
    new = article("New", "There are now 60 boats in the fleet.")
    undated = article("Undated", "Once 9 boats were the whole fleet.")
    rated = [
        answering(old, "40 boats", 0.9, 1),
        answering(undated, "9 boats", 0.8, 2),
        answering(new, "60 boats", 0.7, 3),
    ]
    made = composed(rated, Old=date(2019, 5, 1), New=date(2024, 5, 1))
    assert made.at_odds
    assert texts(made.quotes) == [new.text, old.text, undated.text]


def test_a_copy_with_another_figure_is_no_copy() -> None:
    wire = "At least {} people were killed when a barge struck the bridge at Verden on Saturday."
    old, new = article("Old", wire.format(12)), article("New", wire.format(40))
    rated = [answering(old, "12 people", 0.9, 1), answering(new, "40 people", 0.85, 2)]
    made = composed(rated, Old=date(2024, 5, 1), New=date(2024, 5, 2))
    assert made.at_odds
    assert texts(made.quotes) == [new.text, old.text]


def test_sentences_on_other_matters_neither_agree_nor_differ() -> None:
    toll = article("Toll", "Alma Reyes signed the bill on the bridges; 31 had died.")
    birth = article("Birth", "The poet Alma Reyes was born in Lund.")
    bus = article("Bus", "Twelve rode home in the bus.")
    agreed = composed(
        [answering(toll, "Alma Reyes", 0.9, 1), answering(birth, "Alma Reyes", 0.7, 2)]
    )
    assert texts(agreed.quotes) == [toll.text]
    differ = composed([answering(toll, "31", 0.9, 1), answering(bus, "Twelve", 0.7, 2)])
    assert not differ.at_odds


def test_an_unlikely_figure_does_not_contradict() -> None:
    sure = article("Sure", "The fleet has 40 boats.")
    unsure = article("Unsure", "In the race there were 60 boats.")
    made = composed([answering(sure, "40 boats", 0.9, 1), answering(unsure, "60 boats", 0.52, 2)])
    assert texts(made.quotes) == [sure.text]


def test_two_figures_of_one_article_do_not_contradict_each_other() -> None:
    both = article("Both", "The fleet had 40 boats then. It has 60 boats now.")
    first = answering(both, "40 boats", 0.9)
    at = both.text.index("60 boats")
    second = dataclasses.replace(
        first, sentence=first.hit.passage.sentences[1], score=0.7, short=Span(at, at + 8)
    )
    assert not composed([first, second]).at_odds


@pytest.mark.parametrize(
    ("question", "shown"),
    [("Why was the bridge closed?", 3), ("Who closed the bridge?", 1)],
)
def test_several_sentences_are_shown_where_several_are_asked_for(question: str, shown: int) -> None:
    reasons = (
        article("One", "Engineers found seven cracks below the roadway."),
        article("Two", "A barge had struck the middle pier in March."),
        article("Three", "The town wanted fewer lorries in its streets."),
        article("Four", "Herring is sold on the quay."),
    )
    rated = [
        dataclasses.replace(answering(one, one.text.split()[1], score, n), score=score, alone=alone)
        for n, (one, score, alone) in enumerate(
            zip(reasons, (0.8, 0.2, 0.1, 0.05), (0.8, 0.7, 0.6, 0.3), strict=True)
        )
    ]
    made = composed(rated, question)
    assert texts(made.quotes) == [one.text for one in reasons[:shown]]


def test_a_development_is_told_oldest_first() -> None:
    told = (
        article("New", "Now the fleet has sixty boats, most of them new."),
        article("Old", "Forty boats sailed from the harbour then."),
        article("Undated", "Trawlers gave way to ferries."),
    )
    rated = [
        dataclasses.replace(answering(one, one.text.split()[0], score, n), alone=0.9)
        for n, (one, score) in enumerate(zip(told, (0.9, 0.8, 0.7), strict=True))
    ]
    question = "How has the fleet changed?"
    made = composed(rated, question, New=date(2024, 5, 1), Old=date(2019, 5, 1))
    assert made.shape == "development"
    assert texts(made.quotes) == [told[1].text, told[0].text, told[2].text]


def test_no_article_gives_more_than_its_part_of_several_sentences() -> None:
    one = article("One", "Cracks were found. Rust was seen. Water came in. Bolts had gone.")
    rated = [dataclasses.replace(reading, alone=0.9) for reading in readings([0.9] * 4, one)]
    assert len(composed(rated, "Why was it closed?").quotes) == composer.OF_ONE_ARTICLE


def test_two_articles_that_say_different_things_are_both_quoted() -> None:
    one = article("One", "The mayor wants the bridge repaired at once.")
    other = article("Other", "Engineers found seven cracks below the roadway.")
    rated = best_first(readings([0.9], one, 1) + readings([0.89], other, 2))
    assert [quote.article_id for quote in compose(rated, THRESHOLD)] == [one.id, other.id]


@pytest.mark.parametrize(
    ("sentence", "quoted"),
    [
        (1, "The harbour of Holm was built in 1871. It has room for sixty boats."),
        (5, "He retired last spring. “They never asked,” the warden said."),
        (6, "“They never asked,” the warden said. It’s quiet in winter."),
    ],
)
def test_a_sentence_that_points_back_is_quoted_with_the_one_before(
    sentence: int, quoted: str
) -> None:
    scores = [0.0] * 7
    scores[sentence] = 0.9
    assert texts(compose(readings(scores), THRESHOLD)) == [quoted]


@pytest.mark.parametrize(
    ("sentence", "alone"),
    [
        ("But he stayed away.", False),
        ("However, they stayed away.", False),
        ("Holm bought 14 of them in May.", False),
        ("The boats left, and some of the crews with all of them on board.", True),
        ("Still waters were not what he saw.", True),
    ],
)
def test_words_that_point_back_stand_first_or_after_a_but(sentence: str, alone: bool) -> None:
    before = "The owners of the ferries were asked."
    one = article("One", f"{before} {sentence}")
    quoted = sentence if alone else f"{before} {sentence}"
    assert texts(compose(readings([0.0, 0.9], one), THRESHOLD)) == [quoted]


def test_a_sentence_that_opens_a_paragraph_is_quoted_alone() -> None:
    scores = [0.0, 0.0, 0.0, 0.0, 0.9]
    assert texts(compose(readings(scores), THRESHOLD)) == ["He retired last spring."]


def test_a_sentence_that_opens_a_passage_is_quoted_alone() -> None:
    text = HARBOUR.text
    span = Span(text.index("It has"), text.index(" A lighthouse"))
    cut = Passage(7, HARBOUR.id, span.start, span.end, text[span.start : span.end], (span,))
    reading = Reading(Hit(cut, 1.0, "fused"), span, 0.9)
    assert compose([reading], THRESHOLD) == [
        Quote(HARBOUR.id, span.start, span.end, "It has room for sixty boats.", "", 0.9)
    ]


def test_no_sentence_is_quoted_twice() -> None:
    scores = [0.9, 0.89]  # the second points back and brings the first along
    assert texts(compose(readings(scores), THRESHOLD)) == ["The harbour of Holm was built in 1871."]


def test_a_sentence_that_two_passages_share_is_quoted_once() -> None:
    twice = best_first(readings([0.9], HARBOUR, 1) + readings([0.9], HARBOUR, 2))
    assert len(compose(twice, THRESHOLD)) == 1


def test_a_quote_tells_which_part_of_it_answers() -> None:
    best, other, _ = readings([0.9, 0.0, 0.89])
    for part in ("harbour", "1871"):
        start = HARBOUR.text.index(part)
        short = dataclasses.replace(best, short=Span(start, start + len(part)))
        assert [quote.short for quote in compose([short, other], THRESHOLD)] == [part, ""]


def test_the_part_that_answers_is_the_sentences_own_when_the_one_before_is_quoted_too() -> None:
    (reading,) = (one for one in readings([0.0] * 7) if one.text.startswith("“They never"))
    start = HARBOUR.text.index("the warden")
    marked = dataclasses.replace(reading, score=0.9, short=Span(start, start + 10))
    (quote,) = compose([marked], THRESHOLD)
    assert quote.text.startswith("He retired")
    assert quote.short == "the warden"


@given(st.lists(st.floats(0, 1), min_size=7, max_size=7), st.floats(0.01, 1))
def test_every_quote_stands_in_the_article_and_none_overlap(
    scores: list[float], threshold: float
) -> None:
    quotes = compose(readings(scores), threshold)
    assert bool(quotes) == (max(scores) >= threshold)
    for quote in quotes:
        assert HARBOUR.text[quote.start : quote.end] == quote.text
    places = sorted((quote.start, quote.end) for quote in quotes)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(places))


def test_who_was_in_an_office_does_not_answer_who_is() -> None:
    former = answering(article("Former", "Former mayor Karl Brandt left Holm."), "Karl Brandt", 0.9)
    now = answering(article("Now", "Mayor Ida Holm was applauded."), "Ida Holm", 0.6, 2)
    made = composed([former, now], "Who is the mayor of Holm?")
    assert [quote.short for quote in made.quotes] == ["Ida Holm"]
    assert composed([former], "Who is the mayor of Holm?").quotes == ()
