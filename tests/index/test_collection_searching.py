import tempfile
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Collection, Filter
from index.folding import fold
from index.types import Article
from tests.articles import BRIDGE, FAIR, STORM, article, everything, long_article, paragraph, texts
from tests.doubles import WordEmbedder


def test_dense_scores_are_cosines_best_first(
    collection: Collection, embedder: WordEmbedder
) -> None:
    collection.add_articles([STORM, FAIR, BRIDGE, long_article(range(8))])
    question = "Was the harbour closed?"
    hits = collection.search_dense(question, 100)
    stored = list(embedder.embedded)
    vectors = embedder.embed_passages(stored)
    cosines = vectors @ embedder.embed_questions([question])[0]
    assert [hit.score for hit in hits] == pytest.approx(sorted(cosines, reverse=True), abs=1e-6)
    for hit in hits:
        title = collection.article(hit.passage.article_id).title
        place = stored.index(fold(f"{title}\n{hit.passage.text}"))
        assert hit.score == pytest.approx(cosines[place], abs=1e-6)
        assert hit.stage == "dense"
    assert texts(collection.search_dense(question, 2)) == texts(hits)[:2]


def test_a_hit_is_the_stored_text_with_its_sentences(collection: Collection) -> None:
    collection.add_articles([STORM, FAIR])
    for hit in collection.search_dense("x", 9) + collection.search_lexical("harbour fair", 9):
        passage = hit.passage
        text = collection.article(passage.article_id).text
        assert text[passage.start : passage.end] == passage.text
        assert passage.start == passage.sentences[0].start
        assert passage.end == passage.sentences[-1].end


def test_lexical_hits_have_the_words_in_text_or_title(collection: Collection) -> None:
    collection.add_articles([STORM, FAIR, BRIDGE])
    hits = collection.search_lexical("harbour pilots", 9)
    assert hits[0].passage.article_id == STORM.id
    assert {hit.passage.article_id for hit in hits} == {STORM.id, BRIDGE.id}
    assert {hit.stage for hit in hits} == {"lexical"}
    assert [hit.passage.article_id for hit in collection.search_lexical("Fair", 9)] == [FAIR.id]


@pytest.mark.parametrize("k", [0, -1, -5])
def test_no_hits_wanted_gives_none(collection: Collection, k: int) -> None:
    collection.add_articles([STORM])
    assert collection.search_dense("storm", k) == []
    assert collection.search_lexical("storm", k) == []


def test_an_empty_collection_finds_nothing_and_loads_no_model(
    collection: Collection, embedder: WordEmbedder
) -> None:
    assert collection.search_dense("storm", 5) == []
    assert collection.search_lexical("storm", 5) == []
    assert embedder.calls == 0
    assert list(collection.articles()) == []
    assert collection.count() == 0


FILTERS = [
    Filter(),
    Filter(sources=("harbour news",)),
    Filter(published_from=date(2024, 5, 4)),
    Filter(published_to=date(2024, 5, 3)),
    Filter(article_ids=(BRIDGE.id, FAIR.id)),
    Filter(sources=("Nobody",)),
    Filter(excluded_sources=("HARBOUR NEWS",)),
    Filter(excluded_sources=("Nobody",)),
]


@pytest.mark.parametrize("filter", FILTERS)
@pytest.mark.parametrize("k", [1, 2, 50])
def test_a_filtered_search_is_the_search_filtered(
    collection: Collection, filter: Filter, k: int
) -> None:
    made = [STORM, FAIR, BRIDGE, long_article(range(8))]
    collection.add_articles(made)
    collection.remove(made[3].id)
    for search in (collection.search_dense, collection.search_lexical):
        every = search("the old harbour fair", 100)
        admitted = [
            hit
            for hit in every
            if (one := collection.article(hit.passage.article_id))
            and (not filter.sources or (one.source or "").casefold() in filter.sources)
            and (one.source or "").upper() not in filter.excluded_sources
            and (
                not filter.published_from
                or (one.published and one.published >= filter.published_from)
            )
            and (
                not filter.published_to or (one.published and one.published <= filter.published_to)
            )
            and (not filter.article_ids or one.id in filter.article_ids)
        ]
        assert search("the old harbour fair", k, filter) == admitted[:k]


def test_articles_without_a_source_are_left_out_with_none(collection: Collection) -> None:
    nameless = article("The storm broke the mast.", "/articles/mast.txt", source=None)
    collection.add_articles([STORM, nameless])
    left = Filter(excluded_sources=(STORM.source or "",))
    for search in (collection.search_dense, collection.search_lexical):
        assert {hit.passage.article_id for hit in search("the storm", 9, left)} == {nameless.id}


def test_sources_and_authors_are_listed_once(collection: Collection) -> None:
    one = article("A storm.", "/articles/1.txt", source="Valley Post", authors=("Ida Holm",))
    two = article("A calm.", "/articles/2.txt", source="Valley Post", authors=("Ida Holm", "A B"))
    collection.add_articles([one, two, article("A fair.", "/articles/3.txt", source=None)])
    assert collection.sources() == ["Valley Post"]
    assert collection.authors() == ["A B", "Ida Holm"]


def test_passages_beside_the_index_are_found_as_those_in_it(tmp_path: Path) -> None:
    made = [long_article(range(10 * n, 10 * n + 10), f"/articles/{n:03}") for n in range(60)]
    seen: list[list[tuple[float, str]]] = []
    with Collection.open(tmp_path / "made", embedder=WordEmbedder()) as collection:

        def watching() -> Iterator[Article]:
            for one in made:
                if not seen or collection.count() * 10 != len(seen[-1]):
                    seen.append(everything(collection))
                yield one

        collection.add_articles(made[:3])
        collection.add_articles(watching())  # searched by this thread while it adds
        after = everything(collection)
    assert len(seen) > 1
    assert len(seen[0]) == 30 < len(seen[1]) < len(after) == 600
    for earlier in seen:
        assert set(earlier) <= set(after)


WORDS = st.sampled_from("storm harbour fair bridge closed opened the nine days".split())
TEXTS = st.lists(WORDS, min_size=1, max_size=6).map(lambda words: " ".join(words) + ".")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.dictionaries(st.integers(0, 5), TEXTS, max_size=4)),
        st.tuples(st.just("remove"), st.integers(0, 5)),
        st.tuples(st.just("reopen"), st.none()),
        st.tuples(st.just("lose"), st.none()),
    ),
    max_size=8,
)


@settings(max_examples=25)
@given(STEPS, TEXTS)
def test_after_any_changes_the_answers_are_those_of_a_collection_made_anew(
    steps: list[tuple[str, object]], question: str
) -> None:
    model: dict[str, Article] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "changed"
        changed = Collection.open(path, embedder=WordEmbedder())
        watcher = Collection.open(path, embedder=WordEmbedder())
        for step, what in steps:
            if isinstance(what, dict):
                # The very same text twice would be one article.
                made = [article(f"{text} {n}.", origin=f"/{n}") for n, text in what.items()]
                changed.add_articles(made)
                model |= {one.id: one for one in made}
            elif step == "remove":
                wanted = article("", origin=f"/{what}").id
                if model.pop(wanted, None):
                    changed.remove(wanted)
            elif step == "reopen":
                changed.close()
                changed = Collection.open(path, embedder=WordEmbedder())
            else:
                for file in path.glob("segment-*"):
                    file.unlink()
        with Collection.open(Path(folder) / "anew", embedder=WordEmbedder()) as anew:
            anew.add_articles(model.values())
            for one in (changed, watcher):
                assert list(one.articles()) == list(anew.articles())
                assert everything(one, question) == everything(anew, question)
                for k in (1, 3):
                    assert [hit.score for hit in one.search_dense(question, k)] == pytest.approx(
                        [hit.score for hit in anew.search_dense(question, k)], abs=1e-5
                    )
                    assert [hit.score for hit in one.search_lexical(question, k)] == pytest.approx(
                        [hit.score for hit in anew.search_lexical(question, k)]
                    )
        changed.close()
        watcher.close()


@pytest.mark.slow
def test_searches_from_four_threads_while_articles_come_change_and_go(
    collection: Collection,
) -> None:
    done = threading.Event()
    errors: list[BaseException] = []
    searches = [0] * 4

    def search(number: int) -> None:
        try:
            while not done.is_set():
                for find in (collection.search_dense, collection.search_lexical):
                    for hit in find(f"word{number}x3 version", 20):
                        searches[number] += 1
                        assert hit.passage.text.endswith(".")
                        assert np.isfinite(hit.score)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=search, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for version in range(12):
        made = [
            article(f"{paragraph(number)} Version {version}.", origin=f"/articles/{number}")
            for number in range(version, version + 20)
        ]
        collection.add_articles(made)
        collection.remove(made[0].id)
    done.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert min(searches) > 0
    assert collection.count() == 19
