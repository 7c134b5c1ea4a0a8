"""What articles and questions must never do: in a real browser."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from chat.jobs import MOST_TOLD
from index.collection import Collection
from index.types import Article
from qa.records import Records
from tests.chat.browsing import QuotesAll, ask, assert_only_our_elements, drop
from tests.chat.conftest import OpenPage
from tests.chat.memory import MemoryLibrary, WordAssistant, article
from tests.chat.serving import serving

pytestmark = pytest.mark.browser

BARE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=http://evil.example/seen.png>",
    "<svg onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<input autofocus onfocus=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<link rel=stylesheet href=http://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "<base href=http://evil.example/>",
    "<style>@import 'http://evil.example/x.css'</style>",
    "<form action=http://evil.example/><button>x</button></form>",
    "<object data=http://evil.example/x></object>",
    "</textarea><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)" x="',
    "--><script>alert(1)</script>",
    "${alert(1)}",
    "`+alert(1)+`",
    "\\`${alert(1)}",
    "{{constructor.constructor('alert(1)')()}}",
    "{{{value}}}${(()=>{alert(1)})()}",
    "{% raw %}{{ 7*7 }}",
    "![x](http://evil.example/x.png)",
    "[x](javascript:alert(1))",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "\u202e<script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "]]><script>alert(1)</script>",
    "@children",
)

# Each also where it would have to break out of an attribute, a comment, a text or a template.
PAYLOADS = tuple(
    f"{before}{payload}{after}"
    for before, after in (
        *(("", ""), ('">', ""), ("'>", "<!--"), ("-->", ""), ("</title></style></textarea>", "")),
        ("${", "}"),
    )
    for payload in BARE
)


def hostile(number: int, payload: str) -> Article:
    """An article that is the payload in every field."""
    text = f"A storm {payload} came."
    made = article(payload, text, source=payload, authors=(payload,))
    return replace(made, id=f"id{number}", url=f"javascript:alert({number})")


def test_nothing_in_an_article_becomes_markup_or_program(open_page: OpenPage) -> None:
    assert len(PAYLOADS) >= 200
    library = MemoryLibrary.of(*(hostile(n, payload) for n, payload in enumerate(PAYLOADS)))
    with serving(QuotesAll(library), library) as address:
        page = open_page(address, width=1440)
        ask(page, "storm")
        expect(page.locator(".aq-card")).to_have_count(len(PAYLOADS))
        expect(page.locator("#aq-articles .aq-row")).to_have_count(60)
        assert_only_our_elements(page)
        assert "<script>alert(1)</script>" in page.locator(".aq-card").first.inner_text()
        for number in range(1, len(PAYLOADS) + 1, 70):
            page.locator(f".aq-cite[data-marker='{number}']").focus()
            page.locator(f".aq-card[data-marker='{number}'] [data-event=open]").click()
            expect(page.locator(".aq-article h2")).to_be_focused()
            page.get_by_role("button", name="Ask only this article").click()
            assert_only_our_elements(page)
            page.get_by_role("button", name="Back to the evidence").click()
            expect(page.locator(".aq-card")).to_have_count(len(PAYLOADS))


def test_nothing_in_a_question_becomes_markup_or_program(
    open_page: OpenPage, library: MemoryLibrary, tmp_path: Path
) -> None:
    records = Records(tmp_path / "history.sqlite3")
    with serving(WordAssistant(library), library, records=records) as address:
        page = open_page(address, width=1440)
        for number in range(10):
            ask(page, " ".join(PAYLOADS[number * 21 : number * 21 + 21]))
            done = page.locator("[data-state=not_found], [data-state=answered]")
            expect(done).to_have_count(number + 1)
            assert_only_our_elements(page)
        expect(page.locator(".aq-question").first).to_contain_text("<script>alert(1)</script>")
        again = open_page(address, width=1440)
        expect(again.locator("#aq-conversations .aq-name")).to_contain_text("<script>")
        assert_only_our_elements(again)


def test_nothing_in_the_name_of_a_file_becomes_markup_or_program(
    collection: Collection, open_page: OpenPage
) -> None:
    with serving(WordAssistant(collection), collection, keeper=collection) as address:
        page = open_page(address, width=1440)
        files = {f"{payload}.txt": "" for payload in PAYLOADS}
        assert len(files) >= 200
        drop(page, files)
        words = page.locator("#aq-adding-words")
        expect(words).to_contain_text(f"{len(files)} could not be added", timeout=60_000)
        expect(page.locator("#aq-adding li")).to_have_count(MOST_TOLD)
        assert_only_our_elements(page)
