"""Texts as word pieces, and (question, passage) pairs as the encoder reads them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index import packaged
from index.packaged import tokenizer_in
from index.types import Span

Ids = NDArray[np.uint16]

CLS, SEP = packaged.CLS, packaged.SEP
QUESTION_TOKENS = 64
TITLE_TOKENS = 32

# One character for one, so that offsets hold; news has the curly ones, questions seldom.
_PLAIN: dict[int, int | str] = dict(str.maketrans("‘’‚‛“”„‟–—", "''''\"\"\"\"--"))
# Half a character, which no tokenizer takes: a question may have one.
_PLAIN |= dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")


class Tokens(NamedTuple):
    """The word pieces of a text and the characters each stands for."""

    ids: Ids
    starts: list[int]
    ends: list[int]


class WordPieces:
    """The embedder's own tokenizer, without limit, padding or special tokens."""

    def __init__(self, folder: Path | None = None) -> None:
        """That of a folder with `tokenizer.json`, or the packaged embedder's. Raises ModelError."""
        self._tokenizer = tokenizer_in(folder) if folder else packaged.tokenizer()

    def of(self, texts: Sequence[str]) -> list[Tokens]:
        """The tokens of each text."""
        encoded = self._tokenizer.encode_batch(
            [text.translate(_PLAIN) for text in texts], add_special_tokens=False
        )
        return [
            Tokens(
                np.array(one.ids, np.uint16),
                [start for start, _ in one.offsets],
                [end for _, end in one.offsets],
            )
            for one in encoded
        ]


def token_span(tokens: Tokens, span: Span) -> Span | None:
    """The tokens that have characters of `span`; None if none has."""
    first = bisect_right(tokens.ends, span.start)
    end = bisect_left(tokens.starts, span.end)
    return Span(first, end) if first < end else None


@dataclass(frozen=True, slots=True)
class Pair:
    """[CLS] question [SEP] (title [SEP]) passage [SEP], types 0 up to the first [SEP].

    The passage's tokens are at [begin, end); `first` is which token of the passage stands at
    `begin`. `answer` holds the positions of the answer's tokens, the first position for none.
    """

    ids: Ids
    asked: int
    begin: int
    end: int
    first: int
    answer: Span


def room(question: Ids, title: Ids, limit: int) -> int:
    """How many tokens of a passage fit into `limit`."""
    asked, headed = min(len(question), QUESTION_TOKENS), min(len(title), TITLE_TOKENS)
    return limit - 3 - asked - (headed + 1 if headed else 0)


def pair(
    question: Ids, passage: Ids, title: Ids, *, limit: int, first: int, answer: Span | None
) -> Pair:
    """The pair with the passage's tokens from `first` on, as many as fit.

    `answer` is in tokens of the whole passage; what lies outside counts as no answer.
    """
    shown = passage[first : first + room(question, title, limit)]
    pieces: list[Sequence[int] | Ids] = [[CLS], question[:QUESTION_TOKENS], [SEP]]
    asked = 2 + len(pieces[1])
    if len(title):
        pieces += [title[:TITLE_TOKENS], [SEP]]
    begin = sum(map(len, pieces))
    end = begin + len(shown)
    placed = Span(0, 1)
    if answer is not None and answer.start >= first and answer.start < first + len(shown):
        placed = Span(answer.start - first + begin, min(answer.end - first + begin, end))
    ids = np.concatenate([*pieces, shown, [SEP]]).astype(np.uint16)
    return Pair(ids, asked, begin, end, first, placed)


def windows(question: Ids, passage: Ids, title: Ids, *, limit: int, overlap: int) -> list[Pair]:
    """Pairs that together show the whole passage, each with `overlap` tokens of the one before.

    Fewer where hardly more fit at once.
    """
    size = room(question, title, limit)
    firsts = [0]
    while firsts[-1] + size < len(passage):
        firsts.append(firsts[-1] + max(size - overlap, size // 2, 1))
    return [pair(question, passage, title, limit=limit, first=n, answer=None) for n in firsts]
