"""Questions wait their turn: few are answered at once, more would only slow each other down."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from index.errors import ArticleQAError

AT_ONCE = 2  # questions answered at the same time
MOST = 64  # that wait for it

T = TypeVar("T")


class BusyError(ArticleQAError):
    """Too many wait already; the message is for people."""


@dataclass(frozen=True, eq=False)
class Ticket(Generic[T]):
    """A place in the line and, in `result`, what comes of it. Cancelling it leaves the line."""

    result: Future[T]
    line: Line

    def ahead(self) -> int:
        """How many questions are to be begun before this one; 0 once it is being answered."""
        return self.line.ahead(self)


class Line:
    """Work that is begun in the order in which it came. Safe to use from threads."""

    def __init__(self, at_once: int = AT_ONCE, most: int = MOST) -> None:
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="answering")
        self._most = most
        self._waiting: list[Ticket[object]] = []
        self._lock = threading.Lock()

    def enter(self, work: Callable[[], T]) -> Ticket[T]:
        """A place at the end. Raises BusyError where too many wait."""
        with self._lock:
            self._waiting = [one for one in self._waiting if _waits(one.result)]
            if len(self._waiting) >= self._most:
                raise BusyError(
                    f"Busy: {len(self._waiting)} questions are waiting to be answered. "
                    "Please ask again in a minute."
                )
            ticket = Ticket(self._pool.submit(work), self)
            self._waiting.append(ticket)  # type: ignore[arg-type]
            return ticket

    def ahead(self, ticket: Ticket[T]) -> int:
        """See Ticket."""
        with self._lock:
            self._waiting = [one for one in self._waiting if _waits(one.result)]
            return next((n for n, one in enumerate(self._waiting) if one is ticket), 0)

    def close(self) -> None:
        """What waits is given up; what is being answered ends in its own time."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _waits(future: Future[object]) -> bool:
    return not (future.running() or future.done())
