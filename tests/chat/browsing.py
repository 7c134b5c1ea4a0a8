"""What the tests in a browser share: a small library, assistants over it, and looking at pages."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from playwright.sync_api import Page

from index.types import Filter, Span
from qa.types import Answer, Turn
from tests.chat.memory import MemoryLibrary, WordAssistant, article, citation

LONG = 60 * "The pilots of the town told stories of other winters. "
STORM = article(
    "Storm closes the harbour",
    f"{LONG}\n\nA storm closed the harbour for nine days. The pilots stayed ashore.\n\n{LONG}",
)
SCHOOL = article("School reopens", "The school opened its new library in May.")
HOW_LONG = "How long did the storm close the harbour?"
QUOTE = "A storm closed the harbour for nine days."


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()


def drop(page: Page, files: dict[str, str]) -> None:
    """Drop files on the middle of the page, as the browser reports it."""
    page.evaluate(
        """files => {
            const data = new DataTransfer();
            for (const [name, text] of Object.entries(files)) {
                data.items.add(new File([text], name));
            }
            for (const kind of ["dragenter", "dragover", "drop"]) {
                document.querySelector("#aq-chat").dispatchEvent(
                    new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
            }
        }""",
        files,
    )


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


class Slow(WordAssistant):
    """An assistant that answers when it is let go."""

    def __init__(self, library: MemoryLibrary) -> None:
        super().__init__(library)
        self.go = threading.Event()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filter: Filter | None = None,
        heed_time: bool = True,
    ) -> Answer:
        assert self.go.wait(20)
        return super().ask(question, history=history, filter=filter, heed_time=heed_time)


class QuotesAll(WordAssistant):
    """An assistant that quotes the whole of every article, whatever it is asked."""

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filter: Filter | None = None,
        heed_time: bool = True,
    ) -> Answer:
        citations = tuple(
            citation(number, item, Span(0, len(item.text)))
            for number, item in enumerate(self.library.articles(), 1)
        )
        text = " ".join(f"{c.quote} [{c.marker}]" for c in citations)
        return Answer(question, f"as {question}", "answered", text, citations=citations)


def assert_only_our_elements(page: Page) -> None:
    """No element or attribute in the page came out of what articles, files or people said."""
    foreign = page.locator("body").evaluate(
        """body => [...body.querySelectorAll(
            "#aq-columns :is(script, img, iframe, object, embed, link, meta, base, style), "
            + "#aq-columns details:not([class^=aq-]), #aq-columns form:not(.aq-edit-form), "
            + ":is(#aq-transcript, #aq-evidence, #aq-articles, #aq-conversations, #aq-chips) "
            + ":is(svg:not([focusable=false]), input, textarea), "
            + ":is(#aq-transcript, #aq-evidence) a, "
            + "#aq-hover > :not(p, blockquote), #aq-hover > * > *, #aq-adding li > *, "
            + "[onload], [onerror], [onfocus], [onmouseover], [ontoggle], [onbegin]"
        )].map(element => element.outerHTML.slice(0, 120))"""
    )
    assert foreign == []
