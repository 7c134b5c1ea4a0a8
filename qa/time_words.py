"""Words for a stretch of time -> its first and last day, as seen from the day of asking.

A rule is a pattern and what it means. "last week" is the calendar week before this one (Monday to
Sunday); "the past week" the seven days up to today. A month or weekday without a year is the last
one that has begun. "03/04/2024" is read with the day first, unless that is no date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
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

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_YEAR = r"(?:1[5-9]|20)\d\d"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d)"
_UNIT = r"(?:day|weekend|week|fortnight|month|quarter|year|decade|century)"
_COUNT = r"(?:\d{1,3}|(?:a )?couple of|(?:a )?few|several|an?|one|two|three|four|five|six|seven|" \
    r"eight|nine|ten|eleven|twelve)"  # fmt: skip
_PART = r"(?:the )?(?P<part>early|mid|late|beginning of|start of|middle of|end of)[ -]"


def period(words: str, today: date) -> Period | None:
    """What the words mean, all of them; None if they are no stretch of time that is known."""
    words = re.sub(r"\s+", " ", words.strip().lower())
    for pattern, meaning in _RULES:
        if match := pattern.fullmatch(words):
            try:
                return meaning(match, today)
            except (ValueError, OverflowError):  # 31 February, the year 10,000
                return None
    return None


def _month_of(words: str) -> int:
    return _MONTHS.index(words[:3]) + 1


def _count(words: str) -> int:
    return int(words) if words.isdigit() else _COUNTS[words]


def _whole(match: re.Match[str], today: date) -> Period:
    """ "last year", "this month": a calendar unit near today, or a part of it."""
    which, unit = match["which"], match["unit"]
    step = {"last": -1, "previous": -1, "this": 0, "current": 0}.get(which, 1)
    whole = containing(unit, shifted(today, unit, step))
    if match["part"]:
        return part(whole, _PARTS[match["part"]])
    return whole


def _so_far(match: re.Match[str], today: date) -> Period:
    return Period(containing(match["unit"], today).first, today)


def _rolling(match: re.Match[str], today: date) -> Period:
    """ "the past three days": up to today, or from it on."""
    count, unit = _count(match["count"] or "a"), match["unit"]
    if match["which"] in ("next", "coming"):
        return Period(today, shifted(today, unit, count))
    return Period(shifted(today, unit, -count), today)


def _ago(match: re.Match[str], today: date) -> Period:
    unit = match["unit"]
    return containing(unit, shifted(today, unit, -_count(match["count"])))


def _weekday(match: re.Match[str], today: date) -> Period:
    wanted = _WEEKDAYS.index(match["weekday"][:3])
    since = (today.weekday() - wanted) % 7
    match match["which"]:
        case "this":
            day = today + timedelta(wanted - today.weekday())
        case "next" | "coming":
            day = today + timedelta(7 - since)
        case "last" | "past" | "previous":
            day = today - timedelta(since or 7)
        case _:
            day = today - timedelta(since)
    return Period(day, day)


def _near_month(match: re.Match[str], today: date) -> Period:
    month, which = _month_of(match["month"]), match["which"]
    if which == "next":
        year = today.year + (month <= today.month)
    elif which in ("last", "past"):
        year = today.year - (month >= today.month)
    else:
        year = today.year - (which != "this" and month > today.month)
    whole = months(year, month, 1)
    return part(whole, _PARTS[match["part"]]) if match["part"] else whole


def _month(match: re.Match[str], today: date) -> Period:
    whole = months(int(match["year"]), _month_of(match["month"]), 1)
    return part(whole, _PARTS[match["part"]]) if match["part"] else whole


def _year(match: re.Match[str], today: date) -> Period:
    whole = months(int(match["year"]), 1, 12)
    return part(whole, _PARTS[match["part"]]) if match["part"] else whole


def _day(match: re.Match[str], today: date) -> Period:
    month, day = _month_of(match["month"]), int(re.sub(r"\D", "", match["day"]))
    if match["year"]:
        found = date(int(match["year"]), month, day)
    else:
        found = date(today.year, month, min(day, monthrange(today.year, month)[1]))
        found = found - relativedelta(years=1) if found > today else found
    return Period(found, found)


def _numbers(match: re.Match[str], today: date) -> Period:
    one, other, year = int(match["one"]), int(match["other"]), int(match["year"])
    day, month = (one, other) if other <= 12 else (other, one)
    found = date(year, month, day)
    return Period(found, found)


def _iso(match: re.Match[str], today: date) -> Period:
    year, month = int(match["year"]), int(match["month"])
    if not match["day"]:
        return months(year, month, 1)
    found = date(year, month, int(match["day"]))
    return Period(found, found)


def _quarter(match: re.Match[str], today: date) -> Period:
    size = 6 if match["kind"] in ("h", "half") else 3
    number = match["number"]
    nth = int(number) if number.isdigit() else _ORDINALS[number]
    nth = min(nth, 12 // size)
    year = int(match["year"]) if match["year"] else today.year
    return months(year, (nth - 1) * size + 1, size)


def _season(match: re.Match[str], today: date) -> Period:
    """Of the northern half of the world; the winter of a year begins in its December."""
    month = _SEASONS[match["season"]]
    if match["year"]:
        return months(int(match["year"]), month, 3)
    begun = months(today.year - (month > today.month), month, 3)
    match match["which"]:
        case "last" | "past":
            back = begun.last >= today
            return months(begun.first.year - back, month, 3)
        case "next":
            return months(begun.first.year + 1, month, 3)
        case "this":
            return begun if begun.last >= today else months(today.year, month, 3)
    return begun


def _decade(match: re.Match[str], today: date) -> Period:
    whole = months(int(match["year"]), 1, 120)
    return part(whole, _PARTS[match["part"]]) if match["part"] else whole


def _century(match: re.Match[str], today: date) -> Period:
    return months((int(match["number"]) - 1) * 100 + 1, 1, 1200)


def _week_of(match: re.Match[str], today: date) -> Period | None:
    day = period(match["day_of"], today)
    return containing("week", day.first) if day else None


def _named_day(match: re.Match[str], today: date) -> Period:
    steps = {"the day before yesterday": -2, "yesterday": -1, "last night": -1, "tomorrow": 1,
             "the day after tomorrow": 2}  # fmt: skip
    day = today + timedelta(steps.get(match.group(), 0))
    return Period(day, day)


_Meaning = Callable[[re.Match[str], date], Period | None]
_OF_YEAR = rf"(?:,? (?:of |in )?(?P<year>{_YEAR}))"

# What means a stretch of time wherever it stands, the longer before what they begin with.
_SOURCES: tuple[tuple[str, _Meaning], ...] = (
    (r"the day before yesterday|the day after tomorrow|yesterday|last night|tomorrow|today|tonight"
     r"|this (?:morning|afternoon|evening)|earlier today", _named_day),
    (rf"(?:so far|earlier) this (?P<unit>{_UNIT})", _so_far),
    (rf"this (?P<unit>{_UNIT}) so far", _so_far),
    (rf"(?:{_PART})?(?P<which>last|previous|this|current|next) (?P<unit>{_UNIT})", _whole),
    (rf"the (?P<number>first|second|third|fourth|last|[1-4](?:st|nd|rd|th)) (?P<kind>quarter|half)"
     rf" of (?:the year|(?P<year>{_YEAR}))", _quarter),
    (rf"the (?P<which>last|past|next|coming) (?:(?P<count>{_COUNT}) )?(?P<unit>{_UNIT})s?",
     _rolling),
    (rf"(?P<which>last|past|previous|next|coming) (?P<count>{_COUNT}) (?P<unit>{_UNIT})s?",
     _rolling),
    (rf"(?P<which>past) (?P<count>)?(?P<unit>{_UNIT})", _rolling),
    (rf"(?P<count>{_COUNT}) (?P<unit>{_UNIT})s? ago", _ago),
    (rf"(?P<which>last|past|previous|this|next|coming) (?P<weekday>{_WEEKDAY})", _weekday),
    (rf"(?P<part>)?(?P<which>last|past|this|next) (?P<month>{_MONTH})", _near_month),
    (rf"the week of (?P<day_of>(?:the )?{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?"
     rf"|{_MONTH} {_DAY}(?:,? {_YEAR})?)", _week_of),
    (rf"(?:the )?(?P<day>{_DAY}) (?:of )?(?P<month>{_MONTH}){_OF_YEAR}?", _day),
    (rf"(?P<month>{_MONTH}) (?:the )?(?P<day>{_DAY}){_OF_YEAR}?", _day),
    (rf"(?:{_PART})?(?P<month>{_MONTH}){_OF_YEAR}", _month),
    (rf"(?P<year>{_YEAR})-(?P<month>\d\d)(?:-(?P<day>\d\d))?", _iso),
    (rf"(?P<one>\d\d?)[/.](?P<other>\d\d?)[/.](?P<year>{_YEAR})", _numbers),
    (rf"(?P<kind>[qh])(?P<number>[1-4])(?: (?:of )?(?P<year>{_YEAR}))?", _quarter),
    (rf"(?:the )?(?:(?P<which>)(?P<season>spring|summer|autumn|fall|winter)) (?:of )?"
     rf"(?P<year>{_YEAR})", _season),
    (r"(?P<which>last|past|this|next) (?P<season>spring|summer|autumn|fall|winter)(?P<year>)?",
     _season),
    (rf"(?:{_PART})?(?:the )?(?P<year>(?:1[5-9]|20)\d0)'?s", _decade),
    (r"the (?P<number>\d\d?)(?:st|nd|rd|th) century", _century),
    (rf"{_PART}(?P<year>{_YEAR})", _year),
    (rf"(?P<part>)?the year (?P<year>{_YEAR})", _year),
)  # fmt: skip
# What does so only after "in", "since", "until" and the like.
_BARE_SOURCES: tuple[tuple[str, _Meaning], ...] = (
    (rf"(?P<which>)?(?P<weekday>{_WEEKDAY})", _weekday),
    (rf"(?:{_PART})?(?P<which>)?(?P<month>{_MONTH})", _near_month),
    (rf"(?P<part>)?(?P<year>{_YEAR})", _year),
    (r"(?P<which>)?(?:the )?(?P<season>spring|summer|autumn|fall|winter)(?P<year>)?", _season),
)


def _plain(sources: tuple[tuple[str, _Meaning], ...]) -> str:
    """Their patterns in one, without the names of groups."""
    return "|".join(re.sub(r"\(\?P<\w+>", "(?:", source) for source, _ in sources)


# Patterns in which a period may stand in a text, without groups.
ANYWHERE = _plain(_SOURCES)
AFTER_A_WORD = f"{ANYWHERE}|{_plain(_BARE_SOURCES)}"
_RULES = [(re.compile(source), meaning) for source, meaning in _SOURCES + _BARE_SOURCES]
