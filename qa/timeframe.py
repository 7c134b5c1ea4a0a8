"""When what a question asks about happened, as far as its words tell."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, timedelta

from qa.periods import Period
from qa.time_words import AFTER_A_WORD, ANYWHERE, period
from qa.types import TimeFrame

# Days after which nearness has fallen to 1/e. On the news questions 10 to 90 make little
# difference; three days too late or too early count as near (time zones, late posts).
FADES_IN_DAYS = 30.0
_GRACE = 3
# What happened in a period is still reported on so many days after it.
_REPORTED_FOR = 7

_NEWEST = re.compile(
    r"\b(?:latest|newest|(?:most )?recent(?:ly)?|lately|now(?! and then)|nowadays|currently"
    r"|at (?:the moment|present)|these days|up to (?:date|now)|to date|so far(?! this)|still)\b",
    re.IGNORECASE,
)
# Words that make a period one of publication, and not of what happened.
_PUBLISHED = re.compile(
    r"\b(?:articles?|stories|story|reports?|reporting|coverage|news|pieces?|written|published"
    r"|headlines?)(?: (?:that|which))?(?: (?:was|were|is|are|appeared|came out))?"
    r"(?: (?:written|published))?(?: in the)?\s*$",
    re.IGNORECASE,
)
_OPEN = r"(?P<open>since|after|starting(?: in| on)?)"
_CLOSED = r"(?P<closed>before|until|till|up to|prior to|by|as of|as at)"
_IN = r"(?:in|on|during|over|throughout|within|for|of|at|from)"
_FRAMES = tuple(
    re.compile(rf"(?<![\w-])(?:{source})(?![\w-])", re.IGNORECASE)
    for source in (
        rf"(?:between|from) (?P<one>{AFTER_A_WORD}) (?:and|to|until|till|through) "
        rf"(?P<two>{AFTER_A_WORD})",
        r"(?:(?:in|from|during) )?(?P<one>(?:1[5-9]|20)\d\d) ?[–-] ?(?P<two>(?:1[5-9]|20)\d\d)",
        rf"{_OPEN} (?P<one>{AFTER_A_WORD})",
        rf"(?P<open>from) (?P<one>{AFTER_A_WORD}) on(?:wards?)?",
        rf"{_CLOSED} (?P<one>{AFTER_A_WORD})",
        rf"{_IN} (?P<one>{AFTER_A_WORD})",
        rf"(?P<one>{ANYWHERE})",
    )
)


def time_frame(question: str, today: date) -> TimeFrame | None:
    """What the question says of time, asked on the day `today`; None if it says nothing.

    The first expression counts that the rules know. "as of" and "published since" and the like
    speak of publication and make a filter; others say what is preferred.
    """
    found = [match for pattern in _FRAMES if (match := _first(pattern, question, today))]
    if found:
        # The earliest and, from one place on, the longest.
        match = min(found, key=lambda one: (one.start(), -one.end()))
        return _frame(match, question, today)
    newest = _NEWEST.search(question)
    return TimeFrame(newest.group(), last=today, newest=True) if newest else None


def nearness(
    published: Mapping[str, date], frame: TimeFrame | None, asked_on: date | None
) -> dict[str, float]:
    """How near each article's date is to what is asked about, from 0 to 1; by article id.

    Empty if neither is known. In a frame or soon after it: 1. Asked for the newest, the age counts
    from the newest of them that is not later than the frame.
    """
    if frame is not None and frame.newest:
        until = frame.last or date.max
        newest = max((day for day in published.values() if day <= until), default=until)
        return {id: _near(day, newest) for id, day in published.items()}
    if frame is not None:
        return {id: _within(day, frame) for id, day in published.items()}
    if asked_on is not None:
        return {id: _near(day, asked_on) for id, day in published.items()}
    return {}


def _near(published: date, day: date) -> float:
    """1 for an article of that `day`, falling with its age; 0 if later."""
    age = (day - published).days
    return math.exp(-max(age, 0) / FADES_IN_DAYS) if age >= -_GRACE else 0.0


def _within(published: date, frame: TimeFrame) -> float:
    early = (frame.first - published).days - _GRACE if frame.first else 0
    late = (published - frame.last).days - _REPORTED_FOR if frame.last else 0
    return math.exp(-max(early, late, 0) / FADES_IN_DAYS)


def _first(pattern: re.Pattern[str], question: str, today: date) -> re.Match[str] | None:
    """The first match whose periods are real dates."""
    for match in pattern.finditer(question):
        if _periods(match, today):
            return match
    return None


def _periods(match: re.Match[str], today: date) -> list[Period]:
    names = match.groupdict()
    found = [period(names[name], today) for name in ("one", "two") if names.get(name)]
    return [one for one in found if one] if all(found) else []


def _frame(match: re.Match[str], question: str, today: date) -> TimeFrame:
    names, periods = match.groupdict(), _periods(match, today)
    first: date | None = periods[0].first
    last: date | None = periods[-1].last
    opened, closed = (names.get(name, "") or "" for name in ("open", "closed"))
    if opened:
        first, last = (last + timedelta(1) if opened.lower() == "after" and last else first), None
    elif closed.lower() in ("before", "prior to"):
        first, last = None, (first - timedelta(1) if first else None)
    elif closed:
        first = None
    only = closed.lower() in ("as of", "as at") or bool(
        _PUBLISHED.search(question[: match.start()])
    )
    return TimeFrame(match.group(), first, last, only)
