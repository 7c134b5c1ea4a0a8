"""The shell as a process of its own: served pages, pipes, interrupts, terminals."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from index.collection import Collection
from index.errors import NotFoundError
from index.locking import writing
from tests.qa.shells import FERRY, MILL, origins

ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def process(
    *arguments: str | bytes | Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdout: Any = subprocess.PIPE,
) -> Iterator[subprocess.Popen[bytes]]:
    """The program as a process of its own, ended at the latest with the test."""
    with subprocess.Popen(
        [sys.executable, "-m", "qa", *arguments],
        # Output is held back as it is for users, whatever the tests themselves run with.
        env={**os.environ, "PYTHONUNBUFFERED": "", "PYTHONPATH": str(ROOT), **(env or {})},
        cwd=cwd,
        stdout=stdout,
        stderr=subprocess.PIPE,
    ) as started:
        try:
            yield started
        finally:
            if started.poll() is None:
                started.kill()


def test_the_program_runs_from_another_folder(made: Path, tmp_path: Path) -> None:
    with process("list", "--json", "--collection", made, cwd=tmp_path) as listing:
        out, err = listing.communicate(timeout=60)
    assert (listing.returncode, err) == (0, b"")
    assert len(json.loads(out)) == 3


def served(folder: Path, cwd: Path) -> list[str]:
    """What `serve` says up to its address, at which the page is then asked for."""
    with process("serve", folder, "--port", "0", cwd=cwd) as serving:
        assert serving.stdout is not None
        said = [serving.stdout.readline().decode() for _ in range(2)]
        address = said[1].split()[2]
        with urllib.request.urlopen(address, timeout=60) as page:
            assert b"Article QA" in page.read()
        serving.terminate()
        serving.communicate(timeout=60)
    return said


def test_each_served_folder_has_a_collection_of_its_own(tmp_path: Path) -> None:
    mill, ferry = tmp_path / "one" / "articles", tmp_path / "other" / "articles"
    for folder, name, text in ((mill, "mill.md", MILL), (ferry, "ferry.txt", FERRY)):
        folder.mkdir(parents=True)
        (folder / name).write_text(text, "utf-8")

    assert "1 added" in served(mill, tmp_path)[0]
    assert "1 added" in served(Path("other/articles"), tmp_path)[0]
    again = served(Path("one/articles"), tmp_path)

    assert "0 added, 0 updated, 1 unchanged" in again[0]
    assert "http://127.0.0.1:" in again[1]
    assert "(1 article)" in again[1]
    collections = list((tmp_path / ".collections").iterdir())
    assert sorted(map(sorted, map(origins, collections))) == [["ferry.txt"], ["mill.md"]]
    assert all(folder.name.startswith("articles-") for folder in collections)


def test_a_collection_that_another_process_writes_is_served(made: Path, tmp_path: Path) -> None:
    (tmp_path / "mill.md").write_text(MILL, "utf-8")
    with (
        writing(made, "repairing it"),
        process("serve", tmp_path, "--collection", made, "--port", "0") as serving,
    ):
        assert serving.stdout is not None
        address = serving.stdout.readline().decode().split()[2]
        with urllib.request.urlopen(address, timeout=60) as page:
            assert b"Article QA" in page.read()
        serving.terminate()
        _, err = serving.communicate(timeout=60)
    assert b"not added" in err
    assert b"being written by another process (repairing it)" in err
    assert len(origins(made)) == 3


def test_an_address_for_others_is_refused_before_anything_is_added(tmp_path: Path) -> None:
    (tmp_path / "mill.md").write_text(MILL, "utf-8")
    with process("serve", tmp_path, "--host", "0.0.0.0", cwd=tmp_path) as serving:
        _, err = serving.communicate(timeout=60)
    assert serving.returncode == 2
    assert b"no password is set" in err
    assert not (tmp_path / ".collections").exists()


def test_output_into_a_closed_pipe_ends_quietly(made: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with process("list", "--collection", made, stdout=writing) as listing:
        os.close(writing)
        _, err = listing.communicate(timeout=60)
    assert (listing.returncode, err) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_told_in_a_line(made: Path) -> None:
    with (
        Path("/dev/full").open("w") as full,
        process("list", "--collection", made, stdout=full) as listing,
    ):
        _, err = listing.communicate(timeout=60)
    assert listing.returncode == 2
    assert len(err.splitlines()) == 1
    assert b"No space left" in err


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A shell starts background jobs with interrupts ignored, and what they start inherits it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_an_interrupt_ends_the_program_in_a_line(
    made: Path, tmp_path: Path, interruptible: None
) -> None:
    os.mkfifo(tmp_path / "slow.jsonl")
    slow = tmp_path / "slow.jsonl"
    with (
        process("ask", "--questions", slow, "--collection", made) as asking,
        slow.open("wb"),  # opens when the program has begun to read it
    ):
        asking.send_signal(signal.SIGINT)
        out, err = asking.communicate(timeout=60)
    assert (asking.returncode, out) == (130, b"")
    assert err == b"article-qa: stopped; what was finished is kept\n"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="interrupts are sent otherwise there")
def test_an_interrupted_add_keeps_what_it_had_and_the_same_command_goes_on(
    tmp_path: Path, interruptible: None
) -> None:
    folder, path = tmp_path / "articles", tmp_path / "made"
    folder.mkdir()
    for number in range(520):
        (folder / f"{number:03}.txt").write_text(f"Day {number}\n\nIt rained {number} mm.", "utf-8")
    with process("add", folder, "--collection", path) as adding:
        held = 0
        while not held and adding.poll() is None:
            time.sleep(0.02)
            with contextlib.suppress(NotFoundError), Collection.open(path, create=False) as reader:
                held = reader.count()
        adding.send_signal(signal.SIGINT)
        out, err = adding.communicate(timeout=120)
    assert (adding.returncode, out) == (130, b"")
    assert err == b"article-qa: stopped; what was finished is kept\n"
    with Collection.open(path, create=False) as collection:
        kept = collection.count()
        assert 0 < held <= kept < 520
        assert collection.verify().is_sound
    with process("add", folder, "--collection", path) as adding:
        out, err = adding.communicate(timeout=120)
    assert (adding.returncode, err) == (0, b"")
    assert out.decode().split(", ")[::2] == [f"{520 - kept} added", f"{kept} unchanged"]


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are text there")
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_question_that_is_not_text_is_survived_on_any_terminal(
    tmp_path: Path, encoding: str
) -> None:
    with Collection.open(tmp_path / "bare"):
        pass
    question = "How was “stone flour” made \udcff🐟?"
    as_typed = question.encode("utf-8", "surrogateescape")
    for form in ([], ["--json"]):
        with process(
            *("ask", as_typed, *form, "--collection", tmp_path / "bare"),
            env={"PYTHONIOENCODING": encoding},
        ) as asking:
            out, err = asking.communicate(timeout=60)
        assert (asking.returncode, err) == (0, b"")
    answer = json.loads(out.decode(encoding))
    assert answer["question"] == question
    assert answer["asked_as"] == "How was “stone flour” made ?🐟?"


def test_titles_are_listed_on_a_terminal_without_their_characters(made: Path) -> None:
    with process("list", "--collection", made, env={"PYTHONIOENCODING": "ascii"}) as listing:
        out, err = listing.communicate(timeout=60)
    assert (listing.returncode, err) == (0, b"")
    assert b"The mill at Oster \\xb7 Valley Post" in out
