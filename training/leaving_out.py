"""A question without what was named before it, in the ways in which people leave things out."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.terms import STOP_WORDS

# As a subject, as an object, as an owner, by what is meant.
PRONOUNS = {
    "man": (("he",), ("him",), ("his",)),
    "woman": (("she",), ("her",), ("her",)),
    "several": (("they", "they", "these"), ("them", "them", "these", "those"), ("their", "the")),
    "thing": (
        ("it", "it", "it", "it", "this", "that", "they"),
        ("it", "it", "it", "it", "this", "that", "them"),
        ("its", "its", "its", "the", "their"),
    ),
}
_MAN = re.compile(r"\b(?:he|him|his)\b", re.IGNORECASE)
_WOMAN = re.compile(r"\b(?:she|her|hers)\b", re.IGNORECASE)
_PERSON = re.compile(r"[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*){0,2}")
# Names of other things than people have them more often than not.
_NO_PERSON = re.compile(
    r"\b(?:[A-Z]{2,}|University|College|School|County|City|State|States|Kingdom|Republic|Empire|War"
    r"|Party|Church|River|Island|Islands|Sea|Lake|Street|Park|Act|Court|League|Cup|Company|Corporation"
    r"|Union|Council|Committee|Army|Navy|Force|Forces|House|Bank|News|Times|Day|North|South|East|West"
    r"|Europe|Africa|America|Asia|Britain|England|France|Germany|Russia|China|India|Japan|Rome|London"
    r"|Paris|York|Christianity|Islam|Buddhism|English|French|German|American|British|Greek|Roman)\b"
)
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
_NEAR = 160  # characters


class _Run(NamedTuple):
    """Words that an earlier turn has, too; a name if it is written with a capital."""

    start: int
    end: int
    name: bool
    words: int


def left_out(question: str, turns: Sequence[str], text: str, draw: random.Random) -> str | None:
    """The question without one or two of the things that the turns name; None for nothing.

    `text` is what it was asked about: it tells what can be "he", "she" or "they".
    """
    first = _without_one(question, turns, text, draw)
    if first is None or draw.random() < 0.6:
        return first
    return _without_one(first, turns, text, draw) or first


def _without_one(question: str, turns: Sequence[str], text: str, draw: random.Random) -> str | None:
    ways = [way for run in _runs(question, turns) if (way := _without(question, run, text, draw))]
    if not ways:
        return None
    # Mostly the longest thing, names before others: `_runs` has them in this order.
    return ways[0] if draw.random() < 0.7 else draw.choice(ways)


def _without(question: str, run: _Run, text: str, draw: random.Random) -> str | None:
    """As the words around it allow; None if it cannot be left out."""
    subjects, objects, owners = PRONOUNS[kind_of(question[run.start : run.end], text)]
    head, rest = question[: run.start], question[run.end :]
    article = _ARTICLE.search(head)
    bare = head[: article.start()] if article else head
    after = _WORD.search(rest)
    ends = after is None or rest[:1] in ",?;." or after.group().lower() in _AFTER
    if re.match(r"['’]s?\b", rest):
        return bare + draw.choice(owners) + re.sub(r"^['’]s?", "", rest)
    if run.words > 1 and draw.random() < 0.2:  # only its first or its last word is said
        said = _WORD.findall(question[run.start : run.end])
        last = said[-1] if draw.random() < 0.7 else said[0]
        determiner = draw.choice(("this ", "the ", "the ", "that ")) if article or run.name else ""
        return bare + determiner + (last.lower() if draw.random() < 0.7 else last) + rest
    if _AUXILIARY.search(head):
        return bare + draw.choice(subjects) + rest if ends or after else None
    link = _PREPOSITION.search(head)
    if link and ends:
        if draw.random() < 0.65:
            return head[: link.start()] + draw.choice((*_PLACES, *[""] * 10)) + rest
        return bare + draw.choice(objects) + rest
    if not ends and rest[:1] == " " and (article or link or run.name) and rest[1:2].islower():
        return head + rest.lstrip()  # "the Ottoman army" -> "the army"
    if ends and (article or run.name) and not head.rstrip().endswith("-"):
        return bare + draw.choice(objects) + rest
    return None


def kind_of(run: str, text: str) -> str:
    """Which of PRONOUNS fit: a name is a person's if the text speaks of one soon after it."""
    last = run.split()[-1]
    if last[:1].islower():
        plural = last.endswith("s") and not last.endswith(("ss", "us", "is"))
        return "several" if plural or last in ("people", "men", "women", "children") else "thing"
    if not _PERSON.fullmatch(run) or _NO_PERSON.search(run):
        return "thing"
    men = women = 0
    for match in re.finditer(rf"\b{re.escape(last)}\b", text):
        near = text[match.end() : match.end() + _NEAR]
        men += bool(_MAN.search(near))
        women += bool(_WOMAN.search(near))
    if not men and not women:
        return "thing"
    return "man" if men >= women else "woman"


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
