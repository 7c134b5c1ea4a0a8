"""The text around a quote, cut where people would cut it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.types import Span

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(r"\n\s*")


@dataclass(frozen=True, slots=True)
class Run:
    """Some text of one paragraph, marked (part of the quote) or not."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Extract:
    """Paragraphs of runs; `before` and `after` say whether the article goes on there."""

    paragraphs: tuple[tuple[Run, ...], ...]
    before: bool
    after: bool


def paragraph_spans(text: str) -> list[Span]:
    """Where the paragraphs of a text stand, in order, without the space between them.

    Blank lines part paragraphs; a text without any has a paragraph on every line.
    """
    breaks = _BLANK_LINE if _BLANK_LINE.search(text.strip()) else _LINE
    spans = []
    start = 0
    for gap in [*((m.start(), m.end()) for m in breaks.finditer(text)), (len(text), len(text))]:
        if text[start : gap[0]].strip():
            spans.append(Span(start, gap[0]))
        start = gap[1]
    return spans


def surroundings(text: str, quote: Span, reach: int) -> Span:
    """The quote with up to `reach` characters on each side: whole paragraphs where they fit,
    else whole words."""
    start, end = max(0, quote.start - reach), min(len(text), quote.end + reach)
    spans = paragraph_spans(text)
    if start > 0:
        starts = [span.start for span in spans if start <= span.start <= quote.start]
        blank = re.compile(r"\s\S").search(text, start, quote.start)
        start = starts[0] if starts else blank.end() - 1 if blank else quote.start
    if end < len(text):
        ends = [span.end for span in spans if quote.end <= span.end <= end]
        blank_at = max(text.rfind(mark, quote.end, end) for mark in (" ", "\n", "\t"))
        end = ends[-1] if ends else blank_at if blank_at >= 0 else quote.end
    return Span(start, end)


def extract(text: str, quote: Span | None, reach: int) -> Extract:
    """The quote marked in its surroundings; without a quote, the text from its start."""
    cut = surroundings(text, quote or Span(0, 0), reach)
    paragraphs = []
    for span in paragraph_spans(text):
        start, end = max(span.start, cut.start), min(span.end, cut.end)
        if start < end:
            paragraphs.append(_runs(text, Span(start, end), quote))
    return Extract(
        tuple(paragraphs),
        before=bool(text[: cut.start].strip()),
        after=bool(text[cut.end :].strip()),
    )


def shorten(text: str, length: int) -> str:
    """The text on one line, cut with an ellipsis where it is longer than `length` characters."""
    line = " ".join(text[: length * 4].split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def _runs(text: str, span: Span, quote: Span | None) -> tuple[Run, ...]:
    if quote is None:
        return (Run(text[span.start : span.end]),)
    first = min(max(quote.start, span.start), span.end)
    last = max(min(quote.end, span.end), first)
    parts = (
        Run(text[span.start : first]),
        Run(text[first:last], marked=True),
        Run(text[last : span.end]),
    )
    return tuple(run for run in parts if run.text)
