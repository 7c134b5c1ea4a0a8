"""What a question asks for, by its words alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.terms import STOP_WORDS, words

# Reasons, positions, lists: what one sentence seldom tells whole.
_SEVERAL = re.compile(
    r"""\bwhy\b | \bhow\s+come\b
    | \b(?:reasons|causes|arguments|consequences|effects|positions?|stances?|views?|opinions?
        |reactions?|responses?|criticisms?|concerns|demands|conditions|plans|proposals|measures
        |risks|benefits|advantages|disadvantages|differences)\b
    | \bwhat\s+(?:do|does|did|have|has)\b .* \b(?:say|said|think|want|argue|demand|propose)\b
    | \bhow\s+(?:do|does|did|have|has)\b .* \b(?:react|respond|reacted|responded)\b
    | \b(?:what|who|which)\s+(?:\w+\s+){0,3}(?:are|were)\s+the\b
    | ^\s*(?:list|name)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_COURSE = re.compile(
    r"""\bhow\s+(?:do|does|did|have|has)\b .* \b(?:chang|develop|evolv|progress|unfold|grow|grew)
    | \b(?:timeline|chronology|course\s+of\s+events|over\s+time|over\s+the\s+years|history\s+of)\b
    | \bstep\s+by\s+step\b""",
    re.IGNORECASE | re.VERBOSE,
)
_NAME = re.compile(r"\b[A-Z0-9][\w’'-]*")


def asks_for_several(question: str) -> bool:
    """Whether several sentences, each with a part of it, may be the answer."""
    return bool(_SEVERAL.search(question))


def asks_for_course(question: str) -> bool:
    """Whether it asks how something developed: dated sentences, one after the other."""
    return bool(_COURSE.search(question))


def unmentioned(question: str, texts: Iterable[str]) -> list[str]:
    """The names and figures of the question that stand in none of the texts, in order.

    A capital tells a name; the first word has one anyway and counts only if it is no stop word.
    """
    there = {word for text in texts for word in words(text)}
    named = dict.fromkeys(re.sub(r"['’]s$", "", found) for found in _NAME.findall(question))
    return [name for name in named if _is_missing(name, there)]


def _is_missing(name: str, there: set[str]) -> bool:
    parts = [part for part in words(name) if part not in STOP_WORDS]
    return bool(parts) and not there.intersection(parts)
