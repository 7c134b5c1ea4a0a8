import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index import Collection
from index.types import Article
from tests.articles import BRIDGE, FAIR, STORM, article, everything, long_article, paragraph, texts
from tests.doubles import WordEmbedder


def test_an_add_tells_what_was_added_updated_unchanged_and_refused(collection: Collection) -> None:
    first = collection.add_articles([STORM, FAIR])
    assert first.added == (STORM.origin, FAIR.origin)
    changed = article("The fair was closed.", origin=FAIR.origin, title="Fair")
    blank = article(" \n ", origin="/articles/blank.txt")
    second = collection.add_articles([STORM, changed, blank, BRIDGE])
    assert second.unchanged == (STORM.origin,)
    assert second.updated == (FAIR.origin,)
    assert second.added == (BRIDGE.origin,)
    assert [(one.origin, one.reason) for one in second.refused] == [
        ("/articles/blank.txt", "no article text found")
    ]
    assert str(second) == "1 added, 1 updated, 1 unchanged, 1 refused"


def test_adding_the_same_again_embeds_nothing_and_loads_no_model(
    collection: Collection, embedder: WordEmbedder
) -> None:
    collection.add_articles([STORM, FAIR])
    calls, before = embedder.calls, everything(collection)
    calls = embedder.calls
    read_later = [replace(one, fetched=datetime(2027, 1, 1, tzinfo=UTC)) for one in (STORM, FAIR)]
    report = collection.add_articles(read_later)
    assert embedder.calls == calls
    assert report.unchanged == (STORM.origin, FAIR.origin)
    assert collection.article(STORM.id).fetched == STORM.fetched
    assert everything(collection) == before


def test_a_changed_sentence_embeds_only_its_passage(
    collection: Collection, embedder: WordEmbedder
) -> None:
    made = long_article(range(6))
    collection.add_articles([made])
    assert len(embedder.embedded) == 6
    changed = article(made.text.replace("end3", "changed3"), origin=made.origin, title=made.title)
    collection.add_articles([changed])
    assert len(embedder.embedded) == 7
    assert "changed3" in embedder.embedded[-1]
    assert "changed3" in collection.search_dense("changed3", 1)[0].passage.text
    assert not [text for text in texts(collection.search_dense("end3", 99)) if "end3" in text]


@pytest.mark.parametrize("place", [0, 7, 31])
@pytest.mark.parametrize("new", ["", "A sentence of about the same length.", "It rained. " * 30])
def test_a_changed_sentence_embeds_just_the_passages_that_are_new(
    collection: Collection, embedder: WordEmbedder, place: int, new: str
) -> None:
    sentences = [f"In year {n} the harbour of town{n} had {n * 7} boats." for n in range(32)]
    made = [article(" ".join(sentences), origin=f"/{n}", title=f"No. {n}") for n in range(3)]
    collection.add_articles(made)
    before = set(embedder.embedded)
    embedder.embedded.clear()
    sentences[place] = new
    collection.add_articles([made[0], replace_text(made[1], " ".join(sentences)), made[2]])
    again = WordEmbedder()
    with Collection.open(collection.path.with_name("anew"), embedder=again) as anew:
        anew.add_articles([replace_text(made[1], " ".join(sentences))])
    assert len(embedder.embedded) == len(set(embedder.embedded))
    assert set(embedder.embedded) == set(again.embedded) - before
    assert set(again.embedded) - before


def replace_text(one: Article, text: str) -> Article:
    return article(text, origin=one.origin, title=one.title)


def test_changed_facts_alone_embed_nothing_and_are_kept(
    collection: Collection, embedder: WordEmbedder
) -> None:
    collection.add_articles([STORM])
    before = list(embedder.embedded)
    dated = replace(STORM, published=date(2025, 1, 1), authors=("A. Writer",))
    assert collection.add_articles([dated]).updated == (STORM.origin,)
    assert embedder.embedded == before
    assert collection.article(STORM.id) == dated


def test_the_title_is_embedded_with_every_passage(
    collection: Collection, embedder: WordEmbedder
) -> None:
    collection.add_articles([long_article(range(3))])
    assert [text.split("\n")[0] for text in embedder.embedded] == ["Long"] * 3


@pytest.mark.parametrize("title", ["T" * 5_000, "word " * 400, "ﷺ" * 200, ""])
def test_no_title_pushes_the_text_out_of_what_is_embedded(tmp_path: Path, title: str) -> None:
    embedder = WordEmbedder(max_tokens=64)
    with Collection.open(tmp_path / "made", embedder=embedder) as collection:
        collection.add_articles([article("Some words of text. " * 200, title=title)])
        assert max(embedder.count_tokens(embedder.embedded)) <= 64 - 3
        assert all("words of text" in text for text in embedder.embedded)
        assert next(collection.articles()).title == title


def test_of_two_articles_of_one_origin_in_one_add_the_last_one_stays(
    collection: Collection,
) -> None:
    later = article("The storm has ended.", origin=STORM.origin, title="Storm")
    report = collection.add_articles([STORM, FAIR, later, later])
    assert (report.added, report.updated, report.unchanged) == (
        (STORM.origin, FAIR.origin),
        (STORM.origin,),
        (STORM.origin,),
    )
    assert collection.article(STORM.id) == later
    assert collection.count() == 2


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (replace(STORM, title="half \ud83d"), "surrogate"),
        (replace(STORM, authors=("\udcff",)), "surrogate"),
        (replace(STORM, text="Another text."), "hash"),
        (replace(STORM, origin="/elsewhere.txt"), "hash"),
        (article("Text.", origin=""), "origin"),
    ],
)
def test_an_article_that_cannot_be_kept_is_refused_and_the_rest_go_on(
    collection: Collection, bad: Article, reason: str
) -> None:
    report = collection.add_articles([bad, FAIR])
    assert report.added == (FAIR.origin,)
    assert reason in report.refused[0].reason
    assert list(collection.articles()) == [FAIR]


def test_articles_come_from_any_iterator_once(collection: Collection) -> None:
    report = collection.add_articles(one for one in (STORM, FAIR))
    assert len(report.added) == 2


def test_an_interrupted_add_keeps_whole_articles_and_goes_on(collection: Collection) -> None:
    made = [long_article(range(10 * n, 10 * n + 10), f"/articles/{n:03}") for n in range(60)]

    def interrupted() -> Iterator[Article]:
        yield from made[:50]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collection.add_articles(interrupted())
    kept = list(collection.articles())
    assert 0 < len(kept) < 50
    assert kept == made[: len(kept)]
    # There is no index yet, and the search finds them all the same.
    assert collection.search_dense(paragraph(7), 1)[0].passage.text == paragraph(7)
    assert len(everything(collection)) == 10 * len(kept)
    report = collection.add_articles(made)
    assert len(report.unchanged) == len(kept)
    assert len(report.added) == 60 - len(kept)


def test_files_and_folders_are_added_once_each(
    collection: Collection, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "articles"
    (folder / "more").mkdir(parents=True)
    (folder / "one.txt").write_text("The storm\n\nThe storm closed the harbour for nine days.")
    (folder / "more" / "two.md").write_text("# The fair\n\nThe spring fair opened in sunshine.")
    (folder / "empty.txt").write_text("")
    with caplog.at_level(logging.ERROR):
        report = collection.add(folder, folder / "more" / ".." / "one.txt", tmp_path / "absent")
    assert report.added == (str(folder / "more" / "two.md"), str(folder / "one.txt"))
    assert {Path(one.origin).name: bool(one.reason) for one in report.refused} == {
        "empty.txt": True,
        "absent": True,
    }
    assert caplog.records == []
    assert collection.find(str(folder / "one.txt"))[0].title == "The storm"


@pytest.mark.parametrize("place", ["articles", "articles/kept here"])
def test_a_collection_among_the_articles_does_not_take_its_own_files_for_some(
    tmp_path: Path, embedder: WordEmbedder, place: str
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "dense-fog.txt").write_text("The fog\n\nThe fog closed the harbour for a day.")
    with Collection.open(tmp_path / place, embedder=embedder) as collection:
        assert collection.add(folder).refused == ()
        again = collection.add(folder)
    assert (again.unchanged, again.refused) == ((str(folder / "dense-fog.txt"),), ())


def test_an_unchanged_file_costs_nothing_and_a_changed_one_is_an_update(
    collection: Collection, embedder: WordEmbedder, tmp_path: Path
) -> None:
    file = tmp_path / "one.txt"
    file.write_text("The storm\n\nThe storm closed the harbour for nine days.")
    collection.add(file)
    calls = embedder.calls
    assert collection.add(file).unchanged == (str(file),)
    assert embedder.calls == calls
    file.write_text("The storm\n\nThe storm closed the harbour for ten days.")
    assert collection.add(file).updated == (str(file),)
    assert "ten days" in collection.search_lexical("harbour", 1)[0].passage.text
    file.unlink()
    assert collection.add(tmp_path).added == ()
    assert collection.count() == 1  # what is gone from the folder stays until it is removed


def test_a_relative_path_is_the_same_file(
    collection: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inside").mkdir()
    file = tmp_path / "one.txt"
    file.write_text("The storm\n\nThe storm closed the harbour for nine days.")
    monkeypatch.chdir(tmp_path / "inside")
    assert collection.add("../one.txt").added == (str(file),)
    monkeypatch.chdir(tmp_path)
    assert collection.add("one.txt").unchanged == (str(file),)
    assert collection.find("inside/../one.txt")[0].origin == str(file)


def test_a_damaged_index_is_repaired_by_the_next_add(
    collection: Collection, embedder: WordEmbedder
) -> None:
    collection.add_articles([STORM, FAIR])
    right = everything(collection)
    (file,) = collection.path.glob("segment-*")
    whole = file.read_bytes()
    file.write_bytes(whole[:100])
    with Collection.open(collection.path, embedder=embedder) as other:
        assert everything(other) == right
        embedded = len(embedder.embedded)
        other.add_articles([STORM, FAIR])
        assert file.read_bytes() == whole
        assert len(embedder.embedded) == embedded
