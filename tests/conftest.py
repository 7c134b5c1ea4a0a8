"""What all tests share: no network, and a small collection with a small embedder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

# Read when the libraries are imported, so set before any of them is.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
# Nothing that a test asks gets into the history of whoever runs it.
os.environ["ARTICLE_QA_HISTORY"] = "off"

import pytest
from hypothesis import settings

from index.collection import Collection
from index.embedder import packaged_folder
from qa.tokens import WordPieces
from tests.doubles import WordEmbedder

# Shared build machines are slow at times; what a test costs is seen in --durations.
settings.register_profile("article-qa", deadline=None, max_examples=60)
settings.register_profile("ci", parent=settings.get_profile("article-qa"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "article-qa")


def _stay_at_home(event: str, args: tuple[object, ...]) -> None:
    """Refuse any connection to another computer, whichever library wants it."""
    if event == "socket.connect":
        address = args[1]
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"tests have no network: {address}")


sys.addaudithook(_stay_at_home)


@pytest.fixture
def embedder() -> WordEmbedder:
    """A new one for each test, so that what it counts is this test's alone."""
    return WordEmbedder()


@pytest.fixture
def collection(tmp_path: Path, embedder: WordEmbedder) -> Iterator[Collection]:
    """An empty collection on disk, with `embedder`."""
    with Collection.open(tmp_path / "collection", embedder=embedder) as opened:
        yield opened


@pytest.fixture(scope="session")
def packaged() -> Path:
    """The embedder's folder."""
    return packaged_folder()


@pytest.fixture(scope="session")
def pieces(packaged: Path) -> WordPieces:
    """The embedder's tokenizer."""
    return WordPieces(packaged)
