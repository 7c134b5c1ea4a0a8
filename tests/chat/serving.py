"""The real chat on a free port of this computer, for as long as a test needs it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

import app
from chat import server
from chat.access import Access
from chat.types import Asks, Keeper, Library
from qa.records import Records


@contextmanager
def serving(
    assistant: Asks,
    library: Library,
    *,
    keeper: Keeper | None = None,
    records: Records | None = None,
    access: Access | None = None,
) -> Iterator[str]:
    """The address of the running chat."""
    listening = server.bound("127.0.0.1", 0)
    made: list[tuple[server.Server, server.Chat]] = []

    async def serve() -> None:
        # Made inside the running loop: outside of one, Gradio makes loops and never closes them.
        chat = app.build(assistant, library, keeper=keeper, records=records, access=access)
        web_app = server.web_app(chat)
        config = uvicorn.Config(web_app, log_level="warning", timeout_graceful_shutdown=5)
        made.append((server.Server(config), chat))
        await made[0][0].serve(sockets=[listening])

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    try:
        yield server.address(listening)
    finally:
        for running, chat in made:
            running.end_streams()
            running.should_exit = True
            chat.close()
        thread.join(timeout=15)
        listening.close()
    assert not thread.is_alive(), "the server did not stop"
