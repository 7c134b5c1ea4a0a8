"""Words for a stretch of time -> its first and last day, as seen from the day of asking.

A rule is a pattern and what it means. "last week" is the calendar week before this one (Monday to
Sunday); "the past week" the seven days up to today. A month or weekday without a year is the last
one that has begun, or, where what lies ahead is asked for, the next one. "03/04/2024" is read with
the day first, unless that is no date.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from dateutil.relativedelta import relativedelta

from qa import time_dates as dates
from qa import time_meanings as meanings
from qa.feasts import FEAST, feast
from qa.periods import Period, containing
from qa.relative_words import RELATIVE
from qa.time_terms import (
    ANY_MONTH,
    ANY_YEAR,
    BC,
    COUNT,
    COUNTED,
    DAY,
    DAY_IN_WORDS,
    ENDS,
    FEW,
    FUNCTION,
    GAP,
    MONTH,
    NTH,
    OF_YEAR,
    ORDINAL,
    PART,
    PLAIN_OF_YEAR,
    PLAIN_PART,
    SEASON,
    SHORT_YEAR,
    UNIT,
    WEEKDAY,
    YEAR,
    Meaning,
    Sources,
    count,
)

# Where words mean a time: anywhere, or only after "at", "in" or "on" and words like these.
Where = Literal["anywhere", "at", "in", "on"]

# So far on the way from what recurs (a weekday, a day of a month, a month) to the next one.
_STEPS = (timedelta(6), relativedelta(months=1, days=-1), relativedelta(years=1, days=-1))


def period(words: str, today: date, *, ahead: bool = False) -> Period | None:
    """What the words mean, all of them; None if they are no stretch of time that is known.

    `ahead`: "Friday" and the like are the next one, and not the last one.
    """
    words = re.sub(r"\s+", " ", words.strip())
    for pattern, meaning in (rule for where in WHERE for rule in _rules(where)):
        if match := pattern.fullmatch(words):
            try:
                return _meant(match, meaning, today, ahead)
            except (ValueError, OverflowError):  # 31 February, the year 10,000
                return None
    return None


def _meant(match: re.Match[str], meaning: Meaning, today: date, ahead: bool) -> Period | None:
    found = meaning(match, today)
    named = match.groupdict()
    which = (named.get("which") or "").lower()
    if not ahead or meaning not in _RECURRING or named.get("year") or which not in ("", "this"):
        return found
    later = (meaning(match, today + step) for step in _STEPS)
    return next((one for one in (found, *later) if one and one.last >= today), found)


def _days(match: re.Match[str], today: date) -> Period | None:
    """“3 to 7 May”."""
    first, last = (
        period(f"{match[day]} {match['month']} {match['year'] or ''}", today)
        for day in ("day", "last_day")
    )
    return Period(first.first, last.last) if first and last and first <= last else None


def _week_of(match: re.Match[str], today: date) -> Period | None:
    """“the week of 5 May”, “the weekend of 4 May”; one that begins or ends that day has seven."""
    day = period(match["day_of"], today)
    if day is None:
        return None
    match (match["word"] or "of").lower():
        case "of":
            return containing(match["unit"].lower(), day.first)
        case "ending" | "to":
            return Period(day.first - timedelta(6), day.first)
    return Period(day.first, day.first + timedelta(6))


def _slice(match: re.Match[str], today: date) -> Period | None:
    """“the first week of August”, “the second half of last year”; of "the year" the last one that
    has begun."""
    whole = whole_of(match["whole"], today)
    if whole is None:
        return None
    found = _sliced(match, whole)
    if found.first > today and re.fullmatch(rf"the {UNIT}", match["whole"], re.IGNORECASE):
        unit = match["whole"].split()[1].lower()
        found = _sliced(match, containing(unit, whole.first - timedelta(1)))
    return found


def _sliced(match: re.Match[str], whole: Period) -> Period:
    """“the second and third quarters”: both."""
    kind = "half" if match["kind"].lower() == "halve" else match["kind"].lower()
    several = FEW if match["several"] and not match["other"] else 1
    size = count(match["count"]) if match["count"] else several
    first, last = (
        dates.sliced(whole, match[name] or match["number"], kind, size)
        for name in ("number", "other")
    )
    if last.last < first.first:
        raise ValueError("the second is before the first")
    return Period(first.first, last.last)


def _in_year(match: re.Match[str], today: date) -> Period | None:
    """“last year in March”."""
    return period(f"{match['of']} {match['year']}", today)


def whole_of(words: str, today: date, *, ahead: bool = False) -> Period | None:
    """As `period`, and "the month" is the one that is."""
    if unit := re.fullmatch(rf"the ({UNIT})", words, re.IGNORECASE):
        return containing(unit[1].lower(), today)
    return period(words, today, ahead=ahead)


_NAMED_MONTH = (
    r"(?-i:January|February|March|April|June|July|August|September|October|November|December)"
)
_THE_DAY = (
    rf"(?:{WEEKDAY},? )?(?:(?:the )?{DAY} (?:of )?{MONTH}|{MONTH} (?:the )?{DAY}){PLAIN_OF_YEAR}?"
)
_TO_DAY = r"(?: ?[–/&-] ?| and | or | to | until | till | through )(?:the )?"
_WHOLE = (
    rf"(?:(?:the month of )?{MONTH}{PLAIN_OF_YEAR}?|(?:the )?(?:last|this|next|previous|current) "
    rf"(?:week|month|quarter|year|decade|century)|the (?:week|month|quarter|year|decade|century)"
    rf"|the (?:1[5-9]|20)\d0s|the (?:{NTH}|{DAY_IN_WORDS})[ -]century|{ANY_YEAR})"
)
_OTHER_PART = r"(?:the )?(?:(?P<other_part>early|mid|late)[ -])?"
_DECADE = "(?P<name>noughties|nineties|eighties|seventies|sixties|fifties|forties|thirties)"

# What means a stretch of time wherever it stands, the longer before what they begin with.
_ANYWHERE: Sources = (
    *RELATIVE,
    (
        rf"the (?P<number>{ORDINAL}) (?:(?:and|to) (?:the )?(?P<other>{ORDINAL}) )?"
        rf"(?:(?P<count>{COUNT}){GAP})?(?P<kind>half|halve|{UNIT}|{WEEKDAY})"
        rf"(?P<several>s)? (?:of|in) (?P<whole>{_WHOLE}){BC}",
        _slice,
    ),
    (rf"(?P<year>{ANY_YEAR})['’]s (?P<number>{ORDINAL}) (?P<kind>quarter|half)", dates.quarter),
    (
        rf"(?:the )?(?P<number>{ORDINAL})[- ](?P<kind>quarter|half){OF_YEAR}",
        dates.quarter,
    ),
    (r"(?P<number>first|second|third|fourth)-(?P<kind>quarter|half)(?P<year>)?", dates.quarter),
    (rf"(?P<which>last|this|next) (?P<feast>{FEAST})(?P<year>)?", feast),
    (rf"(?P<which>)?(?P<feast>{FEAST}){OF_YEAR}", feast),
    (rf"(?:{PART}(?:the )?|the ){_DECADE}", dates.named_decade),
    (
        rf"(?:{PART}(?:the )?|the |(?=['’‘]))['’‘]?(?P<tens>[3-9]0)['’]?s"
        r"(?: (?:and|to) (?:the )?['’‘]?(?P<other>[3-9]0)['’]?s)?(?!['’])",
        dates.tens,
    ),
    (rf"(?P<year>{YEAR}) ?[–-] ?(?P<last>{YEAR})(?!\d)", dates.years),
    (rf"(?P<year>{YEAR}) ?(?P<kind>[/–-])(?P<month>\d\d)(?![\d/–-])", dates.two_years),
    (
        rf"(?:{PART})?(?P<which>last|past|this past|this|next) (?P<month>{MONTH})(?P<year>)?",
        dates.month,
    ),
    (r"(?<!the )(?P<part>)?(?P<which>last) (?P<month>march|may)(?P<year>)?", dates.month),
    (
        rf"(?:the )?(?P<unit>week|weekend)"
        r" (?:of|(?P<word>ending|to|beginning|commencing|starting|from))"
        rf"(?: on)? (?P<day_of>{_THE_DAY})",
        _week_of,
    ),
    (
        rf"(?:the )?(?P<day>{DAY}){_TO_DAY}(?P<last_day>{DAY})"
        rf" (?:of )?(?P<month>{MONTH}){OF_YEAR}?",
        _days,
    ),
    (
        rf"(?P<month>{MONTH}) (?:the )?(?P<day>{DAY}){_TO_DAY}(?P<last_day>{DAY})"
        rf"(?!{COUNTED})(?! (?:of )?{MONTH})(?![\d:])(?:{OF_YEAR})?",
        _days,
    ),
    (
        rf"(?:{WEEKDAY},? )?(?:the )?(?P<day>{DAY}) ?(?:of )?(?P<month>{MONTH}){OF_YEAR}?",
        dates.day,
    ),
    (
        rf"(?:{WEEKDAY},? )?(?P<month>{MONTH}) (?:the )?(?P<day>{DAY})(?![:.]\d){OF_YEAR}?",
        dates.day,
    ),
    (rf"the (?P<day>{DAY_IN_WORDS}) of (?P<month>{MONTH}){OF_YEAR}?(?!['’]s)", dates.day),
    (rf"(?P<month>{MONTH}) the (?P<day>{DAY_IN_WORDS}){OF_YEAR}?", dates.day),
    (rf"(?P<month>{MONTH}) (?P<day>{DAY_IN_WORDS})(?:{OF_YEAR}|{ENDS})", dates.day),
    (rf"(?:the )?(?P<day>{DAY}) (?:of )?(?P<month>{ANY_MONTH}),? (?P<year>{YEAR})", dates.day),
    (rf"(?P<month>{ANY_MONTH}) (?P<day>{DAY}),? ?(?P<year>{YEAR})", dates.day),
    (rf"(?P<day>\d\d?)-(?P<month>{ANY_MONTH})-(?P<year>{YEAR}|\d\d)(?!\d)", dates.day),
    (rf"the (?P<day>{DAY}) of (?P<which>last|this|next|the) month", dates.day_of_month),
    (rf"(?<!\d )(?:{PART})?(?P<which>)?(?P<month>{MONTH}){OF_YEAR}{BC}", dates.month),
    (
        rf"(?<!\d )(?:{PART})?(?P<which>)?(?P<month>{ANY_MONTH}),? (?P<year>{YEAR})(?!{COUNTED})",
        dates.month,
    ),
    (rf"(?P<year>{YEAR})(?P<sign>[-/.])(?P<month>\d\d?)(?P=sign)(?P<day>\d\d?)(?!\d)", dates.iso),
    (rf"(?P<year>{YEAR})-(?P<month>\d\d)(?P<day>)?(?!\d)", dates.iso),
    (
        rf"(?P<one>\d\d?)(?:[/.-]|\. )(?P<other>\d\d?)(?:[/.-]|\. )(?P<year>{YEAR})(?!\d)",
        dates.numbers,
    ),
    (r"(?P<one>\d\d?)/(?P<other>\d\d?)/(?P<year>\d\d)(?!\d)", dates.numbers),
    (rf"(?P<month>0?[1-9]|1[0-2])/(?P<year>{YEAR})(?P<day>)?(?![\d/])", dates.iso),
    (
        rf"(?P<kind>[qh])(?P<number>[1-4])(?:(?:,? of|,)? ?(?:[/-] ?)?(?P<year>{ANY_YEAR}))",
        dates.quarter,
    ),
    (
        rf"(?P<number>[1-4])(?P<kind>[qh])[ -]?(?P<year>{ANY_YEAR})",
        dates.quarter,
    ),
    (rf"(?P<year>{YEAR})[ -]?(?P<kind>[qh])(?P<number>[1-4])", dates.quarter),
    (
        r"(?:fy|fiscal(?: year)?|(?:financial|tax|school|academic) year) ?(?:of )?"
        rf"(?P<year>{YEAR}|['’‘]?\d\d)(?P<part>)?(?:[-/–]\d\d(?:\d\d)?)?(?!\d)",
        dates.year,
    ),
    (
        rf"(?:{PART})?(?:the )?(?P<which>)?(?P<season>{SEASON})(?: (?:quarter|term|semester))?"
        rf"{OF_YEAR}(?:[/–-]\d\d(?:\d\d)?(?!\d))?",
        dates.season,
    ),
    (rf"(?P<part>)?the (?P<season>{SEASON}) (?P<which>before last)(?P<year>)?", dates.season),
    (
        rf"(?:{PART})?(?P<which>last|past|this past|this|next) (?P<season>{SEASON})(?P<year>)?",
        dates.season,
    ),
    (
        rf"(?:{PART})?(?:the )?(?P<year>(?:1[5-9]|20)\d0)(?:s|['’]s{ENDS}){BC}",
        dates.decade,
    ),
    (rf"(?:the |{PART}(?:the )?)(?P<year>(?:1[5-9]|20)\d0)['’]s{BC}", dates.decade),
    (
        rf"(?:the |{PART}(?:the )?)(?P<number>{NTH}|{DAY_IN_WORDS})"
        rf"(?:(?: (?:and|or|to) {_OTHER_PART}(?P<other>{NTH}|{DAY_IN_WORDS})) centur(?:y|ies)"
        rf"|[ -]century){BC}",
        dates.century,
    ),
    (r"the turn of the (?P<unit>year|century|millennium)", dates.turn),
    (rf"{PART}(?P<year>{YEAR}|{SHORT_YEAR}){BC}", dates.year),
    (rf"year-(?P<part>end) (?P<year>{YEAR})", dates.year),
    (rf"{PART}(?P<which>)?(?P<month>{ANY_MONTH})(?P<year>)?", dates.month),
    (rf"the month of (?P<part>)?(?P<which>)?(?P<month>{ANY_MONTH})(?P<year>)?", dates.month),
    (rf"(?P<part>)?the (?-i:year|YEAR) (?P<year>{YEAR}){BC}", dates.year),
    (rf"(?P<part>)?(?P<year>{YEAR})(?=['’]s\b)", dates.year),
    (rf"(?P<part>)?(?P<which>)?(?P<month>{_NAMED_MONTH})(?P<year>)?(?=['’]s\b)", dates.month),
    (
        rf"(?:(?:the|its|his|her|their|our) |(?<=['’]s ))(?P<part>)?(?P<which>)?"
        rf"(?P<month>{_NAMED_MONTH})(?P<year>)?"
        rf"(?= (?-i:[a-z]))(?! (?:{FUNCTION}|of)\b)",
        dates.month,
    ),
    (
        rf"(?P<year>(?:last|this|next) year|{COUNT}{GAP}years? ago),? (?:in|on|at|over)"
        rf" (?P<of>{_THE_DAY}|(?:{PLAIN_PART})?{MONTH}|(?:the )?{SEASON}|{FEAST})",
        _in_year,
    ),
)
# What does so after "at" and "over", too.
_AFTER_AT: Sources = (
    (rf"(?:the )?(?P<which>)?(?P<feast>{FEAST})(?P<year>)?{ENDS}", feast),
    (
        rf"(?:{PART})?(?P<which>)?the (?P<season>{SEASON})(?: (?:holidays?|break|months|time))?"
        rf"(?P<year>)?{ENDS}",
        dates.season,
    ),
)
# And after "in", "since", "until" and the like.
_AFTER_IN: Sources = (
    (
        rf"(?P<which>)?(?:{WEEKDAY},? )?the (?P<day>{NTH})"
        rf"(?! (?:and|or|to) (?:the )?(?:{NTH}|\d\d?\b)(?! of\b)(?!{ENDS})){ENDS}",
        dates.day_of_month,
    ),
    (rf"(?P<day>{DAY}) (?:of )?(?P<month>{ANY_MONTH}){OF_YEAR}?", dates.day),
    (rf"(?P<month>{ANY_MONTH}) (?:the )?(?P<day>{DAY})(?![:.]\d){OF_YEAR}?", dates.day),
    (rf"(?:{PART})?(?P<which>)?(?P<month>{ANY_MONTH}){OF_YEAR}", dates.month),
    (
        rf"(?P<part>)?(?P<which>)?(?P<month>{ANY_MONTH})(?P<year>)?(?! (?-i:[A-Z]))",
        dates.month,
    ),
    (rf"(?P<part>)?(?P<number>{NTH}|{DAY_IN_WORDS})(?P<other>)?-century{BC}", dates.century),
    (rf"(?P<part>)?(?P<year>{YEAR})(?!{COUNTED}){BC}", dates.year),
    (rf"(?P<part>)?(?P<year>{SHORT_YEAR})(?!\d|s\b){ENDS}", dates.year),
    (rf"the (?P<number>{ORDINAL}) (?P<kind>quarter)(?P<year>)?(?! of)", dates.quarter),
    (r"(?P<kind>q)(?P<number>[1-4])(?P<year>)?", dates.quarter),
    (r"(?P<number>[1-4])(?P<kind>[qh])(?P<short>\d\d)(?P<year>)?", dates.quarter),
    (rf"(?P<kind>h)(?P<number>[12])(?P<year>)?{ENDS}", dates.quarter),
    (
        rf"(?:{PART})?(?P<which>)?(?:the )?(?P<season>{SEASON})"
        rf"(?: (?:holidays?|break|months|time))?(?P<year>)?{ENDS}",
        dates.season,
    ),
)
# And of these, only after "on", "since" and the like, and not "in".
_AFTER_ON: Sources = (
    (
        rf"(?:the (?=\w+day)|early on |late on )?(?P<which>)?(?P<weekday>{WEEKDAY})"
        r"(?: (?-i:morning|afternoon|evening|night))?(?! (?-i:Morning|Afternoon|Evening|Night)\b)",
        meanings.weekday,
    ),
    (r"(?P<one>\d\d?)\.(?P<other>\d\d?)\.(?P<year>\d\d)(?!\d)", dates.numbers),
)
_SOURCES: dict[Where, Sources] = {
    "anywhere": _ANYWHERE, "at": _AFTER_AT, "in": _AFTER_IN, "on": _AFTER_ON,
}  # fmt: skip
WHERE: tuple[Where, ...] = tuple(_SOURCES)
_RECURRING = frozenset(
    (_days, _slice, _week_of, feast, dates.day, dates.month, dates.season, dates.quarter,
     dates.day_of_month, meanings.weekday)
)  # fmt: skip


def _plain(sources: Sources) -> str:
    """Their patterns in one, without the names of groups, and for any word a count may be."""
    one = "|".join(source for source, _ in sources).replace("(?P=sign)", "[-/.]")
    one = one.replace(COUNT, r"(?:\d{1,3}|(?:an? )?[a-z]+(?: of)?)")
    return re.sub(r"\(\?P<\w+>", "(?:", one)


# Patterns in which a period may stand in a text, without groups.
ANYWHERE = _plain(_ANYWHERE)
AFTER_A_WORD = _plain(_ANYWHERE + _AFTER_AT + _AFTER_IN + _AFTER_ON)


@lru_cache(4)
def _rules(where: Where) -> list[tuple[re.Pattern[str], Meaning]]:
    """Compiled when a question has words about time, and not on import."""
    return [
        (re.compile(rf"(?:{source})(?!\w)(?!\.\w|,\d{{3}})", re.IGNORECASE), meaning)
        for source, meaning in _SOURCES[where]
    ]


def periods_at(text: str, at: int, where: Where, today: date, *, ahead: bool) -> dict[int, Period]:
    """What the words from `at` on may mean, by where they end: those that mean it there only."""
    found: dict[int, Period] = {}
    for pattern, meaning in _rules(where):
        match = pattern.match(text, at)
        if not match or match.end() in found:
            continue
        try:
            meant = _meant(match, meaning, today, ahead)
        except (ValueError, OverflowError):
            continue
        if meant:
            found[match.end()] = meant
    return found
