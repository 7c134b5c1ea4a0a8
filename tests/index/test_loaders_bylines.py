"""Bylines and datelines of pasted text, and labels that lead to other stories."""

from __future__ import annotations

from datetime import date

import pytest

from tests.index.office import docx
from tests.index.test_loaders import load
from tests.index.test_loaders_dates import page
from tests.index.test_loaders_text import FIRST, LAST, SECOND, THIRD, TITLE


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Ann Ek", ("Ann Ek",)),
        ("BY Ann Ek and Bo Aas", ("Ann Ek", "Bo Aas")),
        ("By Ann Ek, USA TODAY Sports", ("Ann Ek",)),
        ("By Ann Ek, The Herald of Osterholm", ("Ann Ek",)),
        ("By Ann Ek / Special to the Herald", ("Ann Ek",)),
        ("By Ann Ek, Staff Writer | 6 February 2024, 9:30 a.m.", ("Ann Ek",)),
        (
            "Von Ursula von der Leyen und Jean-Luc O’Neill",
            ("Ursula von der Leyen", "Jean-Luc O’Neill"),
        ),
        ("Par Anne Petit", ("Anne Petit",)),
        ("Von Anna Holm, Stralsund", ("Anna Holm",)),
        ("BY ANNA HOLM", ("ANNA HOLM",)),
        ("Ann Ek\n\nNorthern correspondent", ("Ann Ek",)),
        ("Ann Ek\n\nAnn Ek", ("Ann Ek",)),
        ("Ann Ek in Osterholm\n\nTue 6 Feb 2024 10.30 GMT", ("Ann Ek",)),
        ("Ann Ek\n\n·\n\nFollow\n\n5 min read\n\n·\n\nFeb 6, 2024\n\n120", ("Ann Ek",)),
        ("By Ann Ek\n\nFebruary 6, 202410:30 AM GMT+1Updated 2 hours ago", ("Ann Ek",)),
    ],
)
def test_a_byline_names_the_authors_and_cannot_be_quoted(
    line: str, authors: tuple[str, ...]
) -> None:
    article = load(f"{TITLE}\n\n{line}\n\n{FIRST}\n\n{LAST}")
    assert article.authors == authors
    assert article.text == f"{FIRST}\n\n{LAST}"
    assert article.title == TITLE


@pytest.mark.parametrize(
    "line",
    [
        "By evening, much of the north was blanketed by snow.",
        "By the numbers",
        "By Ann Ek, , and 212 islanders",
        "By -and and- 212 others",
        "By Ann Ek and 212 islanders who stayed at home",
        "Von der Insel",
    ],
)
def test_what_only_begins_like_a_byline_stays(line: str) -> None:
    article = load(f"{TITLE}\n\n{line}\n\n{FIRST}\n\n{LAST}")
    assert article.authors == ()
    assert line in article.text


def test_what_a_file_says_of_its_authors_goes_before_a_byline() -> None:
    text = f"---\nauthors: [Bo Aas]\n---\n\nBy Ann Ek\n\n{FIRST}\n\n{LAST}"
    assert load(text, "a.md").authors == ("Bo Aas",)


def test_a_document_s_byline_goes_before_who_has_made_the_file() -> None:
    made = docx([("Title", TITLE), ("", "By Ann Ek"), ("", FIRST), ("", LAST)], author="Office 7")
    assert load(made, "a.docx").authors == ("Ann Ek",)


@pytest.mark.parametrize(
    "line",
    [
        "Published 6 February 2024",
        "6 February 2024",
        "Posted on Feb. 6, 2024 by Ann Ek",
        "2024年2月6日",
    ],
)
def test_a_dateline_dates_the_article_and_cannot_be_quoted(line: str) -> None:
    article = load(f"{TITLE}\n\n{line}\n\n{FIRST}\n\n{LAST}")
    assert article.published == date(2024, 2, 6)
    assert article.text == f"{FIRST}\n\n{LAST}"


def test_a_publisher_beside_the_date_is_the_source() -> None:
    assert load(f"{TITLE}\n\nBBC News - 6 February 2024\n\n{FIRST}").source == "BBC News"
    assert load(f"{TITLE}\n\nAnn Ek, 6 February 2024\n\n{FIRST}").source is None


@pytest.mark.parametrize("line", ["Birth date: 6 February 1978", "Deadline: 6 February 2024"])
def test_days_of_other_things_stay_and_date_nothing(line: str) -> None:
    article = load(f"{TITLE}\n\n{line}\n\n{FIRST}\n\n{LAST}")
    assert article.published is None
    assert line in article.text


def test_a_dateline_after_the_story_has_begun_stays() -> None:
    article = load(f"{TITLE}\n\n{FIRST}\n\n6 February 2024\n\n{LAST}")
    assert "6 February 2024" in article.text


def test_a_page_without_markup_for_its_author_has_a_byline() -> None:
    article = load(page(before="<p>Von Greta Möller</p>"), "a.html")
    assert article.authors == ("Greta Möller",)
    assert "Greta" not in article.text


# Other stories


@pytest.mark.parametrize("label", ["Read more:", "READ MORE:", "Also read:", "Related:"])
def test_a_label_with_a_colon_takes_the_headlines_after_it(label: str) -> None:
    others = ["Bakers of Dunmere win a prize", "►Court:Judges look at the new pier", "Is it cold?"]
    article = load("\n\n".join([TITLE, FIRST, SECOND, label, *others, THIRD]))
    assert article.text == "\n\n".join([FIRST, SECOND, THIRD])


def test_after_a_sentence_read_more_takes_the_headline_below_it() -> None:
    other = "Why the cellars of Wexcombe were never dry"
    article = load("\n\n".join([TITLE, FIRST, "Read more", other, SECOND, LAST]))
    assert article.text == "\n\n".join([FIRST, SECOND, LAST])


@pytest.mark.parametrize(
    ("label", "others"),
    [
        ("More on this story", ["Storm takes the roof of a barn", "Ten bakers to visit"]),
        ("Editors’ Picks", ["Why bakers love ice", "How to walk on it"]),
        ("Related article", ["The 12 best ferries of the north"]),
        ("Explore more on these topics", ["Osterholm", "Baltic Sea", "news"]),
        ("Mehr zum Thema", ["Der kälteste Winter seit 1987"]),
    ],
)
def test_lists_of_other_stories_cannot_be_quoted(label: str, others: list[str]) -> None:
    article = load("\n\n".join([TITLE, FIRST, SECOND, label, *others, LAST]))
    assert article.text == "\n\n".join([FIRST, SECOND, LAST])


def test_a_line_that_leads_on_is_no_headline() -> None:
    line = "The islanders named today were these:"
    article = load("\n\n".join([TITLE, FIRST, "Read more", line, SECOND, LAST]))
    assert line in article.text


@pytest.mark.parametrize(
    "notice",
    [
        "Associated Press writer Jim Beck in Berlin contributed to this report.",
        "Reporting by Ann Ek; Editing by Jim Beck",
        "A version of this article appears in print on Feb. 7, 2024, Section A, Page 4.",
        "Thanks for reading Sound Letter! Subscribe for free to receive new posts.",
        "Link Copied!",
        "2 days ago",
        "Lesen Sie auch: Der kälteste Winter seit 1987",
        "Lire aussi : Un hiver sans bac",
        "Lea también: El invierno más frío",
        "Leggi anche: Un inverno senza traghetto",
        "Czytaj też: Zima bez promu",
        "Читайте также: Зима без парома",
        "Anzeige",
        "Partager",
        "Wir verwenden Cookies, um unser Angebot zu verbessern.",
        "Nous utilisons des cookies pour améliorer ce site.",
    ],
)
def test_credits_and_notices_cannot_be_quoted(notice: str) -> None:
    article = load("\n\n".join([TITLE, FIRST, notice, SECOND, LAST]))
    assert article.text == "\n\n".join([FIRST, SECOND, LAST])
