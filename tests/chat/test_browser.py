"""The chat as people use it, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from chat.shelf import SAMPLE_QUESTIONS
from index.collection import Collection
from index.types import Span
from qa.factory import assistant
from qa.types import Answer, Turn
from tests.chat.conftest import OpenPage
from tests.chat.memory import MemoryLibrary, WordAssistant, article, citation
from tests.chat.serving import serving

pytestmark = pytest.mark.browser

SEEDS = Path(__file__).parents[2] / "seeds"
LONG = 60 * "The pilots of the town told stories of other winters. "
STORM = article(
    "Storm closes the harbour",
    f"{LONG}\n\nA storm closed the harbour for nine days. The pilots stayed ashore.\n\n{LONG}",
)
SCHOOL = article("School reopens", "The school opened its new library in May.")
HOW_LONG = "How long did the storm close the harbour?"
QUOTE = "A storm closed the harbour for nine days."


@pytest.fixture
def library() -> MemoryLibrary:
    return MemoryLibrary.of(STORM, SCHOOL)


@pytest.fixture
def address(library: MemoryLibrary) -> Iterator[str]:
    with serving(WordAssistant(library), library) as served:
        yield served


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()


def in_view(page: Page, selector: str) -> bool:
    """Whether the middle of the first such element can be seen on the screen."""
    return bool(
        page.locator(selector).first.evaluate(
            """element => {
                const box = element.getBoundingClientRect();
                const seen = document.elementFromPoint(box.x + box.width / 2, box.y + 6);
                return element.contains(seen) || !!seen?.contains(element);
            }"""
        )
    )


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


def test_the_keyboard_alone_is_enough(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
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
    page.locator("[data-turn='1'] .aq-cite").first.click()
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


def test_empty_and_huge_questions_get_a_friendly_reply_and_the_page_lives_on(
    address: str, open_page: OpenPage
) -> None:
    page = open_page(address)
    ask(page, "   ")
    expect(page.locator(".aq-problem")).to_contain_text("question is empty")
    ask(page, "storm " * 170_000)
    expect(page.locator(".aq-problem")).to_contain_text("1,019,999 characters")
    ask(page, HOW_LONG)
    expect(page.locator("#aq-evidence mark")).to_have_text(QUOTE)


class Slow(WordAssistant):
    """An assistant that answers when it is let go."""

    def __init__(self, library: MemoryLibrary) -> None:
        super().__init__(library)
        self.go = threading.Event()

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Answer:
        assert self.go.wait(20)
        return super().ask(question, history=history)


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
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".aq-welcome")).to_be_visible()
        slow.go.set()
        page.wait_for_timeout(700)
        expect(page.locator(".aq-exchange")).to_have_count(0)
        ask(page, "Did the school open its library in May?")
        expect(page.locator("[data-state=answered]")).to_be_visible()
        expect(page.locator(".aq-exchange")).to_have_count(1)


def test_a_removed_article_is_said_to_be_gone(
    address: str, library: MemoryLibrary, open_page: OpenPage
) -> None:
    page = open_page(address)
    ask(page, HOW_LONG)
    expect(page.locator("#aq-evidence mark")).to_have_text(QUOTE)
    del library.shelf[STORM.id]
    page.get_by_role("button", name="Open article").click()
    expect(page.locator("#aq-evidence")).to_contain_text("has been removed from the collection")


def test_a_new_conversation_starts_from_nothing(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    ask(page, HOW_LONG)
    expect(page.locator(".aq-exchange")).to_have_count(1)
    page.get_by_role("button", name="New conversation").click()
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


def test_an_empty_collection_teaches_how_to_add_articles(open_page: OpenPage) -> None:
    library = MemoryLibrary()
    with serving(WordAssistant(library), library) as address:
        page = open_page(address)
        expect(page.locator(".aq-welcome")).to_contain_text("make run ARTICLES=some/folder")
        ask(page, HOW_LONG)
        expect(page.locator(".aq-problem")).to_contain_text("article-qa serve some/folder")


@pytest.mark.parametrize("width", [320, 390, 768])
def test_on_a_narrow_screen_the_evidence_comes_up_as_a_sheet(
    address: str, open_page: OpenPage, width: int
) -> None:
    page = open_page(address, width=width, height=700)
    expect(page.locator("#aq-evidence-pane")).to_be_hidden()
    ask(page, HOW_LONG)
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


@pytest.mark.parametrize("width", [390, 920, 1920])
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


def contrast(page: Page, selector: str) -> float:
    """The contrast ratio of WCAG between an element's text and what lies behind it."""
    colours = page.locator(selector).first.evaluate(
        """element => {
            const colour = getComputedStyle(element).color;
            let behind = element, back = "rgba(0, 0, 0, 0)";
            while (behind && back === "rgba(0, 0, 0, 0)") {
                back = getComputedStyle(behind).backgroundColor;
                behind = behind.parentElement;
            }
            return [colour, back];
        }"""
    )
    light, dim = sorted(map(luminance, colours), reverse=True)
    return (light + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    numbers = [float(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in numbers
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


PAYLOADS = (
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


class QuotesAll:
    """An assistant that quotes the whole of every article, whatever it is asked."""

    def __init__(self, library: MemoryLibrary) -> None:
        self.library = library

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Answer:
        citations = tuple(
            citation(number, item, Span(0, len(item.text)))
            for number, item in enumerate(self.library.articles(), 1)
        )
        text = " ".join(f"{c.quote} [{c.marker}]" for c in citations)
        return Answer(question, f"as {question}", "answered", text, citations=citations)


def test_nothing_in_an_article_becomes_markup_or_program(
    open_page: OpenPage,
) -> None:
    library = MemoryLibrary.of(
        *(
            replace(
                article(payload, f"A storm {payload} came.", source=payload, authors=(payload,)),
                id=f"id{number}",
                url=f"javascript:alert({number})",
            )
            for number, payload in enumerate(PAYLOADS)
        )
    )
    with serving(QuotesAll(library), library) as address:
        page = open_page(address)
        ask(page, "storm")
        expect(page.locator(".aq-card")).to_have_count(len(PAYLOADS))
        assert_only_our_elements(page)
        assert "<script>alert(1)</script>" in page.locator(".aq-card").first.inner_text()
        for number in range(1, len(PAYLOADS) + 1, 3):
            page.locator(f".aq-card[data-marker='{number}'] [data-event=open]").click()
            expect(page.locator(".aq-article h2")).to_be_focused()
            assert_only_our_elements(page)
            page.get_by_role("button", name="Back to the evidence").click()
            expect(page.locator(".aq-card")).to_have_count(len(PAYLOADS))


def test_nothing_in_a_question_becomes_markup_or_program(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    for number, payload in enumerate(PAYLOADS, 1):
        ask(page, payload)
        expect(page.locator("[data-state=not_found], [data-state=answered]")).to_have_count(number)
    expect(page.locator(".aq-question").first).to_contain_text("<script>alert(1)</script>")
    assert_only_our_elements(page)


def assert_only_our_elements(page: Page) -> None:
    foreign = page.locator("#aq-columns").evaluate(
        """columns => [...columns.querySelectorAll(
            "script, img, iframe, object, embed, link, meta, base, style, form, details, "
            + "#aq-transcript svg, #aq-evidence svg, #aq-evidence input, #aq-evidence a, "
            + "[onload], [onerror], [onfocus], [onmouseover], [ontoggle], [onbegin]"
        )].map(element => element.outerHTML.slice(0, 120))"""
    )
    assert foreign == []
