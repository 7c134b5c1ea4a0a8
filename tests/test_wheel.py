"""A plain `pip install .`, used from elsewhere, is the whole program."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
LEFT_OUT = shutil.ignore_patterns(
    ".*", "__pycache__", "build", "dist", "*.egg-info", "test-artifacts", "shared"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, since building leaves files behind."""
    pytest.importorskip("setuptools", reason="building needs setuptools")
    folder = tmp_path_factory.mktemp("wheel")
    source = shutil.copytree(ROOT, folder / "source", ignore=LEFT_OUT)
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's content alone; the libraries are those of this environment."""
    folder = tmp_path_factory.mktemp("installed")
    pip("install", "--no-deps", "--target", folder, wheel)
    return folder


def pip(*arguments: str | Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def run(*command: str | Path, installed: Path, cwd: Path) -> str:
    """What the command prints; it must end well and say nothing on standard error."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(installed), "HF_HUB_OFFLINE": "1"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def script(installed: Path) -> Path:
    """The console script where pip puts it on this system."""
    (found,) = [*installed.glob("bin/article-qa"), *installed.glob("bin/article-qa.exe")]
    return found


def test_a_wheel_holds_the_program_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"app.py", "index", "qa", "chat"}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_a_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    wanted = {
        path.relative_to(ROOT).as_posix()
        for package in ("index", "qa", "chat")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert any(name.endswith(".css") for name in wanted)
    assert wanted - packed == set()


def test_the_installed_program_runs_from_elsewhere(installed: Path, tmp_path: Path) -> None:
    said = run(script(installed), "--help", installed=installed, cwd=tmp_path)
    assert "serve" in said

    note = "The bakery on the quay opened in 1904. Its ovens are heated with beech wood.\n"
    (tmp_path / "bakery.txt").write_text(note, "utf-8")
    said = run(script(installed), "add", "bakery.txt", installed=installed, cwd=tmp_path)
    assert said.startswith("1 added")
    assert (tmp_path / ".collections" / "default").is_dir()

    question = "When did the bakery on the quay open?"
    said = run(script(installed), "ask", question, "--json", installed=installed, cwd=tmp_path)
    answer = json.loads(said)
    assert answer["citations"][0]["quote"] == "The bakery on the quay opened in 1904."


def test_the_installed_chat_is_complete(installed: Path, tmp_path: Path) -> None:
    program = """
import app, chat, index, qa
from index import Collection
from qa.factory import assistant
with Collection.open("shelf") as collection:
    page = app.build(assistant(collection), collection)
    print(app.__file__, chat.__file__, index.__file__, qa.__file__, callable(app.serve), sep="\\n")
"""
    said = run(sys.executable, "-W", "ignore", "-c", program, installed=installed, cwd=tmp_path)
    *files, serves = said.splitlines()
    assert all(Path(file).is_relative_to(installed) for file in files)
    assert serves == "True"
