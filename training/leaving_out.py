"""A question without what was named before it, in the ways in which people leave things out."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.terms import STOP_WORDS

_SUBJECTS = ("it", "it", "it", "it", "they", "they", "he", "he", "she", "this", "that")
_OBJECTS = ("it", "it", "it", "it", "them", "them", "him", "him", "her", "that", "this")
_OWNERS = ("its", "its", "its", "his", "her", "their", "the", "the")
_PLACES = (" there", " here", " in it", " at that time", " then")
_PREPOSITIONS = (
    "of|in|for|by|at|from|with|on|to|about|during|under|against|between|after|before|into|than|"
    "through|within|over|as"
)
_AUXILIARY = re.compile(
    r"\b(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would|should|may|might)"
    r"\s+(?:the\s+|an?\s+)?$",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(rf"\s(?:{_PREPOSITIONS})\s+(?:the\s+|an?\s+)?$", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:the|an?)\s+$", re.IGNORECASE)
_AFTER = STOP_WORDS | frozenset(_PREPOSITIONS.split("|"))
_WORD = re.compile(r"\w+")
_MOST_WORDS = 6


class _Run(NamedTuple):
    """Words that an earlier turn has, too; a name if it is written with a capital."""

    start: int
    end: int
    name: bool
    words: int


def left_out(question: str, turns: Sequence[str], draw: random.Random) -> str | None:
    """The question without one or two of the things that the turns name; None for nothing."""
    first = _without_one(question, turns, draw)
    if first is None or draw.random() < 0.6:
        return first
    return _without_one(first, turns, draw) or first


def _without_one(question: str, turns: Sequence[str], draw: random.Random) -> str | None:
    ways = [way for run in _runs(question, turns) if (way := _without(question, run, draw))]
    if not ways:
        return None
    # Mostly the longest thing, names before others: `_runs` has them in this order.
    return ways[0] if draw.random() < 0.7 else draw.choice(ways)


def _without(question: str, run: _Run, draw: random.Random) -> str | None:
    """As the words around it allow; None if it cannot be left out."""
    head, rest = question[: run.start], question[run.end :]
    article = _ARTICLE.search(head)
    bare = head[: article.start()] if article else head
    after = _WORD.search(rest)
    ends = after is None or rest[:1] in ",?;." or after.group().lower() in _AFTER
    if re.match(r"['’]s?\b", rest):
        return bare + draw.choice(_OWNERS) + re.sub(r"^['’]s?", "", rest)
    if run.words > 1 and draw.random() < 0.2:  # only its first or its last word is said
        said = _WORD.findall(question[run.start : run.end])
        last = said[-1] if draw.random() < 0.7 else said[0]
        determiner = draw.choice(("this ", "the ", "the ", "that ")) if article or run.name else ""
        return bare + determiner + (last.lower() if draw.random() < 0.7 else last) + rest
    if _AUXILIARY.search(head):
        return bare + draw.choice(_SUBJECTS) + rest if ends or after else None
    link = _PREPOSITION.search(head)
    if link and ends:
        if draw.random() < 0.65:
            return head[: link.start()] + draw.choice((*_PLACES, *[""] * 10)) + rest
        return bare + draw.choice(_OBJECTS) + rest
    if not ends and rest[:1] == " " and (article or link or run.name) and rest[1:2].islower():
        return head + rest.lstrip()  # "the Ottoman army" -> "the army"
    if ends and run.start and not head.rstrip().endswith("-"):
        return bare + draw.choice(_OBJECTS) + rest
    return None


def _runs(question: str, turns: Sequence[str]) -> Iterator[_Run]:
    """The longest runs that begin and end with no stop word; one word alone must be a name or
    longer than most."""
    words = [(m.group().lower(), m.start(), m.end()) for m in _WORD.finditer(question)]
    said = [f" {' '.join(m.group().lower() for m in _WORD.finditer(turn))} " for turn in turns]
    found: list[_Run] = []
    first = 1  # after "What" or the like
    while first < len(words):
        longest = None
        for last in range(first, min(first + _MOST_WORDS, len(words))):
            run = " ".join(word for word, _, _ in words[first : last + 1])
            if not any(f" {run} " in turn for turn in said):
                break
            if STOP_WORDS.isdisjoint((words[first][0], words[last][0])):
                longest = last
        if longest is None:
            first += 1
            continue
        start, end = words[first][1], words[longest][2]
        name = question[start].isupper()
        if longest > first or name or end - start > 4:
            found.append(_Run(start, end, name, longest - first + 1))
        first = longest + 1
    yield from sorted(found, key=lambda run: (-run.name, -run.words))
