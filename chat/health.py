"""Whether the server lives (`/health`), and whether it can answer (`/ready`): for supervisors."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from chat.shelf import Shelf

_FRESH = {"Cache-Control": "no-store"}


def health(shelf: Shelf, is_warm: Callable[[], bool]) -> APIRouter:
    """Neither needs a password, and neither says anything of the articles."""
    made = APIRouter()

    @made.get("/health")
    async def lives() -> Response:
        return JSONResponse({"status": "ok"}, headers=_FRESH)

    @made.get("/ready")
    def answers() -> Response:
        if not is_warm():
            said = "loading the models"
        elif shelf.welcome().problem:
            said = "the collection cannot be read"
        else:
            said = "ready"
        status = 200 if said == "ready" else 503
        return JSONResponse({"status": said}, status_code=status, headers=_FRESH)

    return made
