"""The day that a question is about, and how near to it an article is."""

from __future__ import annotations

import math
import re
from datetime import date

# Days after which nearness has fallen to 1/e. On the news questions 10 to 90 make little
# difference; articles up to three days after the asking count as near (time zones, late posts).
FADES_IN_DAYS = 30.0
_DAYS_AFTER = 3

_PRESENT = re.compile(
    r"\b(?:this (?:week|weekend|month|morning|evening)|today|tonight|yesterday|now|currently|"
    r"latest|newest|recent|recently|last (?:week|weekend|night))\b",
    re.IGNORECASE,
)


def day_asked_about(question: str, asked_on: date | None) -> date | None:
    """The day near which the answer was probably published; None if there is no telling.

    That is the day of asking if the caller gives one, or today if the question itself speaks of
    the present.
    """
    if asked_on is not None:
        return asked_on
    return date.today() if _PRESENT.search(question) else None


def nearness(published: date | None, day: date) -> float:
    """1 for an article of that `day`, falling with its age; 0 if later or of unknown date."""
    if published is None:
        return 0.0
    age = (day - published).days
    return math.exp(-max(age, 0) / FADES_IN_DAYS) if age >= -_DAYS_AFTER else 0.0
