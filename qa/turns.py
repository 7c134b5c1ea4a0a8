"""A question and the earlier turns of its conversation, as the encoder reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from index.types import Span
from qa.tokens import CLS, QUESTION_TOKENS, SEP, Ids, Pair, Tokens, WordPieces

# What is read of every turn that there is room for, and the most of one; what is asked about is
# named early in a question or a passage.
FIRST_TOKENS, TURN_TOKENS = 32, 192
# Of question and turns together. Trained at this length.
MAX_TOKENS = 288


class Earlier(NamedTuple):
    """What was said in an earlier turn: a question, or a text that answered one."""

    text: str
    asked: bool


class Word(NamedTuple):
    """A word of an earlier turn: which turn, its characters there, its positions in the pair."""

    turn: int
    span: Span
    tokens: Span


@dataclass(frozen=True, slots=True)
class Told:
    """[CLS] question [SEP] turn [SEP] turn [SEP] …, oldest first, and the words of the turns."""

    pair: Pair
    words: tuple[Word, ...]


def told(pieces: WordPieces, question: str, turns: Sequence[str]) -> Told:
    """The beginnings of the latest turns that there is room for, after the question; of the latest
    of these more, if room is left.

    `turns` are texts, oldest first: earlier questions, and the sentences that answered them.
    """
    asked, *earlier = pieces.of([question, *turns])
    start = [CLS, *asked.ids[:QUESTION_TOKENS], SEP]
    sizes = _sizes([len(one.ids) for one in earlier], MAX_TOKENS - len(start))
    ids: list[Sequence[int] | Ids] = [start]
    words: list[Word] = []
    at = len(start)
    for turn, size in sizes.items():
        words += _words(turns[turn], turn, earlier[turn], size, at)
        ids += [earlier[turn].ids[:size], [SEP]]
        at += size + 1
    joined = np.concatenate(ids).astype(np.uint16)
    return Told(Pair(joined, len(start), len(start), at, 0, Span(0, 1)), tuple(words))


def _sizes(lengths: Sequence[int], room: int) -> dict[int, int]:
    """How many tokens are read of each turn that is read at all, in order; a separator follows."""
    sizes: dict[int, int] = {}
    for turn in reversed(range(len(lengths))):
        size = min(lengths[turn], FIRST_TOKENS)
        if size + 1 > room:
            break
        sizes[turn] = size
        room -= size + 1
    for turn, size in sizes.items():
        more = min(min(lengths[turn], TURN_TOKENS) - size, room)
        sizes[turn] = size + more
        room -= more
    return dict(reversed(sizes.items()))


def _words(text: str, turn: int, tokens: Tokens, size: int, at: int) -> list[Word]:
    """The first `size` tokens as words: runs of letters and digits without a gap."""
    words: list[Word] = []
    for number in range(size):
        span = Span(tokens.starts[number], tokens.ends[number])
        if not any(c.isalnum() for c in text[span.start : span.end]):
            continue
        here = Span(at + number, at + number + 1)
        if words and words[-1].span.end == span.start and words[-1].tokens.end == here.start:
            before = words.pop()
            span, here = Span(before.span.start, span.end), Span(before.tokens.start, here.end)
        words.append(Word(turn, span, here))
    return words
