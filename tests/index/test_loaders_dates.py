"""The order in which a page's dates are believed, headlines, and walls around the article."""

from __future__ import annotations

import json
from datetime import date

import pytest

from index.loaders.datelines import dates_in, printed_dates
from tests.index.test_loaders import load
from tests.index.test_loaders_text import FIRST, LAST, SECOND, THIRD

STORY = "".join(f"<p>{text}</p>" for text in (FIRST, SECOND, THIRD, LAST))
HEAD = "<title>Ferry stays in port as ice closes the sound - Herald</title>"


def page(head: str = "", before: str = "", after: str = "", heading: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><head>{HEAD}{head}</head><body>'
        f"<article>{heading}{before}{STORY}</article>{after}</body></html>"
    )


def structured(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(fields)}</script>'


def published(html: str) -> date | None:
    return load(html, "a.html").published


def test_an_article_s_own_data_go_before_those_of_its_page_and_its_videos() -> None:
    head = structured(
        **{
            "@graph": [
                {"@type": "VideoObject", "datePublished": "2021-01-01"},
                {"@type": "WebPage", "datePublished": "2022-02-02"},
                {
                    "@type": "NewsArticle",
                    "datePublished": "2024-02-06",
                    "dateModified": "2024-03-01",
                },
            ]
        }
    )
    article = load(page(head), "a.html")
    assert (article.published, article.modified) == (date(2024, 2, 6), date(2024, 3, 1))


def test_structured_data_go_before_meta_tags_and_these_before_what_is_printed() -> None:
    meta = '<meta property="article:published_time" content="2024-02-07">'
    printed = "<p>Published 8 February 2024</p>"
    data = structured(**{"@type": "Article", "datePublished": "2024-02-06"})
    assert published(page(meta + data, printed)) == date(2024, 2, 6)
    assert published(page(meta, printed)) == date(2024, 2, 7)
    assert published(page("", printed)) == date(2024, 2, 8)


def test_a_general_date_goes_after_those_that_name_the_publication() -> None:
    general = '<meta name="dc.date" content="2024-03-01">'
    named = '<meta name="citation_publication_date" content="2024/02/06">'
    assert published(page(general + named)) == date(2024, 2, 6)
    assert published(page(general)) == date(2024, 3, 1)


def test_an_instant_in_utc_is_the_publisher_s_day_where_the_page_prints_it() -> None:
    evening = '<meta property="article:published_time" content="2024-02-07T02:25:54+00:00">'
    address = '<link rel="canonical" href="https://herald.example/2024/02/06/ferry/">'
    printed = '<div class="byline-date">February 6, 2024</div>'
    assert published(page(evening)) == date(2024, 2, 7)
    assert published(page(evening + address)) == date(2024, 2, 6)
    assert published(page(evening, printed)) == date(2024, 2, 6)
    early = '<meta property="article:published_time" content="2024-02-06T22:00:00Z">'
    assert published(page(early, '<time datetime="2024-02-07">7 February 2024</time>')) == date(
        2024, 2, 7
    )


def test_a_printed_day_that_no_time_zone_explains_changes_nothing() -> None:
    noon = '<meta property="article:published_time" content="2024-02-07T21:00:00Z">'
    assert published(page(noon, "<time>6 February 2024</time>")) == date(2024, 2, 7)
    assert published(page(noon, "<time>12 February 2024</time>")) == date(2024, 2, 7)
    zoned = '<meta property="article:published_time" content="2024-02-07T02:00:00+05:00">'
    assert published(page(zoned, "<time>6 February 2024</time>")) == date(2024, 2, 7)


def test_a_printed_label_says_what_a_date_is() -> None:
    both = "<div>Written: 2024-02-06 15:03</div><div>Updated: 2024-02-09 08:00</div>"
    article = load(page("", both), "a.html")
    assert (article.published, article.modified) == (date(2024, 2, 6), date(2024, 2, 9))
    only = load(page("", "<p>Last updated on 9 February 2024</p>"), "a.html")
    assert (only.published, only.modified) == (None, date(2024, 2, 9))


def test_a_change_before_the_day_of_publication_is_none_of_the_article() -> None:
    head = structured(
        **{"@type": "Article", "datePublished": "2024-02-06", "dateModified": "2024-02-05"}
    )
    article = load(page(head), "a.html")
    assert (article.published, article.modified) == (date(2024, 2, 6), None)


def test_dates_of_comments_and_other_stories_are_not_the_article_s() -> None:
    around = (
        '<div class="related-stories"><p>Published 1 March 2023</p></div>'
        '<ol id="comments"><li>Posted on 3 March 2024</li></ol>'
        "<footer><p>Published by the Herald, 5 May 2020</p></footer>"
    )
    assert published(page("", "", around)) is None


def test_the_state_of_a_page_s_program_counts_if_it_is_one_day() -> None:
    def state(*days: str) -> str:
        stories = json.dumps([{"publishedDate": day} for day in days])
        return f'<script type="application/json">{stories}</script>'

    assert published(page("", "", state("2024-02-06T09:00:00Z"))) == date(2024, 2, 6)
    assert published(page("", "", state("2024-02-06", "2024-02-07"))) is None


@pytest.mark.parametrize("nothing", ["1970-01-01T00:00:00Z", "0001-01-01", "", "2024-13-45"])
def test_a_placeholder_is_no_date(nothing: str) -> None:
    assert published(page(f'<meta property="article:published_time" content="{nothing}">')) is None


def test_the_first_of_a_month_is_a_day_like_any_other() -> None:
    assert published(page("", '<time datetime="2024-03-01">1 March 2024</time>')) == date(
        2024, 3, 1
    )


def test_the_headline_is_the_one_that_the_page_prints() -> None:
    printed = "Ice closes the sound, and the ferry stays in its port"
    assert load(page(heading=f"<h1>{printed}</h1>"), "a.html").title == printed
    named = '<meta property="og:title" content="Ferry stays in port as ice closes the sound">'
    other = load(page(named, heading="<h1>The Herald of Osterholm and Bay</h1>"), "a.html")
    assert other.title == "Ferry stays in port as ice closes the sound"


def test_a_category_inside_the_heading_is_not_the_headline() -> None:
    title = "Ferry stays in port as ice closes the sound"
    named = f'<meta property="og:title" content="{title}">'
    heading = f"<h1><span>Local news</span> <span>{title}</span></h1>"
    assert load(page(named, heading=heading), "a.html").title == title


@pytest.mark.parametrize(
    "wall",
    [
        "To read the full story, please subscribe to the Herald.",
        "If you are already a subscriber, log in here to go on.",
        "Subscribe now to our evening edition for the full story.",
        "This post contains affiliate links.",
        "We want to hear what you think about this.",
        "Your e-mail address will not be published.",
        "Never miss a sailing by signing up to our alerts.",
    ],
)
def test_walls_and_disclosures_cannot_be_quoted(wall: str) -> None:
    article = load(page("", "", "").replace("</article>", f"<p>{wall}</p></article>"), "a.html")
    assert wall not in article.text
    assert LAST in article.text


@pytest.mark.parametrize(
    "sentence",
    [
        "New members of the council took office in Osterholm on Tuesday.",
        "For weeks the islanders could not download the ferry's new app.",
        "To keep the line open, both harbours had to sign up for tugs.",
        "“We want to hear from the minister,” said the harbour master on Monday.",
    ],
)
def test_sentences_of_the_story_are_no_notices(sentence: str) -> None:
    assert sentence in load(f"{FIRST}\n\n{sentence}\n\n{LAST}").text


# Text


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_pasted_text_is_dated_by_the_line_that_says_when_it_appeared(name: str) -> None:
    pasted = f"Ice closes the sound\n\nBy Ann Ek\n\nPublished: 6 February 2024\n\n{FIRST}\n\n{LAST}"
    article = load(pasted, name)
    assert (article.published, article.modified) == (date(2024, 2, 6), None)
    assert "February 2024" not in article.text
    story = f"Ice closes the sound\n\n{FIRST}\n\nIt began on 6 February 2024.\n\n{LAST}"
    assert load(story, name).published is None


def test_front_matter_goes_before_a_printed_date() -> None:
    article = load(f"---\ndate: 2024-02-05\n---\n\n6 February 2024\n\n{FIRST}", "a.md")
    assert article.published == date(2024, 2, 5)


# Lines


def test_the_nearest_label_before_a_date_counts() -> None:
    line = "Posted 1 May 2024, updated May 3, 2024"
    assert list(dates_in(line)) == [
        ("published", date(2024, 5, 1)),
        ("modified", date(2024, 5, 3)),
    ]
    assert list(dates_in("© 4 May 2024 · retrieved on 5 May 2024")) == []
    assert list(dates_in("Dec. 3rd, 2023")) == [("bare", date(2023, 12, 3))]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Ferry stays", "By Ann Ek | 6 February 2024"], date(2024, 2, 6)),
        (["Ferry stays", "Tuesday, Feb. 6, 2024 at 9:30 a.m."], date(2024, 2, 6)),
        (["OSTERHOLM, 6 February 2024"], date(2024, 2, 6)),
        (["Ferry stays", "The ice came on 6 February 2024"], None),
        (["The ice came on 6 February 2024."], None),
        (["6 February 2024", "7 February 2024"], None),
        (["Born 6 February 1950"], None),
        (["Ferry stays", "Next council meeting: February 6, 2024"], None),
        (["When: Tuesday 6 February 2024"], None),
        (["Charging date: February 6, 2024"], None),
        (["Date: February 6, 2024"], date(2024, 2, 6)),
        ([FIRST] * 6 + ["6 February 2024"], None),
        (["06/02/2024"], None),
        (["February 2024"], None),
    ],
)
def test_a_first_line_that_is_about_a_date_dates_the_text(
    lines: list[str], expected: date | None
) -> None:
    assert printed_dates(lines) == (expected, None)
