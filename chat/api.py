"""The chat for programs: named endpoints of Gradio's API, for `gradio_client` and curl."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, get_type_hints

import gradio as gr
from gradio.events import api as named
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from chat.adding import Adding
from chat.catalogue import Wanted
from chat.logs import told
from chat.receiving import RefusedError
from chat.routes import CLOSED
from chat.security import person_of
from chat.session import Parts
from chat.types import Asking
from index.errors import ArticleQAError, NotFoundError
from index.types import Hit
from qa.results import (
    PassageResult,
    answer_result,
    article_result,
    filter_of,
    passage_result,
)
from qa.types import Answer, Turn

MOST_PASSAGES = 100
MOST_LISTED = 1_000

T = TypeVar("T")

_log = logging.getLogger(__name__)


def offer(parts: Parts, adding: Adding | None) -> None:
    """Make the endpoints, inside of `gr.Blocks`. What they give is described in `qa.results`."""
    library = parts.library

    def passages(hits: list[Hit]) -> list[PassageResult]:
        found = []
        for hit in hits:
            try:
                found.append(passage_result(hit, library.article(hit.passage.article_id)))
            except NotFoundError:
                continue  # removed since
        return found

    def answered(answer: Answer) -> dict[str, Any]:
        return dataclasses.asdict(answer_result(answer, passages(list(answer.hits[:4]))))

    async def in_line(work: Callable[[], T]) -> T:
        return await asyncio.wrap_future(parts.line.enter(work).result)

    async def ask(
        question: str,
        sources: list[str] | None = None,
        published_from: str | None = None,
        published_to: str | None = None,
        articles: list[str] | None = None,
        earlier_questions: list[str] | None = None,
        heed_time: bool = True,
    ) -> dict[str, Any]:
        """An answer made of sentences of the articles, each with its quote, offsets and date."""

        def work() -> dict[str, Any]:
            filter = filter_of(sources, published_from, published_to, articles)
            with told(Asking(question, filter=filter)) as log:
                answer = parts.assistant.ask(
                    question,
                    history=[Turn(one, one) for one in earlier_questions or ()],
                    filter=filter or None,
                    heed_time=heed_time,
                )
                log.came(answer)
            return answered(answer)

        return await _said(in_line(work))

    async def retrieve(
        question: str,
        k: int = 10,
        sources: list[str] | None = None,
        published_from: str | None = None,
        published_to: str | None = None,
        articles: list[str] | None = None,
        heed_time: bool = True,
    ) -> list[dict[str, Any]]:
        """The k passages most likely to answer, best first."""

        def work() -> list[dict[str, Any]]:
            hits = parts.assistant.retrieve(
                question,
                min(max(int(k), 1), MOST_PASSAGES),
                filter=filter_of(sources, published_from, published_to, articles) or None,
                heed_time=heed_time,
            )
            return [dataclasses.asdict(one) for one in passages(hits)]

        return await _said(in_line(work))

    async def articles(
        text: str = "", source: str = "", order: str = "newest", limit: int = 100
    ) -> list[dict[str, Any]]:
        """The articles whose title, source or authors have these words."""

        def work() -> list[dict[str, Any]]:
            wanted = Wanted.of({"text": text, "source": source, "order": order})
            found = parts.articles.wanted(wanted)[: min(max(int(limit), 1), MOST_LISTED)]
            return [dataclasses.asdict(article_result(library.article(one.id))) for one in found]

        return await _said(run_in_threadpool(work))

    async def article(id: str) -> dict[str, Any]:
        """One article with its whole text."""
        return await _said(
            run_in_threadpool(
                lambda: dataclasses.asdict(article_result(parts.articles.article(id), end=None))
            )
        )

    async def add(name: str, text: str, request: gr.Request) -> dict[str, Any]:
        """Add an article from the text of a file; the name's ending tells its format."""
        if adding is None or not _person(request).may_change:
            raise gr.Error(CLOSED, print_exception=False)

        def work() -> dict[str, Any]:
            job = adding.add_now(name, text.encode("utf-8", "replace"))
            return job.told() | {
                "added": job.added,
                "replaced": job.replaced,
                "unchanged": job.unchanged,
            }

        return await _said(run_in_threadpool(work))

    async def remove(id: str, request: gr.Request) -> dict[str, Any]:
        """Remove an article."""
        person = _person(request)
        title = await _said(run_in_threadpool(lambda: parts.articles.remove(id, person)))
        return {"removed": id, "title": title}

    for endpoint in (ask, retrieve, articles, article, add, remove):
        named(
            _checked(endpoint),
            api_name=endpoint.__name__,
            api_description=endpoint.__doc__,
            concurrency_limit=None,
        )


def _checked(endpoint: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
    """The endpoint, with an error in words for values of another type than it takes."""
    hints = get_type_hints(endpoint)
    takes = {
        name: TypeAdapter(hint) for name, hint in hints.items() if name not in ("request", "return")
    }
    signature = inspect.signature(endpoint)

    @functools.wraps(endpoint)
    async def checked(*args: Any, **more: Any) -> T:
        for name, value in signature.bind(*args, **more).arguments.items():
            try:
                if name in takes:
                    takes[name].validate_python(value, strict=True)
            except ValidationError as error:
                wanted = error.errors()[0]["msg"].removeprefix("Input should be ")
                raise gr.Error(f"“{name}” should be {wanted}.", print_exception=False) from None
        return await endpoint(*args, **more)

    return checked


def _person(request: gr.Request) -> Any:
    return person_of(request.request.scope if request.request is not None else {})


async def _said(work: Awaitable[T]) -> T:
    """What comes of it; errors in words, and none of the program's own."""
    try:
        return await work
    except (ArticleQAError, RefusedError) as error:
        raise gr.Error(str(error), print_exception=False) from None
    except Exception:
        _log.exception("an endpoint failed")
        raise gr.Error(
            "The program failed here; its log says more.", print_exception=False
        ) from None
