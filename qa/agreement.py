"""Whether two short answers say the same, or give different figures or dates."""

from __future__ import annotations

import re

from index.terms import words

# From this overlap on, two short answers are one: the words in common by all words of both.
SAME = 0.5
ARTICLES = frozenset(("a", "an", "the"))

_FIGURE = re.compile(r"\d+(?:\.\d+)*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_COUNTS = {
    word: str(number)
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), 1
    )
}
_MONTHS = frozenset(
    """january february march april may june july august september october november december jan
    feb mar apr jun jul aug sep sept oct nov dec""".split()
)
# Words that leave a figure what it is.
_LOOSE = ARTICLES | frozenset(
    """about almost approximately around at between by from in least more nearly of on over
    roughly some than to under up""".split()
)


def spoken(answer: str) -> frozenset[str]:
    """The words of a short answer that tell it from others."""
    return frozenset(_words(answer)) - ARTICLES


def same_answer(one: str, other: str) -> bool:
    """Whether at least SAME of all words of both are in common, and every figure."""
    mine, theirs = spoken(one), spoken(other)
    if not mine or not theirs or len(mine & theirs) < SAME * len(mine | theirs):
        return False
    return not (_figures(one) and _figures(other) and _figures(one) != _figures(other))


def at_odds(one: str, other: str) -> bool:
    """Whether both are figures of the same kind, and none is in common.

    Of the same kind are two of the same thing ("40 boats", "60 boats"), two bare numbers, and two
    dates. "1871" and "60 boats" answer different questions and are not at odds.
    """
    mine, theirs = _figures(one), _figures(other)
    return bool(mine and theirs) and not mine & theirs and _kind(one) == _kind(other)


def _figures(answer: str) -> frozenset[str]:
    counts = (_COUNTS[word] for word in words(answer) if word in _COUNTS)
    return frozenset(_FIGURE.findall(_THOUSANDS.sub("", answer))).union(counts)


def _kind(answer: str) -> frozenset[str]:
    named = {word for word in _words(answer) if not word.isdigit()} - _LOOSE
    if named & _MONTHS:
        return frozenset(("date",))
    years = all(re.fullmatch(r"1[5-9]\d\d|20\d\d", figure) for figure in _figures(answer))
    return frozenset(named or ("year" if years else "number",))


def _words(answer: str) -> list[str]:
    """Folded, small numbers in digits and large ones without commas."""
    return [_COUNTS.get(word, word) for word in words(_THOUSANDS.sub("", answer))]
