"""What words mean that count from the day of asking: one function for each form.

Each takes the match of a form that `time_words` knows, whose groups have the parts of the
expression, and the day of asking, and returns the period. Raises ValueError or OverflowError for
what is no date.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from qa.periods import Period, containing, shifted
from qa.time_terms import FEW, count, parted, weekday_number, year_number

# The months of half of each.
_HALVES = {"year": 6, "decade": 60, "century": 600}


def whole(match: re.Match[str], today: date) -> Period:
    """“last year”, “this month”: a calendar unit near today, or a part of it."""
    which, unit = (match["which"] or "this").lower(), match["unit"].lower()
    if unit == "day" and which not in ("last", "this"):
        raise ValueError("the day before or after one that was told of")
    if unit == "weekend" and "past" in which:
        return last_weekend(match, today)
    if unit == "weekend" and "coming" in which:
        return containing(unit, today if today.weekday() < 5 else today + timedelta(7))
    step = {"last": -1, "previous": -1, "this": 0, "current": 0}.get(which, 1)
    whole = containing(unit, shifted(today, unit, step))
    return parted(whole, match["part"])


def so_far(match: re.Match[str], today: date) -> Period:
    """“this year so far”, “year to date”: from its first day up to today."""
    return Period(containing((match["unit"] or "year").lower(), today).first, today)


def rest(match: re.Match[str], today: date) -> Period:
    """“later this year”, “the rest of the week”: from today to its last day."""
    return Period(today, containing((match["unit"] or match["of"]).lower(), today).last)


def rolling(match: re.Match[str], today: date) -> Period:
    """“the past three days”, “recent weeks”: up to today, or from it on."""
    named = match.groupdict()
    which, unit = match["which"].lower(), match["unit"].lower()
    several = bool(named.get("several"))
    told_of = (unit == "day" and which != "last") or which in ("recent", "ahead")
    if told_of and not match["count"] and not several:
        raise ValueError("the day after one that was told of")
    number = count(match["count"]) if match["count"] else FEW if several else 1
    if which in ("next", "coming", "ahead"):
        return Period(today, shifted(today, unit, number))
    return Period(shifted(today, unit, -number), today)


def _with_half(match: re.Match[str], today: date) -> date:
    """The day that was half a year ago, or two and a half."""
    unit = (match["unit"] or match.groupdict().get("units") or "").lower()
    number = count(match["count"]) if match["count"] else 0
    if unit == "month":
        return shifted(today, "month", -number) - timedelta(15)
    day: date = shifted(today, unit, -number) - relativedelta(months=_HALVES[unit])
    return day


def half_ago(match: re.Match[str], today: date) -> Period:
    """“half a year ago”, “a year and a half ago”: the month that it was; a decade, the year."""
    unit = (match["unit"] or match.groupdict().get("units") or "").lower()
    if unit not in (*_HALVES, "month"):
        raise ValueError("no half of it is spoken of")
    smaller = {"year": "month", "month": "week"}.get(unit, "year")
    return containing(smaller, _with_half(match, today))


def half_rolling(match: re.Match[str], today: date) -> Period:
    """“the last half year”, “the past year and a half”."""
    named = match.groupdict()
    unit = (match["unit"] or named.get("units") or "").lower()
    if unit not in (*_HALVES, "month"):
        raise ValueError("no half of it is spoken of")
    begun = _with_half(match, today)
    if not match["count"] and "and a half" in match.group().lower():
        begun = shifted(begun, unit, -1)
    return Period(begun, today)


def ago(match: re.Match[str], today: date) -> Period:
    """“two weeks ago”: the calendar unit that day is in; “two years ago today”: the day."""
    unit = match["unit"].lower()
    day = shifted(today, unit, -count(match["count"]))
    if match["weekday"]:
        day = containing("week", day).first + timedelta(weekday_number(match["weekday"]))
    if match["weekday"] or match["exact"]:
        return Period(day, day)
    smaller = (match["smaller"] or "").lower()
    return containing(smaller or unit, day)


def hence(match: re.Match[str], today: date) -> Period:
    """“in two weeks' time”, “two weeks from now”: the calendar unit that day is in."""
    unit = match["unit"].lower()
    return containing(unit, shifted(today, unit, count(match["count"])))


def weekday(match: re.Match[str], today: date) -> Period:
    """“Friday”, “last Friday”: without a word the last one, today included."""
    wanted = weekday_number(match["weekday"])
    since = (today.weekday() - wanted) % 7
    match (match["which"] or "").lower():
        case "this":
            day = today + timedelta(wanted - today.weekday())
        case "next" | "coming" | "this coming":
            day = today + timedelta(7 - since)
        case "last" | "past" | "this past" | "previous":
            day = today - timedelta(since or 7)
        case _:
            day = today - timedelta(since)
    return Period(day, day)


def hours(match: re.Match[str], today: date) -> Period:
    """“the last 24 hours”, “an hour ago”: in whole days."""
    days = count(match["count"]) // 24 if match["unit"].lower().startswith("h") else 0
    return Period(today - timedelta(days), today)


def last_weekend(match: re.Match[str], today: date) -> Period:
    """The one that is, or else the last one."""
    return containing("weekend", today if today.weekday() >= 5 else today - timedelta(7))


def the_other(match: re.Match[str], today: date) -> Period:
    """“the other day”: a few of them before today."""
    return Period(shifted(today, match["unit"].lower(), -FEW), today - timedelta(1))


def weekday_of(match: re.Match[str], today: date) -> Period:
    """“Monday last week”, “last week on Monday”."""
    steps = {"last": -7, "this": 0, "next": 7}
    monday = containing("week", today).first
    wanted = weekday_number(match["weekday"] or match["on"])
    day = monday + timedelta(wanted + steps[(match["which"] or match["week"]).lower()])
    return Period(day, day)


def named_day(match: re.Match[str], today: date) -> Period:
    """“yesterday”, “tomorrow”, “tonight”."""
    steps = {"the day before yesterday": -2, "yesterday": -1, "last night": -1,
             "late last night": -1, "tomorrow": 1, "the day after tomorrow": 2}  # fmt: skip
    day = today + timedelta(steps.get(match.group().lower(), 0))
    return Period(day, day)


def before_last(match: re.Match[str], today: date) -> Period:
    """“the week before last”, “the Friday before last”."""
    if not match["unit"]:
        since = (today.weekday() - weekday_number(match["weekday"])) % 7 or 7
        return Period(today - timedelta(since + 7), today - timedelta(since + 7))
    unit = match["unit"].lower()
    return containing(unit, shifted(today, unit, -2))


def this_time(match: re.Match[str], today: date) -> Period:
    """“this time last year”: the month that it was, or the week, or the day; “the same quarter
    last year”."""
    unit, smaller = match["unit"].lower(), (match["smaller"] or "period").lower()
    if smaller == "period":
        smaller = {"year": "month", "month": "week", "week": "day"}[unit]
    return containing(smaller, shifted(today, unit, -1))


def this_in_a_year(match: re.Match[str], today: date) -> Period:
    """“this day in 1990”: of that year. Raises ValueError on 29 February if it has none."""
    day = today.replace(year=year_number(match["year"], today))
    return containing(match["unit"].lower(), day)


def weekdays_ago(match: re.Match[str], today: date) -> Period:
    """“two Fridays ago”: of those before today, the second."""
    since = (today.weekday() - weekday_number(match["weekday"])) % 7 or 7
    day = today - timedelta(since + 7 * (count(match["count"]) - 1))
    return Period(day, day)
