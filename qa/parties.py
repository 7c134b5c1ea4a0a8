"""Whose position a question asks for, and where a text names them, by any of their names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.terms import STOP_WORDS, stems
from index.types import Span
from qa.nations import nations, nations_at
from qa.speaker_words import JOINS, SPEAKERS
from qa.speakers import untitled

_AND = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or|as\s+well\s+as)\s+")
_BEFORE = re.compile(r"^(?:(?:both|either|the|an?)\s+)+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[.’'-][^\W_]+)*")
_INITIALS = re.compile(r"(?:[A-Z]\.?){2,}|[A-Z][a-z][A-Z]+")  # "WHO", "U.N.", "MoD"
_LONG_NAME = re.compile(
    rf"(?<![\w’'-])[A-Z][\w’'-]*(?:(?:\s+(?:{'|'.join(sorted(JOINS))}))*\s+[A-Z][\w’'-]*)+"
)
# Of a stem: "Zelenskiy", "Zelenskyy" and "Zelensky" are one.
_ENDING = re.compile(r"(?<=\w{4})[iy]+$")
_POSSESSIVE = re.compile(r"['’]s?$")
# Cities that stand for a government, and offices that speak for one.
_CAPITALS = {
    city: country
    for country, cities in {
        "China": "Beijing",
        "European Union": "Brussels",
        "France": "Paris",
        "Germany": "Berlin",
        "India": "New Delhi|Delhi",
        "Iran": "Tehran",
        "Israel": "Jerusalem",
        "Japan": "Tokyo",
        "North Korea": "Pyongyang",
        "Poland": "Warsaw",
        "Russia": "Moscow",
        "South Korea": "Seoul",
        "Taiwan": "Taipei",
        "Turkey": "Ankara",
        "Ukraine": "Kyiv|Kiev",
        "United Kingdom": "London",
        "United States": "Washington",
    }.items()
    for city in cities.split("|")
}
_OFFICES = {
    "Kremlin": "Russia",
    "Downing Street": "United Kingdom",
    "White House": "United States",
    "Pentagon": "United States",
    "State Department": "United States",
}
_SEAT = re.compile(rf"\b(?:{'|'.join([*_CAPITALS, *_OFFICES])})\b(?!['’]s?\s|\s+\w*(?:time|Post))")
# What is said of a speaker, between commas behind the name or before it.
_TOLD_BEHIND = re.compile(r",\s([^,]{3,100}),")
_TOLD_BEFORE = re.compile(r"(?:^|[,“”\"]\s*)([^,“”\"]{3,100}),\s$")
_CLOSE = re.compile(r"(?:aides?|advis[eo]rs?|supporters?|opponents?|critics?|lawyers?)$")
_OF = re.compile(r"['’]s?\s")
_FOR = re.compile(r"\b(?:for|of|at|with)\s+(?:the\s+)?(?:[A-Z]\w*\s+)*$")


@dataclass(frozen=True, slots=True)
class Party:
    """One of those whose position is asked: `name` as the question has it, "" for anybody."""

    name: str

    @property
    def countries(self) -> frozenset[str]:
        """The country that it is, if it is one."""
        return nations(self.name)

    def places(self, text: str) -> list[Span]:
        """Where the text names it.

        A country by any of its names, and by nothing else: "use" has the stem of "US". Initials
        as they are written, or by the name that they stand for: the word "who" is not the WHO.
        Anybody else where all words of the name stand, the last of them.
        """
        if countries := self.countries:
            return [span for span, country in nations_at(text) if country in countries]
        if _INITIALS.fullmatch(self.name):
            return [*_initials(self.name, text)]
        wanted = [_key(word) for word in _WORD.findall(self.name) if _tells(word)]
        found: dict[str, list[Span]] = {key: [] for key in wanted}
        for match in _WORD.finditer(text):
            if (key := _key(match[0])) in found:
                found[key].append(Span(match.start(), match.start() + len(_bare(match[0]))))
        return found[wanted[-1]] if wanted and all(found.values()) else []

    def acts_at(self, text: str) -> list[Span]:
        """Where it is named as one who acts: a country also by its capital or its government's
        office ("Moscow refuses")."""
        lands = self.countries or {_CAPITALS.get(self.name, "")}
        seats = [
            Span(*found.span())
            for found in _SEAT.finditer(text)
            if (_CAPITALS | _OFFICES)[found[0]] in lands
        ]
        named = [span for span, country in nations_at(text) if country in lands]
        return sorted({*self.places(text), *seats, *named})

    def is_named(self, text: str) -> bool:
        """Whether the text names it."""
        return bool(self.places(text))

    def is_speaker(self, said_by: str) -> bool:
        """Whether it is the one who speaks: "Macron" is Emmanuel Macron, "Mayor Brandt" Karl
        Brandt, "Britain" British officials; Ida Brandt is not, and Dana White is not the White
        House.
        """
        bare = _BEFORE.sub("", said_by)
        if not self.name or self.is_named(said_by):
            return True
        if any(span.end - span.start == len(bare) for span in self.acts_at(bare)) or (
            self.name in _CAPITALS and _CAPITALS[self.name] in nations(bare)
        ):
            return True
        mine, theirs = _surnamed(self.name), _surnamed(said_by)
        return mine[-1:] == theirs[-1:] != [] and 1 in (len(mine), len(theirs))

    def is_spoken_for(self, said_by: str, sentence: str) -> bool:
        """Whether who speaks there is said to be of it: "Ida Holm, the ministry's secretary",
        "a spokesman for the ministry, Karl Brandt"; not "an aide of Brandt"."""
        at = sentence.find(said_by)
        told = (_TOLD_BEHIND.match(sentence, at + len(said_by)), _TOLD_BEFORE.search(sentence[:at]))
        return any(
            _OF.match(match[1], place.end) or _FOR.search(match[1][: place.start])
            for match in told
            if match and _is_office(match[1])
            for place in self.places(match[1])
        )


ANYONE = Party("")


def parties(named: str) -> tuple[Party, ...]:
    """Of "Macron and Biden" two, in their order; none of words that tell nobody apart."""
    said = [_BEFORE.sub("", one).strip() for one in _AND.split(named)]
    return tuple(Party(one) for one in dict.fromkeys(said) if one and _names_somebody(one))


def _names_somebody(name: str) -> bool:
    return bool(_INITIALS.fullmatch(name)) or any(map(_tells, _WORD.findall(name)))


def _tells(word: str) -> bool:
    return word.lower() not in STOP_WORDS


def _initials(short: str, text: str) -> Iterator[Span]:
    letters = short.replace(".", "")
    wanted = letters.upper()
    for match in re.finditer(r"(?<![\w.])" + r"\.?".join(letters) + r"(?![A-Za-z])", text):
        yield Span(*match.span())
    for match in _LONG_NAME.finditer(text):
        said = re.sub(r"^The\s+", "", match[0]).split()
        capitals = "".join(word[0] for word in said if word[0].isupper())
        # "CDC" leaves out the last word of its name, "MoD" no small one.
        if capitals.startswith(wanted) or "".join(word[0] for word in said).upper() == wanted:
            yield Span(*match.span())


def _is_office(told: str) -> bool:
    """Whether it says what somebody is: "the ministry's secretary", but no part of a story."""
    head = re.split(r"\s+(?:of|for|at|with)\s+", told)[0].split()
    return bool(head and SPEAKERS.search(head[-1])) and not _CLOSE.search(head[-1])


def _surnamed(name: str) -> list[str]:
    """Of a title and a name the name; nothing of "Boeing workers", which ends in no name."""
    keys = _keys(untitled(name))
    return keys if keys[-1:] == _keys(name)[-1:] else []


def _keys(name: str) -> list[str]:
    return [_key(word) for word in _WORD.findall(name) if _tells(word)]


def _key(word: str) -> str:
    return _ENDING.sub("", "".join(stems(_bare(word))))


def _bare(word: str) -> str:
    return _POSSESSIVE.sub("", word)
