"""The conversation so far as HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chat.markup import render
from chat.reading import shorten
from chat.shelf import Welcome
from chat.types import Exchange
from index.types import Span
from qa.types import Answer, Citation, day

QUESTION_LENGTH = 600  # characters of a question that are shown; all of it is asked
REVEAL_SECONDS = 1.2  # how long an answer takes to appear, word by word, at most
WORD_SECONDS = 0.03

_MARKER = re.compile(r"\[(\d+)\]")
_WORD = re.compile(r"\S+\s*|\s+")
_LAST_WORD = re.compile(r"\S{1,24}$")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of an answer, with the button of a citation behind it if there is one: the last
    word before a citation stays on one line with it. `order` counts from 0."""

    order: int
    text: str = ""
    strong: bool = False
    citation: Citation | None = None


def greeting(welcome: Welcome) -> str:
    """A conversation that has not begun, as HTML."""
    return render("transcript.html", shown=(), welcome=welcome, announcement="")


def transcript(exchanges: Sequence[Exchange], *, fresh: bool = False) -> str:
    """A conversation of at least one exchange as HTML; with `fresh`, the last answer appears word
    by word."""
    shown = [_Shown.of(exchange, fresh and exchange is exchanges[-1]) for exchange in exchanges]
    announcement = _announcement(exchanges[-1])
    return render("transcript.html", shown=shown, welcome=None, announcement=announcement)


@dataclass(frozen=True, slots=True)
class _Shown:
    """One exchange as the template wants it."""

    number: int
    question: str
    state: str  # searching, problem, answered or not_found
    problem: str = ""
    asked_as: str = ""
    pieces: tuple[Piece, ...] = ()
    summary: str = ""
    remark: str = ""
    frame: str = ""
    fresh: bool = False
    step: float = 0.0

    @classmethod
    def of(cls, exchange: Exchange, fresh: bool) -> _Shown:
        question = shorten(exchange.question, QUESTION_LENGTH)
        answer = exchange.answer
        if answer is None:
            state = "problem" if exchange.problem else "searching"
            return cls(exchange.number, question, state, problem=exchange.problem)
        pieces = answer_pieces(answer, by_word=fresh)
        return cls(
            exchange.number,
            question,
            answer.status,
            asked_as=_asked_as(answer),
            pieces=pieces,
            summary=_summary(answer),
            remark=answer.remark,
            frame=f"“{answer.frame.words}”: {answer.frame}" if answer.frame else "",
            fresh=fresh,
            step=min(WORD_SECONDS, REVEAL_SECONDS / max(1, len(pieces))),
        )


def answer_pieces(answer: Answer, *, by_word: bool = False) -> tuple[Piece, ...]:
    """The answer's text in order, markers turned into their citations, the short answer strong.

    A bracketed number that belongs to a quoted sentence, or to no citation, stays text.
    """
    strong = _short_answer_span(answer)
    pieces: list[Piece] = []
    start = 0
    for marker, citation in _markers(answer):
        before = Span(start, start + len(answer.text[start : marker.start].rstrip()))
        pieces += _text_pieces(answer.text, before, strong, len(pieces), by_word)
        pieces += _cited(pieces, before, citation)
        start = marker.end
    end = Span(start, len(answer.text))
    pieces += _text_pieces(answer.text, end, strong, len(pieces), by_word)
    return tuple(pieces)


def _cited(pieces: list[Piece], before: Span, citation: Citation) -> list[Piece]:
    """The citation's piece, with the last word of `pieces`, which loses it, unless the citation
    follows another one at once."""
    word = _LAST_WORD.search(pieces[-1].text) if before.start < before.end else None
    if word is None:
        return [Piece(len(pieces), citation=citation)]
    last = pieces.pop()
    if word.start() > 0:
        pieces.append(replace(last, text=last.text[: word.start()]))
    return [Piece(len(pieces), word[0], last.strong, citation)]


def _markers(answer: Answer) -> list[tuple[Span, Citation]]:
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


def _short_answer_span(answer: Answer) -> Span:
    """Where the short answer stands in the text, inside the first quote; empty if nowhere."""
    if not answer.short_answer or not answer.citations:
        return Span(0, 0)
    quote = answer.citations[0].quote
    at, inside = answer.text.find(quote), quote.find(answer.short_answer)
    if at < 0 or inside < 0 or len(answer.short_answer) == len(quote):
        return Span(0, 0)
    return Span(at + inside, at + inside + len(answer.short_answer))


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


def _asked_as(answer: Answer) -> str:
    same = " ".join(answer.asked_as.split()) == " ".join(answer.question.split())
    return "" if same else shorten(answer.asked_as, QUESTION_LENGTH)


def _summary(answer: Answer) -> str:
    if answer.status != "answered":
        return ""
    count = len({citation.article_id for citation in answer.citations})
    dates = [citation.published for citation in answer.citations if citation.published]
    newest = f" · {'newest ' if count > 1 else ''}{day(max(dates))}" if dates else ""
    return f"Quoted from {count} {'article' if count == 1 else 'articles'}{newest}"


def _announcement(exchange: Exchange) -> str:
    """What a screen reader says of the last exchange."""
    if exchange.pending:
        return "Searching your articles…"
    if exchange.answer is None:
        return exchange.problem
    count = len(exchange.answer.citations)
    cited = f" {count} {'citation' if count == 1 else 'citations'}." if count else ""
    remark = f" {exchange.answer.remark}" if exchange.answer.remark else ""
    return f"Answer: {exchange.answer.text}{cited}{remark}"
