"""The MCP server with a real client: in this process, and over the pipes of a process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from index.collection import Collection
from qa.mcp_server import server
from tests.articles import FAIR, STORM
from tests.chat.memory import WordAssistant

ROOT = Path(__file__).parents[2]


def with_client(
    collection: Collection, talk: Callable[[Client], Coroutine[Any, Any, None]]
) -> None:
    async def main() -> None:
        async with Client(server(WordAssistant(collection), collection)) as client:
            await talk(client)

    anyio.run(main)


def test_every_tool_says_what_it_takes_and_gives(collection: Collection) -> None:
    async def talk(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} == {"ask", "retrieve", "list_articles", "read_article"}
        for tool in tools:
            assert tool.description
            assert tool.output_schema is not None
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint
        (ask,) = (tool for tool in tools if tool.name == "ask")
        assert {"quotes", "nearest", "status"} <= set(ask.output_schema["properties"])

    with_client(collection, talk)


def test_an_answer_comes_with_quotes_that_stand_in_the_article(collection: Collection) -> None:
    collection.add_articles([STORM, FAIR])

    async def talk(client: Client) -> None:
        given = await client.call_tool("ask", {"question": "How long was the harbour closed?"})
        answer = given.structured_content
        assert answer is not None
        quote = answer["quotes"][0]
        place = {key: quote[key] for key in ("article_id", "start", "end")}
        read = await client.call_tool("read_article", place)
        assert read.structured_content is not None
        assert read.structured_content["text"] == quote["quote"]
        assert read.structured_content["published"] == quote["published"] == "2024-05-03"

        narrowed = await client.call_tool(
            "ask", {"question": "harbour closed", "published_from": "2024-06-01"}
        )
        assert narrowed.structured_content is not None
        assert narrowed.structured_content["status"] == "not_found"
        listed = await client.call_tool("list_articles", {"limit": 1, "offset": 1})
        assert listed.structured_content is not None
        assert [one["title"] for one in listed.structured_content["result"]] == ["Storm"]

    with_client(collection, talk)


@pytest.mark.parametrize(
    ("tool", "values", "said"),
    [
        ("ask", {"question": " "}, "question is empty"),
        ("ask", {"question": "Why?", "published_to": "soon"}, "not a date like 2024-08-18"),
        ("read_article", {"article_id": "none"}, "no article none"),
    ],
)
def test_what_is_wrong_is_said_in_words(
    collection: Collection, tool: str, values: dict[str, str], said: str
) -> None:
    async def talk(client: Client) -> None:
        given = await client.call_tool(tool, values)
        assert given.is_error
        assert said in str(given.content)

    with_client(collection, talk)


@pytest.mark.slow
def test_the_command_serves_over_its_pipes(tmp_path: Path) -> None:
    with Collection.open(tmp_path / "collection") as collection:
        collection.add_articles([STORM])
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "qa", "mcp", "--collection", str(tmp_path / "collection")],
        cwd=ROOT,
        env={**os.environ},
    )

    async def main() -> None:
        async with Client(stdio_client(command)) as client:
            given = await client.call_tool("ask", {"question": "How long was the harbour closed?"})
            assert given.structured_content is not None
            assert "nine days" in given.structured_content["text"]

    anyio.run(main)
