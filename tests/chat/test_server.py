"""Where the chat answers, and the whole program as a process."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from chat import server
from chat.catalogue import Catalogue
from chat.health import health
from chat.shelf import Shelf
from index.errors import ArticleQAError, DamageError
from index.types import Article
from tests.chat.memory import MemoryLibrary, article

ROOT = Path(__file__).parents[2]
STORM = article("Storm", "The storm lasted nine days.")

PROGRAM = """
import app
from tests.chat.memory import MemoryLibrary, WordAssistant, article
library = MemoryLibrary.of(article("Storm", "The storm lasted nine days."))
app.serve(WordAssistant(library), library)
"""


def test_a_busy_port_makes_way_for_the_next_free_one() -> None:
    with server.listen("127.0.0.1", None) as first, server.listen("127.0.0.1", None) as second:
        ports = first.getsockname()[1], second.getsockname()[1]
    assert ports[0] < ports[1]
    assert ports[0] >= server.FIRST_PORT


def test_a_busy_port_that_was_asked_for_is_an_error() -> None:
    with server.listen("127.0.0.1", None) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ArticleQAError, match=f"Port {port} on 127.0.0.1 cannot be used"):
            server.listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.com", ""])
def test_an_address_that_others_can_reach_is_refused(host: str) -> None:
    with pytest.raises(ArticleQAError, match="can be reached by others"):
        server.listen(host, None)


class Damaged(MemoryLibrary):
    """A library whose articles cannot be read."""

    def articles(self) -> Iterator[Article]:
        raise DamageError("it is damaged: `article-qa repair` rebuilds what it can")


@pytest.mark.parametrize(
    ("library", "warm", "status", "said"),
    [
        (MemoryLibrary.of(STORM), True, 200, "ready"),
        (MemoryLibrary.of(STORM), False, 503, "loading the models"),
        (Damaged.of(STORM), True, 503, "the collection cannot be read"),
    ],
)
def test_a_supervisor_is_told_whether_questions_can_be_answered(
    library: MemoryLibrary, warm: bool, status: int, said: str
) -> None:
    served = FastAPI()
    served.include_router(health(Shelf(Catalogue(library)), lambda: warm))
    with TestClient(served) as web:
        assert web.get("/health").json() == {"status": "ok"}
        ready = web.get("/ready")
    assert (ready.status_code, ready.json()) == (status, {"status": said})


def test_the_program_prints_its_address_serves_and_stops_on_ctrl_c() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={**os.environ, "GRADIO_ANALYTICS_ENABLED": "True", "GRADIO_SHARE": "True"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        said = re.fullmatch(
            r"Article QA: (http://127\.0\.0\.1:\d+) \(1 article\)\. Ctrl-C stops it\.\n", line
        )
        assert said, line
        with httpx.Client(base_url=said[1], trust_env=False) as client:
            assert client.get("/").status_code == 200
            with client.stream("GET", "/gradio_api/heartbeat/abc") as stream:
                next(stream.iter_text())  # a page that is still open must not keep it from stopping
                process.send_signal(signal.SIGINT)
                _, errors = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, errors
    assert "Traceback" not in errors


def test_importing_the_chat_writes_nothing_beside_gradio_and_changes_no_other_import() -> None:
    program = """
import inspect, sys
from pathlib import Path
import gradio_client
stubs = Path(gradio_client.__file__).parents[1] / "gradio"
before = {path: path.stat().st_mtime_ns for path in stubs.rglob("*.pyi")}
find = inspect.getfile
import app
assert "gradio" in sys.modules
assert {path: path.stat().st_mtime_ns for path in stubs.rglob("*.pyi")} == before
assert inspect.getfile is find
import mcp
assert inspect.getfile(app.gr.HTML).endswith("html.py")
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
