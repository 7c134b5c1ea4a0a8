"""The articles of the collection, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from index.collection import Collection
from index.types import AddReport
from tests.articles import BRIDGE, FAIR, STORM
from tests.chat.browsing import ask, drop
from tests.chat.conftest import OpenPage
from tests.chat.memory import WordAssistant
from tests.chat.serving import serving

pytestmark = pytest.mark.browser

TITLES = "#aq-articles .aq-name"


@pytest.fixture
def kept(collection: Collection) -> Iterator[str]:
    """The chat over a real collection of three articles that may be changed."""
    collection.add_articles([STORM, FAIR, BRIDGE])
    with serving(WordAssistant(collection), collection, keeper=collection) as address:
        yield address


def test_articles_are_listed_searched_sorted_filtered_and_opened(
    kept: str, open_page: OpenPage
) -> None:
    page = open_page(kept, width=1440)
    expect(page.locator(TITLES)).to_have_text(["Fair", "Storm", "Bridge"])
    page.get_by_label("Search articles").fill("town")
    expect(page.locator(TITLES)).to_have_text(["Fair"])
    expect(page.locator("#aq-article-count")).to_have_text("1 of 3")
    page.get_by_label("Search articles").fill("")
    page.get_by_label("Sort and filter").click()
    page.get_by_label("Order").select_option("title")
    expect(page.locator(TITLES)).to_have_text(["Bridge", "Fair", "Storm"])
    page.locator("#aq-list-source").select_option("Harbour News")
    expect(page.locator(TITLES)).to_have_text(["Storm"])
    page.locator("#aq-list-source").select_option("")
    page.get_by_label("From", exact=True).fill("2024-05-10")
    expect(page.locator(TITLES)).to_have_text(["Fair"])
    page.locator(TITLES).first.click()
    expect(page.get_by_role("heading", name="Fair")).to_be_focused()
    expect(page.locator(".aq-article")).to_contain_text("Children rode the old carousel.")


def test_only_some_articles_are_asked(kept: str, open_page: OpenPage) -> None:
    page = open_page(kept, width=1440)
    page.locator("#aq-narrow summary").click()
    page.get_by_label("Only the source").select_option("Town Post")
    expect(page.locator(".aq-chip")).to_have_text(["Town Post×"])
    page.get_by_label("Published from").fill("2024-05-30")
    expect(page.locator(".aq-chip")).to_have_count(2)
    page.get_by_label("Your question").click()
    expect(page.get_by_label("Published from")).to_be_hidden()
    ask(page, "How long was the harbour closed?")
    expect(page.locator(".aq-exchange[data-turn='1']")).to_contain_text("do not answer")
    page.get_by_role("button", name="All articles").click()
    expect(page.locator(".aq-chip")).to_have_count(0)
    ask(page, "How long was the harbour closed?")
    expect(page.locator(".aq-exchange[data-turn='2'] .aq-answer")).to_contain_text("nine days")
    page.locator(TITLES, has_text="Bridge").click()
    page.get_by_role("button", name="Ask only this article").click()
    expect(page.locator(".aq-chip")).to_have_text(["“Bridge”×"])
    page.get_by_role("button", name="Remove the limit: “Bridge”").press("Enter")
    expect(page.locator(".aq-chip")).to_have_count(0)


def test_dropped_files_are_added_with_a_report_and_can_be_asked_and_removed(
    kept: str, open_page: OpenPage
) -> None:
    page = open_page(kept, width=1440)
    expect(page.locator("#aq-add")).to_be_visible()
    drop(
        page,
        {
            "ferry.md": "# Ferry\n\nThe ferry was painted green in July.",
            "../../evil.txt": "The mayor wrote a long letter to the harbour pilots.",
            "empty.txt": "",
        },
    )
    report = page.locator("#aq-adding-words")
    expect(report).to_have_text("2 articles added, 1 could not be added.")
    expect(page.locator("#aq-adding-refused")).to_contain_text("empty.txt:")
    expect(page.locator(TITLES)).to_have_count(5)
    expect(page.locator(".aq-holdings")).to_contain_text("5 articles")
    ask(page, "Was the ferry painted green?")
    expect(page.locator(".aq-text")).to_contain_text("The ferry was painted green in July.")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(report).to_be_hidden()

    drop(page, {"ferry.md": "# Ferry\n\nThe ferry was painted red in July."})
    expect(report).to_have_text("1 replaced.")
    drop(page, {"ferry.md": "# Ferry\n\nThe ferry was painted red in July."})
    expect(report).to_have_text("1 already here.")
    page.locator(TITLES, has_text="Ferry").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("button", name="Remove it for good?").click()
    expect(page.locator("#aq-evidence")).to_contain_text("“Ferry” has been removed.")
    expect(page.locator(TITLES)).to_have_count(4)


def test_files_are_chosen_without_a_mouse(kept: str, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(kept, width=1440)
    (tmp_path / "fog.txt").write_text("Fog lay over the harbour all morning.")
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Add articles").press("Enter")
    choosing.value.set_files(tmp_path / "fog.txt")
    expect(page.locator("#aq-adding-words")).to_have_text("1 article added.")


class SlowToAdd:
    """A collection whose adding waits until it is let go."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self.path = collection.path
        self.article = collection.article
        self.articles = collection.articles
        self.stats = collection.stats
        self.change = collection.change
        self.origins = collection.origins
        self.remove = collection.remove
        self.go = threading.Event()

    def add(self, *paths: str | Path) -> AddReport:
        assert self.go.wait(20)
        return self._collection.add(*paths)


def test_while_one_adds_articles_another_asks(collection: Collection, open_page: OpenPage) -> None:
    collection.add_articles([STORM])
    slow = SlowToAdd(collection)
    with serving(WordAssistant(collection), slow, keeper=slow) as address:
        adding, asking = open_page(address, width=1440), open_page(address)
        drop(adding, {"ferry.md": "# Ferry\n\nThe ferry was painted green in July."})
        expect(adding.locator("#aq-adding-words")).to_have_text("Adding 1 of 1…")
        ask(asking, "How long was the harbour closed?")
        expect(asking.locator(".aq-text")).to_contain_text("nine days")
        adding.locator(TITLES).first.click()
        adding.get_by_role("button", name="Remove", exact=True).click()
        adding.get_by_role("button", name="Remove it for good?").click()
        slow.go.set()
        expect(adding.locator("#aq-adding-words")).to_have_text("1 article added.")
        ask(asking, "When was the ferry painted green?")
        expect(asking.locator(".aq-text").last).to_contain_text("in July")
        expect(asking.locator(TITLES)).to_have_text(["Ferry"])


def test_readers_can_neither_add_nor_remove(collection: Collection, open_page: OpenPage) -> None:
    collection.add_articles([STORM])
    with serving(WordAssistant(collection), collection) as address:
        page = open_page(address, width=1440)
        expect(page.locator(TITLES)).to_have_count(1)
        expect(page.locator("#aq-add")).to_be_hidden()
        drop(page, {"ferry.md": "The ferry was painted green."})
        page.locator(TITLES).first.click()
        expect(page.get_by_role("heading", name="Storm")).to_be_focused()
        expect(page.get_by_role("button", name="Remove", exact=True)).to_have_count(0)
        assert page.request.post(f"{address}/adding").status in (404, 405)
        expect(page.locator("#aq-adding")).to_be_hidden()


def test_an_empty_collection_teaches_what_to_add_and_is_asked_at_once(
    collection: Collection, open_page: OpenPage
) -> None:
    with serving(WordAssistant(collection), collection, keeper=collection) as address:
        page = open_page(address, width=1440)
        expect(page.locator(".aq-welcome")).to_contain_text("Drop files anywhere on this page")
        ask(page, "How long?")
        expect(page.locator(".aq-problem")).to_contain_text("no articles in this collection yet")
        drop(page, {"ferry.md": "# Ferry\n\nThe ferry was painted green in July."})
        expect(page.locator("#aq-adding-words")).to_have_text("1 article added.")
        ask(page, "Was the ferry painted green?")
        expect(page.locator(".aq-text")).to_contain_text("painted green in July.")
