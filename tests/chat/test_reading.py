from hypothesis import given
from hypothesis import strategies as st

from chat.reading import extract, paragraph_spans, shorten, surroundings
from index.types import Span

TEXT = (
    "The harbour opened in spring.\n\n"
    "A storm closed it for nine days. The pilots stayed ashore. Boats waited outside.\n\n"
    "Trade came back by June."
)


def span_of(part: str, text: str = TEXT) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


def test_blank_lines_part_paragraphs_and_lines_do_where_there_is_no_blank_line() -> None:
    assert [TEXT[a:b][:11] for a, b in paragraph_spans(TEXT)] == [
        "The harbour",
        "A storm clo",
        "Trade came ",
    ]
    wrapped = "One line\nand the next.\n\nSecond."
    assert [wrapped[a:b] for a, b in paragraph_spans(wrapped)] == [
        "One line\nand the next.",
        "Second.",
    ]
    assert len(paragraph_spans("One.\nTwo.\nThree.")) == 3


def test_surroundings_are_whole_paragraphs_where_they_fit() -> None:
    cut = surroundings(TEXT, span_of("The pilots stayed ashore."), 80)
    assert TEXT[cut.start : cut.end].startswith("The harbour opened in spring.")
    assert TEXT[cut.start : cut.end].endswith("Trade came back by June.")


def test_surroundings_that_do_not_fit_are_cut_between_words() -> None:
    cut = surroundings(TEXT, span_of("The pilots stayed ashore."), 12)
    shown = TEXT[cut.start : cut.end]
    assert shown == "nine days. The pilots stayed ashore. Boats"


def test_the_marked_runs_are_exactly_the_quote() -> None:
    for quote in ("A storm closed it for nine days.", "Trade came back by June.", "The harbour"):
        shown = extract(TEXT, span_of(quote), 30)
        marked = [run.text for paragraph in shown.paragraphs for run in paragraph if run.marked]
        assert marked == [quote]


def test_an_extract_says_whether_the_article_goes_on() -> None:
    whole = extract(TEXT, span_of("Boats waited outside."), 1000)
    assert (whole.before, whole.after) == (False, False)
    middle = extract(TEXT, span_of("The pilots stayed ashore."), 12)
    assert (middle.before, middle.after) == (True, True)


@given(
    st.text(alphabet=st.sampled_from("ab .\n\t"), max_size=80),
    st.integers(0, 80),
    st.integers(0, 80),
    st.integers(0, 30),
)
def test_nothing_of_a_quote_is_lost_but_space_between_paragraphs(
    text: str, one: int, other: int, reach: int
) -> None:
    quote = Span(min(one, other, len(text)), min(max(one, other), len(text)))
    cut = surroundings(text, quote, reach)
    assert 0 <= cut.start <= quote.start <= quote.end <= cut.end <= len(text)
    shown = extract(text, quote, reach)
    marked = "".join(run.text for paragraph in shown.paragraphs for run in paragraph if run.marked)
    assert "".join(marked.split()) == "".join(text[quote.start : quote.end].split())


def test_shortening_keeps_short_text_and_never_exceeds_the_length() -> None:
    assert shorten("  two\n words ", 20) == "two words"
    assert shorten("a" * 1_000_000, 50) == "a" * 49 + "…"
