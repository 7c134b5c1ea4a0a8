from datetime import UTC, date, datetime

import pytest

from chat.catalogue import Catalogue, Wanted
from tests.chat.memory import MemoryLibrary, article

STORM = article(
    "Storm closes the harbour",
    "Text.",
    source="Harbour News",
    published=date(2024, 5, 3),
    authors=("Ann Étoile",),
)
FAIR = article("A fair in spring", "Text.", source="Town Post", published=date(2024, 6, 1))
OLD = article(
    "Old bridge", "Text.", source=None, published=None, fetched=datetime(2026, 5, 1, tzinfo=UTC)
)
ALL = MemoryLibrary.of(STORM, FAIR, OLD)


def titles(**wanted: str) -> list[str]:
    return [one.title for one in Catalogue(ALL).listed(Wanted.of(wanted))]


def test_articles_are_listed_newest_first_those_without_a_date_last() -> None:
    assert titles() == [FAIR.title, STORM.title, OLD.title]
    assert titles(order="oldest") == [STORM.title, FAIR.title, OLD.title]


@pytest.mark.parametrize(
    ("order", "first"), [("title", FAIR), ("source", STORM), ("added", OLD), ("nonsense", FAIR)]
)
def test_they_are_sorted_as_wanted(order: str, first: object) -> None:
    assert titles(order=order)[0] == getattr(first, "title", "")


@pytest.mark.parametrize(
    ("text", "found"),
    [("harb", [STORM.title]), ("etoile storm", [STORM.title]), ("town", [FAIR.title]), ("x", [])],
)
def test_words_are_searched_by_their_beginnings_in_title_source_and_authors(
    text: str, found: list[str]
) -> None:
    assert titles(text=text) == found


def test_source_and_dates_narrow_the_list() -> None:
    assert titles(source="town post") == [FAIR.title]
    assert titles(first="2024-05-04") == [FAIR.title]
    assert titles(last="2024-05-04") == [STORM.title]
    assert titles(first="no date") == titles()


def test_sources_are_counted_largest_first() -> None:
    library = MemoryLibrary.of(STORM, FAIR, OLD, article("More", "Text.", source="Town Post"))
    assert Catalogue(library).sources() == [("Town Post", 2), ("Harbour News", 1)]


def test_a_removed_article_leaves_the_list() -> None:
    library = MemoryLibrary.of(STORM, FAIR)
    catalogue = Catalogue(library)
    assert len(catalogue.entries()) == 2
    del library.shelf[FAIR.id]
    assert [one.title for one in catalogue.entries()] == [STORM.title]
