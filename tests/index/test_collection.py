import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index import ArticleQAError, Collection
from index.errors import EmbedderError, FormatError, LockedError, NotFoundError
from index.locking import doing
from index.store import Store
from index.types import Article
from tests.articles import BRIDGE, FAIR, STORM, article, everything, long_article, texts
from tests.doubles import WordEmbedder


def test_a_removed_article_is_gone_at_once_for_everybody(collection: Collection) -> None:
    collection.add_articles([STORM, FAIR])
    with Collection.open(collection.path, embedder=WordEmbedder()) as other:
        other.search_dense("harbour", 5)  # holds the generation with the storm in it
        assert collection.remove(STORM.id) == STORM
        for one in (collection, other):
            assert texts(one.search_dense("The storm closed the harbour", 5)) == [FAIR.text]
            assert one.search_lexical("storm harbour", 5) == []
            assert list(one.articles()) == [FAIR]
            with pytest.raises(NotFoundError):
                one.article(STORM.id)
        with pytest.raises(NotFoundError, match=f"no article {STORM.id}"):
            collection.remove(STORM.id)


def test_all_removed_and_added_again(collection: Collection) -> None:
    collection.add_articles([STORM, FAIR])
    before = everything(collection)
    collection.remove(STORM.id)
    collection.remove(FAIR.id)
    assert everything(collection) == []
    assert collection.add_articles([]).added == ()
    collection.add_articles([FAIR, STORM])
    assert everything(collection) == before


def test_passage_ids_are_never_given_twice(collection: Collection) -> None:
    seen = set[int]()
    for number in range(4):
        changed = article(f"The storm, day {number}.", origin=STORM.origin)
        collection.add_articles([changed, FAIR])
        ids = {hit.passage.id for hit in collection.search_dense("x", 9)}
        new = {
            hit.passage.id
            for hit in collection.search_dense("x", 9)
            if hit.passage.article_id == STORM.id
        }
        assert not new & seen
        seen |= ids
        collection.remove(STORM.id)


def test_articles_are_found_by_id_file_and_folder(collection: Collection) -> None:
    inside = article("Text.", origin="/articles/more/one.txt")
    online = article("Other text.", origin="https://post.example/1")
    collection.add_articles([STORM, inside, online])
    assert collection.find(STORM.id) == [STORM]
    assert collection.find(STORM.origin) == [STORM]
    assert collection.find("/articles/more") == [inside]
    assert collection.find("/articles/other/../more/one.txt") == [inside]
    assert collection.find("/articles") == [inside, STORM]
    assert collection.find("https://post.example/1") == [online]
    assert collection.find("/art") == []


def test_publication_dates_are_told_of_those_that_have_one(collection: Collection) -> None:
    collection.add_articles([STORM, BRIDGE])
    assert collection.published([STORM.id, BRIDGE.id, "x"]) == {STORM.id: date(2024, 5, 3)}


def test_stats_count_articles_passages_and_bytes(
    collection: Collection, embedder: WordEmbedder
) -> None:
    empty = collection.stats()
    collection.add_articles([STORM, long_article(range(5))])
    stats = collection.stats()
    assert (stats.articles, stats.passages) == (2, 6)
    assert stats.embedder == embedder.fingerprint
    assert stats.index == "Flat (6 passages)"
    assert stats.bytes == sum(file.stat().st_size for file in collection.path.iterdir())
    assert stats.bytes > empty.bytes


# --- opening ---


def test_a_collection_is_made_where_there_is_none(tmp_path: Path) -> None:
    with Collection.open(tmp_path / "a" / "b", embedder=WordEmbedder()) as made:
        made.add_articles([STORM])
    with Collection.open(str(tmp_path / "a" / "b"), embedder=WordEmbedder()) as again:
        assert list(again.articles()) == [STORM]
        assert len(again.search_dense("storm", 5)) == 1


def test_a_missing_collection_is_an_error_where_none_is_to_be_made(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no collection at"):
        Collection.open(tmp_path / "absent", create=False)
    assert not (tmp_path / "absent").exists()


def test_a_file_in_the_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("Not a folder.")
    with pytest.raises(ArticleQAError, match="file"):
        Collection.open(tmp_path / "file")


def test_another_embedder_is_refused_with_both_names(collection: Collection) -> None:
    collection.add_articles([STORM])
    with pytest.raises(EmbedderError, match=r"words-256.*others-256"):
        Collection.open(collection.path, embedder=WordEmbedder(name="others"))


def test_another_embedder_opened_while_it_was_empty_neither_writes_nor_searches(
    collection: Collection,
) -> None:
    with Collection.open(collection.path, embedder=WordEmbedder(name="others")) as other:
        collection.add_articles([STORM])
        with pytest.raises(EmbedderError, match="others-256"):
            other.add_articles([FAIR])
        with pytest.raises(EmbedderError, match="others-256"):
            other.search_dense("storm", 5)
    assert list(collection.articles()) == [STORM]


def test_a_newer_format_is_refused(collection: Collection) -> None:
    store = Store(collection.path / "collection.sqlite3", create=False)
    with store.transaction():
        store.set_meta("format", "99")
    store.close()
    with pytest.raises(FormatError, match="99"):
        Collection.open(collection.path, embedder=WordEmbedder())


def test_a_second_writer_is_refused_and_a_reader_is_not(collection: Collection) -> None:
    collection.add_articles([BRIDGE])
    with Collection.open(collection.path, embedder=WordEmbedder()) as other:

        def meanwhile() -> Iterator[Article]:
            with pytest.raises(LockedError, match="being written"):
                other.add_articles([FAIR])
            with pytest.raises(LockedError, match="being written"):
                other.remove(BRIDGE.id)
            assert len(other.search_dense("bridge", 5)) == 1
            assert doing(other.path) == "adding articles"
            with Collection.open(collection.path, embedder=WordEmbedder()) as third:
                assert list(third.articles()) == [BRIDGE]
            yield STORM

        assert collection.add_articles(meanwhile()).added == (STORM.origin,)
        assert doing(other.path) == ""
        before = collection.change()
        assert other.add_articles([FAIR]).added == (FAIR.origin,)
        assert collection.change() > before


def test_what_a_dead_writer_left_is_not_told(collection: Collection) -> None:
    (collection.path / "writing.txt").write_text("adding articles", "utf-8")
    assert doing(collection.path) == ""


def test_two_threads_do_not_write_through_one_collection_at_once(collection: Collection) -> None:
    refused: list[BaseException] = []

    def write() -> None:
        try:
            collection.add_articles([FAIR])
        except LockedError as error:
            refused.append(error)

    def meanwhile() -> Iterator[Article]:
        other = threading.Thread(target=write)
        other.start()
        other.join()
        yield STORM

    collection.add_articles(meanwhile())
    assert len(refused) == 1
    assert list(collection.articles()) == [STORM]
