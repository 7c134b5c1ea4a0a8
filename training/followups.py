"""Follow-ups and the words of earlier turns that belong to them.

Two sources. People's rewritings of conversation turns (training/rewritings.py). And questions on
one paragraph of SQuAD 1.1 train, which often name the same thing: the thing is left out of the
second or becomes a pronoun, and is then its terms. Beside these, questions that stand alone, with
turns on the same or another subject before them: they have no terms.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.passages import sentences
from index.terms import STOP_WORDS, stems
from qa.resolver import NO_TERMS
from qa.tokens import Pair, WordPieces
from qa.turns import told
from training.data import Question, Reading
from training.rewritings import FollowUp, of_people, term_stems, terms

# How often people's follow-ups are shown, and how many made ones, in the same time.
PEOPLE, MADE = 16, 25_000
_MADE_OF = "squad1-train"
_EARLIER = 4
_BARE = ("Why?", "When?", "Where?", "How?", "Why not?", "How so?", "By whom?", "Since when?")
_SUBJECTS = ("it", "it", "it", "it", "they", "they", "he", "he", "she", "this")
_OBJECTS = ("it", "it", "it", "it", "them", "them", "him", "him", "her", "that")
_OWNERS = ("its", "its", "its", "his", "her", "their")
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


def prepare(data: Path, reading: Reading, pieces: WordPieces, seed: int) -> list[Marked]:
    """All follow-ups that are trained on; people's several times, for they are few."""
    possible = list(made(reading, seed))
    some = random.Random(seed).sample(possible, min(MADE, len(possible)))
    return [mark(pieces, one) for one in [*of_people(data) * PEOPLE, *some]]


def made(reading: Reading, seed: int) -> Iterator[FollowUp]:
    """One follow-up for every question on a paragraph of SQuAD 1.1 but the first, in order."""
    draw = random.Random(seed)
    before: list[Question] = []
    squad = (question for question in reading.questions if question.source == _MADE_OF)
    for _, group in groupby(squad, lambda one: one.paragraph):
        asked = list(group)
        for number, question in enumerate(asked[1:], 1):
            turns = _turns(reading, asked[:number], before, draw)
            yield _follow_up(question.text, turns, draw)
        before = asked


def shortened(question: str, turns: Sequence[str], draw: random.Random) -> FollowUp | None:
    """The question without what it shares with the last turn that names it; None for nothing."""
    shared = _shared(question, turns)
    if not shared:
        return None
    start, end = shared
    head, rest = question[:start], question[end:]
    article = re.search(r"\b(?:the|an?)\s+$", head, re.IGNORECASE)
    if owner := re.match(r"['’]s?\b", rest):
        word, rest = draw.choice(_OWNERS), rest[owner.end() :]
    elif _AUXILIARY.search(head):
        word = draw.choice(_SUBJECTS)
    elif (link := _PREPOSITION.search(head)) and draw.random() < 0.5:
        article, word = link, draw.choice((*_PLACES, "", "", "", "", ""))
        word = f" {word}".rstrip()
    else:
        word = draw.choice(_OBJECTS)
    text = (question[: article.start()] if article else head) + word + rest
    return FollowUp(text, tuple(turns), terms(text, question, turns))


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


def _turns(
    reading: Reading, asked: Sequence[Question], before: Sequence[Question], draw: random.Random
) -> list[str]:
    """What was said: some of the paragraph's questions, perhaps after others, and answers."""
    chosen = list(asked[-draw.randint(1, _EARLIER) :])
    if before and draw.random() < 0.3:
        chosen = [*draw.sample(before, min(len(before), draw.randint(1, 2))), *chosen]
    turns: list[str] = []
    for one in chosen:
        turns.append(one.text)
        if one.span and draw.random() < 0.5:
            text = reading.paragraphs[one.paragraph].text
            at = one.span.start
            turns += [text[s.start : s.end] for s in sentences(text) if s.start <= at < s.end]
    return turns


def _follow_up(question: str, turns: Sequence[str], draw: random.Random) -> FollowUp:
    chance = draw.random()
    if chance < 0.05:
        bare = draw.choice(_BARE)
        asked = next(turn for turn in reversed(turns) if turn.endswith("?") or turn == turns[0])
        return FollowUp(bare, tuple(turns), term_stems(asked) - frozenset(stems(bare)))
    if chance < 0.7 and (made := shortened(question, turns, draw)):
        return made
    return FollowUp(question, tuple(turns), frozenset())


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
