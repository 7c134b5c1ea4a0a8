"""The chat behind a password, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from chat import passwords
from chat.access import Access
from tests.chat.browsing import HOW_LONG, QUOTE, ask
from tests.chat.conftest import OpenPage
from tests.chat.memory import MemoryLibrary, WordAssistant
from tests.chat.serving import serving

pytestmark = pytest.mark.browser

PASSWORD = "the reader's password"


def test_one_logs_in_asks_and_logs_out(
    library: MemoryLibrary, open_page: OpenPage, tmp_path: Path
) -> None:
    access = Access({"readers": passwords.hashed(PASSWORD, 2**10)})
    with serving(WordAssistant(library), library, access=access) as address:
        page = open_page(f"{address}/?q=Did+the+school+open+its+library%3F", login=True)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.locator(".aq-text")).to_contain_text("new library in May")
        ask(page, HOW_LONG)
        expect(page.locator(".aq-text").last).to_contain_text(QUOTE)
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_label("Password")).to_be_focused()
        page.goto(address)
        expect(page.get_by_role("button", name="Log in")).to_be_visible()
