"""What a conversation has spoken of: names and things in questions and in sentences quoted.

Rules on words alone, for English: a thing is a run of words between those that cannot be part of
one, without the verb at its end that the question's auxiliary tells of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.terms import STOP_WORDS
from index.types import Span
from qa.speaker_words import SAID
from qa.types import Answer, Citation, Turn

Kind = Literal["person", "man", "woman", "place", "several", "thing"]

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
NAME = re.compile(
    rf"(?:\bthe\s+)?\b{_CAPITAL}[\w.&-]*(?:\s+(?:(?:of|the|for|de|la)\s+)*{_CAPITAL}[\w.&-]*)*"
)
DETERMINERS = frozenset("the a an this that these those".split())
_AUXILIARY = (
    r"(?P<do>do|does|did|can|could|will|would|should|may|might|must)"
    r"|(?P<be>is|are|was|were|has|have|had|been)"
)
_AUXILIARIES = re.compile(rf"(?:{_AUXILIARY})", re.IGNORECASE)
# Words between things, beside stop words.
_BETWEEN = frozenset(
    """about above across against along among around behind below beneath beside besides between
    beyond
    despite down during except inside like near onto over since than through throughout toward
    towards under until up upon via within without against may might must many much more most
    next still first ever else also just yet always never usually currently now one ones last
    new""".split()
)
_PARTICIPLE = re.compile(
    r"(?:\w+ed|\w+en|built|hit|made|found|sold|held|left|lost|won|sent|shot|cut|put|set|born|known"
    r"|shown|grown|drawn|flown|thrown|brought|bought|caught|taught|paid|laid|said|told|led|met|read"
    r"|begun|sung|sunk|struck|hurt|shut|spent|kept|old|tall|long|big|large|high|deep|far|heavy"
    r"|important|expensive|dangerous|famous)"
)
_PLACES = frozenset(
    """city cities town village country region area district province state county republic island
    islands island river sea lake valley coast mountains street port capital border place north
    south east west oblast continent""".split()
)
_LOCATED = re.compile(r"\b(?:in|at|near|into|towards?|inside|outside|around|across)\s+$", re.I)
_TO = re.compile(r"\b(?:to|from)\s+$", re.IGNORECASE)
_SPEAKS = re.compile(rf"\s+(?:{SAID}|say|think|want|tell|argue|mean|estimate|declare)\b")
_PEOPLE = frozenset("people children men women police troops forces soldiers families".split())
_DATED = re.compile(
    r"(?:\d|(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b)"
)
_WORD = re.compile(r"[^\W_](?:[\w&-]|[.](?=\w))*")
_WHO = re.compile(r"^\W*(?:who|what)\s+$", re.IGNORECASE)
_WHICH = re.compile(r"^\W*(?:how\s+(?:many|much)|which|what(?=\s+\w+s\b))\s+$", re.IGNORECASE)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Prof|Gen|Lt|Col|Sir|Lady)\.?\s+$")
_ASKS_WHO = re.compile(r"\W*who\b", re.IGNORECASE)
_WHO_IS = re.compile(rf"\W*[Ww]ho\s+(?:is|was)\s+(?P<name>{NAME.pattern})\W*$")
_VERB_FOLLOWS = re.compile(r"\s+(?:say|do|have|be)\b", re.IGNORECASE)
_TO_DO = re.compile(r"\bto\s+$", re.IGNORECASE)
_HOW = re.compile(r"\bhow\s+$", re.IGNORECASE)
_ADDED = re.compile(r"\s\([^()]*\)(?=\W*$)")  # what the resolver put after it
_HE = re.compile(r"\b(?:he|him|his)\b", re.IGNORECASE)
_SHE = re.compile(r"\b(?:she|hers?)\b", re.IGNORECASE)
_IT = re.compile(r"\bits?\b", re.IGNORECASE)
_THING: frozenset[Kind] = frozenset(("thing",))
_LONGEST = 6  # words


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
    people, things = _people(history), _put_for(history, _IT)
    men, women = _put_for(history, _HE), _put_for(history, _SHE)

    def kinds_of(text: str, span: Span) -> frozenset[Kind]:
        name = text[slice(*span)]
        if name in things:
            return _THING
        told: set[Kind] = {"man"} if name in men else {"woman"} if name in women else set()
        return _kinds(text, span, people | men | women) | told

    for age, turn in enumerate(reversed(history[-turns:])):
        answer, asked_as = turn.answer, _ADDED.sub("", base(turn))
        if answer is not None and (short := _short(asked_as, answer)):
            kinds = _THING if short.isupper() else _answered(asked_as)
            found.append(Mention(short, age, kinds, asked=False, answers=age == 0))
        for span in _things(asked_as):
            text = asked_as[span.start : span.end]
            kinds = kinds_of(asked_as, span)
            typed = _bare(text) in turn.question.lower()
            if _WHICH.search(asked_as[: span.start]) and text[:1].islower():
                text, kinds = f"the {text}", kinds or _THING
            found.append(Mention(text, age, kinds, typed=typed))
        for citation in answer.citations[:2] if answer is not None and age < 2 else ():
            quote = citation.quote
            for span in names(quote, in_question=False):
                text = quote[span.start : span.end]
                found.append(Mention(text, age, kinds_of(quote, span), asked=False))
    return found


def base(turn: Turn) -> str:
    """What a turn asked, without what was only put after it."""
    asked_as, typed = turn.asked_as, turn.question
    if typed and asked_as.endswith(f"? {typed}"):
        return asked_as[: -len(typed) - 1]
    return asked_as if asked_as[-1:] in ("?", ".", "!") else f"{asked_as}?"


def _short(asked: str, answer: Answer) -> str:
    """The short answer, if it names what was asked for: of who it was, the name alone."""
    short = answer.short_answer.strip(" .,")
    if not short or not _answered(asked) or _DATED.match(short):
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
        for said in (_ADDED.sub("", turn.asked_as),)
        for name in (said[slice(*span)] for span in names(said))
        if name.lower() not in turn.question.lower()
    )


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
        if not _AUXILIARIES.fullmatch(match["noun"]) and match["noun"].lower() not in (
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
    plural = last in _PEOPLE or (last.endswith("s") and not last.endswith(("ss", "us", "is")))
    if plural and (words[0] == "the" or words[-1].islower()):
        kinds.add("several")
    return frozenset(kinds)


def _things(question: str) -> Iterator[Span]:
    """Names and things in a question, in order; of a thing that begins with a name ("Storm Shadow
    use") without a determiner, the name and the whole."""
    named = list(names(question))
    words = _words(question, named)
    taken: list[Span] = []
    auxiliary: re.Match[str] | None = None
    at = 0
    while at < len(words):
        run, at = _run(question, words, at, named)
        if not run:
            word = question[words[at - 1].start : words[at - 1].end]
            auxiliary = _AUXILIARIES.fullmatch(word) or (auxiliary if not taken else None)
            continue
        head = question[: run[0].start]
        if _HOW.search(head):  # "How old is the mill?"
            continue
        if _TO_DO.search(head) and run[0] not in named:
            run = run[1:]  # "Who threatened to close the mill?"
        counted = _WHICH.search(head)
        if counted:
            run = _without_own_verb(question, run)
        elif _WHO.search(head) and run and run[0] not in named:
            run = run[1:]  # "Who owns the mill?"
        else:
            run = _without_verb(question, run, auxiliary) if run else run
        auxiliary = None
        if not run or len(run) > _LONGEST or _DATED.match(question, run[0].start):
            continue
        whole = _with_determiner(question, Span(run[0].start, run[-1].end))
        name = question[run[0].start : run[0].end]
        if run[0] in named and whole.start == run[0].start and not name.startswith("the "):
            taken.append(run[0])
        if whole not in taken:
            taken.append(whole)
    yield from taken


def _words(text: str, names: Sequence[Span]) -> list[Span]:
    """Words in order, and each name as one."""
    found = [Span(*match.span()) for match in _WORD.finditer(text)]
    alone = [
        word
        for word in found
        if not any(name.start <= word.start and word.end <= name.end for name in names)
    ]
    return sorted([*alone, *names])


def _run(
    question: str, words: Sequence[Span], at: int, names: Sequence[Span]
) -> tuple[list[Span], int]:
    """The words from `at` on up to the next that is no part of a thing, and where that is."""
    run: list[Span] = []
    while at < len(words):
        word = question[words[at].start : words[at].end]
        apart = run and (
            bool(question[run[-1].end : words[at].start].strip()) or word.startswith("the ")
        )
        if apart or (words[at] not in names and _is_between(word)):
            return (run, at) if run else ([], at + 1)
        run.append(words[at])
        at += 1
    return run, at


def _is_between(word: str) -> bool:
    lower = word.lower()
    return (lower in STOP_WORDS or lower in _BETWEEN) and not (word.isupper() and len(word) > 1)


def _without_verb(question: str, run: list[Span], auxiliary: re.Match[str] | None) -> list[Span]:
    """Without the verb at its end: "When did [Danish ferries] reach", "When was [it] built"."""
    last = question[run[-1].start : run[-1].end]
    if auxiliary is None or last[:1].isupper():
        return run
    if auxiliary["do"] and _VERB_FOLLOWS.match(question, run[-1].end):
        return run  # "What did the company say?"
    if auxiliary["do"] or _PARTICIPLE.fullmatch(last):
        return run[:-1]
    return run


def _without_own_verb(question: str, run: list[Span]) -> list[Span]:
    """Without the verb of a question about its subject: "How many [people] live in Oskerby?"."""
    for place, word in enumerate(run[1:], 1):
        if _PARTICIPLE.fullmatch(question[word.start : word.end]):
            return run[:place]
    rest = question[run[-1].end :].split()
    last = question[run[-1].start : run[-1].end]
    if len(run) < 2 or not rest or last[:1].isupper():
        return run
    return run if any(_AUXILIARIES.fullmatch(word.strip("?,.")) for word in rest) else run[:-1]


def _with_determiner(question: str, span: Span) -> Span:
    before = re.search(r"\b(?:the|this|that|these|those)\s+$", question[: span.start], re.I)
    if not before:
        return span
    is_the = before.group().strip().lower() == "the"
    return Span(before.start(), span.end) if is_the else span


def names(text: str, *, in_question: bool = True) -> Iterator[Span]:
    """Names in order, without words at the beginning that have a capital for that alone."""
    for match in NAME.finditer(text):
        start, end = match.span()
        while first := re.match(r"[\w.&-]+\s*", text[start:end]):
            word = first.group().strip()
            if start + len(first.group()) > end or not _only_begins(text, start, word):
                break
            start += first.end()
        name = text[start:end].rstrip(".&-")
        # A word that begins a sentence may be any.
        alone = not in_question and start == 0 and len(name.split()) == 1
        if name and not alone and not _DATED.match(name) and name.lower() not in STOP_WORDS:
            yield Span(start, start + len(name))


def _only_begins(text: str, start: int, word: str) -> bool:
    return (word.lower() != "the" and word.lower() in STOP_WORDS | _BETWEEN) or (
        start == 0 and bool(_AUXILIARIES.fullmatch(word) or word == "The")
    )
