"""What each article says of one thing: figures or claims side by side, or one after the other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.terms import content_words, stems
from qa.agreement import figures, same_answer, spoken
from qa.forms import Asked
from qa.grouping import Group, Published, article_of, by_date, differs, is_there, joins, unrivalled
from qa.likeness import on_one_matter
from qa.quoting import short_answer
from qa.reader import Reading

# Shares of the best one's score from which on a figure, or another claim, stands beside it. At
# less than 0.6 the figures of the news articles are of other things.
FIGURE_SHARE, CLAIM_SHARE = 0.6, 0.75
MOST_CLAIMS = 6
# A sentence with fewer of the question's words than the surest one speaks of something else.
COVER = 0.75
# Of the threshold: a sentence that speaks of what developed, on a day of its own.
COURSE_SHARE = 0.3
# Of the words of what developed, so many stand in such a sentence.
COURSE_WORDS = 0.6

_COUNTING = frozenset(stems("many much number amount"))
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_HOW_MANY = re.compile(r"\bhow many\b|\bnumber of\b|\btoll\b", re.IGNORECASE)


def claims(asked: Asked, readings: Sequence[Reading], threshold: float) -> list[Group]:
    """One group for each figure or claim, surest first; none if even that is not sure enough.

    No answer rivals another here: each counts by what it is alone.
    """
    groups: list[Group] = []
    alone = [one for one in unrivalled(readings) if one.short and _is_of(asked.question, one)]
    if not alone or alone[0].score < threshold:
        return groups
    least = FIGURE_SHARE * alone[0].score
    for reading in alone:
        if reading.score < least or is_there(reading, groups) or joins(reading, groups, least):
            continue
        if not groups or (
            len(groups) < MOST_CLAIMS
            and _cover(asked, reading) >= COVER * _cover(asked, groups[0][0])
            and (
                differs(reading, groups)
                or (reading.score >= CLAIM_SHARE * alone[0].score and _contradicts(reading, groups))
            )
        ):
            groups.append([reading])
    return groups


def _cover(asked: Asked, reading: Reading) -> int:
    """How many words of the question stand in the sentence."""
    words = set(stems(" ".join(content_words(asked.question)))) - _COUNTING
    return len(words & set(stems(reading.text)))


def course(
    asked: Asked, readings: Sequence[Reading], threshold: float, published: Published
) -> list[Group]:
    """How a figure developed, or what was said of it on different days, oldest first."""
    if asked.measured:
        return by_date(claims(asked, readings, threshold), published)
    return by_date(
        _days(asked, unrivalled(readings), COURSE_SHARE * threshold, published), published
    )


def _days(
    asked: Asked, alone: Sequence[Reading], least: float, published: Published
) -> list[Group]:
    """Of each day the surest sentence that speaks of what developed; none of a single day."""
    topic = set(stems(" ".join(content_words(asked.topic))))
    days = published([article_of(reading) for reading in alone])
    found: dict[object, Group] = {}
    for reading in alone:
        day = days.get(article_of(reading))
        there = topic & set(stems(reading.text))
        if (
            reading.score >= least
            and day is not None
            and day not in found
            and len(there) >= COURSE_WORDS * len(topic)
            and not is_there(reading, list(found.values()))
        ):
            found[day] = [reading]
    groups = list(found.values())[:MOST_CLAIMS]
    return groups if len(groups) > 1 else []


def _is_of(question: str, reading: Reading) -> bool:
    """Whether its figure may be what is asked: no part of a whole where things are counted, and
    of no other year than those that are asked about."""
    short = short_answer(reading)
    if _HOW_MANY.search(question) and any("." in figure for figure in figures(short)):
        return False
    years = set(_YEAR.findall(reading.text)) - set(_YEAR.findall(short))
    return not years or bool(years & set(_YEAR.findall(question)))


def _contradicts(reading: Reading, groups: Sequence[Group]) -> bool:
    """Whether it names something else than every group, where nothing is counted or dated."""
    short = short_answer(reading)
    return not figures(short) and all(
        article_of(reading) != article_of(group[0])
        and not figures(other := short_answer(group[0]))
        and not same_answer(short, other)
        and spoken(short).isdisjoint(spoken(other))
        and on_one_matter(reading, group[0])
        for group in groups
    )
