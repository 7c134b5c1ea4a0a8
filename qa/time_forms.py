"""The forms in which a question speaks of time: a word, a period, and perhaps another one.

"since March", "from 3 May to yesterday", "in the two weeks before Christmas": a form says which
words stand before and between its periods, and how many days they make together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from dateutil.relativedelta import relativedelta

from qa.feasts import FEAST
from qa.periods import Period, containing, shifted
from qa.time_terms import (
    ANY_MONTH,
    ANY_YEAR,
    COUNT,
    ENDS,
    FEW,
    GAP,
    SEASON,
    SPAN,
    UNIT,
    WEEKDAY,
    count,
)
from qa.time_words import WHERE, Where, period, periods_at, whole_of

_Kind = Literal[
    "within", "range", "both", "since", "after", "until", "before", "run-up", "apart", "up to"
]


class Found(NamedTuple):
    """Where an expression stands in a question, where its first period begins, the word that it
    begins with, and what it means: from the first to the last day, as far as it has them; it has
    neither if that is before or after all dates."""

    start: int
    period: int
    end: int
    word: str
    first: date | None
    last: date | None


class _Form(NamedTuple):
    """`before` stands before the first period, `between` before the second, `after` at the end;
    `following` is what the form follows. `where` and `then` say which words are periods there:
    those that are so there or in a place before it (`WHERE`)."""

    kind: _Kind
    before: str
    where: Where = "on"
    between: str = ""
    then: Where = "on"
    after: str = ""
    following: str = ""


_SPANS = rf"(?P<the>the )?(?:(?P<count>{COUNT}){GAP})?(?P<unit>{SPAN})(?P<several>s)?"
_ALL = r"(?:the )?(?:all|most|much|whole|rest|remainder|entirety|course|duration) of "
# What a weekday alone follows: "died Sunday"; at an end any word but these: "at the rally Sunday?"
_DID = (
    r"\b(?!(?:called|named|titled|entitled|directed|produced|composed|covered)\b)"
    r"(?:[a-z]+ed|said|told|held|left|fell|made|took|came|went|met|won|hit) $"
)
_NOT_NAMED = (
    r"\b(?!(?:the|an?|every|each|any|some|which|what|of|in|as|is|was|are|were|and|or|like|about"
    r"|than|first|second|third|fourth|same|only|other|called|named|titled|entitled|song|film|movie"
    r"|series|show|album|book|day)\b)[a-z]+ $"
)
_ABOUT = r"(?:(?:about|around|roughly|circa|ca?\.) )?"
_THESE = r"(?:the (?:years|quarters|months(?: of)?) )?"
# "in May, June and July"
_AND = rf"(?:, (?:{ANY_MONTH}|{WEEKDAY}|\d{{4}}))?,? (?:and|or) "
_FORMS = (
    _Form("within", r"(?:between|from) ", "anywhere"),
    _Form("range", r"(?:between|from) ", between=r" (?:and|to|until|till|through|up to) "),
    _Form("range", rf"(?:in|during|throughout|over) {_THESE}", "in", r" (?:to|through) ", "in"),
    _Form("both", rf"(?:in|during|throughout|over) {_THESE}", "in", rf"{_AND}(?:in )?", "in"),
    _Form("both", r"(?:on|for|at) ", between=rf"{_AND}(?:on )?"),
    _Form("since", r"(?:ever )?since (?:at least |as early as |about |around )?"),
    _Form(
        "since",
        r"(?:on or after|(?:starting|beginning)(?: in| on| from| with)?|as from"
        r"|no(?:t)? (?:earlier than|before)) ",
    ),
    _Form("since", r"(?:in |from )?", "in", after=r" (?:and after|or later|onwards?)\b"),
    _Form("since", r"from ", after=r" on(?:wards?)?\b"),
    _Form("after", rf"(?:from )?(?:after|beyond) {_ABOUT}|post-"),
    _Form("until", r"(?:on or before|no later than|not later than|by|as of|as at|through) "),
    _Form("until", r"(?:up )?(?:until|till) |up to (?:and including )?"),
    _Form("before", rf"(?:from )?(?:before|prior to|ahead of) {_ABOUT}|pre-"),
    _Form("run-up", r"(?:in |during )?the (?:run|build|lead)-?up to "),
    _Form(
        "apart",
        rf"(?:(?P<within>in|during|over|within) )?{_SPANS} (?P<side>before|after|following"
        r"|preceding|prior to|leading up to) ",
    ),
    _Form("within", rf"(?:in|during|throughout|back in) (?:{_ALL}|{_ABOUT})", "in"),
    _Form("within", r"(?:circa|ca?\.) ", "in"),
    _Form("within", r"as (?:early|late|recently|far back) as ", "in"),
    _Form("within", r"around ", "in", after=r"(?! (?:are|were|have|had|took|died)\b)"),
    _Form("within", rf"(?:over|for|through) {_ALL}", "in"),
    _Form("within", rf"(?:on|for|from) (?:{_ALL})?"),
    _Form("within", r"(?:over|within|at) ", "at"),
    _Form("within", r"of ", "anywhere"),
    _Form("within", r"of ", following=r"\b(?:articles?|stories|headlines|reports|ones|those) $"),
    _Form("within", rf"of (?={WEEKDAY}(?! (?-i:[A-Z])))"),
    _Form("within", r"(?:day|night|morning|afternoon|evening|weekend|week) of "),
    _Form("within", r"", "anywhere"),
    _Form("range", rf"(?:in|on|during|from|between) {_THESE}", between=r" ?[–/-] ?"),
    _Form("range", r"", "in", between=r" ?[–/-] ?", then="in"),
    _Form("up to", rf"(?:(?:in|during|over|for) )?{_SPANS} (?:to|ending|ended|through)(?: on)? "),
    _Form("within", rf"(?={WEEKDAY})", after=r"(?! (?-i:[A-Z]))", following=_DID),
    _Form("within", rf"(?={WEEKDAY})", after=ENDS, following=_NOT_NAMED),
)
# A month that does something is a person: "after May resigned".
_ACTS = re.compile(
    r" (?:[a-z]+ed|became|took|won|lost|left|said|told|met|made|came|went|fell)\b", re.IGNORECASE
)
_WORDS = re.compile(r"(?<![\w-])(?<!\d[.,])(?=\w|['’‘]\d)")
# Without any of these a question says nothing of time, and most do not.
_TERM = re.compile(
    rf"\d|(?<!\w)(?:{ANY_MONTH}|{WEEKDAY}|{SEASON}|{FEAST}|now|half|last|tomorrow|ytd)(?!\w)"
    rf"|day|tonight|morning|evening|hour|minute|{UNIT}|centuries|millennium|[a-z]ties\b|noughties",
    re.IGNORECASE,
)
_NOW = re.compile(r"(?:now|today|the present(?: day)?|date)\b", re.IGNORECASE)
_NOW_WORDS = ("now", "today", "the present", "the present day", "date")
_EDGE = re.compile(
    r"(?:the )?(?:very )?(?P<edge>beginning|start|end|turn) of (?P<whole>.+)"
    r"|(?P<end>end)-(?P<of>.+)|(?P<new>(?:the )?new year)",
    re.IGNORECASE,
)
_ANY_YEAR = re.compile(rf"\b(?:{ANY_YEAR})$", re.IGNORECASE)


@lru_cache(1)
def _patterns() -> list[tuple[_Form, re.Pattern[str], re.Pattern[str], re.Pattern[str]]]:
    """Compiled for the first question and not on import."""
    return [
        (
            form,
            re.compile(form.before, re.IGNORECASE),
            re.compile(form.between, re.IGNORECASE),
            re.compile(rf"{form.after}(?![\w-])", re.IGNORECASE),
        )
        for form in _FORMS
    ]


def expressions(question: str, today: date, *, ahead: bool) -> Iterator[Found]:
    """What the question says of time, in order, and of those that begin at one word the longest.

    `ahead`: it asks of what lies ahead, so that "on Friday" is the next one.
    """
    if not _TERM.search(question):
        return
    parser = _Parser(question, today, ahead)
    for word in _WORDS.finditer(question):
        found = parser.at(word.start())
        if found:
            yield found


class _Parser:
    """Of one question, asked on a day; it remembers what was found where."""

    def __init__(self, question: str, today: date, ahead: bool) -> None:
        self._question, self._today, self._ahead = question, today, ahead
        self._known: dict[tuple[int, Where], dict[int, Period]] = {}

    def at(self, start: int) -> Found | None:
        """The longest expression that begins there; of two, that of the form that comes first."""
        found = [one for form in _patterns() if (one := self._of_form(start, *form))]
        return max(found, key=lambda one: one.end, default=None)

    def _of_form(
        self,
        start: int,
        form: _Form,
        before: re.Pattern[str],
        between: re.Pattern[str],
        after: re.Pattern[str],
    ) -> Found | None:
        text = self._question
        opening = before.match(text, start)
        if not opening or (form.following and not re.search(form.following, text[:start])):
            return None
        for ends, end, meant in self._periods(form, opening.end(), between):
            closing = after.match(text, end)
            if form.kind not in ("within", "both") and self._is_person(text[slice(*ends[-1])], end):
                continue
            words = [text[slice(*span)] for span in ends]
            if closing and (days := self._days(form, opening, words, meant)):
                word = text[start:].split()[0].lower()
                return Found(start, opening.end(), closing.end(), word, *days)
        return None

    def _is_person(self, words: str, end: int) -> bool:
        is_month = re.fullmatch(ANY_MONTH, words, re.IGNORECASE)
        return bool(is_month and _ACTS.match(self._question, end))

    def _periods(
        self, form: _Form, at: int, between: re.Pattern[str]
    ) -> Iterator[tuple[list[tuple[int, int]], int, list[Period]]]:
        """One period or two, with their spans, the longest first."""
        for end, one in self._at(at, form.where):
            if not form.between:
                yield [(at, end)], end, [one]
            elif link := between.match(self._question, end):
                for last, two in self._at(link.end(), form.then):
                    yield [(at, end), (link.end(), last)], last, [one, two]

    def _at(self, at: int, where: Where) -> list[tuple[int, Period]]:
        found: dict[int, Period] = {}
        for place in WHERE[: WHERE.index(where) + 1]:
            if (at, place) not in self._known:
                self._known[at, place] = self._only_at(at, place)
            found = self._known[at, place] | found
        return sorted(found.items(), reverse=True)

    def _only_at(self, at: int, where: Where) -> dict[int, Period]:
        found = periods_at(self._question, at, where, self._today, ahead=self._ahead)
        if where == "on" and (now := _NOW.match(self._question, at)):
            found[now.end()] = Period(self._today, self._today)
        return found

    def _days(
        self, form: _Form, opening: re.Match[str], words: list[str], meant: list[Period]
    ) -> tuple[date | None, date | None] | None:
        """From the first to the last day; None if there is no such time."""
        one = meant[0]
        try:
            match form.kind:
                case "within":
                    return None if words[0].lower() in ("now", "date") else one
                case "range" | "both":
                    return self._both(form.kind, words, meant)
                case "apart":
                    return _apart(opening, one)
                case "up to":
                    return _up_to(opening, one)
                case "run-up":
                    length = 3 if (one.last - one.first).days > 300 else 1
                    return Period(one.first - relativedelta(months=length), _before(one.first))
            if words[0].lower() in ("now", "today", "date"):
                return None  # these ask for the newest
            if opening.group().lower().endswith("since "):  # never of what lies ahead
                one = period(words[0], self._today) or one
            edge = self._edge(words[0])
            kind = "since" if edge and form.kind == "after" else form.kind
            return _on_one_side(kind, edge or one)
        except (OverflowError, ValueError):  # before the first day that there is, or after the last
            return None, None

    def _edge(self, words: str) -> Period | None:
        """The day that it is, of “the end of the month”."""
        match = _EDGE.fullmatch(words)
        if not match:
            return None
        if match["new"]:
            return Period(self._new_year(), self._new_year())
        words = match["whole"] or match["of"]
        whole = whole_of(words, self._today, ahead=self._ahead)
        if whole is None:
            return None
        day = whole.last if (match["edge"] or "end").lower() == "end" else whole.first
        return Period(day, day)

    def _new_year(self) -> date:
        return date(self._today.year + self._ahead, 1, 1)

    def _both(self, kind: _Kind, words: list[str], meant: list[Period]) -> Period | None:
        """From the one to the other; “in May and June” only where one follows the other."""
        one, two = meant
        today = Period(self._today, self._today)
        if words[1].lower() in _NOW_WORDS:
            return Period(one.first, self._today) if one.first <= self._today else None
        if words[0].lower() in _NOW_WORDS:
            later = period(words[1], self._today, ahead=True) or two
            return Period(self._today, later.last) if later.last >= today.last else None
        one, two = self._in_one_year(words, one, two)
        if kind == "both":
            one, two = sorted((one, two))
            lengths = [(span.last - span.first).days + 1 for span in (one, two)]
            near = (two.first - one.last).days <= max(lengths) + 1
            alike = max(lengths) <= 4 * min(lengths)
            return Period(one.first, two.last) if near and alike else None
        if two.last < one.first:  # "from Monday to Friday", "from June to September"
            days = one.first == one.last and two.first == two.last
            within_a_week = days and one.first - two.last < timedelta(7)
            step = timedelta(7) if within_a_week else relativedelta(years=1)
            two = Period(two.first + step, two.last + step)
        return Period(one.first, two.last) if one.first <= two.last else None

    def _in_one_year(self, words: list[str], one: Period, two: Period) -> tuple[Period, Period]:
        """“between May and July 2023”, “from 3 May 2023 to 5 June”."""
        years = [_ANY_YEAR.search(of) for of in words]
        if years[1] and not years[0]:
            one = period(f"{words[0]} {years[1].group()}", self._today) or one
        elif years[0] and not years[1] and (one.last - one.first).days < 300:
            two = period(f"{words[1]} {years[0].group()}", self._today) or two
        return one, two


def _before(day: date) -> date:
    return day - timedelta(1)


def _on_one_side(kind: _Kind, one: Period) -> tuple[date | None, date | None]:
    match kind:
        case "since":
            return one.first, None
        case "after":
            return one.last + timedelta(1), None
        case "before":
            return None, _before(one.first)
    return None, one.last


def _units(opening: re.Match[str]) -> int:
    if opening["count"]:
        return count(opening["count"])
    return FEW if opening["several"] else 1


def _apart(opening: re.Match[str], one: Period) -> Period:
    """“in the two weeks after 5 May”: all of them; “two weeks after 5 May”: that day."""
    unit, number = opening["unit"].lower(), _units(opening)
    is_before = opening["side"].lower() in ("before", "preceding", "prior to", "leading up to")
    if opening["the"] or opening["within"] or (opening["several"] and not opening["count"]):
        if is_before:
            return Period(shifted(one.first, unit, -number), _before(one.first))
        begun = one.last + timedelta(1)
        return Period(begun, _before(shifted(begun, unit, number)))
    is_day = one.first == one.last
    day = shifted(one.first if is_before or unit != "day" else one.last, unit, number)
    if is_before:
        day = shifted(one.first, unit, -number)
    return containing("day" if is_day else unit, day)


def _up_to(opening: re.Match[str], one: Period) -> Period | None:
    """“the year to March 2023”, “the three months ending June 30”."""
    if not opening["the"] and not opening["count"]:
        return None
    after = one.last + timedelta(1)
    return Period(shifted(after, opening["unit"].lower(), -_units(opening)), one.last)
