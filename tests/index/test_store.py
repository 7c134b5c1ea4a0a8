import gc
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import apsw
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.entries import NewArticle, NewPassage
from index.errors import CollectionError, DamageError, FormatError, NotFoundError
from index.store import Store
from index.types import Article, Filter, Passage, Span
from tests.articles import article

TEXT = "The storm came. It stayed.\n\nNobody slept. 😀 Everyone waited."
SPANS = ((Span(0, 15), Span(16, 26)), (Span(28, 41), Span(42, 61)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "collection.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = Store(path, create=True)
    yield opened
    opened.close()


def new(made: Article) -> NewArticle:
    passages = (
        NewPassage(spans, f"hash {number}", np.eye(4, dtype=np.float32)[number])
        for number, spans in enumerate(SPANS)
    )
    return NewArticle(made, "hash of the file", tuple(passages))


def put(store: Store, *made: Article) -> None:
    with store.transaction():
        for one in made:
            store.put(new(one))


def ids(store: Store) -> list[int]:
    return [int(id) for id in store.vectors()[0]]


def passages(store: Store) -> list[Passage]:
    return [one.passage for one in store.passages(ids(store)).values()]


FULL = article(
    TEXT,
    title="Ein “Titel” – 中文",
    source="The Ærø Post",
    url="https://post.example/1",
    authors=("A. Writer", "Ö. Other"),
    published=date(2024, 5, 3),
    modified=date(2024, 5, 4),
    language="en",
)
BARE = article("No facts.", origin="/articles/bare.txt", title="")


@pytest.mark.parametrize("made", [FULL, BARE])
def test_an_article_comes_back_as_it_was(store: Store, made: Article) -> None:
    put(store, made)
    assert store.article(made.id) == made
    assert store.known(made.origin) == (made, "hash of the file", made.origin)
    assert list(store.articles()) == [made]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store(tmp_path_factory.mktemp("kept") / "collection.sqlite3", create=True)
    yield opened
    opened.close()


ANYTHING = st.text(st.characters(exclude_categories=["Cs"]))


@given(ANYTHING, st.lists(ANYTHING))
def test_any_characters_come_back_as_they_were(kept: Store, text: str, authors: list[str]) -> None:
    made = article(text, title=text, authors=tuple(authors), source=text)
    put(kept, made)
    assert kept.article(made.id) == made


def test_passages_come_back_with_their_text_and_sentences(store: Store) -> None:
    put(store, FULL)
    first, second = passages(store)
    assert first.text == "The storm came. It stayed."
    assert second.text == TEXT[second.start : second.end] == "Nobody slept. 😀 Everyone waited."
    assert (first.sentences, second.sentences) == SPANS
    assert first.article_id == FULL.id


def test_articles_come_in_the_order_of_their_origins(store: Store) -> None:
    made = [article(TEXT, origin=origin) for origin in ("/b", "/a/2", "/a/1", "/é")]
    put(store, *made)
    assert [one.origin for one in store.articles()] == ["/a/1", "/a/2", "/b", "/é"]


def test_passage_ids_rise_and_are_never_given_twice(store: Store) -> None:
    put(store, FULL)
    first = ids(store)
    with store.transaction():
        store.remove(FULL.id)
    put(store, FULL)
    second = ids(store)
    put(store, FULL)  # an update
    assert max(first) < min(second) <= max(second) < min(ids(store))


def test_passage_ids_are_not_given_twice_after_reopening(store: Store, path: Path) -> None:
    put(store, FULL)
    last = max(ids(store))
    with store.transaction():
        store.remove(FULL.id)
    store.close()
    again = Store(path, create=False)
    put(again, FULL)
    assert min(ids(again)) > last
    again.close()


def test_an_update_leaves_nothing_of_what_was_there(store: Store) -> None:
    put(store, FULL)
    put(store, replace(FULL, title="Another title"))
    assert store.counts() == (1, 2)
    assert len(store.vectors()[0]) == 2


def test_what_was_removed_is_remembered_until_it_is_in_no_cache(store: Store) -> None:
    put(store, FULL)
    first = ids(store)
    put(store, FULL)
    second = ids(store)
    with store.transaction():
        store.remove(FULL.id)
    assert store.removed().tolist() == first + second
    with store.transaction():
        store.forget_removed(first[0])
    assert store.removed().tolist() == first[:1]
    with store.transaction() as connection:
        connection.execute("UPDATE removed SET id = 77")
    with pytest.raises(DamageError, match="removed 77"):
        store.removed()


def test_every_change_is_counted(store: Store) -> None:
    seen = [store.change]
    put(store, FULL)
    seen.append(store.change)
    with store.transaction():
        store.remove(FULL.id)
    seen.append(store.change)
    assert seen == sorted(set(seen))


def test_a_transaction_that_fails_changes_nothing(store: Store) -> None:
    put(store, FULL)

    def fail() -> None:
        with store.transaction():
            store.remove(FULL.id)
            store.put(new(BARE))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(store.articles()) == [FULL]
    assert store.counts() == (1, 2)


def test_a_reader_sees_nothing_of_an_open_transaction(store: Store) -> None:
    seen: list[tuple[int, int]] = []
    with store.transaction():
        store.put(new(FULL))
        reader = threading.Thread(target=lambda: seen.append(store.counts()))
        reader.start()
        reader.join()
    assert seen == [(0, 0)]
    assert store.counts() == (1, 2)


def test_more_ids_than_sql_takes_parameters(store: Store) -> None:
    put(store, FULL)
    many = range(100_000)
    with pytest.raises(DamageError, match="lost passages"):
        store.passages(many)
    wanted = [*ids(store)] * 50_000
    assert store.passages(wanted).keys() == set(ids(store))


def test_vectors_come_by_rising_id_and_after_an_id(store: Store) -> None:
    put(store, FULL, article(TEXT, origin="/articles/two.txt"))
    found, articles, vectors = store.vectors()
    assert [f"{article:016x}" for article in articles.tolist()] == [
        passage.article_id for passage in passages(store)
    ]
    assert list(found) == sorted(found)
    assert vectors.dtype == np.float32
    np.testing.assert_array_equal(vectors, np.eye(4, dtype=np.float32)[[0, 1, 0, 1]])
    later, _, rest = store.vectors(after=int(found[2]))
    assert list(later) == [found[3]]
    np.testing.assert_array_equal(rest, vectors[3:])
    between, _, _ = store.vectors(int(found[0]), int(found[2]))
    assert list(between) == list(found[1:3])
    assert store.passages_after(int(found[2])) == 1


def test_publication_dates_of_those_that_have_one(store: Store) -> None:
    put(store, FULL, BARE)
    assert store.published([FULL.id, BARE.id, "nobody"]) == {FULL.id: date(2024, 5, 3)}


# --- filters ---

SOURCES = [None, "Ærø Post", "ærø post", "ÆRØ POST", "Other", "Post"]
AUTHORS = ["A. Writer", "a. writer", "Ö. Other", "B"]
DAYS = [None, date(2024, 5, 1), date(2024, 5, 2), date(2024, 5, 3)]
MADE = [
    article(
        TEXT,
        origin=f"/articles/{number}",
        source=SOURCES[number % 6],
        authors=tuple(AUTHORS[: number % 5]),
        published=DAYS[number % 4],
    )
    for number in range(24)
]


def admits(filter: Filter, made: Article) -> bool:
    def same(wanted: tuple[str, ...], found: tuple[str, ...]) -> bool:
        return bool({one.casefold() for one in wanted} & {one.casefold() for one in found})

    return (
        (not filter.sources or same(filter.sources, (made.source,) if made.source else ()))
        and (not filter.authors or same(filter.authors, made.authors))
        and (not filter.article_ids or made.id in filter.article_ids)
        and (
            not filter.published_from
            or (made.published is not None and made.published >= filter.published_from)
        )
        and (
            not filter.published_to
            or (made.published is not None and made.published <= filter.published_to)
        )
    )


FILTERS = st.builds(
    Filter,
    sources=st.lists(st.sampled_from([*SOURCES[1:], "Nobody"]), max_size=2).map(tuple),
    authors=st.lists(st.sampled_from([*AUTHORS, "Nobody"]), max_size=2).map(tuple),
    article_ids=st.lists(st.sampled_from([one.id for one in MADE]), max_size=9).map(tuple),
    published_from=st.sampled_from(DAYS),
    published_to=st.sampled_from(DAYS),
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store(tmp_path_factory.mktemp("filled") / "collection.sqlite3", create=True)
    put(opened, *MADE)
    yield opened
    opened.close()


@given(FILTERS)
def test_a_filter_admits_what_the_same_filter_in_python_admits(
    filled: Store, filter: Filter
) -> None:
    articles, passages = filled.admitted(filter)
    wanted = [one.id for one in MADE if admits(filter, one)]
    assert sorted(articles) == sorted(wanted)
    assert passages == 2 * len(wanted)


# --- what is no collection, and damage ---


def test_a_missing_collection_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no collection at"):
        Store(tmp_path / "absent" / "collection.sqlite3", create=False)
    assert not (tmp_path / "absent").exists()


def test_a_file_left_empty_by_a_crash_is_filled_or_missing(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with pytest.raises(NotFoundError, match="empty"):
        Store(path, create=False)
    store = Store(path, create=True)
    assert store.counts() == (0, 0)
    store.close()


@pytest.mark.parametrize("create", [True, False])
def test_another_programs_file_is_refused_and_left_alone(path: Path, create: bool) -> None:
    path.parent.mkdir()
    path.write_text("These are my notes, and no database. " * 50)
    before = path.read_bytes()
    with pytest.raises(DamageError, match=r"collection\.sqlite3"):
        Store(path, create=create)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    connection = apsw.Connection(str(path))
    connection.execute("CREATE TABLE mine(x)")
    connection.close()
    with pytest.raises(CollectionError, match=r"collection\.sqlite3"):
        Store(path, create=True)


def test_a_newer_format_is_refused_with_the_way_on(store: Store, path: Path) -> None:
    with store.transaction():
        store.set_meta("format", "9")
        store.set_meta("needs", "3.1.0")
    with pytest.raises(FormatError, match=r"format 9.*version 3\.1\.0 or newer"):
        Store(path, create=True)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE article SET text = replace(text, 'storm', 'sturm')",
        "UPDATE article SET title = title || '.'",
        "UPDATE article SET published = '2024-05-30'",
        "UPDATE article SET published = NULL",
        "UPDATE article SET source = 'Another'",
        "UPDATE article SET passages = 3",
        "UPDATE article SET crc = crc + 1",
    ],
)
def test_an_altered_article_is_damage(store: Store, change: str) -> None:
    put(store, FULL)
    with store.transaction() as connection:
        connection.execute(change)
    with pytest.raises(DamageError, match="checksum"):
        store.article(FULL.id)
    with pytest.raises(DamageError):
        store.passages(ids_without_check(store))


def ids_without_check(store: Store) -> list[int]:
    with store.transaction() as connection:
        return [int(str(id)) for (id,) in connection.execute("SELECT id FROM passage")]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE passage SET sentences = '[[1, 15], [16, 26]]' WHERE rowid = 1",
        "UPDATE passage SET vector = zeroblob(16) WHERE rowid = 1",
        "UPDATE passage SET rowid = 99 WHERE rowid = 1",
        "DELETE FROM passage WHERE rowid = 1",
    ],
)
def test_an_altered_or_lost_passage_is_damage(store: Store, change: str) -> None:
    put(store, FULL)
    with store.transaction() as connection:
        connection.execute(change)

    def read() -> None:
        store.vectors()
        store.prove_counts(2)

    with pytest.raises(DamageError):
        read()


def test_altered_facts_about_the_collection_are_damage(store: Store, path: Path) -> None:
    put(store, FULL)
    with store.transaction() as connection:
        connection.execute("UPDATE meta SET value = '7' WHERE key = 'change'")
    with pytest.raises(DamageError, match="change"):
        _ = store.change


def test_no_article_of_this_id(store: Store) -> None:
    with pytest.raises(NotFoundError, match="no article 0123"):
        store.article("0123")


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files in /proc")
def test_the_connection_of_a_thread_goes_with_it(store: Store) -> None:
    def open_files() -> int:
        gc.collect()
        return len(list(Path("/proc/self/fd").iterdir()))

    store.counts()
    before = open_files()
    for _ in range(20):
        thread = threading.Thread(target=store.counts)
        thread.start()
        thread.join()
    assert open_files() <= before + 2


def test_many_first_openings_at_once_all_succeed(path: Path) -> None:
    errors: list[BaseException] = []
    together = threading.Barrier(8)

    def open_it() -> None:
        together.wait()
        try:
            Store(path, create=True).close()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
