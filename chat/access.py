"""Who may come in: log-in by password, and how often one may try."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.types import Scope

from chat.logs import event
from chat.markup import render
from chat.passwords import LONGEST, Role, matches
from chat.types import Person

SESSION, OWNER = "aq_session", "aq_owner"  # cookies
SESSION_SECONDS = 14 * 24 * 3600
OWNER_SECONDS = 365 * 24 * 3600
MOST_SESSIONS = 2_000
TRIES, TRIES_SECONDS = 5, 300  # wrong passwords of one address
TRIES_OF_ALL = 50  # and of all together, in the same time
_ADDRESSES = 10_000

NEEDED = (
    "A password is needed: load this page again and log in. Programs send it as "
    "“Authorization: Bearer PASSWORD”."
)
WRONG = "That is not the password."
TOO_OFTEN = "Too many wrong passwords: try again in a few minutes."


class Access:
    """The sessions of those who logged in. Safe to use from several threads.

    `hashes` are those of `chat.passwords`; `closed` keeps even editors from changing anything.
    """

    def __init__(self, hashes: Mapping[Role, str], *, closed: bool = False) -> None:
        self._hashes = hashes
        self._closed = closed
        self._lock = threading.Lock()
        self._sessions: OrderedDict[str, tuple[Role, float]] = OrderedDict()
        self._failures: OrderedDict[str, list[float]] = OrderedDict()
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, Role] = OrderedDict()

    async def person(self, scope: Scope) -> Person | None:
        """Who sent a request, by cookie or by `Authorization: Bearer PASSWORD`; else None."""
        headers = Headers(scope=scope)
        cookies = _cookies(headers)
        role = self._role_of(cookies.get(SESSION, ""))
        kind, _, password = headers.get("authorization", "").partition(" ")
        if role is None and kind.lower() == "bearer" and password:
            role = await self._bearer(password, _client(scope))
        if role is None:
            return None
        owner = hashlib.sha256(cookies.get(OWNER, "").encode()).hexdigest()[:32]
        may_change = not self._closed and (role == "editors" or "editors" not in self._hashes)
        return Person(owner, may_change)

    def page(self, scope: Scope, problem: str = "", status: int = 200) -> Response:
        """The page that asks for the password."""
        query = scope["query_string"].decode("latin-1")
        return HTMLResponse(
            render("login.html", problem=problem, query=query),
            status_code=status,
            headers={"Cache-Control": "no-store"},
        )

    async def log_in(self, scope: Scope, body: bytes) -> Response:
        """What a filled-in page gets: cookies and the way to the chat, or the page again."""
        client = _client(scope)
        if self._too_often(client):
            event("login", client=client, result="too often")
            return self.page(scope, TOO_OFTEN, 429)
        password = parse_qs(body.decode("utf-8", "replace")).get("password", [""])[0]
        role = await run_in_threadpool(self._checked, password)
        event("login", client=client, result=role or "wrong")
        if role is None:
            self._failed(client)
            return self.page(scope, WRONG, 403)
        query = scope["query_string"].decode("latin-1")
        answer = RedirectResponse(f"./?{query}" if query else "./", status_code=303)
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions[_digest(token)] = role, time.time() + SESSION_SECONDS
            while len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)
        self._set(answer, scope, SESSION, token, SESSION_SECONDS)
        if OWNER not in _cookies(Headers(scope=scope)):
            self._set(answer, scope, OWNER, secrets.token_urlsafe(24), OWNER_SECONDS)
        return answer

    def log_out(self, scope: Scope) -> Response:
        """The session ends; the history stays with the browser."""
        with self._lock:
            self._sessions.pop(_digest(_cookies(Headers(scope=scope)).get(SESSION, "")), None)
        answer = RedirectResponse("./login", status_code=303)
        answer.delete_cookie(SESSION)
        return answer

    def refusal(self, scope: Scope) -> Response:
        """For who is unknown: the way to the page that asks, or for programs the status 401."""
        if scope["method"] == "GET" and scope["path"] == "/":
            query = scope["query_string"].decode("latin-1")
            return RedirectResponse(f"./login?{query}" if query else "./login", status_code=303)
        status = 429 if self._too_often(_client(scope)) else 401
        headers = {"WWW-Authenticate": "Bearer"}
        if scope["path"].startswith("/gradio_api/"):  # a page whose session has ended shows this
            return JSONResponse({"detail": NEEDED, "error": NEEDED}, status, headers)
        return PlainTextResponse(f"{NEEDED}\n", status, headers)

    def _set(self, answer: Response, scope: Scope, name: str, value: str, seconds: int) -> None:
        secure = scope["scheme"] == "https"
        answer.set_cookie(
            name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure
        )

    def _role_of(self, token: str) -> Role | None:
        with self._lock:
            role, until = self._sessions.get(_digest(token), (None, 0.0))
        return role if time.time() < until else None

    async def _bearer(self, password: str, client: str) -> Role | None:
        digest = hmac.digest(self._key, password.encode("utf-8", "replace"), "sha256")
        with self._lock:
            known = self._known.get(digest)
        if known is not None or self._too_often(client):
            return known
        role = await run_in_threadpool(self._checked, password)
        if role is None:
            self._failed(client)
            return None
        with self._lock:
            self._known[digest] = role
        return role

    def _checked(self, password: str) -> Role | None:
        if not password or len(password) > LONGEST:
            return None
        found: Role | None = None
        for role, kept in self._hashes.items():  # always all of them, whichever it is
            if matches(password, kept) and found != "editors":
                found = role
        return found

    def _too_often(self, client: str) -> bool:
        since = time.monotonic() - TRIES_SECONDS
        with self._lock:
            of_all = sum(one > since for times in self._failures.values() for one in times)
            mine = sum(one > since for one in self._failures.get(client, ()))
        return mine >= TRIES or of_all >= TRIES_OF_ALL

    def _failed(self, client: str) -> None:
        since = time.monotonic() - TRIES_SECONDS
        with self._lock:
            times = [one for one in self._failures.get(client, ()) if one > since]
            self._failures[client] = [*times, time.monotonic()]
            self._failures.move_to_end(client)
            while len(self._failures) > _ADDRESSES:
                self._failures.popitem(last=False)


def _client(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _cookies(headers: Headers) -> dict[str, str]:
    try:
        jar = SimpleCookie(headers.get("cookie", "")[:8_000])
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
