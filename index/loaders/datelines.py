"""Dates printed in short lines: "Published 12 March 2024", "By Jane Roe | Updated: Mar. 13, 2024".

Only whole dates count, with day, month and year; and only lines that are about a date, since one in
the middle of a sentence belongs to the story.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple

from index.loaders.metadata import parse_date
from index.loaders.normalising import ends_sentence

# A dateline is short; a date in a longer paragraph is part of the story.
DATELINE_CHARACTERS = 120
# Of a text without markup, the paragraphs in which a dateline can stand.
DATELINE_PARAGRAPHS = 6

Kind = Literal["published", "modified", "bare"]

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DATE = re.compile(
    rf"(?<![\w/.-])(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:1[5-9]|20)\d\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?(?:\s+of)?[\s-]+{_MONTH},?[\s-]+(?:1[5-9]|20)\d\d"
    r"|(?:1[5-9]|20)\d\d[-/]\d{1,2}[-/]\d{1,2}(?=$|[T\s,;)|])"
    r"|\d{1,2}([./-])\d{1,2}\1(?:1[5-9]|20)\d\d)(?![\w/-])",
    re.IGNORECASE,
)
_MODIFIED = re.compile(
    r"\b(?:updated?|modified|edited|changed|revised|reviewed|corrected|amended)\b", re.IGNORECASE
)
_PUBLISHED = re.compile(
    r"\b(?:(?:first |originally )?(?:published|posted|written|issued|released|aired|filed)"
    r"|(?:release|publication|issue|posting|publish) date|date of (?:publication|issue)|pubdate)\b",
    re.IGNORECASE,
)
# What is neither: a licence, an event, when somebody looked.
_OTHER = re.compile(
    r"\b(?:copyright|accessed|retrieved|archived|printed|saved|downloaded|born|died|due|expires?"
    r"|valid|deadline|since|until|event|starts?|ends?|joined|access date)\b|©",
    re.IGNORECASE,
)
# What may stand beside the date in a line of its own: names, times, a place, a category.
_TIME = re.compile(
    r"\b\d{1,2}[:.]\d\d(?:[:.]\d\d)?\b|\b(?:[ap]\.?m\b\.?|utc|gmt|[ecmp]s?t|cest|cet|bst|ist)(?!\w)"
    r"|\b(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|\b(?:at|on|date|dated|by)\b",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?<!date)(?<!dated)\s?:\s*$", re.IGNORECASE)


class Dated(NamedTuple):
    """A date in a line and what the line says that it is."""

    kind: Kind
    day: date


def dates_in(line: str) -> Iterator[Dated]:
    """The dates of one line, in order; `bare` where no word says what a date is.

    The nearest label before a date counts: "Posted 1 May 2024, updated 3 May 2024".
    """
    start = 0
    kind: Kind = "bare"
    for found in _DATE.finditer(line):
        before = line[start : found.start()]
        start = found.end()
        labels = [
            (match.start(), label)
            for pattern, label in ((_PUBLISHED, "published"), (_MODIFIED, "modified"), (_OTHER, ""))
            for match in pattern.finditer(before)
        ]
        label = max(labels)[1] if labels else kind
        if label and (day := parse_date(found[0])):
            kind = "modified" if label == "modified" else "published"
            yield Dated(kind if labels else "bare", day)


def printed_dates(lines: Iterable[str]) -> tuple[date | None, date | None]:
    """(published, modified) as the first lines of a text print them; None where they do not.

    Without a label a date counts as published only if the line holds little else (a name, a time,
    a place) and no other day stands beside it.
    """
    published: date | None = None
    modified: date | None = None
    bare: list[date] = []
    for number, line in enumerate(lines):
        if number >= DATELINE_PARAGRAPHS:
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
    return published, modified


def is_dateline(line: str) -> bool:
    """Whether a line is a date, with at most a few names beside it."""
    # "Primary election: 12 March 2024" is an item of a list.
    if _ITEM.search(line[: found.start()] if (found := _DATE.search(line)) else ""):
        return False
    rest = _TIME.sub(" ", _DATE.sub(" ", line))
    words = re.findall(r"[^\W\d_]+", rest)
    return (
        _DATE.search(line) is not None
        and not _OTHER.search(line)
        and not ends_sentence(rest.rstrip())
        and len(words) <= 6
        and all(word[0].isupper() or not word.isascii() for word in words)
    )
