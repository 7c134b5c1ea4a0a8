"""Dates printed in short lines: "Published 12 March 2024", "By Jane Roe | Updated: Mar. 13, 2024".

Only whole dates count, with day, month and year; and only lines that are about a date, since one in
the middle of a sentence belongs to the story.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

from index.loaders.date_words import (
    ABOUT_ITSELF,
    BEFORE,
    CLOCK,
    MODIFIED,
    MODIFIED_AFTER,
    MODIFIED_ELSEWHERE,
    OTHER,
    PUBLISHED,
    PUBLISHED_ELSEWHERE,
    SMALL_WORDS,
    months,
    weekdays,
)
from index.loaders.metadata import parse_date
from index.loaders.normalising import ends_sentence
from index.loaders.notices import is_notice

# A dateline is short; a date in a longer paragraph is part of the story.
DATELINE_CHARACTERS = 120
# Of a text without markup, the paragraphs in which a dateline can stand.
DATELINE_PARAGRAPHS = 6

Kind = Literal["published", "modified", "bare"]

_YEAR = r"(?:1[5-9]|20)\d\d"
# Some pages print the time right after the year.
_END = r"(?:(?=\d\d?:\d\d)|(?![\w/-]))"
_DATE = re.compile(
    r"(?<![\w/.-])(?:"
    # March 12th, 2024
    rf"(?P<m1>[A-Za-z]{{3,9}})\.?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y1>{_YEAR}){_END}"
    # 12 March 2024, 12-Mar-2024, 12. März 2024, 12 de marzo de 2024
    r"|(?P<d2>\d{1,2})(?:st|nd|rd|th|\.|er|º|°)?(?:\s+of|\s+de)?[\s-]+(?P<m2>[^\W\d_]{3,13})\.?"
    rf",?(?:\s+del?)?[\s-]+(?P<y2>{_YEAR}){_END}"
    # 2024年3月12日
    rf"|(?P<y3>{_YEAR})\s?[年년]\s?(?P<m3>\d{{1,2}})\s?[月월]\s?(?P<d3>\d{{1,2}})\s?[日일]"
    # 2024. 3. 12.
    rf"|(?P<y4>{_YEAR})\s?\.\s?(?P<m4>\d{{1,2}})\s?\.\s?(?P<d4>\d{{1,2}})\.?{_END}"
    # 2024-03-12, 12.03.2024, 12/03/2024
    rf"|{_YEAR}[-/]\d{{1,2}}[-/]\d{{1,2}}(?=$|[T\s,;)|])"
    rf"|\d{{1,2}}(?P<mark>[./-])\d{{1,2}}(?P=mark){_YEAR}{_END})",
    re.IGNORECASE,
)
# "NEW YORK, Feb. 6, 2024 /PRNewswire/ -- The company …": how agencies begin the first sentence.
_LEAD = re.compile(
    r"(?!(?:On|In|By|From|Since|Until|After|Before|Last)\b)"
    r"(?P<place>(?:[^\W\d_][\w.'’-]*,?[ ]){0,5}[^\W\d_][\w.'’-]*), "
    r"\(?(?P<date>[\w./, -]{8,24}?\d)\)?,?\s?"
    r"(?:[(/][^()/]{2,40}[)/]\s?)?(?:--?|[—–])\s?(?=\W?[^\W\d_])"
)
_ITEM = re.compile(r":\W*$")
_ONLY_DATE = re.compile(r"(?:^|\W)(?:date|dated|datum|fecha|data)\s?:\W*$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_LABELS = (
    (PUBLISHED, "published"),
    (MODIFIED, "modified"),
    (PUBLISHED_ELSEWHERE, "published"),
    (MODIFIED_ELSEWHERE, "modified"),
    (OTHER, "other"),
)


class Dated(NamedTuple):
    """A date in a line and what the line says that it is."""

    kind: Kind
    day: date


class _Label(NamedTuple):
    """The last word before a date that says what it is, and what stands before that."""

    start: int
    kind: str
    before: str
    is_english: bool


def dates_in(line: str, *, day_first: bool = False) -> Iterator[Dated]:
    """The dates of one line, in order; `bare` where no word says what a date is.

    The nearest label before a date counts: "Posted 1 May 2024, updated 3 May 2024".
    """
    start = 0
    found = list(_DATE.finditer(line))
    for match in found:
        label = _label(line[start : match.start()])
        start = match.end()
        is_elsewhere = label is not None and not label.is_english
        day = _day(match, day_first=day_first or is_elsewhere)
        if day is None:
            continue
        if label is None:
            is_change = match is found[-1] and MODIFIED_AFTER.match(line, match.end())
            yield Dated("modified" if is_change else "bare", day)
        elif label.kind == "modified":
            yield Dated("modified", day)
        elif label.kind == "published" and not _tells_a_story(line, label, line[match.end() :]):
            yield Dated("published", day)


def printed_dates(lines: Sequence[str]) -> tuple[date | None, date | None]:
    """(published, modified) as the first lines of a text print them; None where they do not.

    Without a label a date counts as published only if the line holds little else (a name, a time,
    a place) and no other day stands beside it.
    """
    published: date | None = None
    modified: date | None = None
    bare: list[date] = []
    counted = 0
    for line in lines:
        counted += not is_notice(line)  # "Share", "5 min read"
        if counted > DATELINE_PARAGRAPHS:
            break
        if len(line) > DATELINE_CHARACTERS:
            continue
        for kind, day in dates_in(line):
            if kind == "published":
                published = published or day
            elif kind == "modified":
                modified = modified or day
            elif is_dateline(line):
                bare.append(day)
    if published is None and len(set(bare)) == 1:
        published = bare[0]
    return published or leading_date(lines[:DATELINE_PARAGRAPHS]), modified


def leading_date(lines: Iterable[str]) -> date | None:
    """The day with which a report begins, after its place: "OSTERHOLM, Feb. 6, 2024 (AP) — …"."""
    for line in lines:
        lead = _LEAD.match(line[: 2 * DATELINE_CHARACTERS])
        if lead and all(map(_is_name, _WORD.findall(lead["place"]))):
            found = list(dates_in(lead["date"]))
            if found:
                return found[0].day
    return None


def is_dateline(line: str) -> bool:
    """Whether a line is a date, with at most a few names beside it."""
    found = _whole(line)
    if not found or OTHER.search(line) or _is_item(line[: found[0].start()]):
        return False
    rest = SMALL_WORDS.sub(" ", without_dates(line))
    words = [word for word in _WORD.findall(rest) if word.casefold() not in weekdays()]
    return (
        not ends_sentence(rest.rstrip())
        and len(words) <= 6
        and all(word[0].isupper() or not word.isascii() for word in words)
    )


def _is_item(before: str) -> bool:
    """Whether a date after this is one of a list: "Primary election: 12 March 2024"."""
    before = CLOCK.sub("", before)
    label = _WORD.findall(before)
    return _ITEM.search(before) is not None and not (_ONLY_DATE.search(before) and len(label) == 1)


def without_dates(line: str) -> str:
    """The line without its dates, and without times of the day and such."""
    for match in reversed(_whole(line)):
        line = f"{line[: match.start()]} {line[match.end() :]}"
    return CLOCK.sub(" ", line)


def _whole(line: str) -> list[re.Match[str]]:
    return [match for match in _DATE.finditer(line) if _day(match, day_first=True)]


def _day(match: re.Match[str], *, day_first: bool) -> date | None:
    for form in "1234":
        if year := match[f"y{form}"]:
            month = match[f"m{form}"]
            number = int(month) if month.isdecimal() else months().get(month.casefold(), 0)
            return parse_date(f"{year}-{number}-{match[f'd{form}']}")
    return parse_date(match[0], day_first=day_first)


def _label(before: str) -> _Label | None:
    found = [
        _Label(match.start(), kind, before[: match.start()], pattern in (PUBLISHED, MODIFIED))
        for pattern, kind in _LABELS
        for match in pattern.finditer(before)
    ]
    return max(found, key=lambda label: label.start, default=None)


def _tells_a_story(line: str, label: _Label, after: str) -> bool:
    """Whether something else was published on that day: "His novel was published on 3 May 2019."

    Before a label stand names at most, unless it is about this very article.
    """
    if ABOUT_ITSELF.search(line):
        return False
    before = _words(label.before)
    if not all(_is_name(word) or word.casefold() in BEFORE for word in before):
        return True
    rest = [word for word in _words(after) if not _is_name(word)]
    return bool(before) and len(rest) > 2 and ends_sentence(line)


def _words(text: str) -> list[str]:
    """Its words but those that belong to a date."""
    return _WORD.findall(SMALL_WORDS.sub(" ", CLOCK.sub(" ", text)))


def _is_name(word: str) -> bool:
    return word[0].isupper() or not word.isascii()
