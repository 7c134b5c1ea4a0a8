"""Mailboxes (mbox) as their messages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.loaders.limits import MAX_BYTES, Budget, lines, opened, too_large

_ID = re.compile(rb"^message-id:\s*<([^<>\s]{1,250})>", re.IGNORECASE | re.MULTILINE)
_QUOTED_FROM = re.compile(rb">+From ")


def messages(data: bytes, budget: Budget) -> Iterator[tuple[str, bytes, str]]:
    """(name, bytes, reason) of each message, in order; with a reason there are no bytes.

    A message begins at a line "From ..." after an empty one; in its text such lines are quoted with
    ">", which is taken away. Its name is its Message-ID, or its number from 1.
    """
    number, size = 0, 0
    message = list[bytes]()
    after_blank = True
    for line in lines(opened(data), budget):
        if line is None:
            size = MAX_BYTES + 1
            continue
        if after_blank and line.startswith(b"From "):
            if number:
                yield _named(message, number, size)
            number, size, message = number + 1, 0, []
        elif number:
            size += len(line)
            if size <= MAX_BYTES:
                message.append(line[1:] if _QUOTED_FROM.match(line) else line)
        after_blank = not line.strip()
    if number:
        yield _named(message, number, size)


def _named(message: list[bytes], number: int, size: int) -> tuple[str, bytes, str]:
    data = b"".join(message)
    found = _ID.search(data[: data.find(b"\n\n") if b"\n\n" in data else len(data)])
    name = found[1].decode("ascii", "replace") if found else str(number)
    return (name, b"", too_large(size)) if size > MAX_BYTES else (name, data, "")
