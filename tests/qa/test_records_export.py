"""What leaves the program: every quote must stand where the export says."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from index.errors import NotFoundError
from index.types import Filter
from qa.records import Records
from qa.records_export import KINDS, Kind
from tests.qa.kept import BUILT, FAIR, HERRING, QUAY, UNKNOWN, answer, shelf
from tests.qa.library import Library, article

NASTY = "<script>alert(1)</script> & “quotes” *not bold* [9](javascript:x) `code` <b>\n# no heading"


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "history.sqlite3")


def kept(records: Records, *questions: str, over: Library | None = None, title: str = "") -> int:
    articles = over or shelf()
    conversation = records.begin(title, "articles")
    for question in questions:
        records.add(conversation, answer(question, articles), articles, asked_on=date(2024, 8, 18))
    return conversation


def words_of(text: str) -> str:
    return " ".join(text.split())


def read_as_text(exported: str, kind: Kind) -> str:
    """What a reader of the export sees."""
    page = MarkdownIt("commonmark").render(exported) if kind == "markdown" else exported
    return words_of(html.document_fromstring(page).text_content())


def test_every_quote_of_the_json_stands_at_its_place_in_the_article(records: Records) -> None:
    conversation = kept(records, BUILT, HERRING, "When did the spring fair open?")
    exported = json.loads(records.export(conversation, "json"))
    assert (exported["format"], exported["version"]) == ("article-qa conversation", 1)
    texts = {one.id: one.text for one in (QUAY, FAIR)}
    citations = [one for turn in exported["turns"] for one in turn["citations"]]
    assert len(citations) == 3
    for one in citations:
        text = texts[one["article_id"]]
        assert text[one["start"] : one["end"]] == one["quote"]
        assert hashlib.sha256(text.encode()).hexdigest() == one["article_sha256"]
        passage = one["passage"]
        assert text[passage["start"] : passage["end"]] == passage["text"]
        assert one["quote"] in passage["text"]


def test_the_json_tells_how_it_was_asked(records: Records) -> None:
    conversation = records.begin("", "articles")
    given = answer("When was the quay at Verden built, as of 1 May 2024?")
    turn = records.add(
        conversation,
        given,
        shelf(),
        asked_on=date(2024, 8, 18),
        filter=Filter(sources=("Harbour News",)),
    )
    records.rate(turn, "wrong source", "a blog")
    (row,) = json.loads(records.export(conversation, "json"))["turns"]
    assert (row["asked_on"], row["filter"]["sources"]) == ("2024-08-18", ["Harbour News"])
    assert row["frame"]["last"] == "2024-05-01"
    assert (row["rating"]["verdict"], row["rating"]["note"]) == ("wrong source", "a blog")


def test_what_was_not_found_is_exported_with_the_nearest_passages(records: Records) -> None:
    conversation = kept(records, UNKNOWN)
    (row,) = json.loads(records.export(conversation, "json"))["turns"]
    assert row["status"] == "not_found"
    assert row["citations"] == []
    assert row["nearest"]
    for one in row["nearest"]:
        source = {QUAY.id: QUAY, FAIR.id: FAIR}[one["article_id"]]
        assert source.text[one["start"] : one["end"]] == one["text"]
        assert one["title"] == source.title


@pytest.mark.parametrize("kind", ["markdown", "html"])
def test_readers_see_the_very_characters_with_their_place_and_hash(
    records: Records, kind: Kind
) -> None:
    conversation = kept(records, BUILT, HERRING, UNKNOWN)
    seen = read_as_text(records.export(conversation, kind), kind)
    for turn in records.turns(conversation):
        for one in turn.answer.citations:
            assert words_of(one.quote) in seen
            assert f"{one.start}–{one.end}" in seen
            assert one.article_sha256 in seen
    assert "3 May 2024" in seen
    assert "18 August 2024" in seen
    assert "Nearest passage 1, which does not answer" in seen


@pytest.mark.parametrize("kind", ["markdown", "html"])
def test_articles_and_questions_cannot_add_markup(records: Records, kind: Kind) -> None:
    nasty = article(NASTY, f"{NASTY}\nThe quay was built.", source=NASTY, url="javascript:alert(1)")
    conversation = kept(records, f"Quay built? {NASTY}", over=shelf(nasty), title=NASTY)
    (turn,) = records.turns(conversation)
    exported = records.export(conversation, kind)
    page = exported
    if kind == "markdown":
        page = MarkdownIt("commonmark").render(exported)
        assert len(html.document_fromstring(page).findall(".//h1")) == 1
    tree = html.document_fromstring(page)
    assert [one.tag for one in tree.iter("script", "b", "img", "iframe")] == []
    assert list(tree.iterlinks()) == []
    assert words_of(turn.answer.text) in words_of(tree.text_content())


def test_the_page_runs_and_loads_nothing(records: Records) -> None:
    page = html.document_fromstring(records.export(kept(records, BUILT), "html"))
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")
    assert [link for _, _, link, _ in page.iterlinks()] == ["https://example.org/quay?a=1&b=2"]


@given(text=st.text("a *_`[]<>#&~|\\!-+=1.)(\n“”é{}$^:", min_size=1, max_size=80).filter(str.strip))
def test_markdown_shows_any_quote_as_it_stands(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    given = answer()
    (citation,) = given.citations
    strange = replace(citation, quote=f"x{text}x")
    records = Records(tmp_path_factory.getbasetemp() / "markdown.sqlite3")
    conversation = records.begin("Any", "articles")
    records.add(conversation, replace(given, citations=(strange,)), shelf())
    exported = records.export(conversation, "markdown")
    records.delete(conversation)
    assert words_of(strange.quote) in read_as_text(exported, "markdown")


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_conversation_cannot_be_exported(records: Records, kind: Kind) -> None:
    with pytest.raises(NotFoundError):
        records.export(7, kind)
