"""Follow-ups and the words of earlier turns that belong to them, as the encoder reads them.

Two sources. People's rewritings of conversation turns (training/rewritings.py). And conversations
made of the questions on an article (training/dialogues.py). `shortened` makes a follow-up of one
question, for measurement: a name or thing that an earlier turn has is left out or becomes a
pronoun.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.terms import STOP_WORDS, stems
from qa.candidates import NO_TERMS
from qa.tokens import Pair, WordPieces
from qa.turns import told
from training import dialogues
from training.data import Reading
from training.leaving_out import PRONOUNS, kind_of
from training.rewritings import FollowUp, of_people, terms

# How often people's follow-ups are shown beside a reader's examples, and how many made ones.
PEOPLE, MADE = 16, 25_000
_PLACES = ("there", "here", "in it", "at that time")
_PREPOSITIONS = "of|in|for|by|at|from|with|on|to|about|during|under|against|between|after|before"
# What a name or thing stands after if it is whole: an auxiliary, and then it is the subject, or a
# preposition. Otherwise it might be part of a longer name, or a verb.
_AUXILIARY = re.compile(
    r"\b(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would|should|may|might)"
    r"\s+(?:the\s+|an?\s+)?$",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(rf"\s(?:{_PREPOSITIONS})\s+(?:the\s+|an?\s+)?$", re.IGNORECASE)
_AFTER = STOP_WORDS | frozenset(_PREPOSITIONS.split("|"))
_WORD = re.compile(r"\w+")

Labels = NDArray[np.int8]


class Marked(NamedTuple):
    """`labels` (tokens,): 1 on the tokens of terms, 0 on other words, -1 where nothing is said."""

    pair: Pair
    labels: Labels


def prepare(
    data: Path,
    reading: Reading,
    pieces: WordPieces,
    seed: int,
    people: int = PEOPLE,
    made: int = MADE,
    without: str = "",
) -> list[Marked]:
    """So many made follow-ups, and people's `people` times, for they are few; none of those of the
    source `without`."""
    possible = list(dialogues.made(reading, seed)) if made else []
    some = random.Random(seed).sample(possible, min(made, len(possible)))
    return [mark(pieces, one) for one in [*of_people(data, without) * people, *some]]


def shortened(
    question: str, turns: Sequence[str], text: str, draw: random.Random
) -> FollowUp | None:
    """The question without what it shares with the last turn that names it; None for nothing.

    `text` is what it was asked about: it tells what can be "he", "she" or "they".
    """
    shared = _shared(question, turns)
    if not shared:
        return None
    start, end = shared
    subjects, objects, owners = PRONOUNS[kind_of(question[start:end], text)]
    head, rest = question[:start], question[end:]
    article = re.search(r"\b(?:the|an?)\s+$", head, re.IGNORECASE)
    if owner := re.match(r"['’]s?\b", rest):
        word, rest = draw.choice(owners), rest[owner.end() :]
    elif _AUXILIARY.search(head):
        word = draw.choice(subjects)
    elif (link := _PREPOSITION.search(head)) and draw.random() < 0.5:
        article, word = link, draw.choice((*_PLACES, "", "", "", "", ""))
        word = f" {word}".rstrip()
    else:
        word = draw.choice(objects)
    typed = (question[: article.start()] if article else head) + word + rest
    return FollowUp(typed, tuple(turns), terms(typed, question, turns))


def mark(pieces: WordPieces, one: FollowUp) -> Marked:
    """The follow-up as the encoder reads it, each word of its turns marked."""
    shown = told(pieces, one.question, one.turns)
    labels = np.full(len(shown.pair.ids), -1, np.int8)
    for word in shown.words:
        text = one.turns[word.turn][word.span.start : word.span.end]
        if text.lower() in NO_TERMS:
            continue
        labels[word.tokens.start : word.tokens.end] = not one.terms.isdisjoint(stems(text))
    return Marked(shown.pair, labels)


def _shared(question: str, turns: Sequence[str]) -> tuple[int, int] | None:
    """The characters of the longest run of words that a turn has, too: a name, or a thing.

    A run begins and ends with a word that is no stop word; one word alone must be a name, or a
    longer word.
    """
    words = [(m.group().lower(), m.start(), m.end()) for m in _WORD.finditer(question)]
    said = [f" {' '.join(m.group().lower() for m in _WORD.finditer(turn))} " for turn in turns]
    best: tuple[tuple[int, int], int, int] | None = None
    for first in range(1, len(words)):  # the first is "What" or like it
        for last in range(first, min(first + 6, len(words))):
            ends = words[first][0], words[last][0]
            if not STOP_WORDS.isdisjoint(ends):
                continue
            run = " ".join(word for word, _, _ in words[first : last + 1])
            if not any(f" {run} " in turn for turn in said):
                break
            start, end = words[first][1], words[last][2]
            name = question[start].isupper()
            if first == last and not name and len(run) < 6:
                continue
            if not _whole(question[:start], question[end:]):
                continue
            rank = (int(name), last - first)
            if best is None or rank > best[0]:
                best = rank, start, end
    return best[1:] if best else None


def _whole(head: str, rest: str) -> bool:
    """Whether what stands between is a whole name or thing, by the words around it."""
    after = _WORD.search(rest)
    ends = after is None or rest[:1] in "'’,?;" or after.group().lower() in _AFTER
    return bool(_AUXILIARY.search(head)) or (ends and bool(_PREPOSITION.search(head)))
