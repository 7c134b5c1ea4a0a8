"""A real browser, and a record of every name that this process or the browser asks for."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.chat.browsing import SCHOOL, STORM
from tests.chat.memory import MemoryLibrary, WordAssistant
from tests.chat.serving import serving

LOCAL = {"127.0.0.1", "localhost", "::1"}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Whatever a page tries, nothing gets out; the tests see that it tried.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

looked_up: set[str] = set()


def _record(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo" and arguments[0]:
        name = arguments[0]
        looked_up.add(name.decode() if isinstance(name, bytes) else str(name))


sys.addaudithook(_record)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: from the first of them on Playwright's event loop runs in this
    thread, and a test that runs one of its own could not."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


@pytest.fixture(autouse=True)
def _nothing_is_looked_up() -> Iterator[None]:
    """No test makes this process ask for a name of another computer."""
    looked_up.clear()
    yield
    assert looked_up <= LOCAL


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        reason = (
            f"no Chromium found (looked for {', '.join(CHROMIUM)}): install one, or name it in "
            "the environment variable CHROMIUM"
        )
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong
    with sync_playwright() as playwright:
        # Chromium keeps settings and crash reports in the home folder, whatever its profile.
        home = str(tmp_path_factory.mktemp("home"))
        running = playwright.chromium.launch(
            executable_path=path, args=ARGUMENTS, env={**os.environ, "HOME": home}
        )
        yield running
        running.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens an address as a new person (`width`, `height`, `dark`) and waits for the chat.

    Afterwards it holds of every page: no dialog opened, nothing asked of another computer, no
    error in the console.
    """
    dialogs: list[str] = []
    requests: list[str] = []
    errors: list[str] = []

    with ExitStack() as stack:

        def opened(
            address: str,
            width: int = 1280,
            height: int = 800,
            dark: bool = False,
            welcome: bool = True,
            login: bool = False,
        ) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if dark else "light",
            )
            stack.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(30_000)
            page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
            page.on("request", lambda request: requests.append(request.url))
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on(
                "console",
                lambda message: errors.append(message.text) if message.type == "error" else None,
            )
            page.goto(address)
            if login:
                return page
            page.locator(".aq-welcome[data-loaded]" if welcome else ".aq-exchange").wait_for()
            # Gradio puts its parts into the page one after the other.
            page.locator("#aq-composer textarea").wait_for()
            page.locator("#aq-ask").wait_for()
            return page

        yield opened
    assert dialogs == []
    assert {urlsplit(url).hostname for url in requests if not url.startswith("data:")} <= LOCAL
    assert errors == []


@pytest.fixture
def library() -> MemoryLibrary:
    return MemoryLibrary.of(STORM, SCHOOL)


@pytest.fixture
def address(library: MemoryLibrary) -> Iterator[str]:
    """The chat over `library`, which tests may change."""
    with serving(WordAssistant(library), library) as served:
        yield served
