"""Words for a stretch of time -> its first and last day, as seen from the day of asking.

A rule is a pattern and what it means. "last week" is the calendar week before this one (Monday to
Sunday); "the past week" the seven days up to today. A month or weekday without a year is the last
one that has begun. "03/04/2024" is read with the day first, unless that is no date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from qa import time_meanings as meanings
from qa.feasts import feast
from qa.periods import Period, containing

# "may" and "march" are verbs too, and months only with a capital or after a word like "in".
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|(?-i:Mar|March|May|MARCH|MAY)|apr(?:il)?|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ANY_MONTH = _MONTH.replace("(?-i:", "(?:")
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_YEAR = r"(?:1[5-9]|20)\d\d"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d)"
_UNIT = r"(?:day|weekend|week|fortnight|month|quarter|year|decade|century)"
_SPAN = _UNIT.replace("weekend|", "")
_COUNT = r"(?:\d{1,3}|(?:a )?couple of|(?:a )?few|several|an?|one|two|three|four|five|six|seven|" \
    r"eight|nine|ten|eleven|twelve)"  # fmt: skip
# A plural; but "in the last week of July" is of July.
_S = r"s?(?! of)"
_PART = r"(?:the )?(?P<part>early|mid|late|beginning of|start of|middle of|end of)[ -]"


def period(words: str, today: date) -> Period | None:
    """What the words mean, all of them; None if they are no stretch of time that is known."""
    words = re.sub(r"\s+", " ", words.strip())
    for pattern, meaning in _rules():
        if match := pattern.fullmatch(words):
            try:
                return meaning(match, today)
            except (ValueError, OverflowError):  # 31 February, the year 10,000
                return None
    return None


def _days(match: re.Match[str], today: date) -> Period | None:
    first, last = (
        period(f"{match[day]} {match['month']} {match['year'] or ''}", today)
        for day in ("day", "last_day")
    )
    return Period(first.first, last.last) if first and last else None


def _week_of(match: re.Match[str], today: date) -> Period | None:
    day = period(match["day_of"], today)
    return containing("week", day.first) if day else None


_Meaning = Callable[[re.Match[str], date], Period | None]
# What follows a number that is no year: "2000 houses", but "2022 was".
_COUNTED = (
    r" (?:people|men|women|children|feet|percent|per cent|million|billion"
    r"|(?!(?:was|is|has|does|as|its|this|us|his|hers|towards|across|perhaps|versus|onwards"
    r"|afterwards)\b)"
    r"(?-i:[a-z])+s)\b"
)
_OF_YEAR = rf"(?:,? (?:of |in )?(?P<year>{_YEAR}))"

_ORDINAL = r"(?:first|second|third|fourth|last|[1-4](?:st|nd|rd|th))"
# Feasts; a tree and a market are none.
_FEAST = (
    r"(?:christmas(?: eve| day)?|boxing day|new year['’]?s? (?:eve|day)|easter(?: sunday| monday)?"
    r"|good friday|halloween)(?! (?:tree|card|market|dinner|present|gift|song|party|shopping|sale"
    r"|bonus|movie|film|egg|bunny|season|island)s?\b)"
)

# What means a stretch of time wherever it stands, the longer before what they begin with.
_SOURCES: tuple[tuple[str, _Meaning], ...] = (
    (
        r"the day before yesterday|the day after tomorrow|yesterday|last night|tomorrow|today"
        r"|tonight|this (?:morning|afternoon|evening)|earlier today",
        meanings.named_day,
    ),
    (rf"(?:so far|earlier) this (?P<unit>{_UNIT})", meanings.so_far),
    (rf"the (?P<unit>{_UNIT}) before last", meanings.before_last),
    (r"this time last (?P<unit>week|month|year)", meanings.this_time),
    (
        r"half a year ago|(?P<count>an?|one|two|three|four|five) years? and a half ago"
        r"|(?P<number>one|two|three|four|five) and a half years ago",
        meanings.half_years_ago,
    ),
    (
        rf"the (?P<number>{_ORDINAL}) week (?:of|in) (?P<month>{_MONTH}){_OF_YEAR}?",
        meanings.week_of_month,
    ),
    (
        rf"the (?P<side>first|last) (?P<count>{_COUNT}) months of (?P<year>{_YEAR})",
        meanings.months_of,
    ),
    (rf"(?P<which>last|this|next) (?P<feast>{_FEAST})(?P<year>)?", feast),
    (rf"(?P<which>)?(?P<feast>{_FEAST}){_OF_YEAR}", feast),
    (rf"{_PART}the (?P<unit>week|month|quarter|year|decade)(?P<which>)?(?! of)", meanings.whole),
    (rf"(?P<count>{_COUNT}) (?P<weekday>{_WEEKDAY})s ago", meanings.weekdays_ago),
    (r"the (?P<name>nineties|eighties|seventies|sixties|fifties|noughties)", meanings.named_decade),
    (rf"(?P<year>{_YEAR})/(?P<month>\d\d)(?![\d/])", meanings.two_years),
    (rf"this (?P<unit>{_UNIT}) so far", meanings.so_far),
    (
        rf"(?:{_PART})?(?P<which>last|previous|this|current|next) (?P<unit>{_UNIT})(?! of)",
        meanings.whole,
    ),
    (r"(?P<part>)?(?:the )?(?P<which>last|this|next) (?P<unit>weekend)", meanings.whole),
    (r"the weekend", meanings.last_weekend),
    (
        rf"the (?P<number>first|second|third|fourth|last|[1-4](?:st|nd|rd|th))"
        rf" (?P<kind>quarter|half) of (?:the year|(?P<year>{_YEAR}))",
        meanings.quarter,
    ),
    (
        rf"the (?P<which>last|past|next|coming) (?:(?P<count>{_COUNT}) )?(?P<unit>{_SPAN}){_S}",
        meanings.rolling,
    ),
    (
        rf"(?P<which>last|past|previous|next|coming) (?P<count>{_COUNT}) (?P<unit>{_SPAN}){_S}",
        meanings.rolling,
    ),
    (rf"(?P<which>past) (?P<count>)?(?P<unit>{_SPAN})", meanings.rolling),
    (rf"(?:the )?(?:last|past) (?P<count>{_COUNT}) (?P<unit>hour|minute)s?", meanings.hours),
    (rf"(?P<count>{_COUNT}) (?P<unit>hour|minute)s? ago", meanings.hours),
    (rf"(?P<weekday>{_WEEKDAY})(?: of)? (?P<which>last|this|next) week", meanings.weekday_of),
    (rf"(?P<count>{_COUNT}) (?P<unit>{_UNIT})s? ago", meanings.ago),
    (rf"(?P<which>last|past|previous|this|next|coming) (?P<weekday>{_WEEKDAY})", meanings.weekday),
    (rf"(?P<part>)?(?P<which>last|past|this|next) (?P<month>{_MONTH})", meanings.near_month),
    (
        rf"the week of (?P<day_of>(?:the )?{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?"
        rf"|{_MONTH} {_DAY}(?:,? {_YEAR})?)",
        _week_of,
    ),
    (
        rf"(?P<day>{_DAY})(?: ?[–-] ?| and | to )(?P<last_day>{_DAY})"
        rf" (?P<month>{_MONTH}){_OF_YEAR}?",
        _days,
    ),
    (
        rf"(?:{_WEEKDAY},? )?(?:the )?(?P<day>{_DAY}) (?:of )?(?P<month>{_MONTH}){_OF_YEAR}?",
        meanings.day_meant,
    ),
    (
        rf"(?:{_WEEKDAY},? )?(?P<month>{_MONTH}) (?:the )?(?P<day>{_DAY}){_OF_YEAR}?",
        meanings.day_meant,
    ),
    (rf"(?:{_PART})?(?P<month>{_MONTH}){_OF_YEAR}", meanings.month_meant),
    (rf"(?P<year>{_YEAR})-(?P<month>\d\d)(?:-(?P<day>\d\d))?", meanings.iso),
    (rf"(?P<one>\d\d?)[/.](?P<other>\d\d?)[/.](?P<year>{_YEAR})", meanings.numbers),
    (rf"(?P<kind>[qh])(?P<number>[1-4])(?: (?:of )?(?P<year>{_YEAR}))?", meanings.quarter),
    (
        rf"(?:the )?(?:(?P<which>)(?P<season>spring|summer|autumn|fall|winter)) (?:of )?"
        rf"(?P<year>{_YEAR})",
        meanings.season,
    ),
    (
        r"(?P<which>last|past|this|next) (?P<season>spring|summer|autumn|fall|winter)(?P<year>)?",
        meanings.season,
    ),
    (rf"(?:{_PART})?(?:the )?(?P<year>(?:1[5-9]|20)\d0)'?s", meanings.decade),
    (r"the (?P<number>\d\d?)(?:st|nd|rd|th) century", meanings.century),
    (rf"{_PART}(?P<year>{_YEAR})", meanings.year_meant),
    (rf"{_PART}(?P<which>)?(?P<month>{_ANY_MONTH})", meanings.near_month),
    (rf"(?P<part>)?the year (?P<year>{_YEAR})", meanings.year_meant),
)
# What does so only after "in", "since", "until" and the like.
_BARE_SOURCES: tuple[tuple[str, _Meaning], ...] = (
    (rf"(?P<which>)?(?P<feast>{_FEAST})(?P<year>)?", feast),
    (r"the (?P<day>[12]?\d|3[01])(?:st|nd|rd|th)(?=\s*(?:[?.!,;]|$))", meanings.day_of_month),
    (rf"(?:{_PART})?(?P<month>{_ANY_MONTH}){_OF_YEAR}", meanings.month_meant),
    (rf"(?P<which>)?(?P<weekday>{_WEEKDAY})", meanings.weekday),
    (rf"(?P<part>)?(?P<which>)?(?P<month>{_ANY_MONTH})(?! (?-i:[A-Z]))", meanings.near_month),
    (rf"(?P<part>)?(?P<year>{_YEAR})(?!{_COUNTED})", meanings.year_meant),
    (
        r"(?P<which>)?(?:the )?(?P<season>spring|summer|autumn|fall|winter)(?P<year>)?",
        meanings.season,
    ),
)


def _plain(sources: tuple[tuple[str, _Meaning], ...]) -> str:
    """Their patterns in one, without the names of groups."""
    return "|".join(re.sub(r"\(\?P<\w+>", "(?:", source) for source, _ in sources)


FEAST = _FEAST
# Patterns in which a period may stand in a text, without groups.
ANYWHERE = _plain(_SOURCES)
AFTER_A_WORD = f"{ANYWHERE}|{_plain(_BARE_SOURCES)}"


@lru_cache(1)
def _rules() -> list[tuple[re.Pattern[str], _Meaning]]:
    """Compiled when a question has words about time, and not on import."""
    return [
        (re.compile(source, re.IGNORECASE), meaning) for source, meaning in _SOURCES + _BARE_SOURCES
    ]
