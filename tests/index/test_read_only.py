"""Where a reader may write nothing, it reads what is there, also while the owner writes."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Collection
from tests.articles import BRIDGE, FAIR, STORM
from tests.doubles import WordEmbedder

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="only the administrator can be somebody else"
)

READ_AS_NOBODY = """
import os, sys
from index import ArticleQAError, Collection
from tests.doubles import WordEmbedder
os.seteuid(65534)
collection = None
for _ in sys.stdin:
    try:
        if collection is None:
            collection = Collection.open(sys.argv[1], embedder=WordEmbedder(), create=False)
        titles = [one.title for one in collection.articles()]
        hits = collection.search_dense("x", 9)
        words = collection.search_lexical("storm fair bridge", 9)
        print(*titles, len(hits), len(words), flush=True)
    except ArticleQAError as error:
        print("error:", error, flush=True)
"""


class Reader:
    """A process of somebody who may not write."""

    def __init__(self, path: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", READ_AS_NOBODY, str(path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()

    def read(self) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


@pytest.fixture
def path() -> Iterator[Path]:
    above = Path(tempfile.mkdtemp())  # pytest's own folders are closed to others
    above.chmod(0o755)
    with Collection.open(above / "collection", embedder=WordEmbedder()) as collection:
        collection.add_articles([STORM])
    yield above / "collection"
    shutil.rmtree(above)


def test_a_reader_sees_what_the_owner_adds_and_removes(path: Path) -> None:
    with Reader(path) as reader:
        assert reader.read() == "Storm 1 1"
        with Collection.open(path, embedder=WordEmbedder()) as owner:
            assert reader.read() == "Storm 1 1"
            owner.add_articles([FAIR])
            assert reader.read() == "Fair Storm 2 2"
            owner.remove(STORM.id)
            assert reader.read() == "Fair 1 1"
        assert reader.read() == "Fair 1 1"
        with Collection.open(path, embedder=WordEmbedder()) as owner:
            owner.add_articles([BRIDGE])
            with Reader(path) as later:
                assert later.read() == reader.read() == "Bridge Fair 2 2"
        assert reader.read() == "Bridge Fair 2 2"


def test_changes_left_in_the_journal_are_never_left_out(path: Path) -> None:
    left = path.with_name("left")
    with Collection.open(path, embedder=WordEmbedder()) as owner:
        owner.add_articles([FAIR])
        shutil.copytree(path, left)  # as a kill leaves it
    (left / "collection.sqlite3-shm").unlink()
    with Reader(left) as reader:
        said = reader.read()
        assert said.startswith("error:")
        assert "open it once where its folder can be written" in said
        with Collection.open(left, embedder=WordEmbedder()):
            pass
        assert reader.read() == "Fair Storm 2 2"
