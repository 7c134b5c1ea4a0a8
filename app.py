"""The chat over a collection of articles: layout and event wiring.

`python app.py [FOLDER]` serves it; `build` and `serve` are for programs.
"""

from __future__ import annotations

import os
import runpy
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any

# Gradio reads these while it is imported or makes a queue. It must not look up other hosts, and
# after every question it would work out statistics of all of them, which nobody sees.
os.environ.update(
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_DISABLE_TELEMETRY="1",
    GRADIO_ANALYTICS_MAX_EVENTS="1",
    GRADIO_ANALYTICS_CACHE_FREQUENCY=str(10**9),
)

import gradio as gr

from chat import server
from chat.page import STATIC
from chat.session import Conversation, Session, warm_up
from chat.shelf import Shelf
from chat.types import Asks, Library

AT_ONCE = 16  # questions in work or waiting their turn with "Searching…" on the page
QUEUE = 64  # questions that may wait beyond these

# Listeners of the page only: nothing here is an endpoint for programs.
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
AT_A_CLICK: dict[str, Any] = {**PRIVATE, "queue": False, "trigger_mode": "multiple"}


def build(
    assistant: Asks, collection: Library, *, examples: Sequence[str] | None = None
) -> gr.Blocks:
    """The page. `examples` replace the questions that are suggested to start with."""
    page: gr.Blocks
    shelf = Shelf(collection, examples)
    session = Session(assistant, collection, shelf)
    start = session.start()

    with gr.Blocks(
        title="Article QA", analytics_enabled=False, fill_height=True, fill_width=True
    ) as page:
        conversation = gr.State(())
        with gr.Row(elem_id="aq-header"):
            header = _pane(shelf.header(), "aq-header-text")
            restart = gr.Button("New conversation", size="sm", elem_id="aq-restart", scale=0)
        with gr.Row(elem_id="aq-columns"):
            with gr.Column(elem_id="aq-chat", scale=6, min_width=0):
                transcript = _pane(start.transcript, "aq-transcript", "transcript.js")
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
            with gr.Column(elem_id="aq-evidence-pane", scale=5, min_width=0):
                evidence = _pane(start.evidence, "aq-evidence", "evidence.js")

        panes = [question, transcript, evidence, conversation]

        def on_ask(asked: str | None, before: Conversation) -> Iterator[tuple[Any, ...]]:
            box: Any = ""  # emptied once: the next question may be typed while this one is searched
            for view in session.ask(asked or "", before):
                beside = gr.skip() if view.evidence is None else view.evidence
                yield box, view.transcript, beside, view.conversation
                box = gr.skip()

        def on_example(before: Conversation, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
            yield from on_ask(str(_data(event).get("question", "")), before)

        def on_cite(before: Conversation, event: gr.EventData) -> str:
            return session.cite(before, _data(event))

        def on_open(before: Conversation, event: gr.EventData) -> str:
            return session.open(before, _data(event))

        def on_restart() -> tuple[Any, ...]:
            fresh = session.start()
            return "", fresh.transcript, fresh.evidence, fresh.conversation

        in_turn: dict[str, Any] = {
            **PRIVATE, "concurrency_limit": AT_ONCE, "concurrency_id": "ask", "trigger_mode": "once"
        }  # fmt: skip
        asked = [
            gr.on([question.submit, ask.click], on_ask, [question, conversation], panes, **in_turn),
            transcript.example(on_example, conversation, panes, **in_turn),
        ]
        transcript.cite(on_cite, conversation, evidence, **AT_A_CLICK)
        evidence.cite(on_cite, conversation, evidence, **AT_A_CLICK)
        evidence.open(on_open, conversation, evidence, **AT_A_CLICK)
        restart.click(on_restart, None, panes, cancels=asked, **AT_A_CLICK)
        page.load(shelf.header, None, header, **AT_A_CLICK)
        page.load(lambda: session.start().transcript, None, transcript, **AT_A_CLICK)
    page.queue(max_size=QUEUE)
    return page


def serve(
    assistant: Asks, collection: Library, *, host: str = "127.0.0.1", port: int | None = None
) -> None:
    """Serves the chat until it is interrupted; prints its address first.

    Without a `port` it takes 7860 or the next free one. Raises ArticleQAError for an address that
    others could reach, and for a port that is taken.
    """
    listening = server.listen(host, port)
    web_app = server.web_app(build(assistant, collection))
    count = collection.stats().articles
    articles = f"{count:,} article{'' if count == 1 else 's'}"
    print(f"Article QA: {server.address(listening)} ({articles}). Ctrl-C stops it.", flush=True)
    warming = threading.Thread(target=warm_up, args=(assistant, Shelf(collection)), daemon=True)
    warming.start()
    server.run(web_app, listening)


def check_address(host: str, port: int | None) -> None:
    """Raises the ArticleQAError that `serve` would raise for this address."""
    server.listen(host, port).close()


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


def _data(event: gr.EventData) -> dict[str, object]:
    """What the page sent along with an event; anything may come."""
    return event._data if isinstance(event._data, dict) else {}


if __name__ == "__main__":
    main()
