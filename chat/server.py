"""The chat as one web application, and the socket it answers on."""

from __future__ import annotations

import asyncio
import os
import socket
from types import FrameType
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI
from gradio.routes import App
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from chat.page import STATIC, Page
from chat.security import LOOPBACK, Guard
from chat.theme import theme
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


def web_app(blocks: gr.Blocks) -> FastAPI:
    """The whole application: the guard around Gradio's page, with our static files beside it."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(Guard)
    app.mount("/chat", StaticFiles(directory=STATIC))
    blocks.state_session_capacity = SESSIONS
    served: FastAPI = gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        server_name="127.0.0.1",
        theme=theme(),
        app_kwargs={"middleware": [Middleware(Page)]},
        **OPTIONS,
    )
    return served


def listen(host: str, port: int | None) -> socket.socket:
    """A listening socket on a loopback address: on `port`, or on 7860 or the next free one.

    Raises ArticleQAError for another address (anyone on the network could read the articles) and
    for a port that is taken.
    """
    if host not in LOOPBACK:
        raise ArticleQAError(
            f"{host} can be reached by others, and the chat has no password yet: it serves on "
            "127.0.0.1 only. Leave the host out, or reach this computer through an SSH tunnel."
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


def run(app: FastAPI, listening: socket.socket) -> None:
    """Serves until it is interrupted (Ctrl-C or SIGTERM), then closes the socket."""
    config = uvicorn.Config(
        app, log_level="warning", server_header=False, timeout_graceful_shutdown=5
    )
    try:
        Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # uvicorn has shut down; it raises the signal again afterwards
    finally:
        listening.close()


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
