"""Where the dates of a page stand: structured data, tags, labels, datelines, the address."""

from __future__ import annotations

import json
from datetime import date

import pytest

from index.loaders.datelines import dates_in, printed_dates
from tests.index.test_loaders import load
from tests.index.test_loaders_dates import page, published, structured
from tests.index.test_loaders_text import FIRST

DAY, LATER = date(2024, 2, 6), date(2024, 2, 9)


def script(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def both(before: str = "", head: str = "", language: str = "en") -> tuple[date | None, date | None]:
    html = page(head, before, heading="<h1>Ferry stays in port as ice closes the sound</h1>")
    article = load(html.replace('lang="en"', f'lang="{language}"'), "a.html")
    return article.published, article.modified


# Structured data


@pytest.mark.parametrize(
    "value",
    [
        ["2024-02-06"],
        {"@type": "Date", "@value": "2024-02-06"},
        1707210000,
        1707210000000,
        "20240206T090000Z",
        "Tue, 06 Feb 2024 09:00:00 GMT",
        "Feb 6, 2024 9:00 AM",
    ],
)
def test_structured_data_write_a_date_in_many_ways(value: object) -> None:
    head = structured(**{"@type": "https://schema.org/NewsArticle", "datePublished": value})
    assert published(page(head)) == DAY


@pytest.mark.parametrize(
    "text",
    [
        '/*<![CDATA[*/ {"@type":"Article","datePublished":"2024-02-06"} /*]]>*/',
        '//<![CDATA[\n{"@type":"Article","datePublished":"2024-02-06"}\n//]]>',
        '<!-- {"@type":"Article","datePublished":"2024-02-06"} -->',
        '{"@type":"Article","datePublished":"2024-02-06","author":{"name":"Ann Ek",},};',
        "{&quot;@type&quot;:&quot;Article&quot;,&quot;datePublished&quot;:&quot;2024-02-06&quot;}",
        '{"@type":"Organization"}\n{"@type":"Article","datePublished":"2024-02-06"}',
    ],
)
def test_structured_data_are_read_through_the_faults_of_templates(text: str) -> None:
    assert published(page(script(text))) == DAY


@pytest.mark.parametrize("text", ["", "{", "[[[[", '{"a":1}}}}', "null", '"2024-02-06"', "{},,,"])
def test_structured_data_that_say_nothing_are_passed_over(text: str) -> None:
    assert published(page(script(text))) is None


@pytest.mark.parametrize("filling", [" " * 450_000, "," * 450_000, ", " * 200_000, "<! " * 9_000])
def test_structured_data_that_go_on_for_ever_cost_little(filling: str) -> None:
    data = '{"@type":"Article","datePublished":"2024-02-06"}'
    assert published(page(script(f"{data}{filling}x"))) == DAY
    assert published(page(script(f"{filling}{data}x"))) in (None, DAY)


def test_of_several_articles_the_one_with_the_page_s_headline_or_address_counts() -> None:
    title = "Ferry stays in port as ice closes the sound"
    other = {"@type": "NewsArticle", "headline": "Bakers win", "datePublished": "2023-01-01"}
    this = {"@type": "NewsArticle", "headline": f"{title}!", "datePublished": "2024-02-06"}
    heading = f"<h1>{title}</h1>"
    assert published(page(script(json.dumps([other, this])), heading=heading)) == DAY
    address = "https://herald.example/ferry"
    named = {**this, "headline": "Short", "mainEntityOfPage": {"@id": address}}
    head = f'<link rel="canonical" href="{address}">{script(json.dumps([other, named]))}'
    assert published(page(head)) == DAY


# Tags


@pytest.mark.parametrize(
    ("attribute", "name", "content"),
    [
        ("property", "article:published_time", "2024-02-06T23:30:00-0500"),
        ("property", "article:published_time", "1707210000"),
        ("name", "DC.Date.Issued", "2024-02-06"),
        ("name", "date-published", "2024-02-06"),
        ("name", "pubdate", "20240206093000"),
        ("name", "date", "2024-02-06"),
        ("name", "article_date_original", "Tuesday, February 06, 2024, 9:00 AM"),
        ("itemprop", "datePublished", "2024-02-06"),
    ],
)
def test_tags_name_the_publication_in_many_ways(attribute: str, name: str, content: str) -> None:
    changed = '<meta property="og:updated_time" content="2024-02-09T08:00:00Z">'
    tag = f'<meta {attribute}="{name}" content="{content}">'
    assert both(head=changed + tag) == (DAY, LATER)


@pytest.mark.parametrize(
    "tag",
    [
        '<meta property="og:updated_time" content="2024-02-09T08:00:00Z">',
        '<meta http-equiv="last-modified" content="Fri, 09 Feb 2024 08:00:00 GMT">',
        '<meta name="revised" content="2024-02-09">',
    ],
)
def test_a_tag_of_the_last_change_is_not_the_publication(tag: str) -> None:
    assert both(head=tag) == (None, LATER)


def test_the_server_s_clock_and_days_to_come_say_nothing() -> None:
    assert both(head='<meta http-equiv="date" content="Tue, 06 Feb 2024 09:00:00 GMT">') == (
        None,
        None,
    )
    later = '<meta property="article:published_time" content="2099-02-06">'
    assert both(head=later) == (None, None)
    assert both("<p>Published 6 February 2024</p>", later) == (DAY, None)


def test_dates_of_comments_are_not_the_article_s_even_if_they_are_tagged() -> None:
    comment = '<div class="comments"><time itemprop="datePublished" datetime="2024-03-03"></div>'
    assert published(page(after=comment)) is None


# What is printed


@pytest.mark.parametrize(
    "before",
    [
        "<p>By Ann Ek, Staff Writer | Feb. 6, 2024, 9:30 a.m. ET</p>",
        "<div>Ann Ek · Feb 6, 2024 · 5 min read</div>",
        "<span>Tue 6 Feb 2024 10.30 GMT</span>",
        "<div><span>06-Feb-2024</span></div>",
        '<time datetime="2024-02-06T10:00:00+01:00">two hours ago</time>',
        '<abbr class="published" title="2024-02-06T10:00:00-0800">Tuesday</abbr>',
        "<p>PUBLISHED 6:00 AM ET Feb. 06, 2024</p>",
        "<p>This article was originally published on February 6, 2024.</p>",
        "<table><tr><td>Date published:</td><td>6 February 2024</td></tr></table>",
    ],
)
def test_a_dateline_beside_the_headline_is_the_day_of_publication(before: str) -> None:
    assert both(before) == (DAY, None)


@pytest.mark.parametrize(
    "before",
    [
        "<p>Published: 10:00 EST, 6 February 2024 | Updated: 12:00 EST, 9 February 2024</p>",
        "<p>Posted at 6:00 PM, Feb 06, 2024 and last updated 7:10 AM, Feb 09, 2024</p>",
        "<p>Updated 9 February 2024 | Published 6 February 2024</p>",
        "<dl><dt>Published</dt><dd>6 February 2024</dd>"
        "<dt>Updated</dt><dd>9 February 2024</dd></dl>",
        '<time class="entry-date" datetime="2024-02-06">6 Feb</time>'
        '<time class="updated" datetime="2024-02-09">9 Feb</time>',
    ],
)
def test_publication_and_change_are_told_apart(before: str) -> None:
    assert both(before) == (DAY, LATER)


@pytest.mark.parametrize(
    "around",
    [
        '<header><div class="date">Monday, 3 March 2025</div></header>',
        "<div><h3><a href='/b'>Bakers win</a></h3><time datetime='2023-01-01'></time></div>",
        '<div class="more-news"><time datetime="2023-02-09">9 February 2023</time></div>',
        "<p>Copyright 6 February 2024 The Herald</p>",
        "<p>When: 9 March 2024</p>",
        "<p>Printed from herald.example on 3 March 2025</p>",
        "<div>Retrieved 3 March 2025 from the archive</div>",
    ],
)
def test_other_days_on_the_page_are_not_the_article_s(around: str) -> None:
    html = page(heading="<h1>Ferry stays in port as ice closes the sound</h1>")
    assert published(html.replace("<article>", f"{around}<article>")) is None
    assert published(html.replace("</article>", f"</article>{around}")) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("2024/02/06/ferry", DAY),
        ("news/2024-02-06/ferry", DAY),
        ("news/20240206/ferry", DAY),
        ("2024/feb/06/ferry", DAY),
        ("2024/02/ferry", None),
        ("20240299/ferry", None),
        ("a/1234567890/ferry", None),
    ],
)
def test_a_whole_day_in_the_address_counts(path: str, expected: date | None) -> None:
    for tag in ('<link rel="canonical" href="{}">', '<meta property="og:url" content="{}">'):
        assert published(page(tag.format(f"https://herald.example/{path}"))) == expected


@pytest.mark.parametrize(
    "note",
    [
        "<!-- saved from url=(0041)https://herald.example/2024/02/06/ferry -->",
        "<!--\n Page saved with SingleFile \n url: https://herald.example/2024/02/06/ferry \n-->",
    ],
)
def test_where_a_page_was_saved_from_is_its_address(note: str) -> None:
    article = load(page().replace("<head>", f"{note}<head>"), "a.html")
    assert article.url == "https://herald.example/2024/02/06/ferry"
    assert (article.published, article.source) == (DAY, "herald.example")
    declared = '<link rel="canonical" href="https://herald.example/ferry">'
    other = load(page(declared).replace("<head>", f"{note}<head>"), "a.html")
    assert other.url == "https://herald.example/ferry"


# Languages


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("de", "Veröffentlicht am 06.02.2024 um 10:30 Uhr. Aktualisiert am 9. Februar 2024"),
        ("fr", "Publié le 6 février 2024 à 10h30, mis à jour le 09/02/2024 à 8h00"),
        ("es", "Publicado el 6 de febrero de 2024 · Actualizado: 9 de febrero de 2024"),
        ("it", "Pubblicato il 06/02/2024 - Ultimo aggiornamento: 9 febbraio 2024"),
        ("pt", "Publicado em 6 de fevereiro de 2024 às 10h | Atualizado em 9 de fevereiro de 2024"),
        ("nl", "Gepubliceerd op 6 februari 2024, bijgewerkt: 9 februari 2024"),
        ("sv", "Publicerad 6 februari 2024 · Uppdaterad 9 februari 2024"),
        ("da", "Publiceret 6. februar 2024 · Opdateret 9. februar 2024"),
        ("fi", "Julkaistu 6.2.2024 klo 10.30 · Päivitetty 9.2.2024"),
        ("pl", "Opublikowano: 6 lutego 2024, aktualizacja: 9 lutego 2024"),
        ("cs", "Publikováno 6. února 2024, aktualizováno 9. února 2024"),
        ("uk", "Опубліковано 6 лютого 2024, оновлено 9 лютого 2024"),
        ("ru", "Опубликовано 6 февраля 2024 г. Обновлено 9 февраля 2024 г."),
        ("tr", "Yayınlanma: 6 Şubat 2024 - Güncelleme: 9 Şubat 2024"),
        ("zh", "发布时间：2024年2月6日 10:30 更新时间：2024年2月9日"),
        ("ja", "公開日：2024年2月6日　更新日：2024年2月9日"),
        ("ko", "입력 2024.02.06 10:30 수정 2024.02.09 08:00"),
    ],
)
def test_labels_are_known_in_many_languages(language: str, line: str) -> None:
    assert both(f"<p>{line}</p>", language=language) == (DAY, LATER)
    assert printed_dates([line]) == (DAY, LATER)


@pytest.mark.parametrize(
    "line",
    ["6. Februar 2024", "mardi 6 février 2024", "6 lutego 2024", "2024年2月6日", "2024. 2. 6."],
)
def test_a_date_alone_is_a_dateline_in_many_languages(line: str) -> None:
    assert printed_dates([line, FIRST]) == (DAY, None)


@pytest.mark.parametrize(
    "lead",
    [
        "OSTERHOLM, Feb. 6, 2024 (AP) — ",
        "NEW YORK, Feb. 6, 2024 /PRNewswire/ -- ",
        "OSTERHOLM, Bay County, 6 February 2024 (Reuters) - ",
        "Osterholm, February 6, 2024 – ",
    ],
)
def test_a_report_may_begin_with_its_place_and_day(lead: str) -> None:
    story = f"{lead}{FIRST}"
    assert printed_dates(["Ferry stays in port", story]) == (DAY, None)
    assert published(page(before=f"<p>{story}</p>")) == DAY


@pytest.mark.parametrize(
    "begin",
    [
        "On February 6, 2024 - a Tuesday - the ferry stayed in port, and nobody knew for how long.",
        "The council met on February 6, 2024 — it was the last time — to speak about the ferry.",
        "From 1 May 2023 to 6 February 2024 – nine months – no ferry sailed to the island at all.",
    ],
)
def test_a_story_that_begins_with_a_day_of_its_own_is_not_dated_by_it(begin: str) -> None:
    assert printed_dates(["Ferry stays in port", f"{begin} {FIRST}"]) == (None, None)


def test_a_change_that_is_named_after_the_day_is_no_publication() -> None:
    assert printed_dates(["2024年2月9日 18:30 更新"]) == (None, LATER)


def test_the_day_comes_first_where_the_language_knows_it_no_other_way() -> None:
    line = '<div class="date">06/02/2024</div>'
    assert both(line, language="fr") == both(line, language="en-GB") == (DAY, None)
    assert both(line, language="en") == both(line, language="en-US") == (None, None)


@pytest.mark.parametrize(
    "line",
    [
        "The study was published on 6 February 2024.",
        "Her second novel, published on 6 February 2024, is about the island.",
        "The law was first issued on 6 February 2024",
        "12 ferries sailed, 2024",
        "Seite 12 Artikel 2024",
    ],
)
def test_what_the_story_says_of_other_things_is_not_its_own_date(line: str) -> None:
    assert [dated for dated in dates_in(line) if dated.kind == "published"] == []
    assert printed_dates([line]) == (None, None)
