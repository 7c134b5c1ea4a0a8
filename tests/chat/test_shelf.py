from datetime import date

from chat.catalogue import Catalogue
from chat.shelf import SAMPLE_QUESTIONS, Shelf
from tests.chat.memory import MemoryLibrary, article


def test_the_header_counts_articles_and_names_the_newest_date() -> None:
    library = MemoryLibrary.of(
        article("Old", "Old text.", published=date(2019, 1, 5)),
        article("New", "New text.", published=date(2024, 5, 3)),
        article("Undated", "Some text.", published=None),
    )
    html = Shelf(Catalogue(library)).header()
    assert "3 articles" in html
    assert "newest 3 May 2024" in html


def test_without_any_date_none_is_named() -> None:
    assert (
        "newest"
        not in Shelf(Catalogue(MemoryLibrary.of(article("A", "T.", published=None)))).header()
    )


def test_an_article_added_later_counts() -> None:
    library = MemoryLibrary.of(article("One", "Text."))
    shelf = Shelf(Catalogue(library))
    assert "1 article<" in shelf.header()
    added = article("Two", "Text.", published=date(2025, 1, 1))
    library.shelf[added.id] = added
    assert "2 articles" in shelf.header()
    assert "newest 1 January 2025" in shelf.header()


def test_the_samples_come_with_their_own_questions() -> None:
    library = MemoryLibrary.of(article("A", "Text.", source="Article QA sample"))
    assert Shelf(Catalogue(library)).welcome().examples == SAMPLE_QUESTIONS


def test_other_collections_suggest_their_newest_titles() -> None:
    library = MemoryLibrary.of(
        article("The harbour", "Text.", published=date(2024, 1, 1)),
        article("The school", "Text.", published=date(2024, 2, 1)),
        article("x" * 200, "Text.", published=date(2025, 2, 1)),
    )
    welcome = Shelf(Catalogue(library)).welcome()
    assert welcome.examples == ("The school", "The harbour")
    assert welcome.titles


def test_given_examples_replace_the_suggestions_and_an_empty_collection_has_none() -> None:
    library = MemoryLibrary.of(article("A", "Text."))
    assert Shelf(Catalogue(library), ["Why?"]).welcome().examples == ("Why?",)
    assert Shelf(Catalogue(library), []).welcome().examples == ()
    assert Shelf(Catalogue(MemoryLibrary()), ["Why?"]).welcome().examples == ()
