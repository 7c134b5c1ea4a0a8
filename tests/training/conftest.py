"""The packaged tokenizer, which is small, and made-up data."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.embedder import packaged_folder
from qa.tokens import WordPieces
from tests.training import made_up


@pytest.fixture(scope="session")
def packaged() -> Path:
    """The embedder's folder."""
    return packaged_folder()


@pytest.fixture(scope="session")
def pieces(packaged: Path) -> WordPieces:
    """The embedder's tokenizer."""
    return WordPieces(packaged)


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder such as `--data` names."""
    return made_up.folder(tmp_path_factory.mktemp("data"))
