"""Every view of the chat over the sample articles, in light and dark, on three widths: kept as
pictures in `test-artifacts/screenshots`, and looked at by axe for what keeps people out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from chat.access import Access
from chat.passwords import read, write
from index.collection import Collection
from qa.factory import assistant
from qa.records import Records
from tests.chat.browsing import ask
from tests.chat.conftest import OpenPage
from tests.chat.serving import serving

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
SHADES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PICTURES = ROOT / "test-artifacts" / "screenshots"


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The chat over the sample articles, with a history."""
    folder = tmp_path_factory.mktemp("views")
    with Collection.open(folder / "samples") as collection:
        collection.add(ROOT / "seeds")
        records = Records(folder / "history.sqlite3")
        asks = assistant(collection)
        with serving(asks, collection, keeper=collection, records=records) as address:
            yield address


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_every_view_can_be_used_by_everybody(samples: str, open_page: OpenPage, width: int) -> None:
    page = open_page(samples, width=width, height=900)
    look = looking(page, width)
    look("welcome")
    ask(page, "How far can Storm Shadow fly?")
    expect(page.locator("[data-state=answered]")).to_have_count(1)
    look("answer")
    ask(page, "And ATACMS?")
    expect(page.locator(".aq-exchange")).to_have_count(2)
    expect(page.locator(".aq-asked-as")).to_be_visible()
    ask(page, "What do officials say about the Kursk operation?")
    expect(page.locator("ol.aq-text")).to_be_visible()
    look("positions")
    page.locator(".aq-exchange").last.locator(".aq-cite").nth(1).click()
    expect(page.locator(".aq-card.aq-active")).to_be_focused()
    look("evidence")
    page.locator(".aq-card.aq-active [data-event=open]").click()
    expect(page.locator(".aq-article mark")).to_be_in_viewport()
    look("article")
    page.keyboard.press("Escape")
    ask(page, "Who painted the Mona Lisa?")
    expect(page.locator("[data-state=not_found]")).to_be_visible()
    look("refusal")
    if width < 1180:
        page.get_by_role("button", name="Conversations and articles").click()
    page.get_by_label("Sort and filter").click()
    look("left")
    page.get_by_label("More for: How far").first.click()
    look("menu")


@pytest.mark.parametrize("width", [390, 1440])
def test_an_empty_collection_can_be_used_by_everybody(
    collection: Collection, open_page: OpenPage, width: int
) -> None:
    with serving(assistant(collection), collection, keeper=collection) as address:
        page = open_page(address, width=width, height=900)
        look = looking(page, width)
        look("empty")
        ask(page, "How far can Storm Shadow fly?")
        expect(page.locator(".aq-problem")).to_be_visible()
        look("problem")


def test_the_question_for_the_password_can_be_used_by_everybody(
    collection: Collection, open_page: OpenPage, tmp_path: Path
) -> None:
    write(tmp_path / "password", "readers", "a long password")
    access = Access(read(tmp_path / "password"))
    with serving(assistant(collection), collection, access=access) as address:
        page = open_page(address, width=390, login=True)
        looking(page, 390)("login")


def looking(page: Page, width: int) -> Callable[[str], None]:
    """What takes pictures of the page, light and dark, and fails where axe finds something
    serious."""
    PICTURES.mkdir(parents=True, exist_ok=True)

    def look(view: str) -> None:
        for shade in SHADES:
            page.emulate_media(color_scheme=shade)
            settled(page)
            page.screenshot(path=PICTURES / f"{view}-{width}-{shade}.png")
            assert serious(page, only_contrast=shade == "dark") == []

    return look


def settled(page: Page) -> None:
    """Wait until nothing moves any more, and what was asked for last is painted."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
    page.wait_for_function(
        "document.getAnimations().every(one => one.playState !== 'running'"
        " || one.effect.getTiming().iterations === Infinity)"
    )


def serious(page: Page, *, only_contrast: bool) -> list[str]:
    """What axe finds that is serious or critical: rule and element."""
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if only_contrast:
        options["runOnly"] = ["color-contrast"]
    found = axe.Axe().run(page, options=options).response
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
