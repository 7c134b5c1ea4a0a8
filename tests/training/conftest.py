"""Made-up data."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.training import made_up


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder such as `--data` names."""
    return made_up.folder(tmp_path_factory.mktemp("data"))
