"""When what a question asks about happened, as far as its words tell."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from qa.periods import Period
from qa.time_words import AFTER_A_WORD, ANYWHERE, FEAST, period
from qa.types import TimeFrame

# Days after which nearness has fallen to 1/e. On the news questions 10 to 90 make little
# difference; three days too late or too early count as near (time zones, late posts).
FADES_IN_DAYS = 30.0
_GRACE = 3
# Where even the nearest article is farther than this, dates tell nothing.
_FAR = 0.05
# What happened in a period is still reported on so many days after it.
_REPORTED_FOR = 7

_NEWEST = re.compile(
    r"\b(?:latest|newest|what['’]s new|(?<!until )(?:most )?recent(?:ly)?|lately|nowadays"
    r"|currently|still"
    r"|now(?! and then)|at (?:the moment|present)|these days|up to (?:date|now)|to date"
    r"|(?<!week )(?<!month )(?<!year )so far(?! this)|(?:as of|until) (?:now|today))\b",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(r"\s*(?:is|are|does|do|has|have|can)\b", re.IGNORECASE)
# Words before a period that make it one of publication, and not of what happened.
_ARTICLES = r"\b(?:articles?|stories|coverage|headlines|news(?: items?)?)"
_PUBLISHED = re.compile(
    rf"{_ARTICLES}(?: (?:that|which))?(?: (?:was|were))?"
    r" (?:published|written|appeared|came out)\s*$",
    re.IGNORECASE,
)
_FROM_THEN = re.compile(rf"{_ARTICLES}\s*$", re.IGNORECASE)
_FROM_WORDS = frozenset("from since before after between until".split())
_END = rf"(?P<two>{AFTER_A_WORD}|now|today|the present(?: day)?)"
_FRAMES = (
    rf"(?:between|from) (?P<one>{AFTER_A_WORD}) (?:and|to|until|till|through) {_END}",
    rf"between (?P<one>{ANYWHERE})",
    r"(?:(?:in|from|during) )?(?P<one>(?:1[5-9]|20)\d\d) ?[–-] ?(?P<two>(?:1[5-9]|20)\d\d)",
    rf"(?P<open>since|after|starting(?: in| on)?) (?P<one>{AFTER_A_WORD})",
    rf"(?P<open>from) (?P<one>{AFTER_A_WORD}) on(?:wards?)?",
    rf"(?P<closed>before|until|till|up to|prior to|by|as of|as at) (?P<one>{AFTER_A_WORD})",
    rf"(?:in|on|during|throughout|for|from) (?P<one>{AFTER_A_WORD})",
    rf"(?:over|within|of|at) (?P<one>{ANYWHERE}|{FEAST})",
    rf"(?P<one>{ANYWHERE})",
)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
# A month or "Today" with a capital may be a name; a weekday after such a word is one.
_LOOKS_LIKE_A_NAME = re.compile(r"(?-i:[A-Z])(?:oday|onight|esterday|omorrow|ast|his|ext|he|ow)\b")


def time_frame(question: str, today: date) -> TimeFrame | None:
    """What the question says of time, asked on the day `today`; None if it says nothing.

    The first expression counts that the rules know. "as of" and "articles since" and the like
    speak of publication and make a filter; others say what is preferred. Words for the newest
    count more than a period, unless they speak of it ("the latest figure of 2023").
    """
    found = [match for pattern in _frames() if (match := _first(pattern, question, today))]
    # The earliest and, from one place on, the longest.
    match = min(found, key=lambda one: (one.start(), -one.end()), default=None)
    frame = _frame(match, question, today) if match else None
    newest = _newest(question)
    if newest and match and match.start() < newest.start() < match.end():
        newest = None  # "from March to now"
    if newest and not (frame and frame.only and frame.last != today):
        until = today
        if frame and frame.last and frame.first and _is_of(newest, match, question):
            until = min(frame.last, today)
        return TimeFrame(newest.group(), last=until, newest=True)
    return frame


def nearness(
    published: Mapping[str, date], frame: TimeFrame | None, asked_on: date | None
) -> dict[str, float]:
    """How near each article's date is to what is asked about, from 0 to 1; by article id.

    Empty if neither is known, or if all are far. In a frame that has ended, or soon after it: 1. In
    one that has not, and without a frame, what counts is the age on the day of asking. Asked for
    the newest, the age counts from the newest of them that is not later than the frame.
    """
    found: dict[str, float] = {}
    if frame is not None and frame.newest:
        until = frame.last or date.max
        newest = max((day for day in published.values() if day <= until), default=until)
        found = {id: _near(day, newest) for id, day in published.items()}
    elif frame is not None and not (asked_on and frame.last and frame.about_now(asked_on)):
        found = {id: _within(day, frame) for id, day in published.items()}
    if max(found.values(), default=0.0) < _FAR and asked_on is not None:
        found = {id: _near(day, asked_on) for id, day in published.items()}
    return found if max(found.values(), default=0.0) >= _FAR else {}


def _near(published: date, day: date) -> float:
    """1 for an article of that `day`, falling with its age; 0 if later."""
    age = (day - published).days
    return math.exp(-max(age, 0) / FADES_IN_DAYS) if age >= -_GRACE else 0.0


def _within(published: date, frame: TimeFrame) -> float:
    early = (frame.first - published).days - _GRACE if frame.first else 0
    late = (published - frame.last).days - _REPORTED_FOR if frame.last else 0
    return math.exp(-max(early, late, 0) / FADES_IN_DAYS)


@lru_cache(1)
def _frames() -> tuple[re.Pattern[str], ...]:
    """Compiled for the first question and not on import: they take as long as all other modules."""
    return tuple(
        re.compile(rf"(?<![\w-])(?:{source})(?![\w-])", re.IGNORECASE) for source in _FRAMES
    )


def _newest(question: str) -> re.Match[str] | None:
    """A word for the newest; not "Now" in a name, nor a "still" that is no question."""
    for match in _NEWEST.finditer(question):
        if match.group().lower() == "still" and not _YES_OR_NO.match(question):
            continue
        if match.start() == 0 or not match.group()[0].isupper():
            return match
    return None


def _is_of(newest: re.Match[str], period: re.Match[str] | None, question: str) -> bool:
    """Whether the period narrows what the newest is sought of: "the latest figure of 2023"."""
    if period is None or not newest.group().lower().startswith(("latest", "newest", "most recent")):
        return False
    between = question[newest.end() : period.start()]
    return newest.end() <= period.start() and len(between.split()) <= 3 and "that" not in between


def _first(pattern: re.Pattern[str], question: str, today: date) -> re.Match[str] | None:
    """The first match whose periods are real dates, and which is no name."""
    for match in pattern.finditer(question):
        at = match.start("one")
        is_name = at > 0 and bool(_LOOKS_LIKE_A_NAME.match(question, at))
        if not is_name and _periods(match, today):
            return match
    return None


def _periods(match: re.Match[str], today: date) -> list[Period]:
    """One or two, the second after the first."""
    names = match.groupdict()
    one, two = period(names["one"], today), None
    year = _YEAR.search(names.get("two") or "")
    if one and year and not _YEAR.search(names["one"]):  # "between May and July 2023"
        one = period(f"{names['one']} {year.group()}", today) or one
    if one is None or not names.get("two"):
        return [one] if one else []
    if names["two"].lower() in ("now", "today", "the present", "the present day"):
        return [one, Period(today, today)] if one.first <= today else []
    two = period(names["two"], today)
    if two is None:
        return []
    if two.last < one.first:  # "from Monday to Friday", "from June to September"
        days = one.first == one.last and two.first == two.last
        within_a_week = days and one.first - two.last < timedelta(7)
        step = timedelta(7) if within_a_week else relativedelta(years=1)
        two = Period(two.first + step, two.last + step)
    return [one, two] if one.first <= two.last else []


def _frame(match: re.Match[str], question: str, today: date) -> TimeFrame | None:
    names, periods = match.groupdict(), _periods(match, today)
    first: date | None = periods[0].first
    last: date | None = periods[-1].last
    opened, closed = ((names.get(name) or "").lower() for name in ("open", "closed"))
    try:
        if opened:
            first, last = (periods[0].last + timedelta(1) if opened == "after" else first), None
        elif closed in ("before", "prior to"):
            first, last = None, periods[0].first - timedelta(1)
        elif closed:
            first = None
    except OverflowError:  # before the first day that there is, or after the last
        return None
    before, word = question[: match.start()], match.group().split()[0].lower()
    only = closed in ("as of", "as at") or bool(
        _PUBLISHED.search(before) or (word in _FROM_WORDS and _FROM_THEN.search(before))
    )
    return TimeFrame(match.group(), first, last, only)
