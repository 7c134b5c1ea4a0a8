"""Follow-ups that leave out nearly all of a question: "Why?", "And Germany?", "And in 2023?"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from qa.mentions import base
from qa.nations import nations, with_capitals
from qa.phrases import NAME, names
from qa.time_words import AFTER_A_WORD, ANYWHERE, period
from qa.types import Turn

_ALONE = re.compile(r"^\W*(?:(?:and|but|so)\s+)?(?P<word>why|when|where|how)\W*$", re.IGNORECASE)
_AUXILIARY = (
    r"(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should|may|might|must)"
)
_ADVERBIAL = re.compile(
    rf"^\W*(?:(?:and|but|so)\s+)?(?:(?P<word>why|when|where|how)\s+)?(?P<rest>{_AUXILIARY}\s.+)$",
    re.IGNORECASE,
)
_LINK = r"(?:in|for|of|on|by|from|at|with|since|after|before|during|under|near)"
_INSTEAD = re.compile(
    r"^\W*(?:(?:and|but|or|so)\s+)?(?:(?:what|how)\s+about|and|but|or)\s+"
    rf"(?:(?P<link>{_LINK})\s+)?(?P<name>[^?,]+?)\s*[?.!]*\s*$",
    re.IGNORECASE,
)
# "No, I meant the weir.": the question before was understood otherwise.
_MEANT = re.compile(
    r"^\W*(?:(?:no|sorry|actually|well)\b\W*)*i\s+(?:mean|meant|was\s+asking\s+about)\s+"
    rf"(?:(?P<link>{_LINK})\s+)?(?P<name>[^?,]+?)\s*[?.!]*\s*$",
    re.IGNORECASE,
)
# "In 2023?", "In Tokyo?"
_LINKED = re.compile(rf"^\W*(?P<link>{_LINK})\s+(?P<name>[^?,]+?)\s*\?*\s*$", re.IGNORECASE)
_ORDINAL = re.compile(
    r"^\W*(?:(?:and|but|or)\s+)?(?:(?:what|how)\s+about\s+)?the\s+"
    r"(?:first|second|third|fourth|fifth|last|next|other|others|former|latter|rest)"
    r"(?:\s+(?:one|ones|two|three))?\W*$",
    re.IGNORECASE,
)
# Of what was told, not of the day of asking.
_RELATIVE = re.compile(
    r"^\W*(?:(?:and|but)\s+)?(?:(?:what|how)\s+about\s+)?(?:on\s+|in\s+)?the\s+"
    r"(?:(?:next|following|previous)\s+(?:day|week|month|year)"
    r"|(?:day|week|month|year)\s+(?:before|after))\W*$",
    re.IGNORECASE,
)
# "Who makes Storm Shadow?": no country is made.
_OF_A_THING = re.compile(r"\W*(?:who|what|which)\b", re.IGNORECASE)
# "What did X say?", and what about.
_SPOKEN = re.compile(
    rf"^\W*(?:(?:and|but|so|or)\s+)?(?P<asked>what\s+{_AUXILIARY}\s+(?P<who>[^?,]+?)\s+"
    r"(?:say|said|think|thought|argued?|want(?:ed)?|claim(?:ed)?|demand(?:ed)?|proposed?))"
    r"(?P<of>\s+(?:about|on|of|over|regarding|concerning)\s+.+?)?[\s?.!]*$",
    re.IGNORECASE,
)
_LONGEST_NAME = 5  # words
_NUMBER = re.compile(r"\b\d[\d.,]*\b")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_MONTH_OR_DAY = re.compile(r"(?!.*\b(?:1[5-9]|20)\d\d\b)(?=.*[^\W\d]).*", re.DOTALL)
# A day for words that mean no other time on another one.
_ANY_DAY = date(2024, 7, 1)


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
    if _ORDINAL.match(question) or _RELATIVE.match(question):
        return f"{before} {question}"
    if said := _said_by_another(question, before):
        return said
    corrected = _MEANT.match(question)
    match = corrected or _INSTEAD.match(question) or _LINKED.match(question)
    if not match or len(match["name"].split()) > _LONGEST_NAME:
        return None
    link, new = (match["link"] or "").lower(), match["name"]
    made = _instead(question, link, new, history)
    if corrected and (made is None or made.endswith(question)):
        return _with_more(before, f"{link} {new}") if link else None
    return made


def _said_by_another(question: str, before: str) -> str | None:
    """ "And what did Y say?" after "What did X say about the strike?"."""
    now, then = _SPOKEN.match(question), _SPOKEN.match(before)
    if not now or now["of"] or not then or not then["of"] or not NAME.fullmatch(now["who"]):
        return None
    asked = now["asked"]
    return f"{asked[0].upper()}{asked[1:]}{then['of']}?"


def _instead(question: str, link: str, new: str, history: Sequence[Turn]) -> str | None:
    last = history[-1]
    before = base(last)
    if period(new, _ANY_DAY):
        return _at_another_time(link, new, before)
    if _NUMBER.fullmatch(new):
        numbers = [m for m in _NUMBER.finditer(before) if len(m.group()) == len(new)]
        if not numbers:
            return None
        return before[: numbers[0].start()] + new + before[numbers[0].end() :]
    if not NAME.fullmatch(new):
        named = "" if _has_capitals(new) else _as_named(new, _said(history)) or with_capitals(new)
        if not named:
            return None
        new = named
    if new.lower() in before.lower():
        return None
    alike = [span for span in names(before) if span.start > 0]
    if link:  # of those after the same word, if any is
        same = [m for m in alike if re.search(rf"\b{link}\s+$", before[: m.start], re.IGNORECASE)]
        if not same:
            return _with_more(before, f"{link} {new}") if link in ("in", "at", "near") else None
        alike = same
    # Of countries one takes the place of another, where there is one; others, of no country.
    same = [m for m in alike if bool(nations(before[slice(*m)])) == bool(nations(new))]
    of_a_thing = _OF_A_THING.match(before) and not _SPOKEN.match(before)
    alike = same or ([] if nations(new) and of_a_thing else alike)
    if not alike:
        return f"{before} {question}"
    # What the last question put there is what the next one puts another in the place of.
    start, end = next((m for m in alike if before[slice(*m)] in last.question), alike[0])
    rest = before[end:]
    if new.endswith("s") and (owner := re.match(r"['’]s\b", rest)):
        rest = rest[0] + rest[owner.end() :]
    return before[:start] + new + rest


def _has_capitals(text: str) -> bool:
    """Whether whoever typed it uses capitals."""
    return text != text.lower()


@lru_cache(1)
def _time() -> re.Pattern[str]:
    """Compiled when it is needed: it takes as long as a module to import."""
    one = rf"(?P<link>{_LINK})\s+(?P<after>{AFTER_A_WORD})|(?P<time>{ANYWHERE})"
    return re.compile(rf"(?<![\w-])(?:{one})(?![\w-])", re.IGNORECASE)


def _at_another_time(link: str, new: str, before: str) -> str:
    times = [m for m in _time().finditer(before) if period(m["after"] or m["time"], _ANY_DAY)]
    said = f"{link} {new}".strip()
    if not times and _YEAR.fullmatch(new) and (years := [*_YEAR.finditer(before)]):
        return before[: years[-1].start()] + new + before[years[-1].end() :]  # "the 2022 Cup"
    if not times:
        return _with_more(before, said)
    old = times[-1]
    year = _YEAR.search(old.group())
    if year and _MONTH_OR_DAY.fullmatch(new) and re.search(r"[^\W\d]{3}", new):
        said += f" {year.group()}" if _is_date(new) else ""
    if not link and old["link"] and period(new, _ANY_DAY) and _YEAR.fullmatch(new):
        said = f"{old['link']} {said}"
    return before[: old.start()] + said + before[old.end() :]


def _with_more(before: str, words: str) -> str:
    ending = re.search(r"(?:\s\([^()]*\))?[\s?.!]*$", before)  # before what was put after it
    assert ending is not None
    return f"{before[: ending.start()]} {words}{ending.group().rstrip()}"


def _is_date(words: str) -> bool:
    return bool(
        re.search(
            r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b"
            r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b",
            words,
            re.IGNORECASE,
        )
    ) and bool(period(words, _ANY_DAY))


def _as_named(words: str, texts: Iterable[str]) -> str | None:
    """As earlier turns write it, if it has a capital there inside a sentence."""
    article = re.match(r"the\s+", words, re.IGNORECASE)
    bare = words[article.end() :] if article else words
    pattern = re.compile(rf"(?<=[a-z,] )(?:the )?(?<!\w){re.escape(bare)}(?!\w)", re.IGNORECASE)
    for text in texts:
        for match in pattern.finditer(text):
            found = match.group()
            if NAME.fullmatch(found):
                return (
                    found
                    if found.lower().startswith("the ") == bool(article)
                    else (f"the {found}" if article else re.sub(r"^[Tt]he ", "", found))
                )
    return None


def _said(history: Sequence[Turn]) -> Iterable[str]:
    """All texts of the last turns: questions, quotes, and the passages that were read."""
    for turn in reversed(history[-2:]):
        yield turn.asked_as
        if turn.answer is not None:
            yield from (one.quote for one in turn.answer.citations)
            yield from (hit.passage.text for hit in turn.answer.hits)
