"""A follow-up -> a stand-alone question, from the turns before it.

What the resolver marks in the earlier turns is put in the place of the pronoun that means it, or
after the question. Two forms are certain without it: "Why?" is asked of the question before, and
"And Germany?" puts a name in the place of one of its names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.terms import content_words
from qa.resolver import Resolver, Term
from qa.types import Turn

# Characters; also of a question that a long conversation has joined together.
LONGEST_QUESTION = 2_000
# So many cited sentences are looked at of the last answers, the newest first; of earlier ones, only
# the questions are. More would leave the resolver no room for these.
_QUOTES = (2, 1)

# "And Germany?", "What about in 2023?"
_INSTEAD = re.compile(
    r"^\W*(?:(?:and|but|or|so)\s+)?(?:(?:what|how)\s+about|and|but|or)\s+"
    r"(?:(?:in|for|of|on|by|from|at|with|since|after|before|during)\s+)?"
    r"(?P<name>[^?,]+?)\s*\?*\s*$",
    re.IGNORECASE,
)
_LONGEST_NAME = 5  # words
_LONGEST_TERM = 8
_MOST_TERMS = 3
_SURE = 0.6
_NAME = re.compile(r"(?:\bthe\s+)?\b[A-Z][\w.&-]*(?:\s+(?:(?:of|the|for|de|la)\s+)*[A-Z][\w.&-]*)*")
_NUMBER = re.compile(r"\b\d[\d.,]*\b")
_OWNED = re.compile(r"\b(?:its|their|his|her)\b(?=\s+\w)", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\b(?:it|they|them|he|him|she|her|(?:this|that|these|those)"
    r"(?=\s*(?:is|was|are|were|does|do|did|has|have|had|mean|work|happen|[?.!,]|$)))\b"
    r"(?!['’-])",
    re.IGNORECASE,
)
_CONTINUES = re.compile(r"^\s*(?:and|but|or|so|what about|how about)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(rf"{_PRONOUN.pattern}|{_OWNED.pattern}|\b(?:there|that)\b", re.I)
# A question with more words of its own than this stands alone even if it points somewhere.
_FEW = 2


def stand_alone(question: str, history: Sequence[Turn], resolver: Resolver | None = None) -> str:
    """`question` so that it can be searched without `history`; unchanged if it stands alone.

    Without a resolver only what is certain is understood: a question that names nothing of its own
    is asked together with the one before it.
    """
    if not history:
        return question
    before = history[-1].asked_as
    made = _instead(question, before)
    if made is None and resolver is not None:
        terms = _sure(question, resolver.terms(question, said(history)))
        made = _with(question, terms) if terms else None
    if made is None and _names_nothing(question, certain=resolver is None):
        made = f"{before} {question}"
    return made if made and len(made) <= LONGEST_QUESTION else question


def said(history: Sequence[Turn]) -> list[str]:
    """What the resolver reads: the questions, as they stand alone, and what was quoted last."""
    texts: list[str] = []
    for age, turn in reversed([*enumerate(reversed(history))]):
        texts.append(turn.asked_as)
        answer = turn.answer
        if answer is not None and answer.status == "answered" and age < len(_QUOTES):
            quotes = [one.quote for one in answer.citations] or [answer.text]
            texts += quotes[: _QUOTES[age]]
    return texts


def _names_nothing(question: str, *, certain: bool) -> bool:
    own = content_words(question)
    follows = bool(_CONTINUES.search(question) or _POINTS_BACK.search(question))
    return not own or (certain and follows and len(own) <= _FEW)


def _sure(question: str, terms: Sequence[Term]) -> list[Term]:
    """The likeliest terms; where a question points nowhere and has words enough, only sure ones."""
    points = _CONTINUES.search(question) or _POINTS_BACK.search(question)
    least = 0.0 if points or len(content_words(question)) <= _FEW else _SURE
    likely = sorted(terms, key=lambda term: -term.probability)[:_MOST_TERMS]
    return [term for term in terms if term in likely and term.probability >= least]


def _instead(question: str, before: str) -> str | None:
    """The question before with another name or number: the first of its names, for that is mostly
    whom it asks about. None if this is not such a question."""
    match = _INSTEAD.match(question)
    if not match or len(match["name"].split()) > _LONGEST_NAME:
        return None
    new = match["name"]
    if _NUMBER.fullmatch(new):
        alike = [m for m in _NUMBER.finditer(before) if len(m.group()) == len(new)]
    elif _NAME.fullmatch(new):
        alike = [m for m in _NAME.finditer(before) if m.start() > 0]
    else:
        return None
    if not alike or new.lower() in before.lower():
        return None
    start, end = alike[0].span()
    rest = before[end:]
    if new.endswith("s") and (owner := re.match(r"['’]s\b", rest)):
        rest = rest[0] + rest[owner.end() :]
    return before[:start] + new + rest


def _with(question: str, terms: Sequence[Term]) -> str:
    """The likeliest term in the place of the first pronoun, the others after the question."""
    owned, pronoun = _OWNED.search(question), _PRONOUN.search(question)
    place = min((m for m in (owned, pronoun) if m), key=lambda m: m.start(), default=None)
    rest = list(terms)
    made = question
    if place and (fit := [term for term in terms if len(term.text.split()) <= _LONGEST_TERM]):
        best = max(fit, key=lambda term: term.probability)
        rest.remove(best)
        text = best.text
        if place is owned:
            text += "’" if text.endswith("s") else "’s"
        made = question[: place.start()] + text + question[place.end() :]
        made = made[:1].upper() + made[1:] if place.start() == 0 else made
    if not rest:
        return made
    ending = re.search(r"[\s?.!]*$", made)
    assert ending is not None
    also = ", ".join(term.text for term in rest)
    return f"{made[: ending.start()]} ({also}){ending.group().strip()}"
