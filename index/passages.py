"""Sentences and passages, as spans of an article's text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import sentencex

from index.types import Span

# Tokens of a passage that is closed as soon as the next sentence would go beyond it; about 120
# English words. `python -m bench retrieval` makes a collection of its own for another value.
TARGET_TOKENS = 160

TokenCounter = Callable[[Sequence[str]], list[int]]

_BLANK_LINE = re.compile(r"\n\s*\n")
_LETTER_OR_DIGIT = re.compile(r"\w")
_NOT_SPACE = re.compile(r"\S+")
# Characters given to the segmenter at once: its time grows with the square of some texts.
_WINDOW = 20_000

# Where the segmenter cuts a sentence in two, as seen on news text:
# "The show Jeopardy! | was on", but not before "iPhone" …
_FIRST_WORD = re.compile(r"[“‘\"'(\[]*([^\W\d_]+)")
# "1. | First item" …
_NUMBERING = re.compile(r"\(?(?:\d{1,3}|[A-Za-z])[.)]")
# “Why now?” | Ms. Harris asked …
_CALL = re.compile(r"[?!…—–][”’\"']$")
_ATTRIBUTION = re.compile(
    r"(?:[A-Z]\S* ){1,4}(?:said|says|asked|asks|added|told|wrote|shouted|cried|replied)\b"
)
# … she said. " | He left."
_HANGING = re.compile(r"\s+([“‘\"'(\[]+)$")


def sentences(text: str, language: str = "en") -> list[Span]:
    """The sentences of `text` in order, without surrounding white space; none spans a blank line.

    Every other character is in exactly one. A part of a paragraph without any letter or digit
    belongs to the sentence before it.
    """
    spans: list[Span] = []
    start = 0
    for blank in (*_BLANK_LINE.finditer(text), None):
        end = blank.start() if blank else len(text)
        spans += _joined(text, _segments(text, Span(start, end), language))
        start = blank.end() if blank else end
    return spans


def _segments(text: str, paragraph: Span, language: str) -> Iterator[Span]:
    """The segmenter's sentences; where a window ends, its last one is read again with the next."""
    start = paragraph.start
    while start < paragraph.end:
        end = min(start + _WINDOW, paragraph.end)
        found = sentencex.get_sentence_boundaries(language, text[start:end])
        if end < paragraph.end and len(found) > 1:
            found.pop()
        for boundary in found:
            span = _trim(text, Span(start + boundary["start_index"], start + boundary["end_index"]))
            if span.start < span.end:
                yield span
        start += found[-1]["end_index"]


def _joined(text: str, segments: Iterator[Span]) -> list[Span]:
    """The sentences of one paragraph, those cut in two made whole again."""
    spans: list[Span] = []
    for span in segments:
        if not spans:
            spans.append(span)
            continue
        before = spans.pop()
        hanging = _HANGING.search(text, max(before.start, before.end - 8), before.end)
        if hanging and before.end == span.start:
            before = _trim(text, Span(before.start, hanging.start()))
            span = Span(hanging.start(1), span.end)
        if _one_sentence(text, before, span, spans[0] if spans else before):
            spans.append(Span(before.start, span.end))
        else:
            spans += before, span
    return spans


def _one_sentence(text: str, before: Span, span: Span, first: Span) -> bool:
    return bool(
        not _LETTER_OR_DIGIT.search(text, *span)
        or _NUMBERING.fullmatch(text, *before)
        or (
            _CALL.search(text, max(before.start, before.end - 2), before.end)
            and _ATTRIBUTION.match(text, *span)
        )
        # Where nothing has capitals, a small letter says nothing.
        or (_starts_small(text, span) and not _starts_small(text, first))
    )


def _starts_small(text: str, span: Span) -> bool:
    word = _FIRST_WORD.match(text, *span)
    return word is not None and word.group(1).islower()


def split(
    text: str,
    count_tokens: TokenCounter,
    *,
    limit: int,
    target: int = TARGET_TOKENS,
    language: str = "en",
) -> list[tuple[Span, ...]]:
    """Passages of `text`, each as the spans of its sentences; every sentence is in exactly one.

    A passage has at most `limit` tokens by `count_tokens` (which must add up over text cut at
    white space, as WordPiece does) and is closed at `target` where a sentence ends. A sentence
    beyond `limit` is cut at white space, a word beyond it anywhere.
    """
    target = min(target, limit)
    spans = sentences(text, language)
    counted = zip(spans, count_tokens([text[s.start : s.end] for s in spans]), strict=True)
    passages: list[tuple[Span, ...]] = []
    current: list[Span] = []
    size = 0
    for span, tokens in _fit(text, counted, count_tokens, limit):
        if current and size + tokens > target:
            passages.append(tuple(current))
            current, size = [], 0
        current.append(span)
        size += tokens
    if current:
        passages.append(tuple(current))
    return passages


def _fit(
    text: str, counted: Iterator[tuple[Span, int]], count_tokens: TokenCounter, limit: int
) -> Iterator[tuple[Span, int]]:
    for span, tokens in counted:
        if tokens <= limit:
            yield span, tokens
        else:
            yield from _cut(text, span, count_tokens, limit)


def _cut(
    text: str, span: Span, count_tokens: TokenCounter, limit: int
) -> Iterator[tuple[Span, int]]:
    """`span` in pieces of at most `limit` tokens, at white space wherever there is some."""
    words = [Span(*match.span()) for match in _NOT_SPACE.finditer(text, span.start, span.end)]
    start, end, size = span.start, span.start, 0
    for word, tokens in _fitting(text, words, count_tokens, limit):
        if size and size + tokens > limit:
            yield Span(start, end), size
            start, size = word.start, 0
        end = word.end
        size += tokens
    yield Span(start, end), size


def _fitting(
    text: str, words: list[Span], count_tokens: TokenCounter, limit: int
) -> Iterator[tuple[Span, int]]:
    """`words` with their tokens, one beyond `limit` halved until its parts fit."""
    counts = count_tokens([text[word.start : word.end] for word in words])
    for word, tokens in zip(words, counts, strict=True):
        middle = (word.start + word.end) // 2
        if tokens <= limit or middle == word.start:
            yield word, tokens
        else:
            halves = [Span(word.start, middle), Span(middle, word.end)]
            yield from _fitting(text, halves, count_tokens, limit)


def _trim(text: str, span: Span) -> Span:
    piece = text[span.start : span.end]
    return Span(
        span.start + len(piece) - len(piece.lstrip()), span.end - len(piece) + len(piece.rstrip())
    )
