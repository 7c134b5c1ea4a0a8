"""Files are parsed several at a time, given out in their order, and their progress is told."""

from __future__ import annotations

import gzip
import json
import threading
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from index import Collection
from index.embedder import Vectors
from index.loaders import ParsingTime
from index.loaders.limits import FIRST_SECONDS
from index.reading import read
from index.types import Progress
from tests.articles import article, long_article
from tests.doubles import WordEmbedder

SENTENCE = "The ferry to Holm sails at nine, and the old men on the pier set their watches by it."


def rows(count: int) -> str:
    return "\n".join(
        json.dumps({"id": f"a{n}", "title": f"No. {n}", "text": f"{SENTENCE} It is day {n}."})
        for n in range(count)
    )


def packed(path: Path, count: int) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for n in range(count):
            archive.writestr(f"{n:03}.txt", f"No. {n}\n\n{SENTENCE} It is day {n}.")
    return path


def test_articles_come_in_the_order_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE * 500)
    packed(tmp_path / "b.zip", 30)
    (tmp_path / "c.bin").write_bytes(b"\x00\x01")
    (tmp_path / "d.txt").write_text(SENTENCE)
    paths = sorted(tmp_path.iterdir())
    found = list(read(paths, lambda origin: None))
    inside = [str(tmp_path / "b.zip" / f"{n:03}.txt") for n in range(30)]
    assert [one.origin for one in found] == [
        str(tmp_path / "a.txt"),
        *inside,
        str(tmp_path / "c.bin"),
        str(tmp_path / "d.txt"),
    ]
    assert [one.reason != "" for one in found].count(True) == 1
    done = [one.done for one in found]
    assert done == sorted(done)
    assert done[-1] <= sum(path.stat().st_size for path in paths)


def test_reading_stops_with_who_reads(tmp_path: Path) -> None:
    packed(tmp_path / "b.zip", 200)
    one = next(iter(read([tmp_path / "b.zip"], lambda origin: None)))
    assert one.article is not None


@pytest.mark.parametrize("kind", ["zip", "jsonl", "jsonl.gz", "folder"])
def test_progress_is_told_with_every_article_and_how_much_is_left(
    collection: Collection, tmp_path: Path, kind: str
) -> None:
    place = tmp_path / f"many.{kind}"
    match kind:
        case "zip":
            packed(place, 60)
        case "jsonl":
            place.write_text(rows(60))
        case "jsonl.gz":
            place.write_bytes(gzip.compress(rows(60).encode()))
        case _:
            place.mkdir()
            for n in range(60):
                (place / f"{n:02}.txt").write_text(f"No. {n}\n\n{SENTENCE} It is day {n}.")
    told = list[Progress]()
    threads = set[int]()

    def tell(progress: Progress) -> None:
        told.append(progress)
        threads.add(threading.get_ident())

    assert len(collection.add(place, progress=tell).added) == 60
    assert [one.articles for one in told] == list(range(1, 61))
    done = [one.done for one in told]
    assert done == sorted(done)
    assert 0 < done[-1] <= told[-1].total
    if kind not in ("jsonl.gz",):  # so short a file is read at once
        assert 0.2 < done[30] / told[-1].total < 0.9
    assert threads == {threading.get_ident()}


def test_what_is_left_is_told_after_a_second() -> None:
    assert Progress(50, 200, 5, 10.0).remaining == pytest.approx(30)
    assert Progress(200, 200, 5, 10.0).remaining == 0
    assert Progress(50, 200, 5, 0.5).remaining is None
    assert Progress(0, 200, 0, 10.0).remaining is None
    assert Progress(7, 0, 7, 10.0).remaining is None


def test_progress_of_articles_is_counted_in_articles(collection: Collection) -> None:
    told = list[Progress]()
    made = [article(f"{SENTENCE} {n}.", f"/{n}") for n in range(3)]
    collection.add_articles(made, progress=told.append)
    assert [(one.done, one.total) for one in told] == [(1, 3), (2, 3), (3, 3)]


def test_a_file_whose_articles_take_too_long_together_is_left(tmp_path: Path) -> None:
    spent = ParsingTime()
    spent.allow(1_000_000)
    spent.spend(FIRST_SECONDS)
    spent.check()
    spent.spend(1_000)
    with pytest.raises(Exception, match="too long to read; the rest of it was left out"):
        spent.check()


def test_an_archive_of_slow_files_ends_and_the_other_files_are_read(
    tmp_path: Path, collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.loaders.limits.FIRST_SECONDS", 0.0)
    monkeypatch.setattr("index.loaders.limits.SECONDS_PER_MB", 0.0)
    packed(tmp_path / "a.zip", 200)
    (tmp_path / "b.txt").write_text(SENTENCE)
    report = collection.add(tmp_path)
    assert str(tmp_path / "b.txt") in report.added
    assert 1 < len(report.added) < 200
    assert report.refused[-1].origin == str(tmp_path / "a.zip")
    assert "left out" in report.refused[-1].reason


class SlowEmbedder(WordEmbedder):
    """Takes its time, and notes when."""

    def __init__(self) -> None:
        super().__init__()
        self.times = list[tuple[float, float]]()

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        began = time.monotonic()
        time.sleep(0.3)
        vectors = super().embed_passages(texts)
        self.times.append((began, time.monotonic()))
        return vectors


def test_articles_are_made_while_others_are_embedded(tmp_path: Path) -> None:
    embedder, asked = SlowEmbedder(), list[float]()

    def articles():  # type: ignore[no-untyped-def]
        for n in range(120):
            asked.append(time.monotonic())
            yield long_article(range(10 * n, 10 * n + 10), f"/articles/{n:03}")

    with Collection.open(tmp_path / "made", embedder=embedder) as collection:
        assert len(collection.add_articles(articles()).added) == 120
    assert len(embedder.times) > 2
    first, last = embedder.times[0], embedder.times[-1]
    during = [moment for moment in asked if first[0] < moment < first[1]]
    assert during
    assert asked[-1] < last[0]


def test_what_fails_to_embed_ends_the_add_and_keeps_what_was_stored(tmp_path: Path) -> None:
    class Failing(WordEmbedder):
        def embed_passages(self, texts: Sequence[str]) -> Vectors:
            if any("word500x" in text for text in texts):
                raise MemoryError
            return super().embed_passages(texts)

    made = [long_article(range(10 * n, 10 * n + 10), f"/articles/{n:03}") for n in range(60)]
    with Collection.open(tmp_path / "made", embedder=Failing()) as collection:
        with pytest.raises(MemoryError):
            collection.add_articles(made)
        assert 0 < collection.count() < 60
        assert collection.verify().is_sound
        collection.embedder = WordEmbedder()
        report = collection.add_articles(made)
        assert len(report.added) + len(report.unchanged) == 60
        assert collection.verify().is_sound


class TwoAtOnce(WordEmbedder):
    """Embeds the first two batches only together, and lets the later one end first."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []
        self._both = threading.Barrier(2)
        self._later_is_done = threading.Event()

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.sizes.append(len(texts))
        number = len(self.sizes)
        if number <= 2:
            self._both.wait(timeout=30)
        vectors = super().embed_passages(texts)
        if number == 1:
            assert self._later_is_done.wait(timeout=30)
        self._later_is_done.set()
        return vectors


def test_two_batches_are_embedded_at_once_and_stored_in_their_order(tmp_path: Path) -> None:
    made = [long_article(range(10 * n, 10 * n + 10), f"/articles/{n:03}") for n in range(60)]
    embedder = TwoAtOnce()
    with Collection.open(tmp_path / "made", embedder=embedder) as collection:
        assert len(collection.add_articles(made).added) == 60
        found = [collection.search_lexical(f"end{number}", 1)[0] for number in (0, 123, 555)]
        assert found == sorted(found, key=lambda hit: hit.passage.id)
        assert collection.verify().is_sound
    assert embedder.sizes[0] < embedder.sizes[1]


def test_a_batch_that_fails_while_another_is_embedded_takes_that_one_with_it(
    tmp_path: Path,
) -> None:
    class FirstFails(TwoAtOnce):
        def embed_passages(self, texts: Sequence[str]) -> Vectors:
            vectors = super().embed_passages(texts)
            if any("word0x" in text for text in texts):
                raise MemoryError
            return vectors

    made = [long_article(range(10 * n, 10 * n + 10), f"/articles/{n:03}") for n in range(60)]
    with Collection.open(tmp_path / "made", embedder=FirstFails()) as collection:
        with pytest.raises(MemoryError):
            collection.add_articles(made)
        assert collection.count() == 0
        collection.embedder = WordEmbedder()
        assert len(collection.add_articles(made).added) == 60
