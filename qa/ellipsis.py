"""Follow-ups that leave out nearly all of a question: "Why?", "the second one?", "And Germany?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.exchange import AUXILIARY, LINK, instead, of_another_kind, said_by_another, with_more
from qa.mentions import base
from qa.phrases import NAME
from qa.types import Turn

# "Why?", "Under what conditions?", "For whom?"
_ALONE = re.compile(
    r"^\W*(?:(?:and|but|so)\s+)?(?P<word>why|when|where|how(?:\s+(?:long|often|soon))?"
    rf"|(?!by\s+who)(?:according\s+to|against|through|to|until|{LINK})"
    r"\s+(?:what|which|who|whom|whose|when)(?:\s+\w+){0,2})\W*$",
    re.IGNORECASE,
)
_ADVERBIAL = re.compile(
    rf"^\W*(?:(?:and|but|so)\s+)?(?:(?P<word>why|when|where|how)\s+)?(?P<rest>{AUXILIARY}\s.+)$",
    re.IGNORECASE,
)
# "Is it the same with Peru?"
_SAME = re.compile(
    r"^\W*(?:(?:and|but|or|so)\s+)?(?:is|was|are|were)\s+(?:it|this|that|things)\s+"
    r"(?:the\s+same|different|similar|also\s+(?:true|so)|true)\s+(?P<link>with|for|in|of|at)\s+"
    r"(?P<name>[^?,]+?)\s*[?.!]*\s*$",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"^\W*(?:(?:and|but|or|so)\s+)?(?:(?:what|how)\s+about|and|but|or)\s+"
    rf"(?:(?P<link>{LINK})\s+)?(?P<name>[^?,]+?)\s*[?.!]*\s*$",
    re.IGNORECASE,
)
# "Storm Shadow too?"
_TOO = re.compile(
    rf"^\W*(?:(?:and|but|so)\s+)?(?P<link>)(?P<name>{NAME.pattern})\s+(?:too|also|as\s+well)\W*$"
)
# "No, I meant the weir.": the question before was understood otherwise.
_MEANT = re.compile(
    r"^\W*(?:(?:no|sorry|actually|well)\b\W*)*i\s+(?:mean|meant|was\s+asking\s+about)\s+"
    rf"(?:(?P<link>{LINK})\s+)?(?P<name>[^?,]+?)\s*[?.!]*\s*$",
    re.IGNORECASE,
)
# "In 2023?", "In Tokyo?"
_LINKED = re.compile(rf"^\W*(?P<link>{LINK})\s+(?P<name>[^?,]+?)\s*\?*\s*$", re.IGNORECASE)
_PLACE_IN_ORDER = r"(?:first|second|third|fourth|fifth|sixth|last)"
_ORDINAL = re.compile(
    r"^\W*(?:(?:and|but|or)\s+)?(?:(?:what|how)\s+about\s+)?the\s+"
    rf"(?:(?P<place>{_PLACE_IN_ORDER})|next|other|others|former|latter|rest)"
    r"(?:\s+(?:one|ones|two|three))?\W*$",
    re.IGNORECASE,
)
# What "the second one" takes the place of.
_IN_ORDER = re.compile(rf"(?<=\bthe\s){_PLACE_IN_ORDER}\b", re.IGNORECASE)
# "And the military ones?"
_OF_THE_KIND = re.compile(
    r"^\W*(?:(?:and|but|or|so)\s+)?(?:(?:what|how)\s+about\s+)?(?P<the>the\s+)?"
    r"(?P<kind>(?!other|next|last|first|new)[\w-]+)\s+ones?\W*$",
    re.IGNORECASE,
)
# Of what was told, not of the day of asking.
_RELATIVE = re.compile(
    r"^\W*(?:(?:and|but)\s+)?(?:(?:what|how)\s+about\s+)?(?:on\s+|in\s+)?the\s+"
    r"(?:(?:next|following|previous)\s+(?:day|week|month|year)"
    r"|(?:day|week|month|year)\s+(?:before|after))\W*$",
    re.IGNORECASE,
)
_LONGEST_NAME = 5  # words
_TURNS_IN_ORDER = 3


def completed(question: str, history: Sequence[Turn]) -> str | None:
    """The question in full; None if it is of no such form.

    A question word alone takes the place of another one, or is put before a question that has
    none ("Did it rain?"); after any other, and after "the second one?", it follows it. Of another
    one who speaks the same is asked. A name, a year or another time takes the place of one in the
    question before; a time or a place that has none there is added to it.
    """
    last = history[-1]
    before = base(last)
    if alone := _ALONE.match(question):
        found = _ADVERBIAL.match(before)
        if found and (found["word"] or "").lower() != alone["word"].lower():
            rest = found["rest"]
            return f"{alone['word'].capitalize()} {rest[0].lower()}{rest[1:]}"
        return f"{before} {question}"
    if ordinal := _ORDINAL.match(question):
        asked = _asked_in_order(history) if ordinal["place"] else ""
        return _IN_ORDER.sub(ordinal["place"], asked, count=1) if asked else f"{before} {question}"
    if _RELATIVE.match(question):
        return f"{before} {question}"
    if (kind := _OF_THE_KIND.match(question)) and (made := of_another_kind(kind, before)):
        return made
    if said := said_by_another(question, before):
        return said
    corrected = _MEANT.match(question)
    same = _SAME.match(question)
    match = corrected or same or _INSTEAD.match(question) or _LINKED.match(question)
    match = match or _TOO.match(question)
    if not match or len(match["name"].split()) > _LONGEST_NAME:
        return None
    link, new = "" if same else (match["link"] or "").lower(), match["name"]
    made = instead(question, link, new, history)
    if corrected and (made is None or made.endswith(question)):
        return with_more(before, f"{link} {new}") if link else None
    return made


def _asked_in_order(history: Sequence[Turn]) -> str:
    """The last of the last turns that asked of one in an order: "When was the first one hit?"."""
    found = (base(turn) for turn in reversed(history[-_TURNS_IN_ORDER:]))
    return next((asked for asked in found if _IN_ORDER.search(asked)), "")
