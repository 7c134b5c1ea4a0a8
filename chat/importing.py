"""Imports Gradio, in about half of the time that it takes by itself: whatever imports Gradio here
imports this first.

Whenever Gradio is imported it parses the source of each of its components and writes stubs for
type checkers beside them, which its package has already; and it imports `mcp`, where that is
installed, for a server that we do not use.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Gradio reads these while it is imported or makes a queue. It must not look up other hosts, and
# after every question it would work out statistics of all of them, which nobody sees.
os.environ.update(
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_DISABLE_TELEMETRY="1",
    GRADIO_ANALYTICS_MAX_EVENTS="1",
    GRADIO_ANALYTICS_CACHE_FREQUENCY=str(10**9),
)


@contextmanager
def _without_stubs() -> Iterator[None]:
    """Gradio leaves out the stubs of components that have no file."""
    find = inspect.getfile

    def getfile(object: Any) -> str:
        if isinstance(object, type) and object.__module__.startswith("gradio."):
            raise OSError("its source is not needed")
        return find(object)

    inspect.getfile = getfile
    try:
        yield
    finally:
        inspect.getfile = find


@contextmanager
def _without_mcp() -> Iterator[None]:
    """Gradio does without `mcp` where it is not installed."""
    if "mcp" in sys.modules:
        yield
        return
    sys.modules["mcp"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["mcp"]


with _without_stubs(), _without_mcp():
    import gradio  # noqa: F401
