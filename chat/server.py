"""The chat as one web application, and the socket it answers on."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI
from gradio.routes import App
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from chat.access import Access
from chat.adding import Adding
from chat.health import health
from chat.logs import AccessLog
from chat.page import STATIC, Page
from chat.routes import router
from chat.security import LOOPBACK, Guard, person_of
from chat.session import Parts, warm_up
from chat.theme import theme
from chat.types import Person
from index.errors import ArticleQAError

FIRST_PORT = 7860
PORTS_TRIED = 100
SESSIONS = 500  # conversations kept in memory; the oldest goes first

# What Gradio is told wherever it could be open: nothing leaves this computer, nothing is kept.
OPTIONS: dict[str, Any] = {
    "footer_links": [],
    "run_history": False,
    "allowed_paths": [],
    "blocked_paths": [],
    "show_error": False,
    "max_file_size": "1kb",
    "ssr_mode": False,
    "enable_monitoring": False,
    "pwa": False,
    "mcp_server": False,
}


@dataclass(frozen=True)
class Chat:
    """The page, and what stands behind it. Without `adding` nobody can add or remove articles;
    with `access` everybody needs a password."""

    blocks: gr.Blocks
    parts: Parts
    adding: Adding | None = None
    access: Access | None = None
    warm: threading.Event = field(default_factory=threading.Event)

    def warm_up(self) -> None:
        """Load the models; afterwards the server says that it is ready."""
        warm_up(self.parts.assistant, self.parts.shelf)
        self.warm.set()

    def close(self) -> None:
        """End what works beside the requests."""
        self.parts.line.close()
        if self.adding is not None:
            self.adding.stop()


def person(request: gr.Request) -> Person:
    """Who sent an event of the page."""
    return person_of(request.request.scope) if request.request is not None else Person()


def web_app(chat: Chat) -> FastAPI:
    """The whole application: the guard around Gradio's page, with our own addresses beside it."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    everyone = Person(may_change=chat.adding is not None)
    app.add_middleware(Guard, everyone=everyone, access=chat.access)
    app.add_middleware(AccessLog)
    app.include_router(router(chat.adding, chat.parts.history))
    app.include_router(health(chat.parts.shelf, chat.warm.is_set))
    app.mount("/chat", StaticFiles(directory=STATIC))
    chat.blocks.state_session_capacity = SESSIONS
    served: FastAPI = gr.mount_gradio_app(
        app,
        chat.blocks,
        path="/",
        server_name="127.0.0.1",
        theme=theme(),
        app_kwargs={"middleware": [Middleware(Page)]},
        **OPTIONS,
    )
    return served


def listen(host: str, port: int | None, *, locked: bool = False) -> socket.socket:
    """A listening socket: on `port`, or on 7860 or the next free one.

    Raises ArticleQAError for an address that others can reach, unless a password is asked for
    (`locked`), and for a port that is taken.
    """
    if host not in LOOPBACK and not locked:
        raise ArticleQAError(
            f"{host} can be reached by others, who could read the articles, and no password is "
            "set: make one with `article-qa password FILE` and serve with `--password FILE`, or "
            "leave the host out."
        )
    wanted = [port] if port is not None else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for number in wanted:
        try:
            return bound(host, number)
        except (OSError, OverflowError):
            continue
    taken = f"{port}" if port is not None else f"{FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1}"
    raise ArticleQAError(f"Port {taken} on {host} cannot be used; choose another one.")


def address(listening: socket.socket) -> str:
    """The address to open in a browser."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(chat: Chat, listening: socket.socket) -> None:
    """Serves until it is interrupted (Ctrl-C or SIGTERM), then closes the socket."""
    config = uvicorn.Config(
        web_app(chat), log_level="warning", server_header=False, timeout_graceful_shutdown=5
    )
    try:
        Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # uvicorn has shut down; it raises the signal again afterwards
    finally:
        listening.close()
        chat.close()


class Server(uvicorn.Server):
    """uvicorn, which on its way out also ends the streams that pages keep open; else it would
    wait for them."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Called by the signal that stops the server."""
        self.end_streams()
        super().handle_exit(sig, frame)

    def end_streams(self) -> None:
        """Ends the streams that tell Gradio that a page is still open."""
        for route in getattr(self.config.app, "routes", ()):
            if isinstance(route, Mount) and isinstance(route.app, App):
                stop: asyncio.Event = route.app.stop_event
                stop.set()


def bound(host: str, port: int) -> socket.socket:
    """A listening socket on exactly this port (0: any free one). Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would let two programs share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except BaseException:
        listening.close()
        raise
    return listening
