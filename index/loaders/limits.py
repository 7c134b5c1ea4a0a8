"""How much is read: sizes beyond which a file cannot be an article, or a collection of them."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Protocol

from index.errors import LoadError

# One article. A long book is 2 MB of text, a saved page with its pictures inside rarely 20.
MAX_BYTES = 20_000_000
# One document, which may have pictures inside that are not looked at.
MAX_DOCUMENT = 100_000_000
# A file of many articles, as it lies on the disk; it is held in memory.
MAX_FILE = 200_000_000
# What may come out of a compressed file: in all, and for each byte that went in. Text of many
# articles shrinks to a fifth or a tenth of itself, a bomb to a thousandth.
MAX_INFLATED = 1_000_000_000
MAX_RATIO = 100
# Articles in one file; a record is read in about 20 µs.
MAX_PARTS = 100_000
# What parsing may take of the processor for all articles of one file together, in seconds: at
# first, and for each MB of them. Real pages, documents and records need 0.3 to 2 for a MB.
FIRST_SECONDS, SECONDS_PER_MB = 60.0, 20.0
# Smaller results are harmless, whatever the ratio.
HARMLESS = 10_000_000
_PIECE = 1 << 20
# All that the standard library raises for damaged archives, as fuzzing found it.
DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError),
    *(NotImplementedError, OverflowError),
)


class ParsingTime:
    """What parsing the articles of one file may still take: each is limited by itself, but there
    may be thousands.
    """

    def __init__(self) -> None:
        self._left = FIRST_SECONDS

    def allow(self, size: int) -> None:
        """So many bytes more are to be parsed."""
        self._left += SECONDS_PER_MB * size / 1_000_000

    def spend(self, seconds: float) -> None:
        """So much was taken by one of them."""
        self._left -= seconds

    def check(self) -> None:
        """Raises LoadError when it is used up."""
        if self._left < 0:
            raise LoadError("its articles take too long to read; the rest of it was left out")


class Readable(Protocol):
    """A file of bytes that is open, compressed or not."""

    def read(self, size: int = ..., /) -> bytes:
        """At most `size` bytes; none at the end."""

    def readline(self, size: int = ..., /) -> bytes:
        """The rest of a line, at most `size` bytes; none at the end."""


class Budget:
    """What may still come out of one file on the disk, however it is nested."""

    def __init__(self, compressed: int) -> None:
        self._parts = MAX_PARTS
        self._left = min(MAX_INFLATED, max(MAX_RATIO * compressed, HARMLESS))

    def spend(self, size: int) -> None:
        """Raises LoadError when it is used up."""
        self._left -= size
        if self._left < 0:
            raise LoadError("a decompression bomb: far more comes out than an archive can hold")

    def check(self, size: int) -> None:
        """Raises LoadError if so many bytes would use it up; nothing is spent."""
        self.spend(size)
        self._left += size

    def count(self) -> None:
        """One article more. Raises LoadError when there are too many."""
        self._parts -= 1
        if self._parts < 0:
            raise LoadError(f"more than {MAX_PARTS:,} articles in one file: divide it")


def inflated(file: Readable, budget: Budget, limit: int = MAX_BYTES) -> bytes:
    """All that comes out of a compressed file. Raises LoadError beyond `limit` or the budget."""
    pieces = list[bytes]()
    total = 0
    while piece := file.read(min(_PIECE, limit + 1 - total)):
        budget.spend(len(piece))
        total += len(piece)
        pieces.append(piece)
        if total > limit:
            raise LoadError(too_large(total))
    return b"".join(pieces)


def check_inflated(file: Readable, budget: Budget) -> None:
    """Look whether all that comes out of a compressed file is within the budget.

    Otherwise a bomb would only be known after many of its articles. Raises LoadError.
    """
    total = 0
    while piece := file.read(_PIECE):
        total += len(piece)
        budget.check(total)


def lines(file: Readable, budget: Budget, limit: int = MAX_BYTES) -> Iterator[bytes | None]:
    """The lines of a file, one by one; None for one longer than `limit`, which is passed over."""
    while line := file.readline(limit + 1):
        budget.spend(len(line))
        if len(line) <= limit:
            yield line
            continue
        while not line.endswith(b"\n") and (line := file.readline(_PIECE)):
            budget.spend(len(line))
        yield None


def too_large(size: int, limit: int = MAX_BYTES) -> str:
    """Why a file is refused that is larger than `limit` bytes."""
    return f"larger than {limit // 1_000_000} MB ({size / 1_000_000:.1f} MB)"


def opened(data: bytes) -> io.BytesIO:
    """Bytes as a file."""
    return io.BytesIO(data)
