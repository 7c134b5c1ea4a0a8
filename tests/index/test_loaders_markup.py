"""Markdown with front matter, and web pages: readable text, and metadata that is never made up."""

from __future__ import annotations

import json
import time
from datetime import date

import pytest

from tests.index.test_loaders import load, refusal
from tests.index.test_loaders_text import FIRST, LAST, SECOND, THIRD, TITLE


def markdown(front_matter: str, body: str = f"{FIRST}\n\n{LAST}") -> str:
    return f"---\n{front_matter}\n---\n\n{body}\n"


# Front matter


def test_front_matter_gives_the_metadata() -> None:
    article = load(
        markdown(
            "title: 'Ferry: a winter without'\nsource: The Sound Herald\npublished: 2024-02-06\n"
            "modified: 2024-02-07T23:30:00-05:00\nurl: https://herald.example/ferry?a=1\n"
            "authors: [Ann Ek, Bo Aas]\nlanguage: en-GB"
        ),
        "a.md",
    )
    assert article.title == "Ferry: a winter without"
    assert article.source == "The Sound Herald"
    assert (article.published, article.modified) == (date(2024, 2, 6), date(2024, 2, 7))
    assert article.url == "https://herald.example/ferry?a=1"
    assert article.authors == ("Ann Ek", "Bo Aas")
    assert article.language == "en"
    assert article.text == f"{FIRST}\n\n{LAST}"


def test_front_matter_knows_other_names_for_its_fields() -> None:
    article = load(
        markdown(
            "Title: Ice\ndate: 6 Feb 2024\nupdated: 2024/02/08\nauthor: A. Ek and B. Aas\nlang: sv"
        ),
        "a.md",
    )
    assert (article.published, article.modified) == (date(2024, 2, 6), date(2024, 2, 8))
    assert article.authors == ("A. Ek", "B. Aas")
    assert article.language == "sv"


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ("1984", "1984"),
        ("No", "No"),
        ("2024-02-06", "2024-02-06"),
        ("0x1F", "0x1F"),
        ("null", TITLE),
    ],
)
def test_a_title_is_text_as_it_is_written(value: str, title: str) -> None:
    assert load(markdown(f"title: {value}", f"# {TITLE}\n\n{FIRST}"), "a.md").title == title


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("2024-02-06", date(2024, 2, 6)),
        ("2024-02-06 23:59:00 +0100", date(2024, 2, 6)),
        ("20240206", date(2024, 2, 6)),
        ("6 February 2024", date(2024, 2, 6)),
        ("Tue 6 Feb 2024 14.20 GMT", date(2024, 2, 6)),
        ("February 6th, 2024", date(2024, 2, 6)),
        ("6 février 2024", date(2024, 2, 6)),
        ("06.02.2024", date(2024, 2, 6)),
        ("20240206T093000Z", date(2024, 2, 6)),
        ("20240206093000", date(2024, 2, 6)),
        ("Tue Feb 06 2024 09:00:00 GMT+0100 (Central European Standard Time)", date(2024, 2, 6)),
        ("1707177600", date(2024, 2, 6)),
        ("1707177600000", date(2024, 2, 6)),
        ("2/26/2024", date(2024, 2, 26)),
        ("26/2/2024", date(2024, 2, 26)),
        ("2/6/2024", None),
        ("Tuesday, 2/6/2024 at noon", None),
        ("2024-02-31", None),
        ("February 2024", None),
        ("2024", None),
        ("6 February", None),
        ("Tuesday", None),
        ("today", None),
        ("3 days ago", None),
        ("170717760", None),
        ("1970-01-01", None),
        ("9999-12-31", None),
        ("2031-02-06", None),
        ("soon", None),
        ("[2024, 2, 6]", None),
        ("", None),
    ],
)
def test_a_date_is_whole_or_unknown(written: str, published: date | None) -> None:
    assert load(markdown(f"published: {written}"), "a.md").published == published


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "herald.example",
        "https://",
        "'https://a b'",
        "[]",
    ],
)
def test_an_address_that_is_not_of_the_web_is_dropped(address: str) -> None:
    assert load(markdown(f"url: {address}"), "a.md").url is None


@pytest.mark.parametrize(
    "front_matter",
    [
        "title: Ferry: a winter without",
        "title: [unclosed",
        "title: 'unclosed",
        "title: \tx\n\t- y",
        "title: " + "[" * 1500,
        "title: *unknown",
    ],
)
def test_malformed_front_matter_is_refused_with_the_reason(front_matter: str) -> None:
    assert refusal(markdown(front_matter), "a.md").startswith("malformed front matter: ")


def test_the_line_of_the_fault_is_named() -> None:
    assert "in line 3" in refusal(markdown("source: Herald\ntitle: a: b"), "a.md")


def test_front_matter_without_an_end_is_refused() -> None:
    assert "no --- line" in refusal(f"---\ntitle: Ice\n\n{FIRST}", "a.md")


def test_fields_that_expand_without_end_do_no_harm() -> None:
    levels = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))
    started = time.perf_counter()
    article = load(markdown(f"a0: &a0 [x]\n{levels}\nauthors: *a29\ntitle: Ice"), "a.md")
    assert (article.title, article.authors) == ("Ice", ())
    assert time.perf_counter() - started < 5


def test_a_rule_at_the_beginning_is_no_front_matter() -> None:
    assert load(f"---\n\n{FIRST}\n\n---\n\n{LAST}", "a.md").text == f"{FIRST}\n\n{LAST}"


def test_surrogates_written_as_escapes_do_not_enter() -> None:
    article = load(markdown('title: "Ice \\ud800road"\nauthors: ["\\udfff"]'), "a.md")
    assert (article.title, article.authors) == ("Ice road", ())


# Markdown


def test_markdown_becomes_readable_paragraphs() -> None:
    article = load(
        f"""# {TITLE}

The *only* **ferry** to [Osterholm](https://x.example "t") stays `in port`,
~~maybe~~ until the ice has gone.<!-- hidden -->
![a boat](boat.png)

## What the island wants

- a *marked* road
- two drills,
  with petrol
  1. and a spare

> “We will walk,” she said.
>
> And they did.

<!-- a comment
over lines -->
<div class="box"><p>Boxed &amp; bordered text.</p><script>alert("x")</script></div>

| Who | Brings |
|-----|--------|
| Aas | a drill |

```
drill --depth 40
stop
```

5 &lt; 7\\* and *snake_case_words* stay.\\
A second verse.
""",
        "a.md",
    )
    assert article.title == TITLE
    assert article.text.split("\n\n") == [
        "The only ferry to Osterholm stays in port, maybe until the ice has gone.",
        "What the island wants",
        "a marked road",
        "two drills, with petrol",
        "and a spare",
        "“We will walk,” she said.",
        "And they did.",
        "Boxed & bordered text.",
        "Who | Brings",
        "Aas | a drill",
        "drill --depth 40",
        "stop",
        "5 < 7* and snake_case_words stay.",
        "A second verse.",
    ]


def test_wrapped_markdown_is_joined_and_broken_words_made_whole() -> None:
    body = "The trans-\nport of food was cancel-\nled, and a well-\nknown road was closed."
    assert load(body, "a.md").text == (
        "The transport of food was cancelled, and a well-known road was closed."
    )


def test_a_first_heading_that_differs_from_the_given_title_stays() -> None:
    assert load(markdown("title: Ice", f"# A harder winter\n\n{FIRST}"), "a.md").text == (
        f"A harder winter\n\n{FIRST}"
    )
    assert load(markdown(f"title: {TITLE}", f"# {TITLE}\n\n{FIRST}"), "a.md").text == FIRST


def test_pasted_notices_go_from_markdown_too() -> None:
    body = "\n\n".join([f"# {TITLE}", FIRST, "Advertisement", "**Read more**", SECOND, "41", LAST])
    assert load(body, "a.md").text.split("\n\n") == [FIRST, SECOND, LAST]


def test_markdown_without_text_is_refused() -> None:
    for nothing in ("---\ntitle: Ice\n---\n", "# Ice", "![a](b.png)", "<!-- a -->"):
        assert refusal(nothing, "a.md") == "no article text found"


def test_markdown_too_large_to_parse_is_refused() -> None:
    assert "longer than 1,000,000 characters" in refusal("a " * 600_000, "a.md")


# Web pages

BODY = "".join(f"<p>{text}</p>\n" for text in (FIRST, SECOND, THIRD, LAST))


def page(head: str = "", body: str = f"<article><h1>{TITLE}</h1>{BODY}</article>") -> str:
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>{TITLE} | The Sound Herald</title>{head}</head><body>"
        f'<nav><a href="/">Home</a> <a href="/world">World</a></nav>{body}'
        f"<footer>© 2024 The Sound Herald. All rights reserved.</footer></body></html>"
    )


def test_a_page_becomes_its_article() -> None:
    article = load(
        page(
            '<meta property="og:site_name" content="The Sound Herald">'
            '<link rel="canonical" href="https://herald.example/ferry">'
            '<meta name="author" content="Ann Ek">'
        ),
        "a.html",
    )
    assert article.title == TITLE
    assert article.text.split("\n\n") == [FIRST, SECOND, THIRD, LAST]
    assert article.source == "The Sound Herald"
    assert article.url == "https://herald.example/ferry"
    assert article.authors == ("Ann Ek",)
    assert article.language == "en"


def test_blocks_of_a_page_are_paragraphs_and_white_space_of_its_source_is_none() -> None:
    body = (
        f"<article><p>The ferry\n   <b>stays</b> in&nbsp;port.<br>The bus &amp;amp; the sledge run."
        f"</p>{BODY}<h2>What the island wants</h2><ul><li>a road</li><li>two drills</li></ul>"
        f"<table><tr><td>Aas</td><td>a drill</td></tr></table><blockquote>“We will walk.”"
        f"</blockquote><p>{FIRST[::-1]}</p></article>"
    )
    paragraphs = load(page(body=body), "a.html").text.split("\n\n")
    assert paragraphs[:2] == ["The ferry stays in port.", "The bus &amp; the sledge run."]
    for block in (
        "What the island wants",
        "a road",
        "two drills",
        "Aas | a drill",
        "“We will walk.”",
    ):
        assert block in paragraphs


def test_what_surrounds_the_article_in_a_page_is_removed() -> None:
    extra = (
        "<p>Advertisement</p><p>We use cookies to make this page better for you.</p>"
        "<p>Image source, Getty Images</p><p>Sign up for our newsletter</p>"
    )
    text = load(page(body=f"<article><h1>{TITLE}</h1>{extra}{BODY}</article>"), "a.html").text
    assert text.split("\n\n") == [FIRST, SECOND, THIRD, LAST]


def test_declared_dates_are_told_apart() -> None:
    data = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "NewsArticle",
                "datePublished": "2024-02-06T08:00:00Z",
                "dateModified": "2024-02-09",
                "comment": [{"@type": "Comment", "datePublished": "2024-03-01"}],
            }
        ],
    }
    structured = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    tags = (
        '<meta property="article:published_time" content="2024-02-06T23:00:00-05:00">'
        '<meta property="article:modified_time" content="2024-02-09T01:00:00Z">'
    )
    marked = (
        f'<article><time itemprop="datePublished" datetime="2024-02-06">x</time>{BODY}</article>'
    )
    for article in (load(page(structured), "a.html"), load(page(tags), "a.html")):
        assert (article.published, article.modified) == (date(2024, 2, 6), date(2024, 2, 9))
    assert load(page(body=marked), "a.html").published == date(2024, 2, 6)


def test_a_printed_dateline_is_a_date() -> None:
    body = f'<article><h1>{TITLE}</h1><p class="date">6 February 2024</p>{BODY}</article>'
    assert load(page(body=body), "a.html").published == date(2024, 2, 6)


def test_a_page_without_a_date_has_none() -> None:
    article = load(page(), "a.html")
    assert (article.published, article.modified) == (None, None)


def test_dates_in_the_story_or_of_a_change_are_not_the_date_of_publication() -> None:
    story = (
        f"<p>{SECOND} It was written on 2019-05-14, they say, and read on 3 June 2021 by many.</p>"
    )
    assert load(page(body=f"<article>{BODY}{story}</article>"), "a.html").published is None
    changed = load(page('<meta property="article:modified_time" content="2024-02-09">'), "a.html")
    assert (changed.published, changed.modified) == (None, date(2024, 2, 9))
    footer = f"<article>{BODY}</article><p>This page was last edited on 9 February 2024</p>"
    assert load(page(body=footer), "a.html").published is None


def test_an_xhtml_page_with_its_declaration_is_read() -> None:
    xhtml = f'<?xml version="1.0" encoding="utf-8"?>\n{page()}'
    assert load(xhtml, "a.xhtml").text.split("\n\n") == [FIRST, SECOND, THIRD, LAST]


@pytest.mark.parametrize(
    "nothing",
    [
        "<html></html>",
        "<html><head><title>Ice</title></head></html>",
        "<html><body><script>document.write('The ferry stays in port.')</script></body></html>",
        "<html><frameset><frame src='a.html'></frameset></html>",
        "<!-- only a comment -->",
        "<html><body><img src='a.png'></body></html>",
    ],
)
def test_a_page_without_text_is_refused(nothing: str) -> None:
    assert refusal(nothing, "a.html") == "no article text found"


def test_a_broken_page_is_read_or_refused() -> None:
    assert refusal("<svg><p><p>", "a.html")
    assert FIRST in load(f"<html><body><div><p>{FIRST}<p>{LAST}<td><b><i>", "a.html").text


@pytest.mark.parametrize(
    "bomb",
    [
        "<html><body>" + "<div>" * 50_000 + FIRST,
        "<html><body>" + "<div>" * 1_000_000 + FIRST,
        "<html><body><b><i>" * 20_000 + FIRST,
        "<html><body><p " + " ".join(f"a{n}" for n in range(300_000)) + f">{FIRST}",
        "<html><body>" + ("<p " + " ".join(f"a{n}" for n in range(190)) + ">x") * 3_000,
        "<html><body>" + "<a " * 40_000,
        "<" * 50_000,
        "<html><body><p>" + "word " * 2_200_000,
        '<html><head><script type="application/ld+json">' + "[" * 400_000 + "</script></head>",
    ],
    ids=["nested", "deep", "inline", "attributes", "many", "open", "signs", "line", "json"],
)
def test_hostile_pages_are_refused_quickly(bomb: str) -> None:
    started = time.perf_counter()
    assert refusal(bomb, "a.html")
    assert time.perf_counter() - started < 10


def test_entities_of_a_page_are_not_expanded() -> None:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a0 "boom">{levels}]>'
    text = load(f"{bomb}<html><body><p>{FIRST} &a11;</p></body></html>", "a.xhtml").text
    assert FIRST in text
    assert "boomboom" not in text
