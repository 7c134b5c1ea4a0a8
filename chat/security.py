"""Which requests are let in, and the headers that go out.

Gradio serves far more than the chat needs: file and URL fetching, a proxy, uploads, monitoring,
an editor. Its file route makes the server look up any host that a request names. Only the paths
that the page uses are open here; whoever adds a feature adds its path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.access import Access
from chat.types import Person

LOGIN_LIMIT = 10_000
BODY_LIMIT = 8_000_000  # bytes of one request; a question is far shorter
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

READ = re.compile(
    r"/|/(config|theme\.css|manifest\.json|favicon\.ico|robots\.txt)/?"
    r"|/(assets|static|chat)/.+"
    r"|/gradio_api/(info|startup-events|theme\.css|queue/data|heartbeat/\w+)/?"
    r"|/gradio_api/call(/v2)?/\w+/\w+"
    r"|/adding/\w+|/history/\d+\.\w+|/health|/ready|/login"
)
# Without a password, where one is needed: whether the server is well, and the looks of the log-in.
OPEN = re.compile(r"/health|/ready|/chat/(base|login)\.css|/favicon\.ico|/robots\.txt")
WRITE = re.compile(
    r"/gradio_api/(queue/join|run/\w+|call(/v2)?/\w+|cancel|reset)/?"
    r"|/adding(/\w+/(file|done))?|/login|/logout"
)
STREAMED = re.compile(r"/adding/\w+/file")  # a file of any size, read as it comes

_PERSON = "article_qa.person"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Nothing is told to others; with "no-referrer" browsers would not say of our own log-in form
    # where it comes from either.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def content_policy(inline_scripts: Iterable[str] = ()) -> str:
    """The content security policy: everything from this server only.

    `inline_scripts` are the sources ('sha256-…') of the inline scripts that may run. Gradio's
    gr.HTML makes functions out of its templates, hence 'unsafe-eval'; inline event handlers, what
    injected markup would use, stay forbidden. Svelte sets style attributes.
    """
    scripts = " ".join(["'self'", "'unsafe-eval'", *inline_scripts])
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


class Guard:
    """ASGI middleware: refuses what the chat does not need, adds the security headers.

    Without `access` the server may be addressed by the names of this computer only, so that a
    foreign page cannot reach it through a name of its own that points here (DNS rebinding), and
    whoever does is `everyone`. With it, only who has logged in is let in: the cookies of that
    belong to the right name. A request that a foreign page sends is refused by its Origin.
    """

    def __init__(
        self,
        app: ASGIApp,
        everyone: Person | None = None,
        access: Access | None = None,
    ) -> None:
        self._app = app
        self._everyone = everyone or Person()
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the life of the server."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, _with_headers(send))
        # Nothing here speaks WebSocket: returning without an answer closes it.

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal: Response | None = self._refusal(scope)
        if refusal is None and self._access is not None:
            refusal = await self._at_the_door(scope, receive, self._access)
        scope.setdefault(_PERSON, self._everyone)
        streamed = STREAMED.fullmatch(scope["path"])
        if refusal is None and scope["method"] == "POST" and not streamed:
            body = await _body(receive)
            refusal = _body_refusal(body)
            receive = _replayed(body or b"", receive)
        await (refusal or self._app)(scope, receive, send)

    async def _at_the_door(self, scope: Scope, receive: Receive, access: Access) -> Response | None:
        """What is answered instead of the chat; None for who has logged in."""
        match scope["method"], scope["path"]:
            case "GET", "/login":
                return access.page(scope)
            case "POST", "/login":
                return await access.log_in(scope, await _body(receive, LOGIN_LIMIT) or b"")
            case "POST", "/logout":
                return access.log_out(scope)
        if OPEN.fullmatch(scope["path"]):
            return None
        person = await access.person(scope)
        if person is None:
            return access.refusal(scope)
        scope[_PERSON] = person
        return None

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self._access is None and _host_name(host) not in LOOPBACK:
            return PlainTextResponse(
                "Article QA answers on this computer only: open it as http://127.0.0.1 with its "
                "port.",
                status_code=403,
            )
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return PlainTextResponse("Requests from other pages are refused.", status_code=403)
        known = {"GET": READ, "HEAD": READ, "POST": WRITE}.get(scope["method"])
        if known is None or not known.fullmatch(scope["path"]):
            return PlainTextResponse("Not found.", status_code=404)
        return None


def person_of(scope: Scope) -> Person:
    """Who sent a request that the guard has let in."""
    person = scope.get(_PERSON)
    return person if isinstance(person, Person) else Person()


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


async def _body(receive: Receive, limit: int = BODY_LIMIT) -> bytes | None:
    """The whole request body, None when it is longer than `limit`."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _body_refusal(body: bytes | None) -> PlainTextResponse | None:
    if body is None:
        return PlainTextResponse("That is too long to be a question.", status_code=413)
    try:
        value = json.loads(body) if body else None
    except (ValueError, RecursionError):
        return PlainTextResponse("This is not JSON.", status_code=400)
    if _names_file(value):
        return PlainTextResponse("The chat takes no files and no addresses.", status_code=400)
    return None


def _names_file(value: object) -> bool:
    """Whether a value holds what Gradio would take for a file or URL to fetch: a dict with a
    path."""
    left = [value]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            if isinstance(item.get("path"), str):
                return True
            left.extend(item.values())
        elif isinstance(item, list):
            left.extend(item)
    return False


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body once more, as the application expects to read it."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("Content-Security-Policy", content_policy())
        await send(message)

    return sending
