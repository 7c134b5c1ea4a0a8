"""An answer's text in the parts that people read: what is said, when, and by which citation."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from index.types import Span
from qa.types import Answer, Citation, Part

_MARKER = re.compile(r"\[(\d+)\]")
_WORD = re.compile(r"\S+\s*|\s+")
_LAST_WORD = re.compile(r"\S{1,24}$")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of an answer, with the button of a citation behind it if there is one: the last
    word before a citation stays on one line with it. `order` counts from 0 through the answer."""

    order: int
    text: str = ""
    strong: bool = False
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that an answer says, with all its citations.

    `head` is who said it and when, where the answer tells that, and `day` the date in it.
    `articles` say so, of which so many are `independent`.
    """

    pieces: tuple[Piece, ...]
    head: str = ""
    day: date | None = None
    articles: int = 1
    independent: int = 1


def statements(answer: Answer, *, by_word: bool = False) -> tuple[Statement, ...]:
    """The answer's text in order, markers turned into their citations, the short answer strong.

    A bracketed number that belongs to a quoted sentence, or to no citation, stays text.
    """
    strong = _short_answer_span(answer)
    found: list[Statement] = []
    order = 0
    for span, markers in _parts(answer):
        start = _start(answer, span, markers)
        head = answer.text[span.start : start].strip().removesuffix(":")
        pieces = _pieces(answer.text, Span(start, span.end), markers, strong, order, by_word)
        order += len(pieces)
        part = _part(answer, markers)
        if pieces and part is None:
            found.append(Statement(tuple(pieces), head))
        elif pieces and part is not None:
            counts = part.articles, part.independent
            found.append(Statement(tuple(pieces), head, part.published if head else None, *counts))
    return tuple(found)


_Marked = list[tuple[Span, Citation]]


def _parts(answer: Answer) -> list[tuple[Span, _Marked]]:
    """Where each statement stands, up to the last of its markers, and the markers."""
    parts: list[tuple[Span, _Marked]] = []
    start, run = 0, _Marked()
    for span, citation in _markers(answer):
        if run and answer.text[run[-1][0].end : span.start].strip():
            parts.append((Span(start, run[-1][0].end), run))
            start, run = run[-1][0].end, []
        run.append((span, citation))
    if run:
        parts.append((Span(start, run[-1][0].end), run))
        start = run[-1][0].end
    if answer.text[start:].strip():
        parts.append((Span(start, len(answer.text)), []))
    return parts


def _markers(answer: Answer) -> _Marked:
    by_number = {citation.marker: citation for citation in answer.citations}
    quotes = []
    for citation in answer.citations:
        start = answer.text.find(citation.quote)
        if start >= 0:
            quotes.append(Span(start, start + len(citation.quote)))
    found = []
    for match in _MARKER.finditer(answer.text):
        quoted = any(quote.start <= match.start() < quote.end for quote in quotes)
        if not quoted and int(match[1]) in by_number:
            found.append((Span(*match.span()), by_number[int(match[1])]))
    return found


def _start(answer: Answer, span: Span, markers: _Marked) -> int:
    """Where the quote of a statement begins: in all but plain answers after who says it, when."""
    if answer.shape != "plain" and markers:
        at = answer.text.find(markers[0][1].quote, span.start, span.end)
        if at >= 0:
            return at
    return span.end - len(answer.text[span.start : span.end].lstrip())


def _part(answer: Answer, markers: _Marked) -> Part | None:
    first = markers[0][1].marker if markers else 0
    return next((part for part in answer.parts if first in part.markers), None)


def _short_answer_span(answer: Answer) -> Span:
    """Where the short answer stands in the text, inside the first quote; empty if nowhere."""
    if not answer.short_answer or not answer.citations:
        return Span(0, 0)
    quote = answer.citations[0].quote
    at, inside = answer.text.find(quote), quote.find(answer.short_answer)
    if at < 0 or inside < 0 or len(answer.short_answer) == len(quote):
        return Span(0, 0)
    return Span(at + inside, at + inside + len(answer.short_answer))


def _pieces(
    text: str, span: Span, markers: _Marked, strong: Span, order: int, by_word: bool
) -> list[Piece]:
    pieces: list[Piece] = []
    start = span.start
    for marker, citation in markers:
        before = Span(start, start + len(text[start : marker.start].rstrip()))
        pieces += _text_pieces(text, before, strong, order + len(pieces), by_word)
        pieces += _cited(pieces, before, citation, order)
        start = marker.end
    return pieces + _text_pieces(text, Span(start, span.end), strong, order + len(pieces), by_word)


def _cited(pieces: list[Piece], before: Span, citation: Citation, order: int) -> list[Piece]:
    """The citation's piece, with the last word of `pieces`, which loses it, unless the citation
    follows another one at once."""
    word = _LAST_WORD.search(pieces[-1].text) if before.start < before.end else None
    if word is None:
        return [Piece(order + len(pieces), citation=citation)]
    last = pieces.pop()
    if word.start() > 0:
        pieces.append(replace(last, text=last.text[: word.start()]))
    return [Piece(order + len(pieces), word[0], last.strong, citation)]


def _text_pieces(text: str, span: Span, strong: Span, order: int, by_word: bool) -> list[Piece]:
    first = min(max(strong.start, span.start), span.end)
    last = max(min(strong.end, span.end), first)
    pieces: list[Piece] = []
    for start, end, is_strong in (
        (span.start, first, False),
        (first, last, True),
        (last, span.end, False),
    ):
        part = text[start:end]
        for run in _WORD.findall(part) if by_word else [part] if part else []:
            pieces.append(Piece(order + len(pieces), run, is_strong))
    return pieces
