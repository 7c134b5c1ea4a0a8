"""Plain text: what is repaired, what surrounds an article and is removed, and its title."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.index.test_loaders import SENTENCE, load, refusal

TITLE = "Osterholm islanders ask for a ‘real winter road’ as the ferry stays in port"
FIRST = (
    "The only ferry to Osterholm will stay in port until the ice has gone, leaving 212 islanders "
    "to cross the sound on foot or by sledge, the county’s harbour master has decided."
)
SECOND = (
    "“We need a road that is measured and marked every morning,” said Birgit Aas, who runs the "
    "island’s shop. “Without it, somebody is going to drown.”"
)
THIRD = (
    "The county said it had no money for a marked road this year … but it would lend the island "
    "two drills and a hovercraft, which could carry five people at a time."
)
LAST = "The last winter in which the sound froze from shore to shore was that of 1987."

# Everything here was made up; the defects are those of text copied from a page.
MESSY = f"""{TITLE}

{TITLE}

- in Coast and Islands
41
Comments Off on {TITLE}

{FIRST}

{SECOND}

A red fishing boat locked in the ice of Osterholm harbour
The winter of the hundred sledges: how an island fed itself
Read more
{THIRD}

“We will walk.”

Advertisement

{LAST}

The Sound Herald
none"""


def test_pasted_text_becomes_its_title_its_paragraphs_and_its_source() -> None:
    article = load(MESSY)
    assert article.title == TITLE
    assert article.text.split("\n\n") == [FIRST, SECOND, THIRD, "“We will walk.”", LAST]
    assert article.source == "The Sound Herald"
    assert article.published is None


# Characters


def test_quote_marks_ligatures_case_and_ellipses_stay() -> None:
    text = '“Oﬃcial” and ‘unoﬃcial’ ÆRØ… it\'s "so" – or—not; STRASSE, Straße, 5 ½ №7 − done.'
    assert load(text).text == text


def test_white_space_is_plain_and_single() -> None:
    raw = "The\u00a0ferry\tto  Osterholm\u2009was\u3000late. \r\n\r\n\r\nIt\u202fcame\u2028at noon."
    assert load(raw).text == "The ferry to Osterholm was late.\n\nIt came\n\nat noon."


def test_invisible_characters_are_removed() -> None:
    raw = (
        "The fer\u00adry\u200b was \u202elate\u202c\u2066,\u2069 "
        "he\u200d\u2060 sa\ufeffid\u0007.\U000e0041"
    )
    long = " ".join([SENTENCE] * 10)
    assert load(f"{long}\n\n{raw}").text == f"{long}\n\nThe ferry was late, he said."


def test_joiners_that_shape_other_scripts_stay() -> None:
    text = "The family 👨‍👩‍👧 wrote می‌خواهم on the ice in front of the harbour office."
    assert load(text).text == text


# Lines


def wrapped(*paragraphs: str, width: int = 72, **how: bool) -> str:
    return "\n\n".join(textwrap.fill(paragraph, width, **how) for paragraph in paragraphs)


@pytest.mark.parametrize("width", [50, 66, 72, 80])
def test_lines_wrapped_at_a_width_are_joined(width: int) -> None:
    text = wrapped(FIRST, SECOND, THIRD, width=width, break_on_hyphens=False)
    assert load(text).text.split("\n\n") == [FIRST, SECOND, THIRD]


def test_wrapped_paragraphs_told_apart_by_indentation_stay_apart() -> None:
    text = "\n".join(
        textwrap.fill(paragraph, 70, initial_indent="    ") for paragraph in (FIRST, THIRD, FIRST)
    )
    assert load(text).text.split("\n\n") == [FIRST, THIRD, FIRST]


def test_items_of_a_list_in_wrapped_text_stay_apart() -> None:
    items = ["- five metres of rope and a whistle", "- two ice picks on a cord", "- dry socks"]
    text = wrapped(FIRST, THIRD) + "\n\n" + "\n".join(items)
    assert load(text).text.split("\n\n") == [FIRST, THIRD, *items]


def test_a_line_for_each_paragraph_stays_a_paragraph() -> None:
    lines = [FIRST, "What the island wants", SECOND, "“We will walk.”", LAST]
    assert load("\n".join(lines)).text.split("\n\n") == lines


def test_short_lines_that_are_no_prose_are_not_glued() -> None:
    lines = ["Ferry: 0600, 1200, 1800", "Bus: every hour", "Sledges at the old pier", "Ask Birgit"]
    text = f"{FIRST}\n\n" + "\n".join(lines) + f"\n\n{LAST}"
    assert load(text).text.split("\n\n") == [FIRST, *lines, LAST]


def test_words_broken_at_a_line_end_are_made_whole_and_compounds_keep_their_hyphen() -> None:
    lines = [
        "The harbour office said on Tuesday that the decision about the trans-",
        "port of food and mail would be made by the county, and that the self-",
        "propelled ferry would be towed to the yard, where its engine, a ZX-",
        "81 of the old kind, would be rebuilt by the yard’s two mechanics. Long-",
        "awaited repairs of the pier go on, and they are awaited for a long time.",
        "The long-awaited road is marked with branches, as it was in the Nord-",
        "Osterholm of old times, and it serves the people in the short- and the",
        "long run, said the office, which has had the same two rooms since then.",
    ]
    text = load("\n".join(lines)).text
    for repaired in (
        "the transport of",
        "the self-propelled",
        "a ZX-81 of",
        "Long-awaited repairs",
    ):
        assert repaired in text
    assert "Nord-Osterholm" in text
    assert "short- and the long run" in text


def test_a_soft_hyphen_at_a_line_end_is_a_broken_word() -> None:
    assert load("The har\u00ad\nbour is closed, and the ferry will not run.").text == (
        "The harbour is closed, and the ferry will not run."
    )


@given(st.permutations([FIRST, SECOND, THIRD, LAST, SENTENCE]))
def test_no_word_is_lost_or_invented_by_joining_lines(paragraphs: list[str]) -> None:
    text = load(wrapped(*paragraphs, break_on_hyphens=False)).text
    assert text.split() == " ".join(paragraphs).split()


# What is not the article

NOT_THE_ARTICLE = [
    "Advertisement",
    "ADVERTISEMENT – CONTINUE BELOW",
    "Read more",
    "» Read more…",
    "READ MORE: Seven ways to cross a frozen sound",
    "Read also: Why did the ferry stay in port for the whole of the winter?",
    "Related: An island without bread",
    "Continue reading",
    "Continue reading the main story",
    "Click here to see the pictures",
    "Share this article",
    "Share",
    "Facebook | Twitter | WhatsApp | Email",
    "Comments Off on The island that ran out of bread, and what its people ate instead.",
    "17 comments",
    "1,204",
    "3.1k shares",
    "4 min read",
    "Leave a reply",
    "- in Coast & Islands",
    "Posted in World",
    "Tags: ice, ferries",
    "Last updated on 3 May 2024",
    "Image source, Getty Images",
    "Image caption, The pier in January was the only place where boats could land.",
    "Photograph: Ann Ek/Reuters",
    "Photo by Ann Ek",
    "(Image credit: Ann Ek / AFP via Getty Images)",
    "Subscribe",
    "Subscribe to our newsletter",
    "Sign up for our daily briefing. It is free and tells you all that you need to know.",
    "Sign in to continue",
    "Follow us on Facebook",
    "Follow Ann Ek on Twitter: @annek.",
    "We and our 112 partners store and use cookies to show you advertisements that fit you.",
    "This website uses cookies. By continuing to use it you agree to them.",
    "By clicking “Accept”, you agree that we may store data on your device.",
    "© 2024 The Sound Herald. All rights reserved.",
    "Copyright 2024 The Sound Herald",
    "Please enable JavaScript to see this page.",
    "Video Ad Feedback",
    "OSTERHOLM (SH) —",
    "* * *",
    "none",
]

THE_ARTICLE = [
    "“We won.”",
    "Why?",
    "No.",
    "1987",
    "What the island wants",
    "What is the winter road?",
    "Read more books, she told the children, and they did.",
    "Share prices of the ferry company fell by a tenth on Tuesday.",
    "In Osterholm, nobody remembers such ice.",
    "He signed up for the rescue service at the age of sixteen.",
    "Subscribers of the old newspaper were sent a letter about its closure by post.",
    "The company said that it uses cookies to follow readers from one page to another.",
    "Like many on Facebook, she had seen the picture of the boat before.",
    "Cookies were baked at the school, and 212 of them were eaten by the islanders.",
    "Photographs of the boat were shown by Reuters and by the island’s own newspaper.",
    "Copyright was not on her mind when she copied the map of the sound.",
    "Follow the branches, the old men say, and you will come to the other shore.",
    "Advertisements for sledges appeared in every shop window within a single day.",
    "Related families live on both shores of the sound and meet on the ice at Easter.",
    "Comments from the county were not to be had on Tuesday evening.",
    "Get off the ice, he shouted at the boys who played near the open water.",
    "© was painted on the hull, but nobody knew who had done it, or what it meant."[2:],
    "He paid 78 crowns, and she 41.",
]


@pytest.mark.parametrize("line", NOT_THE_ARTICLE)
def test_what_surrounds_an_article_is_removed(line: str) -> None:
    article = load("\n\n".join([TITLE, FIRST, SECOND, line, THIRD, LAST]))
    assert article.text.split("\n\n") == [FIRST, SECOND, THIRD, LAST]


@pytest.mark.parametrize("line", THE_ARTICLE)
def test_what_only_looks_like_a_notice_is_kept(line: str) -> None:
    article = load("\n\n".join([TITLE, FIRST, SECOND, line, THIRD, LAST]))
    assert article.text.split("\n\n") == [FIRST, SECOND, line, THIRD, LAST]


def test_only_the_headline_and_caption_of_another_story_go_with_read_more() -> None:
    headline = "Can a hovercraft replace a ferry in the worst of winters?"
    article = load(
        "\n\n".join([TITLE, FIRST, "What the island wants", SECOND, headline, "Read more"])
    )
    assert article.text.split("\n\n") == [FIRST, "What the island wants", SECOND]


def test_a_title_before_read_more_is_kept() -> None:
    assert load(f"{TITLE}\n\nRead more\n\n{FIRST}\n\n{LAST}").title == TITLE


def test_headlines_after_a_list_of_other_stories_go() -> None:
    others = ["More on this story", "An island without bread", "The hundred sledges of 1987"]
    article = load("\n\n".join([TITLE, FIRST, *others, SECOND, LAST]))
    assert article.text.split("\n\n") == [FIRST, SECOND, LAST]


def test_a_file_with_notices_only_has_no_article_text() -> None:
    assert (
        refusal("Advertisement\n\nShare\n\nWe use cookies on this page.") == "no article text found"
    )
    assert refusal("...\n\n---\n\n!!!") == "no article text found"


# Source


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("The Sound Herald", "The Sound Herald"),
        ("Source: Northern Light", "Northern Light"),
        ("BBC News", "BBC News"),
        ("Birgit Aas", None),
        ("Source: https://example.org/ferry", None),
    ],
)
def test_a_trailing_name_is_removed_and_a_publisher_is_the_source(
    line: str, source: str | None
) -> None:
    article = load("\n\n".join([TITLE, FIRST, SECOND, LAST, line]))
    assert article.text.endswith(LAST)
    assert article.source == source


@pytest.mark.parametrize("line", ["And so it was in the Herald.", "She reads the Herald", "“No.”"])
def test_a_trailing_line_that_is_no_name_is_kept(line: str) -> None:
    article = load("\n\n".join([TITLE, FIRST, SECOND, LAST, line]))
    assert article.text.endswith(line)
    assert article.source is None


# Title


def test_a_short_first_line_without_a_full_stop_is_the_title() -> None:
    assert load(f"{TITLE}\n\n{FIRST}").title == TITLE
    assert load(f"{TITLE}\n{FIRST}\n{LAST}").title == TITLE
    assert load(f"Will the ferry run?\n\n{FIRST}").title == "Will the ferry run?"


def test_a_repeated_first_line_is_the_title_even_with_a_full_stop() -> None:
    article = load(f"The ferry stays in port.\n\nThe ferry stays in port.\n\n{FIRST}")
    assert article.title == "The ferry stays in port."
    assert article.text == FIRST


def test_without_a_title_line_the_first_sentence_makes_the_title_and_stays() -> None:
    article = load("Mr. Aas walked to Osterholm and back. He was not tired.\n\n" + FIRST)
    assert article.title == "Mr. Aas walked to Osterholm and back."
    assert article.text.startswith("Mr. Aas walked to Osterholm and back. He was")
    long = load(f"{FIRST}\n\n{SECOND}").title
    assert len(long) <= 81
    assert long.endswith("…")
    assert FIRST.startswith(long[:-1] + " ")


def test_without_words_the_file_name_makes_the_title() -> None:
    assert load("212 / 41 / 78.\n\n3 + 4 = 7.", "ice-on_the--sound.txt").title == "Ice on the sound"


def test_a_single_line_is_an_article() -> None:
    article = load("Ferry to Osterholm cancelled")
    assert (article.title, article.text) == ("Ferry to Osterholm cancelled",) * 2


def test_a_title_is_one_line_of_bounded_length() -> None:
    title = load("word " * 20_000).title
    assert "\n" not in title
    assert len(title) <= 301


def test_text_beyond_any_article_is_refused() -> None:
    assert refusal("ice " * 1_300_000) == "longer than 5,000,000 characters of text"
