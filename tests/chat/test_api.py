"""The chat for programs, with the real client and with plain requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from index.collection import Collection
from tests.articles import FAIR, STORM
from tests.chat.memory import WordAssistant
from tests.chat.serving import serving

HOW_LONG = "How long was the harbour closed?"


@pytest.fixture
def filled(collection: Collection) -> Collection:
    collection.add_articles([STORM, FAIR])
    return collection


@pytest.fixture
def address(filled: Collection) -> Iterator[str]:
    with serving(WordAssistant(filled), filled, keeper=filled) as served:
        yield served


def called(address: str, endpoint: str, **values: object) -> Any:
    """As curl does it: a POST that gives an id, and a GET that gives what came of it."""
    with httpx.Client(base_url=address, trust_env=False, timeout=20) as web:
        place = f"/gradio_api/call/v2/{endpoint}"
        id = web.post(place, json=values).json()["event_id"]
        lines = web.get(f"{place}/{id}").text.splitlines()
    assert lines[0] == "event: complete", lines
    return json.loads(lines[1].removeprefix("data: "))[0]


def test_every_endpoint_is_named_and_described(address: str) -> None:
    with httpx.Client(base_url=address, trust_env=False) as web:
        named = web.get("/gradio_api/info").json()["named_endpoints"]
    assert set(named) == {"/ask", "/retrieve", "/articles", "/article", "/add", "/remove"}
    assert all(one["description"] for one in named.values())
    assert [one["parameter_name"] for one in named["/add"]["parameters"]] == ["name", "text"]


def test_a_program_asks_adds_and_removes_with_the_gradio_client(
    address: str, filled: Collection
) -> None:
    client = Client(address, verbose=False)
    try:
        answer = client.predict(HOW_LONG, api_name="/ask")
        (first, *_) = answer["quotes"]
        stored = filled.article(first["article_id"])
        assert stored.text[first["start"] : first["end"]] == first["quote"]
        assert (first["published"], first["article_sha256"]) == ("2024-05-03", stored.sha256)

        refused = client.predict(HOW_LONG, sources=["Town Post"], api_name="/ask")
        assert refused["status"] == "not_found"
        assert refused["nearest"][0]["title"] == "Fair"

        hits = client.predict("carousel", k=1, api_name="/retrieve")
        assert [hit["title"] for hit in hits] == ["Fair"]

        told = client.predict("fog.md", "# Fog\n\nFog lay over it.", api_name="/add")
        assert (told["words"], told["added"]) == ("1 article added.", 1)
        (fog,) = client.predict("fog", api_name="/articles")
        assert client.predict(fog["id"], api_name="/article")["text"] == "Fog lay over it."
        assert client.predict(fog["id"], api_name="/remove")["title"] == "Fog"
        with pytest.raises(AppError, match="it may have been removed"):
            client.predict(fog["id"], api_name="/article")
        with pytest.raises(AppError, match="question is empty"):
            client.predict(" ", api_name="/ask")
        with pytest.raises(AppError, match="“question” should be a valid string"):
            client.predict(5, api_name="/ask")
        with pytest.raises(AppError, match="“sources” should be a valid list"):
            client.predict(HOW_LONG, sources="Town Post", api_name="/ask")
    finally:
        client.close()


def test_plain_requests_are_enough(address: str) -> None:
    assert called(address, "ask", question=HOW_LONG)["quotes"][0]["title"] == "Storm"
    assert len(called(address, "articles", order="title", limit=1)) == 1


def test_readers_add_and_remove_nothing(filled: Collection) -> None:
    with serving(WordAssistant(filled), filled) as address:
        client = Client(address, verbose=False)
        try:
            for endpoint, values in (("/add", ("x.txt", "Some text.")), ("/remove", (STORM.id,))):
                with pytest.raises(AppError):
                    client.predict(*values, api_name=endpoint)
        finally:
            client.close()
    assert filled.count() == 2
