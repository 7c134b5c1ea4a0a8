"""Calendar periods: days, weeks, months, years, and parts of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta


class Period(NamedTuple):
    """From the first to the last day, both of them in it."""

    first: date
    last: date


def containing(unit: str, day: date) -> Period:
    """The calendar day, week (from Monday), weekend, month, quarter, year ... that `day` is in."""
    match unit:
        case "week" | "fortnight":
            monday = day - timedelta(day.weekday())
            return Period(monday, monday + timedelta(6))
        case "weekend":
            monday = day - timedelta(day.weekday())
            return Period(monday + timedelta(5), monday + timedelta(6))
        case "month":
            return months(day.year, day.month, 1)
        case "quarter":
            return months(day.year, (day.month - 1) // 3 * 3 + 1, 3)
        case "year":
            return months(day.year, 1, 12)
        case "decade":
            return months(day.year // 10 * 10, 1, 120)
        case "century":
            return months((day.year - 1) // 100 * 100 + 1, 1, 1200)
    return Period(day, day)


def shifted(day: date, unit: str, count: int) -> date:
    """`day`, so many units later (earlier for a negative count)."""
    match unit:
        case "day":
            return day + timedelta(count)
        case "week" | "weekend":
            return day + timedelta(7 * count)
        case "fortnight":
            return day + timedelta(14 * count)
    size = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit]
    moved: date = day + relativedelta(months=size * count)
    return moved


def part(whole: Period, third: int) -> Period:
    """Its first, middle or last third (0, 1, 2): of ten days in a month, of months in a year, of
    years in a decade (whose middle is from 4 to 6) and in a century."""
    days = (whole.last - whole.first).days + 1
    if days < 7:  # a weekend has none
        return whole
    if days >= 3_000:
        years = (0, 4, 7, 10) if days < 4_000 else (0, 33, 67, 100)
        first, end = (whole.first + relativedelta(years=n) for n in years[third : third + 2])
        return Period(first, end - timedelta(1))
    if days >= 85:
        count = (whole.last.year - whole.first.year) * 12 + whole.last.month - whole.first.month
        share = max((count + 1) // 3, 1)
        first = whole.first + relativedelta(months=third * share)
        last = first + relativedelta(months=share) - timedelta(1)
    else:
        share = 10 if days >= 28 else 2
        first = whole.first + timedelta(third * share)
        last = first + timedelta(share - 1)
    return Period(first, whole.last if third == 2 else last)


def months(year: int, month: int, count: int = 1) -> Period:
    """So many months from the first day of one."""
    first = date(year, month, 1)
    return Period(first, first + relativedelta(months=count) - timedelta(1))
