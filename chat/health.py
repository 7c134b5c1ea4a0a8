"""Whether the server lives (`/health`), and whether it can answer (`/ready`): for supervisors."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from chat.types import Library
from index.errors import ArticleQAError

_FRESH = {"Cache-Control": "no-store"}


def health(library: Library, is_warm: Callable[[], bool]) -> APIRouter:
    """Neither needs a password, and neither says anything of the articles."""
    made = APIRouter()

    @made.get("/health")
    async def lives() -> Response:
        return JSONResponse({"status": "ok"}, headers=_FRESH)

    @made.get("/ready")
    def answers() -> Response:
        try:
            library.stats()
        except ArticleQAError:
            said = "the collection cannot be read"
        else:
            said = "ready" if is_warm() else "loading the models"
        status = 200 if said == "ready" else 503
        return JSONResponse({"status": said}, status_code=status, headers=_FRESH)

    return made
