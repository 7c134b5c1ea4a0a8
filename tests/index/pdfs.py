"""PDF files, written by hand: which words stand where, in which order in the file."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

# Left edge and baseline in points from the lower left corner, size of the letters, words.
Piece = tuple[float, float, float, str]
WIDTH, HEIGHT = 595, 842


def pdf(
    pages: Sequence[Iterable[Piece]], info: Mapping[str, str] | None = None, extra: bytes = b""
) -> bytes:
    """A document in Helvetica, Western letters only; `extra` is put between its objects."""
    streams = [_stream(pieces) for pieces in pages]
    numbers = range(4, 4 + 2 * len(pages), 2)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>"
        % (len(pages), b" ".join(b"%d 0 R" % number for number in numbers)),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for number, stream in zip(numbers, streams, strict=True):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % (WIDTH, HEIGHT, number + 1)
        )
        objects.append(
            b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream)
        )
    objects.append(b"<<%s>>" % b"".join(_entry(*one) for one in (info or {}).items()))
    return _file(objects, extra)


def column(
    lines: Iterable[str], x: float = 60, y: float = 740, size: float = 10, lead: float = 13
) -> list[Piece]:
    """Lines below each other, from `y` downwards; an empty line leaves a gap."""
    return [(x, y - number * lead, size, line) for number, line in enumerate(lines) if line]


# Widths of Helvetica's letters, in thousandths of its size; of others 556.
_WIDTHS = {
    **dict.fromkeys("ijl'‘’", 222), **dict.fromkeys(" ft.,:;/I", 278),
    **dict.fromkeys("r-()“”", 333), **dict.fromkeys("ckjsvxyzJ", 500),
    **dict.fromkeys("FTZ", 611), **dict.fromkeys("ABEKPSVXY", 667),
    **dict.fromkeys("wCDHNRU", 722), **dict.fromkeys("GOQ", 778), **dict.fromkeys("mM", 833),
}  # fmt: skip


def lettered(pieces: Iterable[Piece], spacing: float = 0) -> Iterator[Piece]:
    """The same words with each letter put in its place by itself, as browsers print justified text.

    Spaces are not written at all, and each is wider by `spacing`.
    """
    for x, y, size, text in pieces:
        for letter in text:
            if letter != " ":
                yield x, y, size, letter
            x += size * _WIDTHS.get(letter, 556) / 1000 + spacing * (letter == " ")


def _stream(pieces: Iterable[Piece]) -> bytes:
    shown = [
        b"BT /F1 %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET" % (size, x, y, _escaped(text))
        for x, y, size, text in pieces
    ]
    return zlib.compress(b"\n".join(shown))


def _entry(key: str, value: str) -> bytes:
    return b"/%s(%s)" % (key.encode(), _escaped(value))


def _escaped(text: str) -> bytes:
    raw = text.encode("cp1252")
    for mark in (b"\\", b"(", b")"):
        raw = raw.replace(mark, b"\\" + mark)
    return raw


def _file(objects: Sequence[bytes], extra: bytes) -> bytes:
    data = bytearray(b"%PDF-1.5\n" + extra)
    table = [b"0000000000 65535 f \n"]
    for number, content in enumerate(objects, start=1):
        table.append(b"%010d 00000 n \n" % len(data))
        data += b"%d 0 obj%s endobj\n" % (number, content)
    start, size = len(data), len(table)
    data += b"xref\n0 %d\n" % size + b"".join(table)
    data += b"trailer<</Size %d/Root 1 0 R/Info %d 0 R>>\n" % (size, size - 1)
    return bytes(data) + b"startxref\n%d\n%%%%EOF\n" % start
