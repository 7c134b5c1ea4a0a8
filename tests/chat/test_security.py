"""What the server lets in and what it sends out, over real requests to the whole application."""

from collections.abc import Iterator

import httpx
import pytest

from chat.page import script_hashes
from chat.security import BODY_LIMIT
from tests.chat.memory import MemoryLibrary, WordAssistant, article
from tests.chat.serving import serving


@pytest.fixture(scope="module")
def web() -> Iterator[httpx.Client]:
    library = MemoryLibrary.of(article("</script><script>alert(1)</script>", "The storm ended."))
    with (
        serving(WordAssistant(library), library) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=20) as client,
    ):
        yield client


def test_the_page_comes_with_security_headers_and_runs_only_its_own_scripts(
    web: httpx.Client,
) -> None:
    page = web.get("/")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "'unsafe-inline'" not in scripts
    assert script_hashes(page.content)
    assert all(digest in scripts for digest in script_hashes(page.content))
    assert "frame-ancestors 'none'" in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["referrer-policy"] == "same-origin"


def test_the_page_names_no_other_host(web: httpx.Client) -> None:
    head = web.get("/").text.split("window.gradio_config")[0]
    assert "http://" not in head
    assert "https://" not in head


def test_an_article_title_cannot_end_the_script_that_carries_it(web: httpx.Client) -> None:
    assert "</script><script>alert(1)" not in web.get("/").text


def test_every_answer_carries_the_headers(web: httpx.Client) -> None:
    for path in ("/config", "/chat/base.css", "/nowhere", "/gradio_api/file=x"):
        answer = web.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=http://example.com/",
        "/gradio_api/file=https://example.com/",
        "/gradio_api/file%3Dhttp://example.com/",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../pyproject.toml",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=https://x.hf.space/",
        "/gradio_api/deep_link?session_hash=x",
        "/gradio_api/openapi.json",
        "/gradio_api/vibe-code",
        "/gradio_api/runs",
        "/monitoring/summary",
        "/static/../../../pyproject.toml",
        "/assets/..%2f..%2f..%2f..%2fpyproject.toml",
        "/chat/../server.py",
        "/chat/..%2fserver.py",
        "/docs",
        "/openapi.json",
    ],
)
def test_what_the_chat_does_not_need_is_closed(web: httpx.Client, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code in (403, 404)
    assert "root:" not in answer.text
    assert "[project]" not in answer.text


@pytest.mark.parametrize(
    "path", ["/gradio_api/upload", "/gradio_api/component_server", "/gradio_api/upload_progress"]
)
def test_uploads_and_calls_from_outside_the_page_are_closed(web: httpx.Client, path: str) -> None:
    assert web.post(path, json={}).status_code == 404


def test_what_the_page_does_is_no_endpoint_for_programs(web: httpx.Client) -> None:
    info = web.get("/gradio_api/info").json()
    assert not info["unnamed_endpoints"]
    assert len(info["named_endpoints"]) == 6


def test_files_and_addresses_in_a_question_are_refused(web: httpx.Client) -> None:
    for path in ("http://example.com/x.png", "/etc/passwd"):
        file = {"path": path, "url": path, "meta": {"_type": "gradio.FileData"}}
        body = {"data": [file, None], "fn_index": 0, "session_hash": "x"}
        assert web.post("/gradio_api/queue/join", json=body).status_code == 400
    raw = b'{"data":[{"p\\u0061th":"http://example.com"}],"fn_index":0,"session_hash":"x"}'
    assert web.post("/gradio_api/queue/join", content=raw).status_code == 400


def test_bodies_that_are_too_long_or_no_json_are_refused(web: httpx.Client) -> None:
    long = b'"' + b"a" * BODY_LIMIT + b'"'
    assert web.post("/gradio_api/queue/join", content=long).status_code == 413
    assert web.post("/gradio_api/queue/join", content=b"[" * 200_000).status_code == 400
    assert web.post("/gradio_api/queue/join", content=b"a=b").status_code == 400
    assert web.get("/").status_code == 200


def test_other_names_and_other_pages_are_refused(web: httpx.Client) -> None:
    assert web.get("/", headers={"Host": "evil.example"}).status_code == 403
    assert web.get("/", headers={"Host": "127.0.0.1.evil.example:80"}).status_code == 403
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
        refused = web.post("/gradio_api/queue/join", json={}, headers={"Origin": origin})
        assert refused.status_code == 403
        assert "access-control-allow-origin" not in refused.headers


def test_other_methods_are_refused(web: httpx.Client) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        assert web.request(method, "/").status_code == 404
