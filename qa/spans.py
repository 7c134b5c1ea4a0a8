"""Logits of tokens -> the best short answer inside a sentence."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.types import Passage, Span
from qa.tokens import Tokens, token_span

# Tokens of the longest short answer; 99 % of SQuAD's are shorter.
LONGEST = 30
# The margin of a sentence without any token: below that of any other.
NO_TOKEN = -40.0


class Window(NamedTuple):
    """The logits of the tokens from `first` of the passage on, less those of "no answer"."""

    first: int
    start: NDArray[np.float32]
    end: NDArray[np.float32]
    relevance: float

    def best(self, within: Span) -> tuple[float, Span] | None:
        """The best span of at most LONGEST of these tokens and its margin; None if none is here."""
        low = max(within.start - self.first, 0)
        high = min(within.end - self.first, len(self.start))
        if low >= high:
            return None
        summed = self.start[low:high, None] + self.end[None, low:high]
        allowed = np.triu(np.tri(high - low, k=LONGEST - 1, dtype=bool))
        at = int(np.where(allowed, summed, -np.inf).argmax())
        start, end = divmod(at, high - low)
        offset = low + self.first
        return float(summed[start, end]), Span(start + offset, end + 1 + offset)


class Best(NamedTuple):
    """The best span of a sentence in the article, its margin, and the relevance of its window."""

    short: Span | None
    margin: float
    relevance: float


def best(passage: Passage, sentence: Span, tokens: Tokens, windows: Sequence[Window]) -> Best:
    """The sentence's best span, of the window in which it stands out most.

    `tokens` are of the passage, `windows` show all of them; None if the sentence has no token.
    """
    inside = token_span(tokens, Span(sentence.start - passage.start, sentence.end - passage.start))
    found = [
        (*one, window.relevance) for window in windows if inside and (one := window.best(inside))
    ]
    if not found:
        return Best(None, NO_TOKEN, max(window.relevance for window in windows))
    margin, span, relevance = max(found, key=lambda one: one[0])
    return Best(_characters(tokens, span, sentence, passage), margin, relevance)


def _characters(tokens: Tokens, span: Span, sentence: Span, passage: Passage) -> Span:
    """Where the tokens stand in the article, inside the sentence."""
    start = max(tokens.starts[span.start] + passage.start, sentence.start)
    end = min(tokens.ends[span.end - 1] + passage.start, sentence.end)
    # The tokenizer drops accents that are characters of their own; they belong to their letter.
    while end < sentence.end and unicodedata.category(passage.text[end - passage.start])[0] == "M":
        end += 1
    return Span(start, end)
