"""The chat over a collection of articles: layout and event wiring.

`python app.py [FOLDER]` serves it; `build` and `serve` are for programs.
"""

from __future__ import annotations

import runpy
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import chat.importing  # noqa: F401  # isort: skip
import gradio as gr

from chat import api, logs, passwords, server
from chat.access import Access
from chat.adding import Adding
from chat.articles import ArticleList
from chat.catalogue import Catalogue
from chat.history import History
from chat.markup import render
from chat.page import STATIC
from chat.session import Parts, Session, View
from chat.shelf import Shelf
from chat.types import Asking, Asks, Conversation, Keeper, Library, Person
from index.types import Filter
from qa.records import Records

QUEUE = 512  # events that Gradio takes at once; how many questions wait is chat.waiting's matter

# Listeners of the page only: nothing here is an endpoint for programs.
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
AT_A_CLICK: dict[str, Any] = {**PRIVATE, "queue": False, "trigger_mode": "multiple"}


def build(
    assistant: Asks,
    collection: Library,
    *,
    keeper: Keeper | None = None,
    records: Records | None = None,
    access: Access | None = None,
    examples: Sequence[str] | None = None,
) -> server.Chat:
    """The chat, to be served by `chat.server`.

    With a `keeper` articles can be added and removed, with `records` conversations are kept,
    with `access` everybody needs a password. `examples` replace the questions that are suggested
    to start with.
    """
    catalogue = Catalogue(collection)
    adding = Adding(keeper) if keeper else None
    parts = Parts(
        assistant,
        collection,
        Shelf(catalogue, examples),
        ArticleList(catalogue, keeper, adding),
        History(records, collection) if records else None,
    )
    return server.Chat(page(parts, adding), parts, adding, access)


def page(parts: Parts, adding: Adding | None) -> gr.Blocks:
    """Layout and event wiring, and the endpoints for programs."""
    session = Session(parts)
    laid_out: gr.Blocks
    first = session.start(Person(may_change=adding is not None), loaded=False)
    with gr.Blocks(
        title="Article QA", analytics_enabled=False, fill_height=True, fill_width=True
    ) as laid_out:
        conversation = gr.State(Conversation())
        filter = gr.State(Filter())
        wire = _pane("", "aq-wire", "wire.js")
        with gr.Row(elem_id="aq-header"):
            header = _pane(first.header, "aq-header-text")
        with gr.Row(elem_id="aq-columns"):
            with gr.Column(elem_id="aq-left", scale=0, min_width=0):
                _pane(render("conversations_head.html"), "aq-conversations-head")
                conversations = _pane("", "aq-conversations", "conversations.js")
                _pane(render("articles_head.html"), "aq-articles-head", "adding.js")
                articles = _pane("", "aq-articles", "articles.js")
            with gr.Column(elem_id="aq-chat", scale=6, min_width=0):
                transcript = _pane(first.transcript, "aq-transcript", "transcript.js")
                with gr.Row(elem_id="aq-narrowing"):
                    chips = _pane("", "aq-chips")
                    _pane(render("narrow.html"), "aq-narrow-pane", "narrow.js")
                with gr.Row(elem_id="aq-composer"):
                    question = gr.Textbox(
                        label="Your question",
                        show_label=False,
                        placeholder="Ask your articles…",
                        lines=1,
                        max_lines=6,
                        autofocus=True,
                        container=False,
                        scale=1,
                        elem_id="aq-question",
                    )
                    ask = gr.Button("Ask", variant="primary", scale=0, elem_id="aq-ask")
                    stop = gr.Button("Stop", scale=0, elem_id="aq-stop")
            with gr.Column(elem_id="aq-evidence-pane", scale=5, min_width=0):
                evidence = _pane(first.evidence, "aq-evidence", "evidence.js")

        shown = [
            *(conversation, filter, question),
            *(header, transcript, evidence, chips, conversations, articles),
        ]

        async def on_submit(
            asked: str | None, before: Conversation, limits: Filter, request: gr.Request
        ) -> AsyncIterator[list[Any]]:
            asking = Asking(asked or "", filter=limits)
            box: str | None = (
                ""  # emptied once: the next question may be typed while this one is searched
            )
            async for view in session.ask(asking, before, server.person(request)):
                yield _outputs(replace(view, box=box))
                box = None

        async def on_ask(
            before: Conversation, limits: Filter, event: gr.EventData, request: gr.Request
        ) -> AsyncIterator[list[Any]]:
            asking = session.asking(_data(event), limits)
            async for view in session.ask(asking, before, server.person(request)):
                yield _outputs(view)

        def on_act(
            before: Conversation, limits: Filter, event: gr.EventData, request: gr.Request
        ) -> list[Any]:
            return _outputs(session.act(_data(event), before, limits, server.person(request)))

        def on_leave(before: Conversation, event: gr.EventData, request: gr.Request) -> list[Any]:
            return _outputs(session.leave(_data(event), before, server.person(request)))

        def on_stop(before: Conversation) -> list[Any]:
            return _outputs(session.stop(before))

        def on_load(request: gr.Request) -> list[Any]:
            return _outputs(session.start(server.person(request)))

        # Whoever waits is shown by the session how many wait before; Gradio lets all of them in.
        in_turn: dict[str, Any] = {**PRIVATE, "concurrency_limit": None, "trigger_mode": "once"}
        both = [conversation, filter]
        asked = [
            gr.on([question.submit, ask.click], on_submit, [question, *both], shown, **in_turn),
            wire.ask(on_ask, both, shown, **in_turn),
        ]
        wire.act(on_act, both, shown, **AT_A_CLICK)
        wire.leave(on_leave, conversation, shown, cancels=asked, **AT_A_CLICK)
        stop.click(on_stop, conversation, shown, cancels=asked, **AT_A_CLICK)
        laid_out.load(on_load, None, shown, **AT_A_CLICK)
        api.offer(parts, adding)
    laid_out.queue(max_size=QUEUE)
    return laid_out


def serve(
    assistant: Asks,
    collection: Keeper,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    records: Records | None = None,
    closed: bool = False,
    password_file: Path | None = None,
) -> None:
    """Serves the chat until it is interrupted; prints its address first.

    Without a `port` it takes 7860 or the next free one. If `closed`, nobody can add or remove
    articles. Raises ArticleQAError for an address that others could reach without a
    `password_file`, for such a file that is none, and for a port that is taken.
    """
    access = Access(passwords.read(password_file), closed=closed) if password_file else None
    listening = server.listen(host, port, locked=access is not None)
    keeper = None if closed else collection
    chat = build(assistant, collection, keeper=keeper, records=records, access=access)
    count = collection.stats().articles
    articles = f"{count:,} article{'' if count == 1 else 's'}"
    print(f"Article QA: {server.address(listening)} ({articles}). Ctrl-C stops it.", flush=True)
    warming = threading.Thread(target=chat.warm_up, daemon=True)
    warming.start()
    server.run(chat, listening)


def check_address(host: str, port: int | None, password_file: Path | None = None) -> None:
    """Raises the ArticleQAError that `serve` would raise for this address."""
    if password_file:
        passwords.read(password_file)
    server.listen(host, port, locked=password_file is not None).close()


def start_log(target: str, *, with_questions: bool = False) -> None:
    """Write what happens as lines of JSON to a file, "-" for standard error; see `chat.logs`."""
    logs.start(target, with_questions=with_questions)


def set_password(file: Path, role: str, password: str) -> None:
    """Set the password of `readers` or `editors` in a file; see `chat.passwords`."""
    passwords.write(file, "editors" if role == "editors" else "readers", password)


def main() -> None:
    """`python app.py [FOLDER]`: what `python -m qa serve [FOLDER]` does."""
    sys.argv[1:1] = ["serve"]
    runpy.run_module("qa", run_name="__main__", alter_sys=True)


def _pane(value: str | None, elem_id: str, script: str | None = None) -> gr.HTML:
    """A part of the page that holds our own HTML.

    Gradio puts `value` into the page as it is, and only once: it must be escaped already (it comes
    from `chat.markup`), and must never be put through a template of gr.HTML's with {{value}},
    which would run `${…}` in it as a program.
    """
    code = (STATIC / script).read_text(encoding="utf-8") if script else None
    return gr.HTML(value, elem_id=elem_id, js_on_load=code, apply_default_css=False, padding=False)


def _outputs(view: View) -> list[Any]:
    """A view in the order of the page's parts; those that it leaves alone are skipped."""
    parts = (
        *(view.conversation, view.filter, view.box),
        *(view.header, view.transcript, view.evidence),
        *(view.chips, view.conversations, view.articles),
    )
    return [gr.skip() if part is None else part for part in parts]


def _data(event: gr.EventData) -> dict[str, object]:
    """What the page sent along with an event; anything may come."""
    return event._data if isinstance(event._data, dict) else {}


if __name__ == "__main__":
    main()
