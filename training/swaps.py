"""Questions made unanswerable by a small change: another name, number or date, or the opposite.

By rules on words alone. What is swapped in must be foreign to the paragraph and what is swapped
out must stand in it, so that a question which can still be answered is rare.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from index.terms import words

_YEAR = r"\b(?:1\d|20)\d\d\b"
_MONTH = (
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_WEEKDAY = r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
_ORDINAL = r"(?<=the )(?:first|second|third|fourth|fifth|sixth)\b"
_COUNT = r"\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve)\b"
_FIGURE = r"(?<![\w.,$£€])\d+(?:[.,]\d+)*(?![\w%]|[.,]\d)"
_NAME = r"\b[A-Z][\w’'-]*[\w](?: (?:(?:of|of the|of a|de|la|du|von|van|der) )?[A-Z][\w’'-]*[\w])*"

# Kinds with a fixed list of members, in the order in which they are tried.
_DATES = {"year": _YEAR, "month": _MONTH, "weekday": _WEEKDAY, "figure": _FIGURE}
_LISTED = {"ordinal": _ORDINAL, "count": _COUNT}
_MEMBERS = {
    kind: re.findall(r"\w+", re.sub(r"\\b|\(\?<=the \)|\(\?:", "", pattern))
    for kind, pattern in _LISTED.items()
}

_PLACES = frozenset("in at near from to into across outside".split())
_PEOPLE = re.compile(r"(?:[a-z]ian|[a-z]ean|[a-z]ese|ish|French|Greek|German|American|Dutch)s?$")

_OPPOSITES = """
first/last before/after highest/lowest most/least largest/smallest biggest/smallest oldest/youngest
oldest/newest best/worst more/fewer more/less earliest/latest longest/shortest strongest/weakest
richest/poorest increase/decrease increased/decreased won/lost win/lose winner/loser
northern/southern eastern/western north/south east/west male/female men/women above/below
inside/outside began/ended begin/end start/end started/ended majority/minority maximum/minimum
upper/lower gain/lose gained/lost support/oppose supported/opposed supporters/opponents
accept/reject accepted/rejected allowed/forbidden internal/external ancient/modern
advantage/disadvantage advantages/disadvantages enemies/allies friends/enemies success/failure
cheapest/dearest fastest/slowest love/hate easy/difficult hot/cold heavy/light
higher/lower larger/smaller older/younger positive/negative arrive/leave bought/sold
buy/sell open/close opened/closed added/removed include/exclude rural/urban private/public
""".split()

_AUXILIARY = re.compile(
    r"\b(?:did|does|do|was|were|is|are|can|could|will|would|has|have|had|should)\b", re.IGNORECASE
)
_NEGATED = re.compile(r"\b(?:not|never|no|nor|neither|without|none)\b|n['’]t\b", re.IGNORECASE)
_IRREGULAR = {"can": "can't", "will": "won't"}


class Swap(NamedTuple):
    """A changed question and the kind of change."""

    question: str
    kind: str


class _Found(NamedTuple):
    """Something that can be swapped; a name's kind is that of this one place."""

    text: str
    start: int
    kind: str


@dataclass(frozen=True, slots=True)
class Names:
    """What an article's paragraphs name, by kind: where replacements come from.

    A name's kind is its shape and what it mostly stands after in the article: "in", "the" or
    another word. So places are seldom taken for people.
    """

    by_kind: dict[str, tuple[str, ...]]
    kinds: dict[str, str]

    @classmethod
    def of(cls, paragraphs: Sequence[str]) -> Names:
        """Every name, number and date of the paragraphs, once, in order."""
        common = {word for text in paragraphs for word in re.findall(r"\b[a-z]+\b", text)}
        counted: dict[str, Counter[str]] = {}
        for text in paragraphs:
            for found in _named(text):
                # "Lord" and "Chairman" alone name nobody: they stand there without capital too.
                if not found.kind.startswith("name") or found.text.lower() not in common:
                    counted.setdefault(found.text, Counter())[found.kind] += 1
        kinds = {text: _mostly(seen) for text, seen in counted.items()}
        by_kind: dict[str, list[str]] = {}
        for text, kind in kinds.items():
            by_kind.setdefault(kind, []).append(text)
        return cls({kind: tuple(texts) for kind, texts in by_kind.items()}, kinds)


def swaps(question: str, paragraph: str, names: Names, draw: random.Random) -> list[Swap]:
    """At most one changed question of every kind of change that is possible here."""
    there = _words(paragraph)
    made = [
        *_renamed(question, paragraph, there, names, draw),
        *_opposites(question, there),
        *_negated(question, paragraph),
    ]
    return [swap for swap in made if swap.question != question]


@lru_cache(maxsize=100_000)
def _name_words(name: str) -> frozenset[str]:
    return frozenset(words(name))


@lru_cache(maxsize=64)  # the questions of a paragraph follow each other
def _words(text: str) -> frozenset[str]:
    return frozenset(words(text))


def _renamed(
    question: str, paragraph: str, there: frozenset[str], names: Names, draw: random.Random
) -> Iterator[Swap]:
    """One name, number or date of the question replaced by another of its kind."""
    done: set[str] = set()
    asked = set(words(question))
    for found in _named(question):
        kind = found.kind.partition(" ")[0]
        if kind in done or found.text.lower() not in paragraph.lower():
            continue
        members = _MEMBERS.get(kind, names.by_kind.get(names.kinds.get(found.text, found.kind), ()))
        foreign = [name for name in members if not (there | asked).intersection(_name_words(name))]
        if foreign:
            done.add(kind)
            yield Swap(_replaced(question, found.start, found.text, draw.choice(foreign)), kind)


def _named(text: str) -> list[_Found]:
    found = [
        _Found(match.group(), match.start(), kind)
        for kind, pattern in (_DATES | _LISTED).items()
        for match in re.finditer(pattern, text)
    ]
    years = {one.start for one in found if one.kind == "year"}
    found = [one for one in found if one.kind != "figure" or one.start not in years]
    for match in re.finditer(_NAME, text):
        before = text[: match.start()].rstrip(" \"'“‘(")
        # At the start of a sentence any word has a capital.
        if before and before[-1] not in ".?!:" and not re.search(f"{_MONTH}|{_WEEKDAY}", match[0]):
            name = re.sub(r"['’]s$", "", match[0])
            found.append(_Found(name, match.start(), _name_kind(name, before)))
    return found


def _name_kind(name: str, before: str) -> str:
    """Names of one kind have as many words, and stand after the same sort of word."""
    size = min(len(name.split()), 3)
    if size == 1 and _PEOPLE.search(name):
        return "name people"
    last = before.rpartition(" ")[2].lower()
    role = "place" if last in _PLACES else "the" if last == "the" else "other"
    shape = "capitals" if name.isupper() else "words"
    return f"name {role} {shape} {size}"


def _mostly(seen: Counter[str]) -> str:
    """The commonest kind; but a third of the time after "in" makes a place."""
    places = [kind for kind in seen if kind.startswith("name place")]
    if places and 3 * seen[places[0]] >= seen.total():
        return places[0]
    return seen.most_common(1)[0][0]


def _opposites(question: str, there: frozenset[str]) -> Iterator[Swap]:
    for pair in _OPPOSITES:
        left, right = pair.split("/")
        for word, opposite in ((left, right), (right, left)):
            match = re.search(rf"(?<!['’])\b{word}\b(?!['’])", question, re.IGNORECASE)
            if match and word in there and opposite not in there:
                yield Swap(_replaced(question, match.start(), match.group(), opposite), "opposite")
                return


def _negated(question: str, paragraph: str) -> Iterator[Swap]:
    """A negation put in, or taken out; never where the paragraph negates anything itself."""
    plain = re.sub(r"\bwon['’]t\b", "will", re.sub(r"\bcan['’]t\b", "can", question))
    taken = re.sub(r"(?<=\w)n['’]t\b| (?:not|never)\b", "", plain, count=1)
    if taken != question:
        yield Swap(taken, "affirmation")
    elif not _NEGATED.search(paragraph) and (match := _AUXILIARY.search(question)):
        word = match.group()
        negative = _IRREGULAR.get(word.lower(), f"{word}n't")
        yield Swap(_replaced(question, match.start(), word, negative), "negation")


def _replaced(text: str, start: int, old: str, new: str) -> str:
    if old[:1].isupper():
        new = new[:1].upper() + new[1:]
    return text[:start] + new + text[start + len(old) :]
