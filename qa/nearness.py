"""How near the date of an article is to what a question asks about."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from qa.types import REPORTED_FOR, TimeFrame

# Days after which nearness has fallen to 1/e. On the news questions 10 to 90 make little
# difference; three days too late or too early count as near (time zones, late posts).
FADES_IN_DAYS = 30.0
_GRACE = 3
# Where even the nearest article is farther than this, dates tell nothing.
_FAR = 0.05


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
    late = (published - frame.last).days - REPORTED_FOR.days if frame.last else 0
    return math.exp(-max(early, late, 0) / FADES_IN_DAYS)
