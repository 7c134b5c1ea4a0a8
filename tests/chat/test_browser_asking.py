"""Asking, in a real browser."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.chat.browsing import HOW_LONG, LONG, QUOTE, SCHOOL, QuotesAll, Slow, ask
from tests.chat.conftest import OpenPage
from tests.chat.memory import MemoryLibrary, WordAssistant, article
from tests.chat.serving import serving

pytestmark = pytest.mark.browser

SEARCHING, ANSWERED = "[data-state=searching]", "[data-state=answered]"


def new_conversation(page: Page) -> None:
    page.locator("#aq-conversations-head").get_by_role("button", name="New").click()


def test_an_answer_appears_word_by_word_without_moving_anything(open_page: OpenPage) -> None:
    library = MemoryLibrary.of(article("Winters", LONG))
    with serving(QuotesAll(library), library) as address:
        page = open_page(address)
        ask(page, HOW_LONG)
        text = page.locator(".aq-fresh")
        text.wait_for()
        heights, lengths = [], []
        for _ in range(8):
            heights.append(text.evaluate("element => element.getBoundingClientRect().height"))
            lengths.append(len(text.inner_text()))
            page.wait_for_timeout(30)
        assert lengths[0] < lengths[-1] <= len(LONG)
        assert lengths == sorted(lengths)
        assert len(set(heights)) == 1
        said = page.get_by_role("status").filter(has_text="Answer: The pilots of the town")
        expect(said).to_be_attached()


def test_a_long_answer_is_read_from_its_question_on(open_page: OpenPage) -> None:
    library = MemoryLibrary.of(article("Winters", LONG))
    with serving(QuotesAll(library), library) as address:
        page = open_page(address, width=390, height=600)
        for number in (1, 2):
            ask(page, f"{HOW_LONG} {number}")
            expect(page.locator(ANSWERED)).to_have_count(number)
            expect(page.locator(".aq-question").last).to_be_in_viewport()


def test_empty_and_huge_questions_get_a_friendly_reply_and_the_page_lives_on(
    address: str, open_page: OpenPage
) -> None:
    page = open_page(address)
    ask(page, "   ")
    expect(page.locator(".aq-problem")).to_contain_text("question is empty")
    ask(page, "storm " * 170_000)
    expect(page.locator(".aq-problem")).to_contain_text("1,020,000 characters")
    ask(page, HOW_LONG)
    expect(page.locator("#aq-evidence mark")).to_have_text(QUOTE)


def test_while_a_question_is_searched_the_next_one_can_be_typed(
    library: MemoryLibrary, open_page: OpenPage
) -> None:
    slow = Slow(library)
    with serving(slow, library) as address:
        page = open_page(address)
        ask(page, HOW_LONG)
        expect(page.locator("[data-state=searching]")).to_be_visible()
        expect(page.locator(".aq-question")).to_contain_text(HOW_LONG)
        expect(page.get_by_label("Your question")).to_have_value("")
        page.get_by_label("Your question").fill("And the school?")
        slow.go.set()
        expect(page.locator("[data-state=answered]")).to_be_visible()
        expect(page.get_by_label("Your question")).to_have_value("And the school?")


def test_a_new_conversation_drops_the_question_that_is_still_searched(
    library: MemoryLibrary, open_page: OpenPage
) -> None:
    slow = Slow(library)
    with serving(slow, library) as address:
        page = open_page(address)
        ask(page, HOW_LONG)
        expect(page.locator("[data-state=searching]")).to_be_visible()
        new_conversation(page)
        expect(page.locator(".aq-welcome")).to_be_visible()
        slow.go.set()
        page.wait_for_timeout(700)
        expect(page.locator(".aq-exchange")).to_have_count(0)
        ask(page, "Did the school open its library in May?")
        expect(page.locator("[data-state=answered]")).to_be_visible()
        expect(page.locator(".aq-exchange")).to_have_count(1)


def test_a_new_conversation_starts_from_nothing(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    ask(page, HOW_LONG)
    expect(page.locator(".aq-exchange")).to_have_count(1)
    new_conversation(page)
    expect(page.locator(".aq-welcome")).to_be_visible()
    expect(page.locator(".aq-card")).to_have_count(0)
    ask(page, HOW_LONG)
    expect(page.locator(".aq-exchange")).to_have_count(1)


def test_two_people_share_nothing(address: str, open_page: OpenPage) -> None:
    one, other = open_page(address), open_page(address)
    ask(one, HOW_LONG)
    ask(other, "Did the school open its library in May?")
    expect(one.locator("#aq-evidence mark")).to_have_text(QUOTE)
    expect(other.locator("#aq-evidence mark")).to_have_text(SCHOOL.text)
    ask(one, "Who painted the ceiling in Rome?")
    expect(one.locator(".aq-exchange")).to_have_count(2)
    expect(other.locator(".aq-exchange")).to_have_count(1)
    assert HOW_LONG not in other.content()


def test_a_search_can_be_stopped_and_tried_again(
    library: MemoryLibrary, open_page: OpenPage
) -> None:
    slow = Slow(library)
    with serving(slow, library) as address:
        page = open_page(address)
        ask(page, HOW_LONG)
        expect(page.locator(SEARCHING)).to_be_visible()
        page.get_by_role("button", name="Stop").click()
        expect(page.locator(".aq-problem")).to_contain_text("Stopped.")
        expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
        slow.go.set()
        page.get_by_role("button", name="Try again").click()
        expect(page.locator(ANSWERED)).to_contain_text(QUOTE)
        expect(page.locator(".aq-exchange")).to_have_count(1)


def test_a_question_is_edited_and_asked_again(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    ask(page, "Did the school close?")
    page.locator(".aq-exchange").last.hover()
    page.get_by_role("button", name="Edit the question").click()
    box = page.get_by_label("Your question")
    expect(box).to_be_focused()
    expect(box).to_have_value("Did the school close?")
    ask(page, "Did the school open its library in May?")
    expect(page.locator(".aq-text").last).to_contain_text(SCHOOL.text)
    expect(page.locator(".aq-exchange")).to_have_count(2)


def test_what_was_understood_is_shown_and_can_be_edited_where_it_stands(
    address: str, open_page: OpenPage
) -> None:
    page = open_page(address)
    ask(page, HOW_LONG)
    expect(page.locator(ANSWERED)).to_have_count(1)
    ask(page, "And the school?")
    understood = page.locator(".aq-exchange[data-turn='2'] .aq-asked-as")
    expect(understood).to_contain_text(f"Understood as “{HOW_LONG} And the school?”")
    understood.get_by_role("button", name="Edit").click()
    form = page.get_by_label("The question as it is searched")
    expect(form).to_be_focused()
    page.keyboard.press("Escape")
    expect(understood.get_by_role("button", name="Edit")).to_be_focused()
    page.keyboard.press("Enter")
    form.fill("Did the school open its library in May?")
    page.keyboard.press("Enter")
    expect(page.locator(".aq-exchange[data-turn='3'] .aq-text")).to_contain_text(SCHOOL.text)
    expect(page.locator(".aq-exchange[data-turn='3'] .aq-asked-as")).to_have_count(0)


def test_a_time_that_was_understood_can_be_taken_away(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    ask(page, "Did a storm close the harbour last week?")
    frame = page.locator(".aq-frame")
    expect(frame).to_contain_text("“last week”: about 13 May 2024 to 19 May 2024")
    frame.get_by_role("button", name="Ask again without the time").click()
    expect(page.locator(".aq-exchange[data-turn='2']")).to_contain_text("were taken as mere words")
    expect(page.locator(".aq-exchange[data-turn='2'] .aq-frame")).to_have_count(0)


def test_a_link_asks_its_question_of_its_articles_once(
    library: MemoryLibrary, open_page: OpenPage
) -> None:
    other = article("Other storm", "A storm closed the harbour for two days.", source="Town Post")
    library.shelf[other.id] = other
    with serving(WordAssistant(library), library) as address:
        page = open_page(f"{address}/?q={quote(HOW_LONG)}&source=Town%20Post", welcome=False)
        expect(page.locator(".aq-text")).to_contain_text("for two days")
        expect(page.locator(".aq-text")).not_to_contain_text("nine")
        expect(page.locator(".aq-chip")).to_contain_text("Town Post")
        assert page.url == f"{address}/"
        page.locator(".aq-chip").click()
        expect(page.locator(".aq-chip")).to_have_count(0)
        ask(page, HOW_LONG)
        expect(page.locator(".aq-exchange[data-turn='2'] .aq-text")).to_contain_text("nine")


def test_an_answer_and_a_link_to_it_are_copied(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, HOW_LONG)
    page.get_by_role("button", name="Copy with citations").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    said = page.evaluate("navigator.clipboard.readText()")
    assert said == f"{QUOTE} [1]\n\n[1] Storm closes the harbour · Harbour News · 3 May 2024"
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{address}/?q=How+long+did+the+storm+close+the+harbour%3F"
