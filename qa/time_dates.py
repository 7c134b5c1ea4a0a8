"""What dates and named periods mean: days, months, quarters, seasons, decades and parts of them.

Each function takes the match of a form that `time_words` knows, whose groups have the parts of the
expression, and the day of asking, and returns the period. Raises ValueError or OverflowError for
what is no date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from qa.periods import Period, containing, months, shifted
from qa.time_terms import (
    WEEKDAY,
    month_number,
    ordinal,
    parted,
    weekday_number,
    year_number,
)

_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_DECADES = dict(
    zip("thirties forties fifties sixties seventies eighties nineties noughties".split(),
        range(1930, 2010, 10), strict=True)
)  # fmt: skip
_PAST = ("last", "past", "this past")


def month(match: re.Match[str], today: date) -> Period:
    """“March 2023”, “early March”, “last March”: without a word the last one that has begun."""
    number, which = month_number(match["month"]), (match["which"] or "").lower()
    if match["year"]:
        year = year_number(match["year"], today)
    elif which == "next":
        year = today.year + (number <= today.month)
    elif which in _PAST:
        year = today.year - (number >= today.month)
    else:
        year = today.year - (which != "this" and number > today.month)
    return parted(months(year, number, 1), match["part"])


def year(match: re.Match[str], today: date) -> Period:
    """“2023”, “early 2023”, “'23”; a financial year, of whose bounds there are many, is that one.

    “year-end 2023” is its last part.
    """
    words = match["year"]
    words = f"'{words}" if len(words) == 2 else words
    return parted(months(year_number(words, today), 1, 12), match["part"])


def day(match: re.Match[str], today: date) -> Period | None:
    """“3 March 2023”, “March 3”: without a year the last, or one of the next two weeks."""
    number, nth = month_number(match["month"]), ordinal(match["day"])
    words = match["year"]
    if words:
        words = f"'{words}" if len(words) == 2 else words
        found: date | None = date(year_number(words, today), number, nth)
    else:
        # The last one that there was, or one that is near: "on July 4" asked on the first.
        years = range(today.year + 1, today.year - 5, -1)
        days = [date(y, number, nth) for y in years if nth <= monthrange(y, number)[1]]
        found = next((one for one in days if one <= today + timedelta(14)), None)
    return Period(found, found) if found else None  # no 31 April


def day_of_month(match: re.Match[str], today: date) -> Period:
    """“the 5th”: the last one that has begun; “the 5th of last month”."""
    nth = ordinal(match["day"])
    if which := (match["which"] or "").lower():
        step = {"last": -1, "next": 1}.get(which, 0)
        first = containing("month", shifted(today, "month", step)).first
        return Period(first.replace(day=nth), first.replace(day=nth))
    for back in range(4):
        first = months(today.year, today.month, 1).first - relativedelta(months=back)
        if nth <= monthrange(first.year, first.month)[1] and first.replace(day=nth) <= today:
            found = first.replace(day=nth)
            return Period(found, found)
    raise ValueError(f"no {nth}th")


def numbers(match: re.Match[str], today: date) -> Period:
    """“05/03/2022”, “05/03/22”: the day first, unless that is no date."""
    one, other, words = int(match["one"]), int(match["other"]), match["year"]
    day, month = (one, other) if other <= 12 else (other, one)
    found = date(year_number(f"'{words}" if len(words) == 2 else words, today), month, day)
    return Period(found, found)


def iso(match: re.Match[str], today: date) -> Period:
    """“2022-03-05”, “2022/3/5”, “2022-03”, “03/2022”."""
    year, month = int(match["year"]), int(match["month"])
    if not match["day"]:
        return _iso_month(year, month)
    found = date(year, month, int(match["day"]))
    return Period(found, found)


def years(match: re.Match[str], today: date) -> Period:
    """“2019–2021”."""
    first, last = int(match["year"]), int(match["last"])
    if last < first:
        raise ValueError("the second year is before the first")
    return months(first, 1, 12 * (last - first + 1))


def two_years(match: re.Match[str], today: date) -> Period:
    """“2022/23”, “1914-18”; “2022-03” is a month, but “2010–12”, with a dash, is years."""
    first, last = int(match["year"]), int(match["month"])
    if match["kind"] != "–" and last <= 12:
        return _iso_month(first, last)
    if last <= first % 100:
        raise ValueError("the second year is before the first")
    return months(first, 1, 12 * (last - first % 100 + 1))


def _iso_month(year: int, month: int) -> Period:
    """“2022-03”; “2011-12” is two years, as of a season."""
    return months(year, 1, 24) if month == year % 100 + 1 else months(year, month, 1)


def quarter(match: re.Match[str], today: date) -> Period:
    """“Q3 2023”, “the third quarter of last year”: without a year the last one that has begun."""
    size = 6 if match["kind"].lower() in ("h", "half") else 3
    nth = ordinal(match["number"])
    if nth > 12 // size:
        raise ValueError("a year has not so many")
    nth = nth if nth > 0 else 12 // size
    short = match.groupdict().get("short")  # "4Q23"
    said = f"'{short}" if short else match["year"]
    of = year_number(said, today) if said else today.year
    found = months(of, (nth - 1) * size + 1, size)
    if found.first > today and not said:
        found = months(of - 1, (nth - 1) * size + 1, size)
    return found


def season(match: re.Match[str], today: date) -> Period:
    """Of the northern half of the world; the winter of a year begins in its December."""
    month = _SEASONS[match["season"].lower()]
    if match["year"]:
        return parted(months(year_number(match["year"], today), month, 3), match["part"])
    begun = months(today.year - (month > today.month), month, 3)
    which = (match["which"] or "").lower()
    if which.endswith("last"):
        back = (begun.last >= today) + (which == "before last")
        begun = months(begun.first.year - back, month, 3)
    elif which == "next":
        begun = months(begun.first.year + 1, month, 3)
    elif which == "this" and begun.last < today:
        begun = months(today.year, month, 3)
    return parted(begun, match["part"])


def decade(match: re.Match[str], today: date) -> Period:
    """“the 1990s”, “the early 1990s”; “the 1800s” are a century."""
    first = int(match["year"])
    return parted(
        months(first, 1, 1200 if first % 100 == 0 and first < 2000 else 120), match["part"]
    )


def named_decade(match: re.Match[str], today: date) -> Period:
    """“the nineties”."""
    return parted(months(_DECADES[match["name"].lower()], 1, 120), match["part"])


def tens(match: re.Match[str], today: date) -> Period:
    """“the '90s”, “the 80s and 90s”: of the last century."""
    first = parted(months(1900 + int(match["tens"]), 1, 120), match["part"])
    last = months(1900 + int(match["other"] or match["tens"]), 1, 120).last
    if last < first.first:
        raise ValueError("the second decade is before the first")
    return Period(first.first, last) if match["other"] else first


def century(match: re.Match[str], today: date) -> Period:
    """“the 19th century”, “the 19th and 20th centuries”."""
    first, last = (
        months((ordinal(match[name] or match["number"]) - 1) * 100 + 1, 1, 1200)
        for name in ("number", "other")
    )
    first = parted(first, match["part"])
    if not match["other"]:
        return first
    return Period(first.first, parted(last, match["other_part"]).last)


def turn(match: re.Match[str], today: date) -> Period:
    """“the turn of the year”: a week on both sides of New Year; of a century five years."""
    if match["unit"].lower() == "year":
        first = date(today.year, 1, 1)
        return Period(first - timedelta(7), first + timedelta(6))
    return months(1996, 1, 120)


def sliced(whole: Period, number: str, kind: str, size: int) -> Period:
    """“the first week of August”: its first seven days; “the last six months of 2023”.

    Raises ValueError if `whole` has no such part.
    """
    nth = ordinal(number)
    if kind == "half" or (kind == "quarter" and size == 1):
        found = _share(whole, nth, 2 if kind == "half" else 4)
    elif kind == "weekend" or re.fullmatch(WEEKDAY, kind, re.IGNORECASE):
        found = _nth(whole, nth, 5 if kind == "weekend" else weekday_number(kind))
        found = containing("weekend", found.first) if kind == "weekend" else found
    elif nth > 0:
        first = shifted(whole.first, kind, (nth - 1) * size)
        found = Period(first, shifted(first, kind, size) - timedelta(1))
    else:
        after = whole.last + timedelta(1)
        found = Period(shifted(after, kind, -size), whole.last)
    if found.last < whole.first or found.first > whole.last:
        raise ValueError(f"no {number} {kind} in it")
    return found


def _share(whole: Period, nth: int, shares: int) -> Period:
    """The half or quarter of it, in months where it has so many, else in days."""
    after = whole.last + timedelta(1)
    number = (after.year - whole.first.year) * 12 + after.month - whole.first.month
    nth = nth if nth > 0 else shares
    if nth > shares:
        raise ValueError(f"no more than {shares}")
    if number % shares == 0:
        size = number // shares
        first = whole.first + relativedelta(months=size * (nth - 1))
        return months(first.year, first.month, size)
    days = (after - whole.first).days // shares
    first = whole.first + timedelta(days * (nth - 1))
    return Period(first, whole.last if nth == shares else first + timedelta(days - 1))


def _nth(whole: Period, nth: int, weekday: int) -> Period:
    """The weekday in it, counted from its first day, or the last one."""
    if nth > 0:
        found = whole.first + timedelta((weekday - whole.first.weekday()) % 7 + 7 * (nth - 1))
    else:
        found = whole.last - timedelta((whole.last.weekday() - weekday) % 7)
    return Period(found, found)
