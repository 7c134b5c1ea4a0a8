"""What the server writes down: one JSON object a line, without questions or article text.

    {"time": "2026-11-22T18:40:03+00:00", "event": "asked", "status": "answered", …}

The text of questions is written only where that was asked for (the level DEBUG).
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.types import Asking
from qa.types import Answer

EVENTS = logging.getLogger("article_qa.events")


class AsJson(logging.Formatter):
    """A log record as one JSON object; what an error says of its place comes along, its text too
    where it is one of ours."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        said: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        fields = getattr(record, "fields", None)
        said |= fields if isinstance(fields, dict) else {"message": record.getMessage()}
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=True, default=str)


def start(target: str, *, with_questions: bool = False) -> None:
    """Write events to the file `target`, "-" for standard error. Raises OSError."""
    handler = (
        logging.StreamHandler(sys.stderr)
        if target == "-"
        else logging.FileHandler(Path(target), encoding="utf-8")
    )
    handler.setFormatter(AsJson())
    for logger in (EVENTS, logging.getLogger("chat"), logging.getLogger("index")):
        logger.addHandler(handler)
        logger.propagate = False
    EVENTS.setLevel(logging.DEBUG if with_questions else logging.INFO)


def event(name: str, **fields: object) -> None:
    """One thing that happened."""
    if EVENTS.isEnabledFor(logging.INFO) and EVENTS.handlers:
        EVENTS.info(name, extra={"fields": {"event": name, **fields}})


class Came:
    """What came of a question."""

    fields: dict[str, object]

    def __init__(self) -> None:
        self.fields = {"status": "failed"}

    def came(self, answer: Answer | None) -> None:
        """Note it."""
        self.fields = {"status": answer.status if answer else "problem"}
        if answer:
            self.fields |= {
                "citations": len(answer.citations),
                "confidence": answer.confidence,
                "timings": dict(answer.timings),
            }


@contextmanager
def told(asking: Asking) -> Iterator[Came]:
    """Writes down that a question was asked, how long that took and what came of it."""
    start, came = time.perf_counter(), Came()
    try:
        yield came
    finally:
        question: dict[str, object] = {"characters": len(asking.question)}
        if EVENTS.isEnabledFor(logging.DEBUG):
            question["question"] = asking.question
        seconds = round(time.perf_counter() - start, 4)
        event("asked", seconds=seconds, narrowed=bool(asking.filter), **question, **came.fields)


class AccessLog:
    """ASGI middleware: one event for each request, without what stands behind the `?`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or not EVENTS.handlers:
            await self._app(scope, receive, send)
            return
        start, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            seconds = round(time.perf_counter() - start, 4)
            path = scope["path"][:200]
            event("request", method=scope["method"], path=path, status=status, seconds=seconds)
