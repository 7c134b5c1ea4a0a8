"""One writes, many read, in threads and in processes: they see the old or the new, never half."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from index import Collection
from index.errors import LockedError
from tests.articles import article
from tests.doubles import WordEmbedder

ROOT = Path(__file__).parents[2]
PARTS = 6


def version(number: int, of: int) -> str:
    """An article all of whose passages say which version they belong to."""
    parts = [
        " ".join(f"article{of}part{part}word{word}" for word in range(40)) + f" version{number}."
        for part in range(PARTS)
    ]
    return "\n\n".join(parts)


def write(collection: Collection, numbers: range) -> None:
    """Each version in one call; those of two articles together."""
    for number in numbers:
        collection.add_articles(
            [article(version(number, of), f"/{of}", title=f"Article {of}") for of in (0, 1)]
        )


def look(collection: Collection) -> str:
    """One look at the collection by both searches; what is wrong, or ""."""
    for of in (0, 1):
        dense = collection.search_dense(f"article{of}part0word1", 2 * PARTS)
        lexical = collection.search_lexical(
            " ".join(f"article{of}part{part}word1" for part in range(PARTS)), 2 * PARTS
        )
        for hits in (dense, lexical):
            own = [hit for hit in hits if f"article{of}part" in hit.passage.text]
            versions = {hit.passage.text.rsplit(" ", 1)[1] for hit in own}
            if len(own) != PARTS or len(versions) != 1:
                return f"{len(own)} passages of {sorted(versions)}"
    return ""


def watched(watch: Callable[[], str], stop: threading.Event, said: list[str]) -> None:
    looks = 0
    while not stop.is_set() or not looks:
        looks += 1
        wrong = watch()
        if wrong:
            said.append(wrong)
            return
    said.append("")


def test_threads_see_one_version_at_a_time_while_another_is_written(
    collection: Collection, tmp_path: Path
) -> None:
    write(collection, range(1))
    stop, said = threading.Event(), list[str]()
    threads = [
        threading.Thread(target=watched, args=(lambda: look(collection), stop, said))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    try:
        write(collection, range(1, 25))
        collection.backup(tmp_path / "backup")
        collection.compact()
        collection.reembed(collection.embedder)
        write(collection, range(25, 35))
        collection.restore(tmp_path / "backup")
        write(collection, range(35, 40))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert said == ["", "", ""]
    assert collection.verify().is_sound


READ = """
import json, sys
from index import Collection
from tests.doubles import WordEmbedder
from tests.index.test_concurrency import look
with Collection.open(sys.argv[1], embedder=WordEmbedder()) as collection:
    print("ready", flush=True)
    looks, wrong = 0, ""
    while not wrong and collection.count() < 3:
        looks += 1
        wrong = look(collection)
    print(json.dumps([looks, wrong]))
"""


def test_processes_see_one_version_at_a_time_while_another_is_written(
    collection: Collection, tmp_path: Path
) -> None:
    write(collection, range(1))
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READ, str(collection.path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    try:
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n"
        write(collection, range(1, 30))
        collection.backup(tmp_path / "backup")
        collection.compact()
        write(collection, range(30, 40))
        collection.restore(tmp_path / "backup")
        write(collection, range(40, 45))
        collection.add_articles([article("The end.", "/end")])
        results = [json.loads(reader.communicate(timeout=60)[0]) for reader in readers]
    finally:
        for reader in readers:
            reader.kill()
    assert [wrong for _, wrong in results] == ["", ""]
    assert all(looks > 0 for looks, _ in results)


WRITE = """
import sys, time
from index import Collection
from index.errors import LockedError
from tests.articles import article
from tests.doubles import WordEmbedder
me, path = sys.argv[1:]
done = refused = 0
with Collection.open(path, embedder=WordEmbedder()) as collection:
    while done < 10:
        try:
            collection.add_articles([article(f"Of {me}, {done}.", f"/{me}/{done}")])
            done += 1
        except LockedError:
            refused += 1
            time.sleep(0.005)
print(done, refused)
"""


def test_two_processes_that_write_take_turns_or_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "collection"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, me, str(path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for me in ("one", "two")
    ]
    said = [writer.communicate(timeout=60)[0].split() for writer in writers]
    assert [done for done, _ in said] == ["10", "10"]
    with Collection.open(path, embedder=WordEmbedder()) as collection:
        assert {one.origin for one in collection.articles()} == {
            f"/{me}/{number}" for me in ("one", "two") for number in range(10)
        }
        assert collection.verify().is_sound


def test_the_same_article_from_many_threads_is_there_once(collection: Collection) -> None:
    refused = list[LockedError]()
    together = threading.Barrier(6)

    def add() -> None:
        together.wait()
        try:
            collection.add_articles([article(version(0, 0), "/0")])
        except LockedError as error:
            refused.append(error)

    threads = [threading.Thread(target=add) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) < 6
    assert collection.count() == 1
    assert collection.stats().passages == PARTS
