"""Metadata fields as people and pages write them; what is in doubt is unknown."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

_ISO = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:$|[T\s])|(\d{4})(\d\d)(\d\d)(?:T?\d{4}(?:\d\d)?Z?)?$"
)
# Seconds or milliseconds since 1970, for the years 1990 to 2100.
_EPOCH = re.compile(r"(\d{9,10})(\d{3})?(?:\.\d+)?")
_EPOCH_FROM, _EPOCH_TO = 631_152_000, 4_102_444_800
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*")
# Month names are looked for in these; looking in all 200 takes seconds for every non-date.
DATE_LANGUAGES = "en de fr es it pt nl sv da nb fi pl cs uk ru tr".split()
MAX_DATE = 80
MAX_URL = 2_000
# What programs write where there is no date.
_PLACEHOLDERS = frozenset((date(1970, 1, 1), date(1969, 12, 31), date(9999, 12, 31)))


def parse_date(text: str, *, day_first: bool = False) -> date | None:
    """The day written in `text`, as written there (no time zone is applied); None if unsure.

    Nothing is filled in: a date without its year, a bare month, "yesterday" and 03/04/2024 are
    unknown; the last may be in March or in April, unless the day is known to come first.
    """
    text = " ".join(text.split())
    if not text or len(text) > MAX_DATE:
        return None
    if iso := _ISO.match(text):
        return _day(*(int(part) for part in iso.groups() if part))
    if epoch := _EPOCH.fullmatch(text):
        return _of_epoch(int(epoch[1]))
    if numeric := _NUMERIC.search(text):
        first, second, year = int(numeric[1]), int(numeric[3]), int(numeric[4])
        # With dots the day comes first wherever they are used.
        if day_first or numeric[2] == "." or first > 12 or first == second:
            return _day(year, second, first)
        return _day(year, first, second) if second > 12 else None
    return _written(text) if _YEAR.search(text) else None


def web_address(text: str | None) -> str | None:
    """`text` if it is an http or https address with a host, None otherwise."""
    if not text or len(text) > MAX_URL or re.search(r"[\s<>\"\\\x00-\x1f\ud800-\udfff]", text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.hostname else None


def language_code(text: str | None) -> str | None:
    """The language of a tag in lower case: "en-GB" -> "en"; None if it is not a tag."""
    tag = _LANGUAGE.fullmatch(text.strip()) if text else None
    return tag[1].lower() if tag else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if year >= 1500 and found not in _PLACEHOLDERS else None


def _of_epoch(seconds: int) -> date | None:
    if not _EPOCH_FROM <= seconds < _EPOCH_TO:
        return None
    return datetime.fromtimestamp(seconds, UTC).date()


def _written(text: str) -> date | None:
    import dateparser

    # Only absolute dates with day, month and year; relative ones would need today's.
    settings = {"STRICT_PARSING": True, "PARSERS": ["absolute-time"]}
    try:
        found = dateparser.parse(text, languages=DATE_LANGUAGES, settings=settings)
    except (ValueError, OverflowError, RecursionError):
        return None
    return _day(found.year, found.month, found.day) if found else None
