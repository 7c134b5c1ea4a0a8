"""Feasts whose day every year is known: of a fixed day, of a weekday of a month, and by Easter."""

from __future__ import annotations

import re
from datetime import date, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import FR, MO, TH, relativedelta

from qa.periods import Period, containing
from qa.time_terms import year_number

_FIXED = {
    "christmas": (12, 25), "christmas eve": (12, 24), "christmas day": (12, 25),
    "boxing day": (12, 26), "new year": (1, 1), "new year's eve": (12, 31),
    "new year's day": (1, 1), "halloween": (10, 31),
    "valentine's day": (2, 14), "st patrick's day": (3, 17), "may day": (5, 1),
    "veterans day": (11, 11), "armistice day": (11, 11),
}  # fmt: skip
# A weekday of a month, in the United States: the one after that day of it.
_WEEKDAYS = {
    "thanksgiving": (11, 1, TH(4)), "black friday": (11, 2, FR(4)), "labor day": (9, 1, MO(1)),
    "memorial day": (5, 31, MO(-1)), "presidents' day": (2, 1, MO(3)),
}  # fmt: skip
_FROM_EASTER = {
    "shrove tuesday": -47, "ash wednesday": -46, "palm sunday": -7, "maundy thursday": -3,
    "good friday": -2, "easter": 0, "easter sunday": 0, "easter monday": 1, "ascension day": 39,
    "whit sunday": 49, "pentecost": 49, "whit monday": 50,
}  # fmt: skip
# Those that are more than a day, with their days: from the fixed day or from Easter Sunday.
_DAYS = {"christmas": (-1, 1), "new year": (-1, 0), "easter": (-2, 1)}

_NAMES = sorted([*_FIXED, *_WEEKDAYS, *_FROM_EASTER], key=len, reverse=True)
_ONE = "|".join(_NAMES).replace("'s", "(?:['’]?s)?").replace("s' ", "s['’]? ")
# "May Day" and "Black Friday" have capitals.
FEAST = (
    rf"(?:(?!(?-i:may|black|labor|memorial) )(?:{_ONE}))"
    r"(?: (?:holidays?|weekend|period|break|morning|night|time))?"
)
_KIND = re.compile(r" (?:holidays?|weekend|period|break|morning|night|time)$")


def _letters(name: str) -> str:
    """The same for “New Year’s Eve” and “new years eve”."""
    return re.sub(r"['’]?s?(?= )|\W", "", _KIND.sub("", name.lower()))


_AS_NAMED = {_letters(name): name for name in _NAMES}


def feast(match: re.Match[str], today: date) -> Period:
    """“Christmas 2022”, “last Easter”: without a year the last one that has begun."""
    name = _AS_NAMED[_letters(match["feast"])]
    found = _of_year(match, name, today)
    if match["feast"].lower().endswith("weekend"):
        weekend = containing(
            "weekend", found.first if found.first.weekday() > 1 else found.first - timedelta(3)
        )
        return Period(min(found.first, weekend.first), max(found.last, weekend.last))
    return found


def _of_year(match: re.Match[str], name: str, today: date) -> Period:
    which = (match["which"] or "").lower()
    if match["year"]:
        return _feast_in(name, year_number(match["year"], today))
    year = today.year - (_feast_in(name, today.year).first > today)
    if which == "last" and _feast_in(name, year).last >= today:
        year -= 1
    elif which == "next":
        year += 1
    elif which == "this":
        year = today.year
    return _feast_in(name, year)


def _feast_in(name: str, year: int) -> Period:
    """Christmas, New Year and Easter alone are all their days."""
    if name in _FIXED:
        day = date(year, *_FIXED[name])
    elif name in _WEEKDAYS:
        month, first, weekday = _WEEKDAYS[name]
        day = date(year, month, first) + relativedelta(weekday=weekday)
    else:
        day = easter(year) + timedelta(_FROM_EASTER[name])
    before, after = _DAYS.get(name, (0, 0))
    return Period(day + timedelta(before), day + timedelta(after))
