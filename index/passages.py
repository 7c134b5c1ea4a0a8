"""Sentences and passages, as spans of an article's text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import sentencex

from index.types import Span

# Tokens of a passage that is closed as soon as the next sentence would go beyond it; about 120
# English words. Measured in bench/retrieval.md against smaller and larger ones.
TARGET_TOKENS = 160

TokenCounter = Callable[[Sequence[str]], list[int]]

_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
# Letters, digits and a mark that ends a sentence: used to tell a sentence from a stray bracket.
_WORD = re.compile(r"\w")
_OPENERS = "“‘\"'(["
_CLOSERS = "”’\"')]"


def sentences(text: str, language: str = "en") -> list[Span]:
    """The sentences of `text` in order, without surrounding white space; none spans a blank line.

    A part without any letter or digit joins the sentence before it.
    """
    spans: list[Span] = []
    for paragraph in _PARAGRAPH.finditer(text):
        first = len(spans)
        for boundary in sentencex.get_sentence_boundaries(language, paragraph.group()):
            start = paragraph.start() + boundary["start_index"]
            span = _trim(text, Span(start, paragraph.start() + boundary["end_index"]))
            if span.start == span.end:
                continue
            if len(spans) > first and not _WORD.search(text, span.start, span.end):
                spans[-1] = Span(spans[-1].start, span.end)
            else:
                spans.append(span)
    return spans


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
    """`span` in pieces of at most `limit` tokens, at white space wherever there is some.

    A token has at least one character, so a piece of `limit` characters always fits.
    """
    words: list[Span] = []
    for match in re.compile(r"\S+").finditer(text, span.start, span.end):
        words += [
            Span(at, min(at + limit, match.end()))
            for at in range(match.start(), match.end(), limit)
        ]
    start, size = words[0].start, 0
    end = start
    for word, tokens in zip(
        words, count_tokens([text[w.start : w.end] for w in words]), strict=True
    ):
        if size and size + tokens > limit:
            yield Span(start, end), size
            start, size = word.start, 0
        end = word.end
        size += tokens
    yield Span(start, end), size


def _trim(text: str, span: Span) -> Span:
    piece = text[span.start : span.end]
    return Span(
        span.start + len(piece) - len(piece.lstrip()), span.end - len(piece) + len(piece.rstrip())
    )
