import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from chat import catalogue
from chat.catalogue import Catalogue, Wanted
from index.types import Article
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
    listed = Catalogue(library)
    assert len(listed.entries()) == 2
    del library.shelf[FAIR.id]
    assert [one.title for one in listed.entries()] == [STORM.title]


class Slow(MemoryLibrary):
    """A large library: reading it waits until it is let go."""

    go: threading.Event

    def articles(self) -> Iterator[Article]:
        assert self.go.wait(20)
        time.sleep(catalogue._QUICK_SECONDS * 1.5)
        return super().articles()


def test_a_large_collection_is_read_anew_beside_what_is_asked() -> None:
    library = Slow({STORM.id: STORM})
    library.go = threading.Event()
    library.go.set()
    listed = Catalogue(library)
    assert len(listed.entries()) == 1
    library.go.clear()
    library.shelf[FAIR.id] = FAIR
    assert len(listed.entries()) == 1, "it does not wait"
    assert listed.count() == 2
    library.go.set()
    for _ in range(200):
        if len(listed.entries()) == 2:
            return
        time.sleep(0.05)
    raise AssertionError("the new article never came")
