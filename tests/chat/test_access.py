"""The chat behind a password, over real requests; and what is written down of it."""

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from chat import logs, passwords, server
from chat.access import TOO_OFTEN, TRIES, WRONG, Access
from index.errors import ArticleQAError
from tests.chat.memory import MemoryLibrary, WordAssistant, article
from tests.chat.serving import serving

READER, EDITOR = "the reader's password", "the editor's password"


QUICK = 2**10
HASHES: dict[passwords.Role, str] = {
    "readers": passwords.hashed(READER, QUICK),
    "editors": passwords.hashed(EDITOR, QUICK),
}


@pytest.fixture
def web() -> Iterator[httpx.Client]:
    library = MemoryLibrary.of(article("Storm", "The storm ended."))
    with (
        serving(WordAssistant(library), library, access=Access(HASHES)) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=20) as client,
    ):
        yield client


def log_in(web: httpx.Client, password: str, query: str = "") -> httpx.Response:
    return web.post(f"/login{query}", data={"password": password})


def test_nothing_of_the_chat_is_served_without_the_password(web: httpx.Client) -> None:
    first = web.get("/?q=Why%3F")
    assert first.status_code == 303
    assert first.headers["location"] == "./login?q=Why%3F"
    for path in ("/config", "/gradio_api/info", "/history/1.md", "/chat/transcript.js"):
        assert web.get(path).status_code == 401, path
    for path in ("/gradio_api/queue/join", "/gradio_api/run/predict", "/adding"):
        assert web.post(path, json={}).status_code == 401, path
    assert web.get("/health").json() == {"status": "ok"}
    page = web.get("/login")
    assert page.status_code == 200
    assert "Storm" not in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_the_password_lets_in_and_logging_out_ends_it(web: httpx.Client) -> None:
    answer = log_in(web, READER, "?q=Why%3F")
    assert answer.headers["location"] == "./?q=Why%3F"
    cookies = answer.headers.get_list("set-cookie")
    assert all("HttpOnly" in cookie and "SameSite=lax" in cookie for cookie in cookies)
    assert web.get("/").status_code == 200
    web.post("/logout")
    assert web.get("/").status_code == 303


def test_a_program_sends_the_password_along(web: httpx.Client) -> None:
    right = {"Authorization": f"Bearer {READER}"}
    assert web.get("/config", headers=right).status_code == 200
    assert web.get("/config", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_who_tries_too_often_must_wait_even_with_the_right_one(web: httpx.Client) -> None:
    for _ in range(TRIES):
        refused = log_in(web, "wrong <b>")
        assert (refused.status_code, WRONG in refused.text) == (403, True)
    for password in ("wrong", READER):
        refused = log_in(web, password)
        assert (refused.status_code, TOO_OFTEN in refused.text) == (429, True)


def test_only_editors_may_change_articles_where_there_are_some() -> None:
    alone: dict[passwords.Role, str] = {"readers": HASHES["readers"]}
    for hashes, password, may in (
        (HASHES, READER, False),
        (HASHES, EDITOR, True),
        (alone, READER, True),
    ):
        scope = {"type": "http", "headers": [(b"authorization", f"Bearer {password}".encode())]}
        person = asyncio.run(Access(hashes).person(scope))
        assert person is not None
        assert person.may_change is may
        closed = asyncio.run(Access(hashes, closed=True).person(scope))
        assert closed is not None
        assert not closed.may_change


def test_browsers_have_histories_of_their_own(web: httpx.Client) -> None:
    first = log_in(web, READER).cookies["aq_owner"]
    web.cookies.clear()
    second = log_in(web, READER).cookies["aq_owner"]
    assert first != second


def test_passwords_are_kept_as_hashes_that_nobody_else_can_read(tmp_path: Path) -> None:
    file = tmp_path / "passwords"
    passwords.write(file, "readers", READER)
    passwords.write(file, "editors", EDITOR)
    assert READER not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    kept = passwords.read(file)
    assert passwords.matches(READER, kept["readers"])
    assert not passwords.matches(READER, kept["editors"])
    file.chmod(0o644)
    with pytest.raises(ArticleQAError, match="Others can read"):
        passwords.read(file)


@pytest.mark.parametrize("text", ["", "readers password\n", "root scrypt$4$00$00\n"])
def test_what_is_no_password_file_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "passwords"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(ArticleQAError, match="password"):
        passwords.read(file)
    with pytest.raises(ArticleQAError, match="article-qa password"):
        passwords.read(tmp_path / "absent")


def test_a_short_password_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArticleQAError, match="at least 10 characters"):
        passwords.write(tmp_path / "passwords", "readers", "secret")


def test_any_address_is_served_with_a_password() -> None:
    with server.listen("0.0.0.0", 0, locked=True) as listening:
        assert listening.getsockname()[1] > 0


def test_events_are_written_without_what_was_asked(tmp_path: Path) -> None:
    library = MemoryLibrary.of(article("Storm", "The storm ended."))
    log = tmp_path / "events.jsonl"
    try:
        logs.start(str(log))
        with serving(WordAssistant(library), library) as address:
            httpx.get(f"{address}/health?secret=word", trust_env=False)
            ask = f"{address}/gradio_api/call/v2/ask"
            id = httpx.post(ask, json={"question": "A secret word?"}, trust_env=False).json()
            httpx.get(f"{ask}/{id['event_id']}", trust_env=False, timeout=20)
    finally:
        for name in ("article_qa.events", "chat", "index"):
            for handler in logging.getLogger(name).handlers[:]:
                logging.getLogger(name).removeHandler(handler)
                handler.close()
            logging.getLogger(name).propagate = True
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert events[0]["path"] == "/health"
    (asked,) = (one for one in events if one["event"] == "asked")
    assert (asked["characters"], asked["status"]) == (14, "not_found")
    assert all(one["event"] in ("asked", "request") for one in events)
    assert "secret" not in log.read_text()
