"""A follow-up -> a stand-alone question, from the turns before it.

Rules find what a question leaves out (qa/ellipsis.py) or points back to (qa/pronouns.py) among what
was spoken of (qa/mentions.py, qa/antecedents.py); the resolver says which of it is meant, and what
else a question leaves to the turns: that is added after it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise

from index.terms import stems, words
from qa.antecedents import meant
from qa.candidates import NO_TERMS
from qa.ellipsis import completed
from qa.mentions import Mention, base, compared, mentions, put_instead, spoken
from qa.phrases import names
from qa.pronouns import in_its_place, pointer, with_time
from qa.resolver import Resolver, Term
from qa.turns import Earlier
from qa.types import Turn

# Characters; also of a question that a long conversation has joined together.
LONGEST_QUESTION = 2_000
# So many cited sentences are looked at of the last answers, the newest first; of earlier ones, only
# the questions are. More would leave the resolver no room for these.
_QUOTES = (2, 1)
# So many turns are read. The first names the subject of a conversation, unless that is long.
_LAST_TURNS, _SHORT = 5, 12

_MOST_TERMS = 3
# The probability from which on the resolver is sure: see `_least`. On the turns that thresholds
# are chosen on (training/rewritings.py), and on 500 questions of SQuAD's development articles that
# stand alone.
_SURE = 0.4
_CONTINUES = re.compile(r"^\s*(?:and|but|or|so|what about|how about)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"(?:^\W*|\b(?:in|of|for|at|on|about|by|from|to|with|do|does|did|is|are|was|were)\s+)that\b"
    r"|\b(?:this|these|those|such|the same|ones?(?!\s+of))\b",
    re.IGNORECASE,
)
# "How do they compare?", "What is the difference between them?", "Which of them is new?"
_COMPARES = re.compile(
    r"\b(?:between|which\s+of|both\s+of)\s+(?:them|these|those)\b"
    r"|\b(?:they|these|those)\s+(?:\w+\s+)?(?:compare|differ|different|alike|similar|related|relate)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\dA-Z]\w*")
_THAT = re.compile(r"\b(?:this|that)\b", re.IGNORECASE)
# A question with more words of its own than this stands alone even if it points somewhere.
_FEW = 2


def stand_alone(question: str, history: Sequence[Turn], resolver: Resolver | None = None) -> str:
    """`question` so that it can be searched without `history`; unchanged if it stands alone.

    Without a resolver what is certain is understood: what rules alone find. A question that names
    nothing of its own is asked together with the one before it.
    """
    if not history:
        return question
    question, typed = " ".join(question.split()), question
    made = completed(question, history)
    if made is None:
        made = _resolved(question, history, resolver)
    if made == question and _names_nothing(question, certain=resolver is None):
        made = f"{base(history[-1])} {question}"
    return made if made != question and len(made) <= LONGEST_QUESTION else typed


def said(history: Sequence[Turn]) -> list[Earlier]:
    """What the resolver reads: the questions as they stand alone, but for what was only put after
    them (it is no surer than what the resolver says now), and what was quoted last."""
    turns: list[Earlier] = []
    latest = history[-_LAST_TURNS:]
    read = [history[0], *latest] if _LAST_TURNS < len(history) <= _SHORT else latest
    for age, turn in reversed([*enumerate(reversed(read))]):
        turns.append(Earlier(spoken(turn), asked=True))
        answer = turn.answer
        if answer is not None and answer.status == "answered" and age < len(_QUOTES):
            quotes = [one.quote for one in answer.citations] or [answer.text]
            turns += [Earlier(quote, asked=False) for quote in quotes[: _QUOTES[age]]]
    return turns


def _resolved(question: str, history: Sequence[Turn], resolver: Resolver | None) -> str:
    """With what its pronoun means, and after it what else the resolver is sure of."""
    made = with_time(question, history)
    where = pointer(made)
    if where and where.kind == "thing" and not _own(question) and _THAT.search(question):
        return made  # "When was that?" is asked of all that was said
    if where and _COMPARES.search(made) and (both := compared(history)):
        return in_its_place(made, where, both)
    read = said(history)
    terms = resolver.terms(made, read) if resolver is not None else []
    few = len(_own(question)) <= _FEW
    known = mentions(history) if where else []
    one = meant(where, known, terms, made) if where else None
    if where and one and (terms or few):
        made = in_its_place(made, where, one.text)
        not_meant = _not_meant(history, known if where.kind == "person" else ())
        # Beside what is meant, a lone word of a quote is more often its verb.
        terms = [
            term
            for term in terms
            if not_meant.isdisjoint(stems(term.text))
            and (read[term.turn].asked or not _WORD.fullmatch(term.text))
        ]
        return _with(made, _besides(made, terms, least=_SURE))
    if not where and not _own(question):
        return made
    return _with(made, _besides(made, terms, _least(question, points=where is not None)))


def _not_meant(history: Sequence[Turn], known: Sequence[Mention]) -> set[str]:
    """The stems of people who are known, since a person is meant already, and of what another
    thing took the place of."""
    others = [one.text for one in known if "person" in one.kinds]
    others += [put[0] for pair in pairwise(history) if (put := put_instead(*pair))]
    return {stem for text in others for stem in stems(text)}


def _least(question: str, *, points: bool) -> float:
    """How likely a thing must be meant to be put after the question: not likely at all if it points
    back or has few words; of one that has a name and does not point back nothing is left out."""
    if points or _CONTINUES.search(question) or _POINTS_BACK.search(question):
        return 0.0
    if any(span.start > 0 for span in names(question)):
        return math.inf
    return 0.0 if len(_own(question)) <= _FEW + 1 else _SURE


def _besides(question: str, terms: Sequence[Term], least: float) -> list[Term]:
    """The likeliest terms of which the question names nothing."""
    named = {stem for stem in stems(question) if stem not in NO_TERMS}
    others = [term for term in terms if named.isdisjoint(stems(term.text))]
    likely = sorted(others, key=lambda term: -term.probability)[:_MOST_TERMS]
    return [term for term in others if term in likely and term.probability >= least]


def _names_nothing(question: str, *, certain: bool) -> bool:
    own = _own(question)
    follows = _CONTINUES.search(question) or pointer(question)
    return not own or (certain and bool(follows) and len(own) <= _FEW)


def _own(question: str) -> list[str]:
    return [word for word in words(question) if word not in NO_TERMS]


def _with(question: str, terms: Sequence[Term]) -> str:
    """The terms after the question."""
    if not terms:
        return question
    ending = re.search(r"[\s?.!]*$", question)
    assert ending is not None
    also = ", ".join(term.text for term in terms)
    return f"{question[: ending.start()]} ({also}){ending.group().strip()}"
