"""What a conversation has spoken of, in questions and in sentences quoted, and what it may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from index.types import Span
from qa.phrases import AUXILIARIES, DATED, DETERMINERS, NAME, WHICH, names, things
from qa.speaker_words import SAID
from qa.types import Answer, Citation, Turn

Kind = Literal["person", "man", "woman", "place", "several", "thing"]

_PLACES = frozenset(
    """city cities town village country region area district province state county republic island
    islands island river sea lake valley coast mountains street port capital border place north
    south east west oblast continent""".split()
)
_LOCATED = re.compile(r"\b(?:in|at|near|into|towards?|inside|outside|around|across)\s+$", re.I)
_TO = re.compile(r"\b(?:to|from)\s+$", re.IGNORECASE)
_SPEAKS = re.compile(rf"\s+(?:{SAID}|say|think|want|tell|argue|mean|estimate|declare)\b")
PEOPLE = frozenset("people children men women police troops forces soldiers families".split())
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Prof|Gen|Lt|Col|Sir|Lady)\.?\s+$")
_ASKS_WHO = re.compile(r"\W*who\b", re.IGNORECASE)
_WHO_IS = re.compile(rf"\W*[Ww]ho\s+(?:is|was)\s+(?P<name>{NAME.pattern})\W*$")
ADDED = re.compile(r"\s\([^()]*\)(?=\W*$)")  # what the resolver put after it
_HE = re.compile(r"\b(?:he|him|his)\b", re.IGNORECASE)
_SHE = re.compile(r"\b(?:she|hers?)\b", re.IGNORECASE)
_IT = re.compile(r"\bits?\b", re.IGNORECASE)
# Between things that are compared.
_JOINED = re.compile(
    r"\s+(?:and|or|(?:\w+\s+)?than|versus|vs\.?|with"
    r"|(?:\w+\s+)?(?:compared?|different|differs?|similar|related?)\s+(?:with|to|from|than))\s+"
    r"(?:the\s+|an?\s+)?",
    re.IGNORECASE,
)
_A = re.compile(r"\ban?\s+$", re.IGNORECASE)
_THING: frozenset[Kind] = frozenset(("thing",))


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or thing, `age` turns ago (0 for the last), and what it may be.

    `kinds` are what it surely is; empty if nothing tells. `asked` if it stands
    in a question, `typed` if in the words that were typed, `answers` if it is the short answer.
    """

    text: str
    age: int
    kinds: frozenset[Kind]
    asked: bool = True
    typed: bool = False
    answers: bool = False


def mentions(history: Sequence[Turn], turns: int = 5) -> list[Mention]:
    """Those of the last turns: newest first, and of a turn the answer's before the question's."""
    found: list[Mention] = []
    put_for_it = _with_others(history, _put_for(history, _IT))
    people = _with_others(history, _people(history))
    men, women = _put_for(history, _HE), _put_for(history, _SHE)

    def kinds_of(text: str, span: Span) -> frozenset[Kind]:
        name = text[slice(*span)]
        if name in put_for_it:
            return _THING
        told: set[Kind] = {"man"} if name in men else {"woman"} if name in women else set()
        return _kinds(text, span, people | men | women) | told

    for age, turn in enumerate(reversed(history[-turns:])):
        answer, asked_as = turn.answer, ADDED.sub("", base(turn))
        if answer is not None and (short := _short(asked_as, answer)):
            kinds = _THING if short.isupper() else _answered(asked_as)
            found.append(Mention(short, age, kinds, asked=False, answers=age == 0))
        found += _without_capitals(asked_as, answer, age, kinds_of) if answer is not None else []
        for span in things(asked_as):
            text = asked_as[span.start : span.end]
            kinds = kinds_of(asked_as, span)
            typed = _bare(text) in turn.question.lower()
            if WHICH.search(asked_as[: span.start]) and text[:1].islower():
                text, kinds = f"the {text}", kinds or _THING
            elif _A.search(asked_as[: span.start]) and not text[:1].isupper():
                text = f"the {text}"  # that was named before
            found.append(Mention(text, age, kinds, typed=typed))
        for citation in answer.citations[:2] if answer is not None and age < 2 else ():
            quote = citation.quote
            for span in names(quote, in_question=False):
                text = quote[span.start : span.end]
                found.append(Mention(text, age, kinds_of(quote, span), asked=False))
    return found


def _without_capitals(
    asked_as: str, answer: Answer, age: int, kinds_of: Callable[[str, Span], frozenset[Kind]]
) -> list[Mention]:
    """Names of the quotes that the question has in lower case: "what did podolyak say"."""
    found: dict[str, Mention] = {}
    for quote in (one.quote for one in answer.citations[:2]):
        for span in names(quote, in_question=False):
            whole = quote[slice(*span)]
            for name in (whole, whole.split()[-1]):
                if re.search(rf"\b{re.escape(name.lower())}\b", asked_as) and name[0].isupper():
                    kinds = kinds_of(quote, span)
                    found.setdefault(name, Mention(name, age, kinds, typed=True))
    return list(found.values())


def compared(history: Sequence[Turn]) -> str | None:
    """Two things that the last question joined, or one of which it put in the place of the other,
    as "A and B"; None if there are no such."""
    if len(history) > 1 and (put := put_instead(*history[-2:])):
        return " and ".join(put)
    asked_as = ADDED.sub("", base(history[-1]))
    apart: list[Span] = []
    for span in things(asked_as):
        if apart and span.start < apart[-1].end:
            apart.pop()  # the whole after the name it begins with
        apart.append(span)
    for one, other in pairwise(apart):
        if _JOINED.fullmatch(asked_as[one.end : other.start]):
            return f"{asked_as[slice(*one)]} and {asked_as[slice(*other)]}"
    return None


def base(turn: Turn) -> str:
    """What a turn asked, without what was only put after it."""
    asked_as, typed = " ".join(turn.asked_as.split()), " ".join(turn.question.split())
    if typed and asked_as.endswith(f"? {typed}"):
        return asked_as[: -len(typed) - 1]
    return asked_as if asked_as[-1:] in ("?", ".", "!") else f"{asked_as}?"


def spoken(turn: Turn) -> str:
    """What a turn asked, without what the resolver put after it."""
    return ADDED.sub("", base(turn)) if turn.asked_as != turn.question else turn.question


def _short(asked: str, answer: Answer) -> str:
    """The short answer, if it names what was asked for: of who it was, the name alone."""
    short = answer.short_answer.strip(" .,")
    if not short or not _answered(asked) or DATED.match(short):
        return ""
    if _ASKS_WHO.match(asked) and (named := list(names(short))):
        return short[slice(*named[-1])]
    return _with_article(short, answer.citations) if len(short.split()) < 5 else ""


def _with_article(short: str, citations: Sequence[Citation]) -> str:
    """ "the Seim", where the quote has it so."""
    quotes = " ".join(one.quote for one in citations[:1])
    return f"the {short}" if re.search(rf"\b[Tt]he {re.escape(short)}\b", quotes) else short


def _bare(text: str) -> str:
    words = text.lower().split()
    return " ".join(words[words[0] in DETERMINERS :])


def _people(history: Sequence[Turn]) -> frozenset[str]:
    """Names that are surely of people: asked for with "who", or put in the place of "he"."""
    found: set[str] = set()
    for turn in history:
        if match := _WHO_IS.match(turn.asked_as):
            found.add(match["name"])
        answer = turn.answer
        if answer is None:
            continue
        short = answer.short_answer
        if NAME.fullmatch(short) and not short.isupper() and _ASKS_WHO.match(turn.asked_as):
            found.add(short)
        for quote in (one.quote for one in answer.citations[:2]):
            spans = names(quote, in_question=False)
            found |= {quote[slice(*one)] for one in spans if _TITLED.search(quote[: one.start])}
    return frozenset(found)


def _put_for(history: Sequence[Turn], pronoun: re.Pattern[str]) -> frozenset[str]:
    """Names that were put in the place of such a pronoun."""
    return frozenset(
        name
        for turn in history
        if pronoun.search(turn.question)
        for said in (ADDED.sub("", turn.asked_as),)
        for name in (said[slice(*span)] for span in names(said))
        if name.lower() not in turn.question.lower()
    )


def _with_others(history: Sequence[Turn], names: frozenset[str]) -> frozenset[str]:
    """With those that took the place of one of them: "And Stroll?" of a person."""
    known = set(names)
    for one, other in pairwise(history):
        if (put := put_instead(one, other)) and put[0] in known:
            known.add(put[1])
    return frozenset(known)


def put_instead(one: Turn, other: Turn) -> tuple[str, str] | None:
    """What the second question has in the place of what the first one has, if all else is as it
    was."""
    before, after = ADDED.sub("", base(one)), ADDED.sub("", base(other))
    if before == after:
        return None
    for span in names(after):
        head, rest = after[: span.start], after[span.end :]
        if before.startswith(head) and before.endswith(rest) and len(before) > len(head + rest):
            was = before[len(head) : len(before) - len(rest)]
            return (was, after[slice(*span)]) if NAME.fullmatch(was) else None
    return None


def _answered(asked: str) -> frozenset[Kind]:
    """What the answer to a question is; nothing if it is neither a person nor a place nor a
    thing that was asked for."""
    if _ASKS_WHO.match(asked):
        return frozenset(("person",))
    if match := re.match(r"\W*(?:which|what)\s+(?P<noun>\w+)", asked, re.IGNORECASE):
        if match["noun"].lower() in _PLACES:
            return frozenset(("place", "thing"))
        if re.match(r"\W*what\s+(?:is|was)\s+the\s+(?:capital|city|country)\b", asked, re.I):
            return frozenset(("place", "thing"))
        if not AUXILIARIES.fullmatch(match["noun"]) and match["noun"].lower() not in (
            "year", "day", "month", "date", "time", "number", "percentage",
        ):  # fmt: skip
            return frozenset(("thing",))
    return frozenset()


def _kinds(text: str, span: Span, people: frozenset[str]) -> frozenset[Kind]:
    words = text[span.start : span.end].split()
    before, after = text[: span.start], text[span.end :]
    name, last = " ".join(words), words[-1].lower()
    kinds = set[Kind]()
    is_name = bool(NAME.fullmatch(name))
    speaks = len(words) <= 4 and _SPEAKS.match(after)
    if is_name and (name in people or _TITLED.search(before) or speaks):
        kinds.add("person")
    if (
        last in _PLACES
        or (is_name and _LOCATED.search(before))
        or (is_name and "person" not in kinds and _TO.search(before))
    ):
        kinds.add("place")
    plural = last in PEOPLE or (last.endswith("s") and not last.endswith(("ss", "us", "is")))
    if plural and (words[0] == "the" or words[-1].islower()):
        kinds.add("several")
    return frozenset(kinds)
