"""The addresses of the chat that Gradio has no part in: files to be added, conversations to be
saved, and whether the server is well."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from chat.adding import Adding
from chat.history import History
from chat.receiving import RefusedError
from chat.security import person_of
from index.errors import ArticleQAError, NotFoundError

_log = logging.getLogger(__name__)

CLOSED = "Articles can be added and removed by others only."


def router(adding: Adding | None, history: History | None) -> APIRouter:
    """All of them but the checks of health."""
    made = APIRouter()
    if adding is not None:
        _add_files(made, adding)
    if history is not None:
        _save_conversations(made, history)
    return made


def _add_files(made: APIRouter, adding: Adding) -> None:
    @made.post("/adding")
    async def begin(request: Request) -> Response:
        if not person_of(request.scope).may_change:
            return _refusal(CLOSED, 403)
        try:
            return JSONResponse({"job": adding.begin()})
        except RefusedError as error:
            return _refusal(str(error), 503)

    @made.post("/adding/{job}/file")
    async def receive(request: Request, job: str, name: str = "") -> Response:
        if not person_of(request.scope).may_change:
            return _refusal(CLOSED, 403)
        try:
            with adding.receiving(job, name) as receiver:
                async for piece in request.stream():
                    await run_in_threadpool(receiver.take, piece)
        except ClientDisconnect:
            return _refusal("The upload was broken off.", 400)
        except RefusedError as error:
            adding.refuse(job, name, str(error))
            return _refusal(str(error), 413)
        except OSError as error:
            _log.warning("a file could not be received: %s", error)
            reason = f"it could not be written ({error.strerror or error})"
            adding.refuse(job, name, reason)
            return _refusal(reason, 507)
        return _told(adding, job)

    @made.post("/adding/{job}/done")
    async def done(request: Request, job: str) -> Response:
        if not person_of(request.scope).may_change:
            return _refusal(CLOSED, 403)
        adding.complete(job)
        return _told(adding, job)

    @made.get("/adding/{job}")
    async def progress(job: str) -> Response:
        return _told(adding, job)


def _save_conversations(made: APIRouter, history: History) -> None:
    @made.get("/history/{name}")
    def save(request: Request, name: str) -> Response:
        id, _, ending = name.partition(".")
        try:
            owner = person_of(request.scope).owner
            file = history.download(owner, int(id) if id.isdecimal() else -1, ending)
        except NotFoundError as error:
            return _refusal(str(error), 404)
        except ArticleQAError as error:
            return _refusal(str(error), 500)
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return Response(file.text, media_type=file.media_type, headers=headers)


def _told(adding: Adding, job: str) -> Response:
    found = adding.job(job)
    if found is None:
        return _refusal("This upload is not known here any more: drop the files again.", 404)
    told: dict[str, Any] = found.told()
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


def _refusal(message: str, status: int) -> Response:
    return PlainTextResponse(f"{message}\n", status_code=status)
