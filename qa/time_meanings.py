"""What the words of a match mean: one function for each form that `time_words` knows.

Each takes the match, whose groups have the parts of the expression, and the day of asking, and
returns the period. Raises ValueError or OverflowError for what is no date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from qa.periods import Period, containing, months, part, shifted

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WEEKDAYS = "mon tue wed thu fri sat sun".split()
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "couple of": 2, "a couple of": 2, "three": 3, "few": 3,
    "a few": 3, "several": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4,
             "4th": 4, "last": 4}  # fmt: skip
_PARTS = {
    "early": 0, "earlier": 0, "beginning of": 0, "start of": 0,
    "mid": 1, "middle of": 1, "late": 2, "end of": 2,
}  # fmt: skip


def _month_of(words: str) -> int:
    return _MONTHS.index(words[:3].lower()) + 1


def _count(words: str) -> int:
    return int(words) if words.isdigit() else _COUNTS[words.lower()]


def whole(match: re.Match[str], today: date) -> Period:
    """“last year”, “this month”: a calendar unit near today, or a part of it."""
    which, unit = (match["which"] or "this").lower(), match["unit"].lower()
    if unit == "day" and which not in ("last", "this"):
        raise ValueError("the day before or after one that was told of")
    step = {"last": -1, "previous": -1, "this": 0, "current": 0}.get(which, 1)
    whole = containing(unit, shifted(today, unit, step))
    if match["part"]:
        return part(whole, _PARTS[match["part"].lower()])
    return whole


def so_far(match: re.Match[str], today: date) -> Period:
    """“this year so far”: from its first day up to today."""
    return Period(containing(match["unit"].lower(), today).first, today)


def rolling(match: re.Match[str], today: date) -> Period:
    """“the past three days”: up to today, or from it on."""
    count, unit = _count(match["count"] or "a"), match["unit"].lower()
    if unit == "day" and not match["count"] and match["which"].lower() != "last":
        raise ValueError("the day after one that was told of")
    if match["which"].lower() in ("next", "coming"):
        return Period(today, shifted(today, unit, count))
    return Period(shifted(today, unit, -count), today)


def ago(match: re.Match[str], today: date) -> Period:
    """“two weeks ago”: the calendar unit that day is in."""
    unit = match["unit"].lower()
    return containing(unit, shifted(today, unit, -_count(match["count"])))


def weekday(match: re.Match[str], today: date) -> Period:
    """“Friday”, “last Friday”: without a word the last one, today included."""
    wanted = _WEEKDAYS.index(match["weekday"][:3].lower())
    since = (today.weekday() - wanted) % 7
    match match["which"].lower():
        case "this":
            day = today + timedelta(wanted - today.weekday())
        case "next" | "coming":
            day = today + timedelta(7 - since)
        case "last" | "past" | "previous":
            day = today - timedelta(since or 7)
        case _:
            day = today - timedelta(since)
    return Period(day, day)


def near_month(match: re.Match[str], today: date) -> Period:
    """“March”, “last March”: without a word the last one that has begun."""
    month, which = _month_of(match["month"]), match["which"].lower()
    if which == "next":
        year = today.year + (month <= today.month)
    elif which in ("last", "past"):
        year = today.year - (month >= today.month)
    else:
        year = today.year - (which != "this" and month > today.month)
    whole = months(year, month, 1)
    return part(whole, _PARTS[match["part"].lower()]) if match["part"] else whole


def month_meant(match: re.Match[str], today: date) -> Period:
    """“March 2023”, “early March 2023”."""
    whole = months(int(match["year"]), _month_of(match["month"]), 1)
    return part(whole, _PARTS[match["part"].lower()]) if match["part"] else whole


def year_meant(match: re.Match[str], today: date) -> Period:
    """“2023”, “early 2023”."""
    whole = months(int(match["year"]), 1, 12)
    return part(whole, _PARTS[match["part"].lower()]) if match["part"] else whole


def day_meant(match: re.Match[str], today: date) -> Period | None:
    """“3 March 2023”, “March 3”: without a year the last, or one of the next two weeks."""
    month, day = _month_of(match["month"]), int(re.sub(r"\D", "", match["day"]))
    if match["year"]:
        found: date | None = date(int(match["year"]), month, day)
    else:
        # The last one that there was, or one that is near: "on July 4" asked on the first.
        years = (today.year, today.year - 1, today.year - 2, today.year - 3, today.year - 4)
        days = [date(y, month, day) for y in years if day <= monthrange(y, month)[1]]
        found = next((one for one in days if one <= today + timedelta(14)), None)
    return Period(found, found) if found else None  # no 31 April


def hours(match: re.Match[str], today: date) -> Period:
    """“the last 24 hours”, “an hour ago”: in whole days."""
    days = _count(match["count"]) // 24 if match["unit"].startswith("h") else 0
    return Period(today - timedelta(days), today)


def last_weekend(match: re.Match[str], today: date) -> Period:
    """The one that is, or else the last one."""
    return containing("weekend", today if today.weekday() >= 5 else today - timedelta(7))


def weekday_of(match: re.Match[str], today: date) -> Period:
    """“Monday last week”."""
    steps = {"last": -7, "this": 0, "next": 7}
    monday = containing("week", today).first
    wanted = _WEEKDAYS.index(match["weekday"][:3].lower())
    day = monday + timedelta(wanted + steps[match["which"].lower()])
    return Period(day, day)


def numbers(match: re.Match[str], today: date) -> Period:
    """“05/03/2022”: the day first, unless that is no date."""
    one, other, year = int(match["one"]), int(match["other"]), int(match["year"])
    day, month = (one, other) if other <= 12 else (other, one)
    found = date(year, month, day)
    return Period(found, found)


def iso(match: re.Match[str], today: date) -> Period:
    """“2022-03-05”, “2022-03”."""
    year, month = int(match["year"]), int(match["month"])
    if not match["day"]:
        return iso_month(year, month)
    found = date(year, month, int(match["day"]))
    return Period(found, found)


def iso_month(year: int, month: int) -> Period:
    """“2022-03”; “2022-23” is two years, as of a season."""
    return months(year, 1, 24) if month == year % 100 + 1 else months(year, month, 1)


def quarter(match: re.Match[str], today: date) -> Period:
    """“Q3 2023”, “the first half of 2023”: without a year the last one that has begun."""
    size = 6 if match["kind"].lower() in ("h", "half") else 3
    number = match["number"]
    nth = int(number) if number.isdigit() else _ORDINALS[number.lower()]
    nth = min(nth, 12 // size)
    year = int(match["year"]) if match["year"] else today.year
    found = months(year, (nth - 1) * size + 1, size)
    if found.first > today and not match["year"]:
        found = months(year - 1, (nth - 1) * size + 1, size)
    return found


def season(match: re.Match[str], today: date) -> Period:
    """Of the northern half of the world; the winter of a year begins in its December."""
    month = _SEASONS[match["season"].lower()]
    if match["year"]:
        return months(int(match["year"]), month, 3)
    begun = months(today.year - (month > today.month), month, 3)
    match match["which"].lower():
        case "last" | "past":
            back = begun.last >= today
            return months(begun.first.year - back, month, 3)
        case "next":
            return months(begun.first.year + 1, month, 3)
        case "this":
            return begun if begun.last >= today else months(today.year, month, 3)
    return begun


def decade(match: re.Match[str], today: date) -> Period:
    """“the 1990s”, “the early 1990s”."""
    whole = months(int(match["year"]), 1, 120)
    return part(whole, _PARTS[match["part"].lower()]) if match["part"] else whole


def century(match: re.Match[str], today: date) -> Period:
    """“the 19th century”."""
    return months((int(match["number"]) - 1) * 100 + 1, 1, 1200)


def named_day(match: re.Match[str], today: date) -> Period:
    """“yesterday”, “tomorrow”, “tonight”."""
    steps = {"the day before yesterday": -2, "yesterday": -1, "last night": -1, "tomorrow": 1,
             "the day after tomorrow": 2}  # fmt: skip
    day = today + timedelta(steps.get(match.group().lower(), 0))
    return Period(day, day)


def before_last(match: re.Match[str], today: date) -> Period:
    """“the week before last”."""
    unit = match["unit"].lower()
    return containing(unit, shifted(today, unit, -2))


def this_time(match: re.Match[str], today: date) -> Period:
    """“this time last year”: the month that it was, or the week, or the day."""
    unit = match["unit"].lower()
    smaller = {"year": "month", "month": "week", "week": "day"}[unit]
    return containing(smaller, shifted(today, unit, -1))


def half_years_ago(match: re.Match[str], today: date) -> Period:
    """“half a year ago”, “a year and a half ago”: the month that it was."""
    words = match["count"] or match["number"]
    return containing("month", shifted(today, "month", -6 - 12 * (_count(words) if words else 0)))


def week_of_month(match: re.Match[str], today: date) -> Period:
    """“the first week of August”: its first seven days; “the last”: its last."""
    month = _month_of(match["month"])
    year = int(match["year"]) if match["year"] else today.year - (month > today.month)
    whole = months(year, month, 1)
    name = match["number"].lower()
    first = whole.first + timedelta(7 * (_ORDINALS[name] - 1))
    if name == "last":
        first = whole.last - timedelta(6)
    return Period(first, first + timedelta(6))


def months_of(match: re.Match[str], today: date) -> Period:
    """“the last six months of 2023”."""
    count, year = min(_count(match["count"]), 12), int(match["year"])
    return months(year, 1 if match["side"].lower() == "first" else 13 - count, count)


def weekdays_ago(match: re.Match[str], today: date) -> Period:
    """“two Fridays ago”: of those before today, the second."""
    wanted = _WEEKDAYS.index(match["weekday"][:3].lower())
    since = (today.weekday() - wanted) % 7 or 7
    day = today - timedelta(since + 7 * (_count(match["count"]) - 1))
    return Period(day, day)


def named_decade(match: re.Match[str], today: date) -> Period:
    """“the nineties”."""
    name = match["name"].lower()
    decades = {"noughties": 2000, "nineties": 1990, "eighties": 1980, "seventies": 1970,
               "sixties": 1960, "fifties": 1950}  # fmt: skip
    return months(decades[name], 1, 120)


def two_years(match: re.Match[str], today: date) -> Period:
    """“2022/23”; “2022/03” is a month."""
    return iso_month(int(match["year"]), int(match["month"]))


def day_of_month(match: re.Match[str], today: date) -> Period:
    """“the 5th”: the last one that has begun."""
    day = int(match["day"])
    for back in range(4):
        first = months(today.year, today.month, 1).first - relativedelta(months=back)
        if day <= monthrange(first.year, first.month)[1] and first.replace(day=day) <= today:
            found = first.replace(day=day)
            return Period(found, found)
    raise ValueError(f"no {day}th")
