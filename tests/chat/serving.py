"""The real chat on a free port of this computer, for as long as a test needs it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

import app
from chat import server
from chat.types import Asks, Library


@contextmanager
def serving(assistant: Asks, library: Library) -> Iterator[str]:
    """The address of the running chat."""
    listening = server.bound("127.0.0.1", 0)
    made: list[server.Server] = []

    async def serve() -> None:
        # Made inside the running loop: outside of one, Gradio makes loops and never closes them.
        web_app = server.web_app(app.build(assistant, library))
        config = uvicorn.Config(web_app, log_level="warning", timeout_graceful_shutdown=5)
        made.append(server.Server(config))
        await made[0].serve(sockets=[listening])

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    try:
        yield server.address(listening)
    finally:
        if made:
            made[0].end_streams()
            made[0].should_exit = True
        thread.join(timeout=15)
        listening.close()
    assert not thread.is_alive(), "the server did not stop"
