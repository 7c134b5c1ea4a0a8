"""What each article says of one thing: figures or claims side by side, or one after the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.terms import content_words, stems, words
from index.types import Span
from qa.agreement import at_odds, figures, same_answer, spoken
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
# What happened on a day is told at the beginning of an article, in so many characters; it counts
# so much more than what stands below, which is often of earlier days.
LEAD, LEAD_WEIGHT = 1_000, 2.0
# Of the threshold: the figure of a day, where it is not sure that it is the one that is asked.
FIGURE_OF_A_DAY_SHARE = 0.5
MOST_FIGURE_WORDS = 8

_COUNTING = frozenset(stems("many much number amount"))
_BEHIND = re.compile(
    r"\s+(?:of|in|on|at|over|with|between|among|about|for|to|from|against)\s+", re.IGNORECASE
)
_TOLD = re.compile(r"[.!…][\s\"”’')\]]*$")  # no heading, and no question
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_HOW_MANY = re.compile(r"\bhow many\b|\bnumber of\b|\btoll\b", re.IGNORECASE)
_NAMED_SO = re.compile(r"[^\W\d]-?\d")  # "F-16" counts nothing
_COUNTED = re.compile(r"\b(?:how many|number of)\s+((?:[\w’'-]+\s*){1,4})", re.IGNORECASE)
# "cases in 27 towns": what is counted stands before, and the figure is of something else.
_ELSEWHERE = re.compile(
    r"(?P<word>[\w’'-]+)\s+(?:(?:have|has|had|been|were|was|reported|confirmed|found)\s+)*"
    r"(?:in|across|from|at|among|over)\s+(?:(?:the|about|nearly|at\s+least|more\s+than)\s+)*$",
    re.IGNORECASE,
)


def claims(asked: Asked, readings: Sequence[Reading], threshold: float) -> list[Group]:
    """One group for each figure or claim, in the order in which an article has them; none if not
    even the surest is sure enough.

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
        if not groups or (len(groups) < MOST_CLAIMS and _is_another(asked, reading, groups)):
            groups.append([reading])
    return sorted(groups, key=lambda group: group[0].sentence.start)


def _is_another(asked: Asked, reading: Reading, groups: Sequence[Group]) -> bool:
    """Whether it gives another figure or claim than every group, for the same thing."""
    if _counts_anew(asked.question, reading, groups):
        return True
    best = max(group[0].score for group in groups)
    return _cover(asked, reading) >= COVER * _cover(asked, groups[0][0]) and (
        differs(reading, groups)
        or (reading.score >= CLAIM_SHARE * best and _contradicts(reading, groups))
    )


def _cover(asked: Asked, reading: Reading) -> int:
    """How many words of the question stand in the sentence."""
    wanted = set(stems(" ".join(content_words(asked.question)))) - _COUNTING
    return len(wanted & set(stems(reading.text)))


def course(
    asked: Asked, readings: Sequence[Reading], threshold: float, published: Published
) -> list[Group]:
    """How a figure developed, or what was said of it on different days, oldest first; nothing if
    it was said on a single day."""
    if not asked.measured:
        told = _told(asked, readings, threshold, published)
        return by_date(told, published) if len(told) > 1 else []
    if len(groups := claims(asked, readings, threshold)) > 1:
        return by_date(groups, published)
    least = FIGURE_OF_A_DAY_SHARE * threshold
    figured = [
        one
        for one in unrivalled(readings)
        if one.score >= least and _is_figure(short_answer(one)) and _is_of(asked.question, one)
    ]
    days = _days(asked, figured, published)
    return by_date(days if len(days) > 1 else groups, published)


def _is_figure(short: str) -> bool:
    """Whether a figure is all of it, but for what it counts."""
    return bool(figures(short)) and len(words(short)) <= MOST_FIGURE_WORDS


def latest(
    asked: Asked, readings: Sequence[Reading], threshold: float, published: Published
) -> list[Group]:
    """What was said of it on different days, newest first."""
    return by_date(_told(asked, readings, threshold, published), published, newest_first=True)


def _told(
    asked: Asked, readings: Sequence[Reading], threshold: float, published: Published
) -> list[Group]:
    """What was said on different days; no words of it are more of an answer than the others."""
    alone = sorted(unrivalled(readings), key=_telling, reverse=True)
    sure = [one for one in alone if _telling(one) >= COURSE_SHARE * threshold]
    return _days(asked, [replace(one, short=None) for one in sure], published)


def _telling(reading: Reading) -> float:
    """How well it tells what happened on the day of its article."""
    return reading.score * (LEAD_WEIGHT if reading.sentence.end <= LEAD else 1.0)


def _days(asked: Asked, alone: Sequence[Reading], published: Published) -> list[Group]:
    """Of each day the first that speaks of what developed."""
    topic, head, rest = _topic(asked.topic)
    days = published([article_of(reading) for reading in alone])
    found: dict[object, Group] = {}
    for reading in alone:
        day = days.get(article_of(reading))
        there = topic & set(stems(reading.text))
        if (
            day is not None
            and day not in found
            and len(there) >= COURSE_WORDS * len(topic)
            and (head <= there or (rest and rest <= there))
            and _TOLD.search(reading.text)
            and not is_there(reading, list(found.values()))
        ):
            found[day] = [reading]
    return list(found.values())[:MOST_CLAIMS]


def _topic(what: str) -> tuple[set[str], set[str], set[str]]:
    """Of "the Oster mill strike in May" all words, the one that it is about ("strike"), and those
    behind it ("May"), which may stand for it."""
    first, _, behind = _BEHIND.sub("\n", what).partition("\n")
    named = stems(" ".join(content_words(first)))
    rest = set(stems(" ".join(content_words(behind))))
    return {*named, *rest}, set(named[-1:]), rest


def _is_of(question: str, reading: Reading) -> bool:
    """Whether its figure may be what is asked: no part of a whole where things are counted, and
    of no other year than those that are asked about."""
    short = short_answer(reading)
    if _HOW_MANY.search(question) and (
        any("." in figure for figure in figures(short)) or _NAMED_SO.search(short)
    ):
        return False
    if _is_of_another(question, reading) or _is_age(question, reading):
        return False
    years = set(_YEAR.findall(reading.text)) - set(_YEAR.findall(short))
    return not years or bool(years & set(_YEAR.findall(question)))


def _is_of_another(question: str, reading: Reading) -> bool:
    """Whether things are counted, and its figure is of where they were."""
    counted = _COUNTED.search(question)
    if not counted or not reading.short:
        return False
    passage = reading.hit.passage
    before = passage.text_at(Span(reading.sentence.start, reading.short.start))
    behind = passage.text_at(Span(reading.short.end, reading.sentence.end))
    match = _ELSEWHERE.search(before)
    return bool(
        match and set(stems(match["word"])) & set(stems(counted[1])) and re.match(r"\s+\w", behind)
    )


def _counts_anew(question: str, reading: Reading, groups: Sequence[Group]) -> bool:
    """Whether an article that is there already gives another count of the very things: of another
    day, or of somebody else."""
    theirs = [group[0] for group in groups if article_of(group[0]) == article_of(reading)]
    return (
        bool(theirs)
        and on_one_matter(reading, theirs[0])
        and all(_counts(question, one) for one in (reading, theirs[0]))
        and all(at_odds(short_answer(reading), short_answer(group[0])) for group in groups)
    )


def _counts(question: str, reading: Reading) -> bool:
    """Whether its figure stands before the name of what the question counts, or as "the number"."""
    counted = _COUNTED.search(question)
    if not counted or not reading.short or not figures(short_answer(reading)):
        return False
    first, *others = words(counted[1])  # "cases", "monkeypox cases", but not "people died"
    things = set(stems(" ".join([first, *(word for word in others if word.endswith("s"))])))
    behind = reading.text[reading.short.start - reading.sentence.start :]
    named = _COUNTED.search(reading.text)
    return bool(
        things & set(stems(" ".join(words(behind)[:4])))
        or (named and things & set(stems(named[1])))
    )


def _is_age(question: str, reading: Reading) -> bool:
    """Whether its figure is how old somebody is ("Brandt, 47, took office"), and not asked for."""
    if not reading.short or re.search(r"\b(?:old|ages?|aged)\b", question, re.IGNORECASE):
        return False
    text, at = reading.text, reading.short.start - reading.sentence.start
    return bool(re.match(r"\d{1,2},", text[at:]) and re.search(r"[A-Z][\w’'-]+,\s*$", text[:at]))


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
