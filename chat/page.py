"""The page that Gradio serves, made ours: our style sheet in its head from the first moment,
nothing in it that names another host, and a content security policy that lets exactly its own
inline scripts run."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.security import content_policy

STATIC = Path(__file__).parent / "static"
# In the order in which they count: what is narrow has the last word.
SHEETS = (
    *("base.css", "frame.css", "left.css", "welcome.css", "transcript.css"),
    *("composer.css", "evidence.css", "narrow.css"),
)

_META = re.compile(rb'[ \t]*<meta\s+(?:property="og:|name="twitter:)[^>]*?/>\n?')
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_HEAD_END = b"</head>"


class Page:
    """ASGI middleware inside Gradio's own: rewrites the HTML of `/` before it is compressed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._links = "".join(map(_link, SHEETS)).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        parts: list[bytes] = []

        async def sending(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_html(message):
                start = message
            elif start is None:
                await send(message)
            else:
                parts.append(message.get("body", b""))
                if not message.get("more_body", False):
                    html = self.rewritten(b"".join(parts))
                    headers = MutableHeaders(scope=start)
                    headers["Content-Length"] = str(len(html))
                    headers["Content-Security-Policy"] = content_policy(script_hashes(html))
                    await send(start)
                    await send({"type": "http.response.body", "body": html})

        await self._app(scope, receive, sending)

    def rewritten(self, html: bytes) -> bytes:
        """The page without preview tags that name other hosts, with our style sheets."""
        return _META.sub(b"", html).replace(_HEAD_END, self._links + _HEAD_END, 1)


def script_hashes(html: bytes) -> list[str]:
    """The policy sources of the inline scripts of a page, in order."""
    digests = (hashlib.sha256(script).digest() for script in _INLINE_SCRIPT.findall(html))
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def _link(sheet: str) -> str:
    version = hashlib.sha256((STATIC / sheet).read_bytes()).hexdigest()[:12]
    return f'<link rel="stylesheet" href="chat/{sheet}?v={version}">\n'


def _is_html(message: Message) -> bool:
    headers = MutableHeaders(scope=message)
    return headers.get("content-type", "").startswith("text/html")
