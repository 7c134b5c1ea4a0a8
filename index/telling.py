"""Saying how far an add has come: a bar for the shell, a call for programs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Never

from index.reading import Incoming
from index.types import Progress

if TYPE_CHECKING:
    from tqdm import tqdm

# True for a bar on standard error, if that is a terminal.
Telling = bool | Callable[[Progress], None]


@contextmanager
def telling(progress: Telling, total: int, unit: str) -> Iterator[Callable[[Incoming], None]]:
    """What is to be called with every article; `total` is 0 if it is not known."""
    if callable(progress):
        yield _Calls(progress, total)
        return
    from tqdm import tqdm  # not where a question is asked: it takes 10 ms to import

    bar: tqdm[Never] = tqdm(
        desc="adding",
        total=total or None,
        unit=unit,
        unit_scale=unit == "B",
        disable=None if progress else True,  # None: no bar where there is no terminal
    )
    with bar:
        yield _Bar(bar)


class _Calls:
    def __init__(self, call: Callable[[Progress], None], total: int) -> None:
        self._call, self._total = call, total
        self._began = time.monotonic()
        self._articles = 0

    def __call__(self, one: Incoming) -> None:
        self._articles += 1
        seconds = time.monotonic() - self._began
        self._call(Progress(one.done, self._total, self._articles, seconds))


class _Bar:
    def __init__(self, bar: tqdm[Never]) -> None:
        self._bar = bar
        self._articles = 0

    def __call__(self, one: Incoming) -> None:
        self._articles += 1
        self._bar.set_postfix_str(f"{self._articles:,} articles", refresh=False)
        self._bar.update(max(0, one.done - self._bar.n))
