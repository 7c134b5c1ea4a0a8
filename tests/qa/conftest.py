"""A collection that the shell made."""

from __future__ import annotations

import contextlib
import io
import shutil
from pathlib import Path

import pytest

from tests.qa.shells import FERRY, HOTEL, MILL, Result, Shell, exit_code


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three articles, and three files that cannot become one."""
    made = tmp_path_factory.mktemp("articles")
    (made / "mill.md").write_text(MILL, "utf-8")
    (made / "islands").mkdir()
    (made / "islands" / "ferry.txt").write_text(FERRY, "utf-8")
    (made / "islands" / "hotel.html").write_text(HOTEL, "utf-8")
    (made / "empty.txt").write_bytes(b"")
    (made / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    (made / "sheet.csv").write_text("a,b\n1,2\n", "utf-8")
    return made


@pytest.fixture(scope="session")
def added(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The collection of `folder`, and what the shell said when it was made."""
    path = tmp_path_factory.mktemp("collections") / "made"
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = exit_code("add", folder, "--collection", path)
    return path, Result(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="session")
def made(added: tuple[Path, Result]) -> Path:
    """A collection that no test changes."""
    return added[0]


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    """The same collection, for a test to change."""
    return Path(shutil.copytree(made, tmp_path / "copied"))


@pytest.fixture
def shell(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Shell:
    """Runs one command in an empty folder."""
    monkeypatch.delenv("ARTICLE_QA_COLLECTION", raising=False)
    monkeypatch.delenv("ARTICLE_QA_EMBEDDER", raising=False)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    def run(*arguments: object) -> Result:
        capsys.readouterr()
        code = exit_code(*arguments)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Result(code, said.out, said.err)

    return run
