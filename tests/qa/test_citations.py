import dataclasses
import logging
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import DamageError
from index.types import Article
from qa.citations import Quote, prove, still_stands
from tests.qa.library import Library, article

MILL = article(
    "The mill",
    "The mill at Oster stopped in 1962. A museum opened there later.",
    source="Valley Post",
    url="https://example.org/mill",
    published=date(2023, 4, 1),
)
WELL = article("The well", "The well is twelve metres deep.", source=None, published=None)


class DamagedLibrary(Library):
    """A library in which one article's checksum does not match."""

    def __init__(self, *articles: Article, damaged: str) -> None:
        super().__init__(*articles)
        self.damaged = damaged

    def article(self, article_id: str) -> Article:
        if article_id == self.damaged:
            raise DamageError("article does not match its checksum")
        return super().article(article_id)


def quote(of: Article, text: str) -> Quote:
    start = of.text.index(text)
    return Quote(of.id, start, start + len(text), text)


STOPPED = quote(MILL, "The mill at Oster stopped in 1962.")
MUSEUM = quote(MILL, "A museum opened there later.")
DEEP = quote(WELL, "The well is twelve metres deep.")


def test_a_citation_carries_what_is_known_of_its_article() -> None:
    (citation,) = prove([STOPPED], Library(MILL))
    assert citation.marker == 1
    assert citation.quote == MILL.text[citation.start : citation.end] == STOPPED.text
    assert (citation.article_id, citation.article_sha256) == (MILL.id, MILL.sha256)
    assert (citation.title, citation.source) == ("The mill", "Valley Post")
    assert citation.url == "https://example.org/mill"
    assert citation.published == date(2023, 4, 1)
    assert citation.byline == "The mill · Valley Post · 1 April 2023"


def test_an_unknown_source_is_left_out_and_an_unknown_date_is_said_to_be_unknown() -> None:
    (citation,) = prove([DEEP], Library(WELL))
    assert (citation.source, citation.published) == (None, None)
    assert citation.byline == "The well · date unknown"


def test_citations_are_numbered_from_one_in_the_order_of_the_quotes() -> None:
    citations = prove([DEEP, MUSEUM, STOPPED], Library(MILL, WELL))
    assert [(c.marker, c.quote) for c in citations] == [
        (1, DEEP.text),
        (2, MUSEUM.text),
        (3, STOPPED.text),
    ]


def test_a_quote_of_a_removed_article_is_left_out_and_numbers_stay_consecutive(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        citations = prove([STOPPED, DEEP, MUSEUM], Library(WELL))
    assert [(c.marker, c.quote) for c in citations] == [(1, DEEP.text)]
    assert MILL.id in caplog.text


def test_a_quote_that_the_article_no_longer_has_is_left_out() -> None:
    changed = article("The mill", MILL.text.replace("1962", "1963"))
    assert changed.id == MILL.id
    citations = prove([STOPPED, MUSEUM], Library(changed))
    assert [(c.marker, c.quote) for c in citations] == [(1, MUSEUM.text)]


def test_a_quote_that_has_moved_is_left_out() -> None:
    moved = article("The mill", "Note. " + MILL.text)
    assert prove([STOPPED, MUSEUM], Library(moved)) == ()


def test_an_article_whose_text_is_not_the_hashed_one_proves_nothing() -> None:
    altered = dataclasses.replace(MILL, text=MILL.text.replace("museum", "bakery"))
    assert prove([STOPPED], Library(altered)) == ()


def test_a_damaged_article_proves_nothing_and_the_others_go_on() -> None:
    citations = prove([STOPPED, DEEP], DamagedLibrary(MILL, WELL, damaged=MILL.id))
    assert [(c.marker, c.quote) for c in citations] == [(1, DEEP.text)]


def test_a_quote_that_differs_by_a_typographic_mark_is_left_out() -> None:
    page = article("Page", "It’s the miller’s house.")
    typed = Quote(page.id, 0, len(page.text), "It's the miller's house.")
    assert prove([typed], Library(page)) == ()


@given(st.text(max_size=8), st.data())
def test_exactly_the_quotes_that_stand_at_their_place_are_cited(
    text: str, data: st.DataObject
) -> None:
    page = article("Page", text)
    place = st.integers(-len(text) - 2, len(text) + 2)
    start, end = data.draw(place), data.draw(place)
    said = data.draw(st.one_of(st.just(text[start:end]), st.text(max_size=3)))
    inside = 0 <= start < end <= len(text)
    stands = inside and len(said) == end - start and text.startswith(said, start)
    assert bool(prove([Quote(page.id, start, end, said)], Library(page))) == stands


def test_an_old_citation_stands_while_its_article_is_unchanged() -> None:
    (citation,) = prove([MUSEUM], Library(MILL))
    assert still_stands(citation, Library(WELL, MILL))


def test_an_old_citation_does_not_stand_when_its_article_is_gone_or_has_changed() -> None:
    (citation,) = prove([MUSEUM], Library(MILL))
    elsewhere = article("The mill", MILL.text + " Admission is free.")
    assert not still_stands(citation, Library(WELL))
    assert not still_stands(citation, Library(elsewhere))
    assert not still_stands(citation, DamagedLibrary(MILL, damaged=MILL.id))


def test_an_old_citation_with_another_quote_or_place_does_not_stand() -> None:
    (citation,) = prove([MUSEUM], Library(MILL))
    for forged in (
        dataclasses.replace(citation, quote="A bakery opened there later."),
        dataclasses.replace(citation, start=citation.start + 1),
        dataclasses.replace(citation, start=citation.start - len(MILL.text), end=0),
        dataclasses.replace(citation, end=citation.end + 5),
    ):
        assert not still_stands(forged, Library(MILL))
