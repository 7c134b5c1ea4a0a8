"""Reading the evidence, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from chat.shelf import SAMPLE_QUESTIONS
from index.collection import Collection
from qa.factory import assistant
from tests.chat.browsing import HOW_LONG, QUOTE, SCHOOL, STORM, QuotesAll, ask
from tests.chat.conftest import OpenPage
from tests.chat.memory import MemoryLibrary
from tests.chat.serving import serving

pytestmark = pytest.mark.browser

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """The sample articles in a collection of their own, as `make run` makes it."""
    with Collection.open(tmp_path_factory.mktemp("collection") / "samples") as collection:
        collection.add(SEEDS)
        yield collection


def test_the_example_question_is_answered_and_its_citation_shows_the_highlighted_quote(
    samples: Collection, open_page: OpenPage
) -> None:
    with serving(assistant(samples), samples) as address:
        page = open_page(address)
        page.get_by_role("button", name=SAMPLE_QUESTIONS[0]).click()
        first = page.locator(".aq-cite").first
        expect(first).to_be_visible()
        said = page.locator(".aq-text").last.inner_text()
        first.click()
        card = page.locator(".aq-card.aq-active")
        expect(card).to_be_focused()
        quote = card.locator("mark").inner_text()
        assert "Storm Shadow" in quote
        assert quote in said
        assert len(card.locator("blockquote").inner_text()) > len(quote)
        expect(card.locator(".aq-byline")).to_contain_text("Article QA sample")
        expect(card.locator(".aq-byline")).to_contain_text("2024")
        card.get_by_role("button", name="Open article").click()
        expect(page.locator(".aq-article mark").first).to_be_in_viewport()
        assert quote in page.locator(".aq-article").inner_text()


@pytest.mark.parametrize("question", SAMPLE_QUESTIONS)
def test_the_samples_answer_every_example_question(samples: Collection, question: str) -> None:
    answer = assistant(samples).ask(question)
    assert answer.status == "answered"
    for cited in answer.citations:
        assert samples.article(cited.article_id).text[cited.start : cited.end] == cited.quote


def test_the_keyboard_alone_is_enough(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    expect(page.get_by_label("Your question")).to_be_focused()
    page.locator("#aq-header").get_by_role("button", name="To the question box").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(HOW_LONG)
    page.keyboard.press("Enter")
    cite = page.get_by_role("button", name="Citation 1: Storm closes the harbour")
    expect(cite).to_be_visible()
    cite.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".aq-card.aq-active")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Open article")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Storm closes the harbour")).to_be_focused()
    assert page.locator(".aq-article mark").inner_text() == QUOTE
    expect(page.locator(".aq-article mark")).to_be_in_viewport()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Close the evidence")).to_be_hidden()
    page.get_by_role("button", name="Back to the evidence").press("Enter")
    expect(page.locator(".aq-card.aq-active")).to_be_focused()


def test_citations_of_earlier_turns_show_their_own_evidence(
    address: str, open_page: OpenPage
) -> None:
    page = open_page(address)
    ask(page, HOW_LONG)
    expect(page.locator("#aq-evidence mark")).to_have_text(QUOTE)
    ask(page, "Did the school open its library in May?")
    expect(page.locator("#aq-evidence mark")).to_have_text(SCHOOL.text)
    page.locator(".aq-exchange[data-turn='1'] .aq-cite").first.click()
    expect(page.locator("#aq-evidence mark")).to_have_text(QUOTE)
    expect(page.locator(".aq-card.aq-active")).to_be_focused()


def test_what_the_articles_do_not_say_shows_the_nearest_passages(
    address: str, open_page: OpenPage
) -> None:
    page = open_page(address)
    ask(page, "Who painted the ceiling in Rome?")
    expect(page.locator("[data-state=not_found]")).to_contain_text("do not answer")
    expect(page.locator("#aq-evidence")).to_contain_text("Nearest passages, not an answer")
    expect(page.locator(".aq-card")).to_have_count(3)
    expect(page.locator("#aq-evidence mark")).to_have_count(0)


def test_a_removed_article_is_said_to_be_gone(
    address: str, library: MemoryLibrary, open_page: OpenPage
) -> None:
    page = open_page(address)
    ask(page, HOW_LONG)
    expect(page.locator("#aq-evidence mark")).to_have_text(QUOTE)
    del library.shelf[STORM.id]
    page.get_by_role("button", name="Open article").click()
    expect(page.locator("#aq-evidence")).to_contain_text("has been removed from the collection")


def test_a_quote_is_shown_where_its_number_is_pointed_at_or_focused(
    address: str, open_page: OpenPage
) -> None:
    page = open_page(address)
    ask(page, HOW_LONG)
    page.locator(".aq-cite").first.hover()
    shown = page.get_by_role("tooltip")
    expect(shown).to_contain_text(QUOTE)
    expect(shown).to_contain_text("Storm closes the harbour · Harbour News · 3 May 2024")
    page.locator("#aq-header").hover()
    expect(shown).to_be_hidden()
    page.get_by_label("Your question").focus()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.className") == "aq-cite":
            break
    expect(shown).to_contain_text(QUOTE)
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()


def test_from_one_quote_to_the_next_in_their_articles(open_page: OpenPage) -> None:
    library = MemoryLibrary.of(replace(STORM, url="https://news.example/storm"), SCHOOL)
    with serving(QuotesAll(library), library) as address:
        page = open_page(address)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        ask(page, "All?")
        page.get_by_role("button", name="Open article: Storm").click()
        expect(page.get_by_role("heading", name=STORM.title)).to_be_focused()
        expect(page.locator(".aq-cite[data-chosen]")).to_have_text("1")
        expect(page.get_by_role("link", name="Original")).to_have_attribute(
            "href", "https://news.example/storm"
        )
        page.get_by_role("button", name="Copy link to this quote").click()
        expect(page.get_by_role("button", name="Link copied")).to_be_visible()
        link = page.evaluate("navigator.clipboard.readText()")
        assert link.startswith("https://news.example/storm#:~:text=The%20pilots%20of")
        expect(page.get_by_role("button", name="Previous quote")).to_be_disabled()
        page.get_by_role("button", name="Next quote").click()
        expect(page.get_by_role("heading", name=SCHOOL.title)).to_be_focused()
        expect(page.locator(".aq-cite[data-chosen]")).to_have_text("2")
        expect(page.get_by_role("button", name="Next quote")).to_be_disabled()
