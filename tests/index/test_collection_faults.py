"""Damage, kills, full disks and forbidden folders: right answers or a clear error.

Samples of what each fault can do; large counts of them are for a command run by hand.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index import ArticleQAError, Collection
from index.errors import CollectionError, DamageError
from index.types import Article
from tests.articles import BRIDGE, FAIR, STORM, article, everything, long_article, paragraph
from tests.doubles import WordEmbedder

ROOT = Path(__file__).parents[2]
POSIX = pytest.mark.skipif(os.name != "posix", reason="limits and users of POSIX systems")


def opened(path: Path) -> Collection:
    return Collection.open(path, embedder=WordEmbedder())


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    """A child process with its own Python, so that it can be killed and limited."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def result(program: str, *arguments: str) -> list[str]:
    """What the child said, line by line; it must end well."""
    child = start(program, *arguments)
    said, complaints = child.communicate(timeout=60)
    assert child.returncode == 0, complaints
    return said.splitlines()


# --- damaged bytes ---

MADE = [STORM, FAIR, BRIDGE, *(long_article(range(n, n + 5), f"/{n}") for n in range(0, 40, 5))]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a closed collection; tests damage copies of its database."""
    path = tmp_path_factory.mktemp("whole") / "collection"
    with opened(path) as collection:
        collection.add_articles(MADE)
    assert not list(path.glob("*-wal"))
    return path


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "copy"))


def flipped(data: bytes, chance: random.Random) -> bytes:
    """`data` with one bit changed."""
    damaged = bytearray(data)
    damaged[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def damage(copy: Path, data: bytes) -> None:
    for journal in copy.glob("*.sqlite3-*"):
        journal.unlink()
    (copy / "collection.sqlite3").write_bytes(data)


def test_no_flipped_bit_in_a_text_is_ever_read_as_the_text(copy: Path) -> None:
    data = (copy / "collection.sqlite3").read_bytes()
    text = STORM.text.encode()
    chance = random.Random(1)
    for _ in range(60):
        # Wherever it stands: a page that is no longer used may hold it, too.
        damage(copy, data.replace(text, flipped(text, chance)))
        with opened(copy) as collection:
            for read in (
                lambda: collection.article(STORM.id),
                lambda: list(collection.articles()),
                lambda: collection.search_dense("storm harbour", 3),
                lambda: collection.search_lexical("storm", 3),
            ):
                with pytest.raises(DamageError, match="restore a backup"):
                    read()
            assert collection.article(FAIR.id) == FAIR
            assert collection.search_lexical("carousel", 1)[0].passage.text == FAIR.text


def test_no_flipped_bit_anywhere_is_read_as_another_article_or_passage(copy: Path) -> None:
    data = (copy / "collection.sqlite3").read_bytes()
    chance = random.Random(2)
    right = {made.id: made for made in MADE}
    refused = list[str]()

    def hit_texts(collection: Collection) -> None:
        hits = collection.search_dense("harbour", 9) + collection.search_lexical("harbour", 9)
        for hit in hits:
            text = right[hit.passage.article_id].text
            assert text[hit.passage.start : hit.passage.end] == hit.passage.text

    def article_texts(collection: Collection) -> None:
        for made in collection.articles():
            assert made == right[made.id]

    checks: list[Callable[[Collection], None]] = [hit_texts, article_texts]
    for _ in range(60):
        damage(copy, flipped(data, chance))
        for check in checks:
            try:
                with opened(copy) as collection:
                    check(collection)
            except CollectionError as error:
                refused.append(str(error))
    assert 0 < len(refused) < 120  # both happen, or the test would show nothing
    assert all("collection.sqlite3" in reason for reason in refused)


@pytest.mark.parametrize("size", [1, 100, 4_096, 20_000, 100_000])
def test_a_shortened_database_is_damage(copy: Path, size: int) -> None:
    data = (copy / "collection.sqlite3").read_bytes()
    damage(copy, data[:size])

    def read_all() -> None:
        with opened(copy) as collection:
            assert list(collection.articles()) == sorted(MADE, key=lambda made: made.origin)
            everything(collection)

    with pytest.raises(DamageError, match="restore a backup"):
        read_all()


def test_damage_ends_an_add_instead_of_refusing_the_file(tmp_path: Path) -> None:
    file = tmp_path / "one.txt"
    file.write_text("The storm\n\nThe storm closed the harbour for nine days.")
    path = tmp_path / "collection"
    with opened(path) as collection:
        collection.add(file)
    database = path / "collection.sqlite3"
    data = database.read_bytes()
    damage(path, data.replace(b"for nine days", b"for ninE days"))
    with opened(path) as collection, pytest.raises(DamageError, match="checksum"):
        collection.add(file)


# --- kills ---

ADD_ONE_BY_ONE = """
import sys
from pathlib import Path
from index import Collection
from tests.doubles import WordEmbedder
folder, path = map(Path, sys.argv[1:])
collection = Collection.open(path, embedder=WordEmbedder())
print("ready", flush=True)
for file in sorted(folder.iterdir()):
    collection.add(file)
    print(file.name, flush=True)
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Thirty files, of one to eight passages each."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(30):
        paragraphs = [f"Title {number}", *map(paragraph, range(number % 8 + 1))]
        (folder / f"{number:02}.txt").write_text("\n\n".join(paragraphs))
    return folder


def killed_after(seconds: float, files: Path, path: Path) -> set[str]:
    """The files whose add had returned when the child was killed."""
    child = start(ADD_ONE_BY_ONE, str(files), str(path))
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(seconds)
    child.kill()
    said, _ = child.communicate()
    # The last line may be torn; then its add had returned, but nobody has heard so.
    return {line.removesuffix("\n") for line in said.splitlines(keepends=True) if "\n" in line}


def assert_whole(collection: Collection) -> set[str]:
    """Every article has all its passages, in the database and in what is found; their names."""
    expected = list[str]()
    for made in collection.articles():
        number = int(Path(made.origin).stem)
        parts = [paragraph(part) for part in range(number % 8 + 1)]
        assert made.text == "\n\n".join(parts)
        expected += parts
    assert sorted(text for _, text in everything(collection)) == sorted(expected)
    assert collection.stats().passages == len(expected)
    return {Path(made.origin).name for made in collection.articles()}


@pytest.mark.slow
def test_what_was_acknowledged_before_a_kill_is_there_and_the_same_add_completes(
    files: Path, tmp_path: Path
) -> None:
    names = {file.name for file in files.iterdir()}
    path = tmp_path / "collection"
    acknowledged = set[str]()
    for _ in range(3):
        delay = random.uniform(0, 0.4)
        acknowledged |= killed_after(delay, files, path)
        with opened(path) as collection:
            assert assert_whole(collection) >= acknowledged, f"killed after {delay} s"
    with opened(path) as collection:
        report = collection.add(files)
        assert len(report.added) + len(report.unchanged) == 30
        assert acknowledged <= {Path(origin).name for origin in report.unchanged}
        assert assert_whole(collection) == names


# --- no room ---

FILL = """
import json, resource, sys
from pathlib import Path
from index import ArticleQAError, Collection
from tests.articles import STORM
from tests.doubles import WordEmbedder
files, path = map(Path, sys.argv[1:3])
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
with Collection.open(path, embedder=WordEmbedder()) as collection:
    for size in json.loads(sys.argv[3]):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            collection.add(files)
            error = None
        except ArticleQAError as raised:
            error = str(raised)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        left = [file.name for file in path.iterdir() if ".new" in file.name]
        print(json.dumps([error, collection.article(STORM.id) == STORM, left]))
"""


@POSIX
@pytest.mark.slow
def test_a_full_disk_is_a_clear_error_and_costs_nothing_that_was_there(
    files: Path, tmp_path: Path
) -> None:
    path = tmp_path / "collection"
    with opened(path) as collection:
        collection.add_articles([STORM])
    sizes = [0, 1, 4_096, 20_000, 50_000, 100_000, 150_000, 300_000, 10_000_000]
    said = [json.loads(line) for line in result(FILL, str(files), str(path), json.dumps(sizes))]
    assert len(said) == len(sizes)
    errors = [error for error, *_ in said if error]
    assert len(errors) >= 5
    for error, kept, left in said:
        assert kept
        assert left == []
        assert error is None or str(path) in error
    with opened(path) as collection:
        collection.add(files)
        collection.remove(STORM.id)
        assert assert_whole(collection) == {file.name for file in files.iterdir()}


FILL_BESIDE = """
import resource, sys
from index import ArticleQAError, Collection
from tests.articles import BRIDGE, everything
from tests.doubles import WordEmbedder
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
with Collection.open(sys.argv[1], embedder=WordEmbedder()) as collection:
    before = len(everything(collection))
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        collection.add_articles([BRIDGE])
    except ArticleQAError as error:
        print(error)
    print(collection.article(BRIDGE.id) == BRIDGE, len(everything(collection)) - before)
    print(*(file.name for file in collection.path.iterdir() if ".new" in file.name))
"""


@POSIX
def test_without_room_for_the_index_what_was_added_is_found_all_the_same(
    tmp_path: Path,
) -> None:
    path = tmp_path / "collection"
    with opened(path) as collection:
        collection.add_articles([long_article(range(120))])
    error, stored, rubbish = result(FILL_BESIDE, str(path))
    assert error.startswith(f"cannot write {path}")
    assert stored == "True 1"
    assert rubbish == ""
    with opened(path) as collection:
        assert collection.search_dense("the old bridge", 1)[0].passage.text == BRIDGE.text
        assert collection.add_articles([BRIDGE]).unchanged == (BRIDGE.origin,)


# --- no permission ---

READ_AS_NOBODY = """
import os, sys
from pathlib import Path
from index import ArticleQAError, Collection
from tests.articles import STORM
from tests.doubles import WordEmbedder
if os.geteuid() == 0:
    os.seteuid(65534)
path = Path(sys.argv[1])
def attempt(what):
    try:
        return what()
    except ArticleQAError as error:
        return f"error: {error}"
def read():
    with Collection.open(path, embedder=WordEmbedder()) as collection:
        hits = collection.search_dense("storm", 3) + collection.search_lexical("storm", 3)
        return "read" if hits and list(collection.articles()) == [STORM] else "wrong"
def write():
    with Collection.open(path, embedder=WordEmbedder()) as collection:
        return str(collection.remove(STORM.id))
print(attempt(read))
print(attempt(write))
print(attempt(lambda: Collection.open(path / "below", embedder=WordEmbedder())))
"""


@pytest.fixture
def forbidden() -> Iterator[Path]:
    """A collection in a folder that others, and here everybody, may read but not write."""
    above = Path(tempfile.mkdtemp())  # pytest's own folders are closed to others
    with opened(above / "collection") as collection:
        collection.add_articles([STORM])
    path = above / "collection"
    for file in path.iterdir():
        file.chmod(0o444)
    path.chmod(0o555)
    above.chmod(0o755)
    yield path
    path.chmod(0o755)
    shutil.rmtree(above)


@POSIX
def test_a_folder_that_may_not_be_written_is_read_and_writing_is_refused(forbidden: Path) -> None:
    before = {file.name: file.read_bytes() for file in forbidden.iterdir()}
    read, write, below = result(READ_AS_NOBODY, str(forbidden))
    assert read == "read"
    assert write.startswith("error:")
    assert f"{forbidden} can only be read, not written" in write
    assert below.startswith("error: cannot make a collection at")
    assert {file.name: file.read_bytes() for file in forbidden.iterdir()} == before


# --- embedders that fail ---


class Unplugged(WordEmbedder):
    """A model that is lost in the middle of its work."""

    def embed_passages(self, texts):  # type: ignore[no-untyped-def]
        if any("carousel" in text for text in texts):
            raise ArticleQAError("the model is gone")
        return super().embed_passages(texts)


def test_an_embedder_that_fails_leaves_what_was_there_and_frees_the_lock(tmp_path: Path) -> None:
    with Collection.open(tmp_path / "made", embedder=Unplugged()) as collection:
        collection.add_articles([STORM])
        with pytest.raises(ArticleQAError, match="gone"):
            collection.add_articles([article("New.", origin="/new"), FAIR])
        assert list[Article](collection.articles()) == [STORM]
        with opened(tmp_path / "made") as other:
            assert len(other.add_articles([FAIR]).added) == 1
