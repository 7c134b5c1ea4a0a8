"""A reading -> what is quoted of its article."""

from __future__ import annotations

import re

from index.types import Span
from qa.citations import Quote
from qa.reader import Reading
from qa.speakers import speaker

# What points back to the sentence before: as its first word or after a "But", or "14 of them".
_POINTS_BACK = re.compile(
    r"""^\W*(?:
        (?:(?:and|but|so|yet|still|however|instead|meanwhile|then|later|now)\b\W+)?
        (?:he|she|it|they|this|that|these|those|his|her|its|their|him|them)\b
      | (?:\w+\W+){1,5}of\ them\b
      )""",
    re.IGNORECASE | re.VERBOSE,
)

# "More:Mayor closes the bridge", as it is left of a page whose links had no space.
_LINK = re.compile(r"[^:.?!“”]{1,60}[^\W\d]['’]?:(?:\d+\s)?['‘]?[A-Z]")
# "For the latest on the strike, see our live updates here."
_POINTER = re.compile(
    r"^(?:(?:editor['’]s\s+note|note)\W+)?for\s+(?:the\s+latest|more|updates?)\b"
    r".*\b(?:see|read|follow|visit|find|click|go\s+to)\b",
    re.IGNORECASE,
)


def is_link(sentence: str) -> bool:
    """Whether it leads to another article, or is its title, where a link to it stood."""
    return bool(_LINK.match(sentence) or _POINTER.match(sentence))


def quoted(reading: Reading) -> Quote:
    """The reading's sentence, from the one before it in its paragraph if it points back."""
    span, passage = _with_what_it_needs(reading), reading.hit.passage
    return Quote(
        passage.article_id,
        span.start,
        span.end,
        passage.text_at(span),
        short_answer(reading),
        reading.score,
        speaker(reading.text),
    )


def overlap(one: Quote, other: Quote) -> bool:
    """Whether they share characters of an article."""
    return one.article_id == other.article_id and one.start < other.end and other.start < one.end


def short_answer(reading: Reading) -> str:
    """The part of the sentence that answers; empty if the reader does not tell."""
    return reading.hit.passage.text_at(reading.short) if reading.short else ""


def _with_what_it_needs(reading: Reading) -> Span:
    passage = reading.hit.passage
    before = [span for span in passage.sentences if span.end <= reading.sentence.start]
    if not before or not _POINTS_BACK.search(reading.text):
        return reading.sentence
    gap = Span(before[-1].end, reading.sentence.start)
    if "\n" in passage.text_at(gap):
        return reading.sentence
    return Span(before[-1].start, reading.sentence.end)
