"""Feasts whose day every year is known: Christmas, New Year, Easter and the days about it."""

from __future__ import annotations

import re
from datetime import date, timedelta

from dateutil.easter import easter

from qa.periods import Period


def feast(match: re.Match[str], today: date) -> Period:
    """“Christmas 2022”, “last Easter”: without a year the last one that has begun."""
    name, which = match["feast"].lower(), (match["which"] or "").lower()
    if match["year"]:
        return _feast_in(name, int(match["year"]))
    year = today.year - (_feast_in(name, today.year).first > today)
    if which == "last" and _feast_in(name, year).last >= today:
        year -= 1
    elif which == "next":
        year += 1
    elif which == "this":
        year = today.year
    return _feast_in(name, year)


def _feast_in(name: str, year: int) -> Period:
    """Christmas and Easter alone are all their days."""
    fixed = {"christmas eve": (12, 24), "christmas day": (12, 25), "boxing day": (12, 26),
             "halloween": (10, 31)}  # fmt: skip
    if name in fixed:
        day = date(year, *fixed[name])
    elif name.startswith("new year"):
        day = date(year, 12, 31) if name.endswith("eve") else date(year, 1, 1)
    elif name == "christmas":
        return Period(date(year, 12, 24), date(year, 12, 26))
    else:
        sunday = easter(year)
        if name == "easter":
            return Period(sunday - timedelta(2), sunday + timedelta(1))
        day = sunday + timedelta({"good friday": -2, "easter monday": 1}.get(name, 0))
    return Period(day, day)
