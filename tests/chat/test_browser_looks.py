"""How the chat looks, on any screen, in light and dark: in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from index.collection import Collection
from tests.chat.browsing import HOW_LONG, QUOTE, ask, contrast
from tests.chat.conftest import OpenPage
from tests.chat.memory import MemoryLibrary, WordAssistant
from tests.chat.serving import serving

pytestmark = pytest.mark.browser


def test_an_empty_collection_teaches_how_to_add_articles(open_page: OpenPage) -> None:
    library = MemoryLibrary()
    with serving(WordAssistant(library), library) as address:
        page = open_page(address)
        expect(page.locator(".aq-welcome")).to_contain_text("make run ARTICLES=some/folder")
        ask(page, HOW_LONG)
        expect(page.locator(".aq-problem")).to_contain_text("article-qa serve some/folder")


@pytest.mark.parametrize("dark", [False, True])
def test_the_first_thing_to_do_can_be_seen(
    collection: Collection, open_page: OpenPage, dark: bool
) -> None:
    with serving(WordAssistant(collection), collection, keeper=collection) as address:
        page = open_page(address, dark=dark)
        button = page.locator(".aq-welcome").get_by_role("button", name="Add articles")
        expect(button).to_be_visible()
        assert contrast(page, ".aq-welcome [data-add]") >= 4.5


def test_on_a_narrow_screen_the_evidence_comes_up_as_a_sheet(
    address: str, open_page: OpenPage
) -> None:
    page = open_page(address, width=390, height=700)
    expect(page.locator("#aq-evidence-pane")).to_be_hidden()
    ask(page, HOW_LONG)
    for width in (320, 390, 768):
        page.set_viewport_size({"width": width, "height": 700})
        cite = page.locator(".aq-cite").first
        cite.click()
        card = page.locator(".aq-card.aq-active")
        expect(card.locator("mark")).to_be_in_viewport()
        expect(card.locator("mark")).to_have_text(QUOTE)
        for selector in ("body", ".aq-card", ".aq-question", "#aq-composer"):
            box = page.locator(selector).first.bounding_box()
            assert box is not None
            assert box["x"] >= 0, selector
            assert box["x"] + box["width"] <= width, selector
        page.keyboard.press("Escape")
        expect(page.locator("#aq-evidence-pane")).to_be_hidden()
        expect(cite).to_be_focused()
        cite.click()
        page.get_by_role("button", name="Close the evidence").click()
        expect(page.locator("#aq-evidence-pane")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1920])
def test_a_long_conversation_scrolls_and_leaves_the_question_box_where_it_is(
    address: str, open_page: OpenPage, width: int
) -> None:
    page = open_page(address, width=width, height=600)
    box = page.locator("#aq-composer")
    before = box.bounding_box()
    for number in range(1, 7):
        ask(page, HOW_LONG)
        expect(page.locator("[data-state=answered]")).to_have_count(number)
    assert box.bounding_box() == before
    expect(page.locator(".aq-answer").last).to_be_in_viewport()
    expect(page.locator(".aq-question").first).not_to_be_in_viewport()


@pytest.mark.parametrize("dark", [False, True])
def test_text_can_be_read_in_light_and_dark(address: str, open_page: OpenPage, dark: bool) -> None:
    page = open_page(address, dark=dark)
    ask(page, HOW_LONG)
    page.locator(".aq-cite").first.click()
    for selector in (".aq-text", ".aq-cite", ".aq-card h3", ".aq-byline", "mark", "#aq-ask"):
        assert contrast(page, selector) >= 4.5, selector
    shade = page.locator("#aq-chat").evaluate("element => getComputedStyle(document.body).color")
    assert (sum(map(int, shade[4:-1].split(","))) > 380) is dark


def test_on_a_narrow_screen_the_left_column_is_a_drawer(address: str, open_page: OpenPage) -> None:
    page = open_page(address, width=390, height=800)
    menu = page.get_by_role("button", name="Conversations and articles")
    for width in (390, 820):
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.locator("#aq-left")).to_be_hidden()
        menu.press("Enter")
        expect(page.get_by_label("Search conversations")).to_be_focused()
        page.locator("#aq-articles .aq-pick").first.click()
        expect(page.locator(".aq-article h2")).to_be_focused()
        expect(page.locator("#aq-left")).to_be_hidden()
        expect(menu).to_have_attribute("aria-expanded", "false")
        page.keyboard.press("Escape")
        expect(page.locator("#aq-evidence-pane")).to_be_hidden()
        menu.click()
        expect(page.locator("#aq-left")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#aq-left")).to_be_hidden()
        expect(menu).to_be_focused()


def test_nothing_is_wider_than_the_screen(address: str, open_page: OpenPage) -> None:
    page = open_page(address, width=320, height=800)
    ask(page, HOW_LONG)
    expect(page.locator("[data-state=answered]")).to_be_visible()
    for width in (320, 390, 820, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
