"""Another embedder takes over all at once, and the old one serves until then."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from index import Collection
from index.embedder import Vectors
from index.errors import EmbedderError
from tests.articles import FAIR, STORM, article, everything, long_article
from tests.doubles import WordEmbedder
from tests.index.damaged import MADE

MANY = [long_article(range(n, n + 9), f"/many/{n}") for n in range(0, 720, 9)]


def other() -> WordEmbedder:
    return WordEmbedder(name="others", dimensions=64)


class Stopping(WordEmbedder):
    """The same as `other`, stopped at its third batch."""

    def __init__(self) -> None:
        super().__init__(name="others", dimensions=64)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if len(self.embedded) > 300:
            raise KeyboardInterrupt
        return super().embed_passages(texts)


def made_with(embedder: WordEmbedder, path: Path) -> list[tuple[float, str]]:
    with Collection.open(path, embedder=embedder) as collection:
        collection.add_articles(MADE)
        return everything(collection)


def test_it_is_the_same_as_adding_everything_with_the_other(
    collection: Collection, tmp_path: Path
) -> None:
    collection.add_articles(MADE)
    articles = list(collection.articles())
    assert collection.reembed(other()) == 43
    assert everything(collection) == made_with(other(), tmp_path / "anew")
    assert list(collection.articles()) == articles
    assert collection.search_lexical("carousel", 1)[0].passage.text == FAIR.text
    assert collection.stats().embedder == "others-64"
    assert collection.verify().notes == ()


def test_passages_are_cut_for_what_the_other_can_read(collection: Collection) -> None:
    collection.add_articles([long_article(range(3))])
    small = WordEmbedder(name="small", max_tokens=64)
    assert collection.reembed(small) > 3
    assert max(small.count_tokens(small.embedded)) <= 64
    assert collection.verify().is_sound


def test_the_old_one_serves_until_the_new_is_complete(collection: Collection) -> None:
    collection.add_articles(MANY)
    right = everything(collection, "word7x3")
    seen = list[int]()

    class Watched(WordEmbedder):
        def embed_passages(self, texts: Sequence[str]) -> Vectors:
            with Collection.open(collection.path, embedder=WordEmbedder()) as reader:
                assert everything(reader, "word7x3") == right
                seen.append(len(reader.search_lexical("word7x3", 9)))
            return super().embed_passages(texts)

    collection.reembed(Watched(name="watched"))
    assert len(seen) > 2
    assert set(seen) == {1}
    with pytest.raises(EmbedderError, match=r"watched-256.*words-256.*reembed"):
        Collection.open(collection.path, embedder=WordEmbedder())


def test_interrupted_the_same_call_continues(collection: Collection) -> None:
    collection.add_articles(MANY)
    right = everything(collection)
    with pytest.raises(KeyboardInterrupt):
        collection.reembed(Stopping())
    assert everything(collection) == right
    verdict = collection.verify()
    assert verdict.is_sound
    assert "others-64 was interrupted" in verdict.notes[0]
    embedder = other()
    assert collection.reembed(embedder) == 720
    assert 0 < len(embedder.embedded) < 420
    assert collection.verify().notes == ()


def test_what_changed_since_an_interruption_is_not_what_was_embedded(
    collection: Collection, tmp_path: Path
) -> None:
    collection.add_articles(MANY)
    with pytest.raises(KeyboardInterrupt):
        collection.reembed(Stopping())
    changed = [article("Quite another text.", one.origin, title="Other") for one in MANY[:40]]
    collection.add_articles([*changed, STORM])
    for one in MANY[40:]:
        collection.remove(one.id)
    collection.reembed(other())
    with Collection.open(tmp_path / "anew", embedder=other()) as anew:
        anew.add_articles([*changed, STORM])
        assert everything(collection) == everything(anew)
    assert collection.verify().is_sound


def test_a_third_embedder_uses_nothing_of_the_second(
    collection: Collection, tmp_path: Path
) -> None:
    collection.add_articles(MANY)
    with pytest.raises(KeyboardInterrupt):
        collection.reembed(Stopping())
    third = WordEmbedder(name="third", dimensions=32)
    collection.reembed(third)
    assert len(third.embedded) == 720
    assert collection.verify().is_sound


def test_an_unknown_old_embedder_is_no_hindrance(collection: Collection) -> None:
    collection.add_articles(MADE)
    with pytest.raises(EmbedderError):
        Collection.open(collection.path, embedder=other())
    with Collection.open(collection.path, embedder=other(), any_embedder=True) as opened:
        with pytest.raises(EmbedderError):
            opened.search_dense("storm", 1)
        with pytest.raises(EmbedderError):
            opened.add_articles([STORM])
        assert opened.remove(STORM.id) == STORM
        opened.reembed(other())
        assert opened.search_dense("carousel", 1)[0].passage.text == FAIR.text
    with pytest.raises(EmbedderError):  # opened before
        collection.search_dense("storm", 1)


def test_an_empty_collection_changes_its_embedder(collection: Collection) -> None:
    collection.add_articles([])
    assert collection.reembed(other()) == 0
    collection.add_articles([STORM])
    assert collection.stats().embedder == "others-64"
