"""Readings -> what the answer says: sentences to be shown, and those that agree with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from qa.agreement import at_odds
from qa.citations import Quote
from qa.likeness import agree, is_repeated, on_one_matter
from qa.questions import asks_for_course, asks_for_several
from qa.quoting import overlap, quoted, short_answer
from qa.reader import Reading

# Shares of the best sentence's score from which on another one is quoted beside it: one that says
# something else; any, where several are asked for; one of another article with the same answer,
# with another figure, or, where the newest is asked for, that is newer.
FURTHER_SHARE = 0.85
SEVERAL_SHARE = 0.6
AGREES_SHARE = 0.5
AT_ODDS_SHARE = 0.75
NEWEST_SHARE = 0.75
# Sentences that are shown, and of these how many of one article where several are asked for.
MOST_SHOWN, MOST_SEVERAL, OF_ONE_ARTICLE = 3, 5, 2
# Further articles that are cited for one sentence.
MOST_AGREEING = 3

Published = Callable[[Sequence[str]], Mapping[str, date]]


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that the answer says: `quotes[0]` is shown, the others give the same answer."""

    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Composition:
    """What is said, in the order in which it is shown.

    `at_odds` if the articles differ, newest first; `course` if it tells how something developed,
    oldest first. In both the dates matter.
    """

    statements: tuple[Statement, ...] = ()
    at_odds: bool = False
    course: bool = False

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """All quotes in the order of their markers."""
        return tuple(quote for said in self.statements for quote in said.quotes)


def compose(
    question: str,
    readings: Sequence[Reading],
    threshold: float,
    published: Published,
    *,
    newest_first: bool = False,
) -> Composition:
    """The best sentence and what belongs beside it; nothing if it is below `threshold`.

    `readings` come best first. Another article's sentence with the same answer is cited with the
    one that it agrees with. Articles that give different figures or dates are shown one after the
    other, newest first by `published`, which gives the dates of articles by their ids. Sentences
    that say something else follow if their scores come close. If the question asks for several,
    each is judged as if it had no rival; asked how something developed, the oldest comes first. A
    sentence that points back is quoted with the one before it. With `newest_first`, the newest
    article that answers nearly as surely as the best one comes first.
    """
    if not readings or readings[0].score < threshold:
        return Composition()
    if newest_first:
        readings = _newest_that_answer(readings, threshold, published)
    if asks_for_course(question):
        groups = _by_date(_several(readings, threshold), published)
        return Composition(_statements(groups), course=True)
    if asks_for_several(question):
        return Composition(_statements(_several(readings, threshold)))
    groups, different = _single(readings, threshold)
    if different:
        groups = _by_date(groups, published, newest_first=True)
    return Composition(_statements(groups), different)


def _single(readings: Sequence[Reading], threshold: float) -> tuple[list[list[Reading]], bool]:
    """The readings to quote, those with the same answer together; and whether these differ."""
    best = max(reading.score for reading in readings)
    groups, others = [[readings[0]]], []
    for reading in readings[1:]:
        if reading.score < threshold or _is_there(reading, groups):
            continue
        if _joins(reading, groups, AGREES_SHARE * best):
            continue
        if reading.score >= AT_ODDS_SHARE * best and _differs(reading, groups):
            groups.append([reading])
        elif reading.score >= FURTHER_SHARE * best:
            others.append(reading)
    if len(groups) > 1:
        return groups[:MOST_SHOWN], True
    for reading in others:
        if len(groups) < MOST_SHOWN and not _is_there(reading, groups):
            groups.append([reading])
    return groups, False


def _several(readings: Sequence[Reading], threshold: float) -> list[list[Reading]]:
    """Each sentence by itself: where several are asked for, no answer rivals another."""
    alone = sorted(readings, key=lambda reading: -reading.unrivalled)
    floor = max(threshold, SEVERAL_SHARE * alone[0].unrivalled)
    groups = [[readings[0]]]
    for reading in alone:
        if reading.unrivalled < floor or len(groups) == MOST_SEVERAL:
            break
        if _is_there(reading, groups) or _joins(reading, groups, threshold):
            continue
        article = reading.hit.passage.article_id
        if sum(group[0].hit.passage.article_id == article for group in groups) < OF_ONE_ARTICLE:
            groups.append([reading])
    return groups


def _is_there(reading: Reading, groups: Sequence[list[Reading]]) -> bool:
    """Whether its sentence is quoted already, or says nothing that one of its article does not."""
    return any(
        is_repeated(reading, other)
        or (
            reading.hit.passage.article_id == other.hit.passage.article_id and agree(reading, other)
        )
        for group in groups
        for other in group
    )


def _joins(reading: Reading, groups: Sequence[list[Reading]], least: float) -> bool:
    """Whether it gives the answer of a group: cited with it if it is sure enough, if it speaks of
    the same matter, and if its article is not cited there yet."""
    for group in groups:
        if agree(reading, group[0]):
            articles = {other.hit.passage.article_id for other in group}
            if (
                reading.hit.passage.article_id not in articles
                and len(group) <= MOST_AGREEING
                and reading.score >= least
                and on_one_matter(reading, group[0])
            ):
                group.append(reading)
            return True
    return False


def _differs(reading: Reading, groups: Sequence[list[Reading]]) -> bool:
    article, short = reading.hit.passage.article_id, short_answer(reading)
    return all(
        article != group[0].hit.passage.article_id
        and at_odds(short, short_answer(group[0]))
        and on_one_matter(reading, group[0])
        for group in groups
    )


def _newest_that_answer(
    readings: Sequence[Reading], threshold: float, published: Published
) -> list[Reading]:
    floor = max(threshold, NEWEST_SHARE * readings[0].score)
    sure = [reading for reading in readings if reading.score >= floor]
    days = published([reading.hit.passage.article_id for reading in sure])
    sure.sort(key=lambda one: days.get(one.hit.passage.article_id, date.min), reverse=True)
    return [*sure, *readings[len(sure) :]]


def _by_date(
    groups: list[list[Reading]], published: Published, *, newest_first: bool = False
) -> list[list[Reading]]:
    """By the date of the sentence that is shown, unknown ones last."""
    days = published([group[0].hit.passage.article_id for group in groups])
    unknown = date.min if newest_first else date.max
    return sorted(
        groups,
        key=lambda group: days.get(group[0].hit.passage.article_id, unknown),
        reverse=newest_first,
    )


def _statements(groups: Sequence[Sequence[Reading]]) -> tuple[Statement, ...]:
    """Their quotes, each characters of an article once."""
    taken: list[Quote] = []
    made = []
    for group in groups:
        quotes = []
        for reading in group:
            quote = quoted(reading)
            if not any(overlap(quote, other) for other in taken):
                quotes.append(quote)
                taken.append(quote)
        if quotes:
            made.append(Statement(tuple(quotes)))
    return tuple(made)
