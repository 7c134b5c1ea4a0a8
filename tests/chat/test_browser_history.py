"""Earlier conversations, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from qa.records import Records
from tests.chat.browsing import HOW_LONG, QUOTE, SCHOOL, ask
from tests.chat.conftest import OpenPage
from tests.chat.memory import MemoryLibrary, WordAssistant
from tests.chat.serving import serving

pytestmark = pytest.mark.browser

NAMES = "#aq-conversations .aq-name"
OPENED = "Did the school open its library in May?"


@pytest.fixture
def kept(library: MemoryLibrary, tmp_path: Path) -> Iterator[str]:
    records = Records(tmp_path / "history.sqlite3")
    with serving(WordAssistant(library), library, records=records) as address:
        yield address


def test_conversations_are_kept_found_opened_renamed_saved_and_deleted(
    kept: str, open_page: OpenPage
) -> None:
    page = open_page(kept, width=1440)
    ask(page, HOW_LONG)
    expect(page.locator(NAMES)).to_have_text([HOW_LONG])
    page.get_by_role("button", name="New", exact=True).first.click()
    expect(page.locator(".aq-welcome")).to_be_visible()
    ask(page, OPENED)
    expect(page.locator(NAMES)).to_have_text([OPENED, HOW_LONG])

    page.get_by_label("Search conversations").fill("storm nine")
    expect(page.locator(NAMES)).to_have_text([HOW_LONG])
    page.locator(NAMES).first.click()
    expect(page.locator(".aq-question")).to_have_text([f"You asked: {HOW_LONG}"])
    expect(page.locator(".aq-text")).to_contain_text(QUOTE)
    expect(page.locator("#aq-evidence mark")).to_have_text(QUOTE)
    page.get_by_label("Search conversations").fill("")
    expect(page.locator(NAMES)).to_have_count(2)

    row = page.locator(".aq-row", has_text=HOW_LONG)
    row.get_by_label("More for").click()
    row.get_by_role("button", name="Rename").click()
    page.get_by_label("New name").fill("The winter")
    page.keyboard.press("Enter")
    expect(page.locator(NAMES)).to_have_text([OPENED, "The winter"])

    row = page.locator(".aq-row", has_text="The winter")
    row.get_by_label("More for").click()
    with page.expect_download() as saving:
        row.get_by_role("link", name="Save as JSON").click()
    (turn,) = json.loads(Path(saving.value.path()).read_text())["turns"]
    assert turn["citations"][0]["quote"] == QUOTE
    for kind in ("Markdown", "HTML"):
        row.get_by_label("More for").click()
        if not row.get_by_role("link", name=f"Save as {kind}").is_visible():
            row.get_by_label("More for").click()
        with page.expect_download() as saving:
            row.get_by_role("link", name=f"Save as {kind}").click()
        assert "The winter" in Path(saving.value.path()).read_text()

    if not row.get_by_role("button", name="Delete").is_visible():
        row.get_by_label("More for").click()
    row.get_by_role("button", name="Delete").click()
    row.get_by_role("button", name="Delete it for good?").click()
    expect(page.locator(NAMES)).to_have_text([OPENED])
    expect(page.locator(".aq-welcome")).to_be_visible()


def test_an_answer_is_judged_and_that_is_remembered(kept: str, open_page: OpenPage) -> None:
    page = open_page(kept, width=1440)
    ask(page, HOW_LONG)
    wrong = page.get_by_role("button", name="Wrong source")
    wrong.click()
    expect(wrong).to_have_attribute("aria-pressed", "true")
    again = open_page(kept, width=1440)
    again.locator(NAMES).first.click()
    expect(again.get_by_role("button", name="Wrong source")).to_have_attribute(
        "aria-pressed", "true"
    )
    ask(again, "And the school?")
    expect(again.locator(".aq-exchange")).to_have_count(2)
    again.get_by_role("button", name="Wrong source").first.click()
    expect(again.get_by_role("button", name="Wrong source").first).to_have_attribute(
        "aria-pressed", "false"
    )


def test_an_old_answer_says_that_its_article_has_changed_since(
    kept: str, library: MemoryLibrary, open_page: OpenPage
) -> None:
    page = open_page(kept, width=1440)
    ask(page, OPENED)
    expect(page.locator("#aq-evidence mark")).to_have_text(SCHOOL.text)
    del library.shelf[SCHOOL.id]
    again = open_page(kept, width=1440)
    again.locator(NAMES).first.click()
    expect(again.locator(".aq-card .aq-notice")).to_contain_text("has been removed")
    expect(again.locator(".aq-exchange .aq-notice")).to_contain_text("[1] removed since")
