"""The packaged tokenizer, which is small."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.embedder import packaged_folder
from qa.tokens import WordPieces


@pytest.fixture(scope="session")
def packaged() -> Path:
    """The embedder's folder."""
    return packaged_folder()


@pytest.fixture(scope="session")
def pieces(packaged: Path) -> WordPieces:
    """The embedder's tokenizer."""
    return WordPieces(packaged)
