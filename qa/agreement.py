"""Whether two short answers say the same, or give different figures or dates."""

from __future__ import annotations

import re
from functools import lru_cache

from index.terms import STOP_WORDS, words

ARTICLES = frozenset(("a", "an", "the"))
# Two answers are the same if more than this share of all words of both are in common.
_SAME = 0.5

_FIGURE = re.compile(r"\d+(?:\.\d+)*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_YEAR = re.compile(r"(?<![\d,.])(?:1[5-9]\d\d|20\d\d)(?![\d,.]\d)")
_COUNTS = {
    word: str(number)
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), 1
    )
}
_MONTHS = {
    name: name[:3]
    for name in (
        "january february march april may june july august september october november december "
        "jan feb mar apr jun jul aug sep sept oct nov dec"
    ).split()
}
_DATE, _YEARS = frozenset(("date",)), frozenset(("year",))
# Words that make one answer the contrary of another, or another thing altogether.
_DECISIVE = frozenset(
    """no not never none neither nor without jr sr junior senior hundred thousand million billion
    trillion""".split()
)
_LOOSE = STOP_WORDS | frozenset(
    """about almost approximately around between least more most nearly over roughly some
    than under up""".split()
)


def spoken(answer: str) -> frozenset[str]:
    """The words of a short answer that tell it from others."""
    return frozenset(_words(answer)) - ARTICLES


def same_answer(one: str, other: str) -> bool:
    """Whether most of their words are the same, and all figures and words that turn a meaning."""
    mine, theirs = spoken(one), spoken(other)
    if mine & _DECISIVE != theirs & _DECISIVE:
        return False
    if (figures(one) or figures(other)) and figures(one) != figures(other):
        return False
    mine, theirs = (mine - STOP_WORDS) or mine, (theirs - STOP_WORDS) or theirs
    return bool(mine) and len(mine & theirs) > _SAME * len(mine | theirs)


def at_odds(one: str, other: str) -> bool:
    """Whether both are figures or dates of the same kind, and not the same.

    Of the same kind are figures of the same thing ("40 boats", "60 boats"; "40"), two years, and
    two dates, of which neither only says more than the other ("17 August", "17 August 2024").
    """
    mine, theirs = figures(one), figures(other)
    if not mine or not theirs:
        return False
    kind, other_kind = _kind(one), _kind(other)
    if kind == other_kind == _DATE:
        mine, theirs = mine | _months(one), theirs | _months(other)
        return not (mine <= theirs or theirs <= mine)
    if kind != other_kind and (kind in (_DATE, _YEARS) or other_kind in (_DATE, _YEARS)):
        return False
    return mine.isdisjoint(theirs) and (kind <= other_kind or other_kind <= kind)


@lru_cache(512)  # each sentence is compared with several
def figures(text: str) -> frozenset[str]:
    """The numbers in a text, small ones also where they are written in letters."""
    plain = _THOUSANDS.sub("", text)
    return frozenset(_FIGURE.findall(plain)).union(
        _COUNTS[word] for word in words(text) if word in _COUNTS
    )


def _kind(answer: str) -> frozenset[str]:
    """What is counted; nothing for a bare number."""
    named = frozenset(word for word in _words(answer) if not word.isdigit()) - _LOOSE
    if _months(answer):
        return _DATE
    return named or (_YEARS if _YEAR.search(answer) else frozenset())


def _months(answer: str) -> frozenset[str]:
    return frozenset(_MONTHS[word] for word in words(answer) if word in _MONTHS)


def _words(answer: str) -> list[str]:
    """Folded, small numbers in digits and large ones without commas."""
    return [_COUNTS.get(word, word) for word in words(_THOUSANDS.sub("", answer))]
