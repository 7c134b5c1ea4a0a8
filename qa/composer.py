"""Readings -> the quotes of the answer, in the order in which they are shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.terms import content_words, stems
from index.types import Span
from qa.citations import Quote
from qa.reader import Reading

# A further sentence is quoted if its score is at least this share of the best one's.
FURTHER_SHARE = 0.85
MOST_QUOTES = 3
# Two sentences that share this much of the shorter one's words say the same.
SAME_SHARE = 0.7
# First words that point back to the sentence before.
_POINTS_BACK = frozenset("he she it they this that these those his her its their him them".split())
_WORD = re.compile(r"\w+")


def compose(readings: Sequence[Reading], threshold: float) -> list[Quote]:
    """The best sentence and those close to it that add something; none below `threshold`.

    `readings` come best first. A sentence that points back is quoted with the one before it.
    """
    if not readings or readings[0].score < threshold:
        return []
    floor = max(threshold, FURTHER_SHARE * readings[0].score)
    chosen: list[Reading] = []
    for reading in readings:
        if reading.score < floor or len(chosen) == MOST_QUOTES:
            break
        if not any(_same(reading, other) for other in chosen):
            chosen.append(reading)
    return _quotes(chosen)


def _quotes(readings: Sequence[Reading]) -> list[Quote]:
    quotes: list[Quote] = []
    for reading in readings:
        span, passage = _with_what_it_needs(reading), reading.hit.passage
        if any(
            quote.article_id == passage.article_id
            and span.start < quote.end
            and quote.start < span.end
            for quote in quotes
        ):
            continue
        short = passage.text_at(reading.short) if reading.short else ""
        text = passage.text_at(span)
        quotes.append(Quote(passage.article_id, span.start, span.end, text, short))
    return quotes


def _with_what_it_needs(reading: Reading) -> Span:
    """The sentence, from the one before it in the same paragraph if it points back."""
    passage = reading.hit.passage
    first = _WORD.search(reading.text)
    before = [span for span in passage.sentences if span.end <= reading.sentence.start]
    if not first or first.group().lower() not in _POINTS_BACK or not before:
        return reading.sentence
    gap = Span(before[-1].end, reading.sentence.start)
    if "\n" in passage.text_at(gap):
        return reading.sentence
    return Span(before[-1].start, reading.sentence.end)


def _same(one: Reading, other: Reading) -> bool:
    if one.hit.passage.article_id == other.hit.passage.article_id and (
        one.sentence == other.sentence
    ):
        return True
    mine, theirs = (set(stems(" ".join(content_words(r.text)))) for r in (one, other))
    fewer = min(len(mine), len(theirs))
    return fewer > 0 and len(mine & theirs) >= SAME_SHARE * fewer
