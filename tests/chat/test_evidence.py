from dataclasses import replace
from datetime import date

from chat.evidence import CHANGED, CHANGED_WITHOUT_QUOTE, GONE, evidence, opened
from chat.types import Exchange
from tests.chat.memory import MemoryLibrary, WordAssistant, article

STORM = article(
    "Storm closes the harbour",
    "The harbour opened in spring.\n\n"
    "A storm closed the harbour for nine days. The pilots stayed ashore.\n\n"
    "Trade came back by June.",
    url="https://news.example/storm",
    authors=("A. Writer",),
)
QUESTION = "How long did the storm close the harbour?"
QUOTE = "<mark>A storm closed the harbour for nine days.</mark>"


def asked(library: MemoryLibrary, question: str = QUESTION) -> Exchange:
    return Exchange(1, question, WordAssistant(library).ask(question))


def test_a_card_shows_title_source_date_and_the_quote_marked_in_its_surroundings() -> None:
    library = MemoryLibrary.of(STORM)
    html = evidence(asked(library), library)
    assert "<h3>Storm closes the harbour</h3>" in html
    assert "Harbour News" in html
    assert "3 May 2024" in html
    assert QUOTE + " The pilots stayed ashore." in html
    assert 'href="https://news.example/storm"' in html


def test_an_unknown_date_is_said_to_be_unknown() -> None:
    library = MemoryLibrary.of(replace(STORM, published=None, source=None))
    html = evidence(asked(library), library)
    assert "date unknown" in html
    assert "None" not in html


def test_only_web_addresses_become_links() -> None:
    for url in ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example"):
        library = MemoryLibrary.of(replace(STORM, url=url))
        assert "href" not in evidence(asked(library), library)
        assert "href" not in opened(asked(library), 1, library)


def test_the_card_of_the_clicked_marker_stands_out() -> None:
    library = MemoryLibrary.of(STORM)
    assert "aq-card aq-active" in evidence(asked(library), library, active=1)
    assert "aq-card aq-active" not in evidence(asked(library), library)


def test_nearest_passages_are_called_that_and_carry_no_number_and_no_mark() -> None:
    library = MemoryLibrary.of(STORM)
    html = evidence(asked(library, "Who painted the ceiling in Rome?"), library)
    assert "Nearest passages, not an answer" in html
    assert "The harbour opened in spring." in html
    assert "<mark>" not in html
    assert "aq-number" not in html


def test_the_opened_article_is_whole_with_the_quote_marked() -> None:
    library = MemoryLibrary.of(STORM)
    html = opened(asked(library), 1, library)
    assert "The harbour opened in spring." in html
    assert "Trade came back by June." in html
    assert "A. Writer" in html
    assert html.count("<mark>") == 1
    assert QUOTE in html


def test_a_nearest_passage_can_be_opened_too() -> None:
    library = MemoryLibrary.of(STORM)
    html = opened(asked(library, "Who painted the ceiling in Rome?"), 1, library)
    assert "Trade came back by June." in html


def test_an_article_removed_since_is_said_to_be_gone_and_its_quote_stays_readable() -> None:
    library = MemoryLibrary.of(STORM)
    exchange = asked(library)
    library.shelf.clear()
    card = evidence(exchange, library)
    assert GONE in card
    assert QUOTE in card
    assert "Open article" not in card
    assert GONE in opened(exchange, 1, library)


def test_a_changed_article_says_so_and_marks_the_quote_where_it_stands_now() -> None:
    library = MemoryLibrary.of(STORM)
    exchange = asked(library)
    library.shelf[STORM.id] = article(STORM.title, "A line before.\n\n" + STORM.text)
    for html in (evidence(exchange, library), opened(exchange, 1, library)):
        assert CHANGED in html
        assert QUOTE in html


def test_a_quote_that_is_no_longer_in_the_changed_article_is_not_marked_in_it() -> None:
    library = MemoryLibrary.of(STORM)
    exchange = asked(library)
    library.shelf[STORM.id] = article(STORM.title, "Nothing of that happened.")
    html = opened(exchange, 1, library)
    assert CHANGED_WITHOUT_QUOTE in html
    assert "<mark>" not in html


def test_markup_in_an_article_is_shown_as_text() -> None:
    hostile = article(
        "<img src=x onerror=alert(1)>",
        'The storm <script>alert(2)</script> closed the harbour for "nine" days.',
        source="<svg onload=alert(3)>",
        authors=("<b>A</b>",),
        published=date(2024, 1, 1),
    )
    library = MemoryLibrary.of(hostile)
    for html in (evidence(asked(library), library), opened(asked(library), 1, library)):
        for tag in ("<img", "<script", "<svg", "<b>"):
            assert tag not in html
        assert "&lt;script&gt;alert(2)&lt;/script&gt;" in html
