"""Readings -> what the answer says: sentences to be shown, and those that agree with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa.citations import Quote
from qa.comparing import claims, course, latest
from qa.forms import Asked, what_is_asked
from qa.grouping import Group, Published, article_of, by_date, differs, is_there, joins
from qa.likeness import is_repeated
from qa.positions import of_others, positions
from qa.questions import is_of_a_former_one
from qa.quoting import is_link, overlap, quoted
from qa.reader import Reading
from qa.speakers import speaker
from qa.types import Shape, TimeFrame

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


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that the answer says: `quotes[0]` is shown, the others give the same answer.

    `repeated_in` are ids of further articles, which have one of these very sentences.
    """

    quotes: tuple[Quote, ...]
    repeated_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Composition:
    """What is said, in the order in which it is shown.

    `at_odds` if the articles differ, newest first.
    """

    statements: tuple[Statement, ...] = ()
    shape: Shape = "plain"
    at_odds: bool = False

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """All quotes in the order of their markers."""
        return tuple(quote for said in self.statements for quote in said.quotes)


def compose(
    question: str | Asked,
    readings: Sequence[Reading],
    threshold: float,
    published: Published,
    *,
    newest_first: bool = False,
    frame: TimeFrame | None = None,
) -> Composition:
    """The best sentence and what belongs beside it; nothing if it is below `threshold`.

    `readings` come best first. Another article's sentence with the same answer is cited with the
    one that it agrees with. Articles that give different figures or dates are shown one after the
    other, newest first by `published`, which gives the dates of articles by their ids. Sentences
    that say something else follow if their scores come close. If the question asks for several,
    each is judged as if it had no rival; asked how something developed, the oldest comes first;
    asked for the latest on something, the newest; asked for positions, sentences that name their
    speaker. A sentence that points back is quoted
    with the one before it. With `newest_first`, the newest article that answers nearly as surely
    as the best one comes first. Of a development nothing is told outside the time of its `frame`.
    """
    asked = question if isinstance(question, Asked) else what_is_asked(question)
    if asked.form in ("comparison", "positions", "course", "latest"):
        # It is not of this article: neither of its day, nor is it known who says it.
        readings = [one for one in readings if not is_link(one.text)]
    readings = [one for one in readings if not is_of_a_former_one(asked.question, one.text)]
    if asked.form == "course" and frame and (frame.first or frame.last):
        days = published([article_of(one) for one in readings])
        readings = [one for one in readings if frame.tells_of(days.get(article_of(one)))]
    if not readings:
        return Composition()
    if asked.form == "comparison":
        # What an article says last is newest.
        told = claims(asked, readings, threshold)[::-1]
        groups = by_date(told, published, newest_first=True)
        return _made(groups, readings, "comparison", at_odds=len(groups) > 1)
    if asked.form == "positions" and (groups := positions(asked, readings, threshold)):
        return _made(groups, readings, _of_positions(groups))
    if asked.form == "positions":
        readings = [one for one in readings if not of_others(asked.speaker, one)]
    sure = bool(readings) and readings[0].score >= threshold
    if asked.form == "course":
        groups = _several(readings, threshold) if sure and not asked.measured else []
        if len(groups) < 2:
            groups = course(asked, readings, threshold, published) or groups
        shape: Shape = "development" if len(groups) > 1 else "plain"
        return _made(by_date(groups, published), readings, shape)
    if asked.form == "latest" and (groups := latest(asked, readings, threshold, published)):
        return _made(groups[:MOST_SHOWN], readings)
    if not sure:
        return Composition()
    if newest_first:
        readings = _newest_that_answer(readings, threshold, published)
    if asked.form not in ("one", "latest"):
        groups = _several(readings, threshold)
        shape = _of_positions(groups) if asked.form == "positions" else "plain"
        return _made(groups, readings, shape)
    groups, different = _single(readings, threshold)
    if different:
        return _made(
            by_date(groups, published, newest_first=True), readings, "comparison", at_odds=True
        )
    return _made(groups, readings)


def _made(
    groups: Sequence[Group],
    readings: Sequence[Reading],
    shape: Shape = "plain",
    *,
    at_odds: bool = False,
) -> Composition:
    return Composition(_statements(groups, readings), shape, at_odds) if groups else Composition()


def _of_positions(groups: Sequence[Group]) -> Shape:
    """Who says what is told where somebody is named, or where one position follows another."""
    is_said = any(speaker(group[0].text) for group in groups)
    return "positions" if is_said or len(groups) > 1 else "plain"


def _single(readings: Sequence[Reading], threshold: float) -> tuple[list[Group], bool]:
    """The readings to quote, those with the same answer together; and whether these differ."""
    best = max(reading.score for reading in readings)
    groups, others = [[readings[0]]], []
    for reading in readings[1:]:
        if reading.score < threshold or is_there(reading, groups):
            continue
        if joins(reading, groups, AGREES_SHARE * best):
            continue
        if reading.score >= AT_ODDS_SHARE * best and differs(reading, groups):
            groups.append([reading])
        elif reading.score >= FURTHER_SHARE * best:
            others.append(reading)
    if len(groups) > 1:
        return groups[:MOST_SHOWN], True
    for reading in others:
        if len(groups) < MOST_SHOWN and not is_there(reading, groups):
            groups.append([reading])
    return groups, False


def _several(readings: Sequence[Reading], threshold: float) -> list[Group]:
    """Each sentence by itself: where several are asked for, no answer rivals another."""
    alone = sorted(readings, key=lambda reading: -reading.unrivalled)
    floor = max(threshold, SEVERAL_SHARE * alone[0].unrivalled)
    groups = [[readings[0]]]
    for reading in alone:
        if reading.unrivalled < floor or len(groups) == MOST_SEVERAL:
            break
        if is_there(reading, groups) or joins(reading, groups, threshold):
            continue
        article = article_of(reading)
        if sum(article_of(group[0]) == article for group in groups) < OF_ONE_ARTICLE:
            groups.append([reading])
    return groups


def _newest_that_answer(
    readings: Sequence[Reading], threshold: float, published: Published
) -> list[Reading]:
    floor = max(threshold, NEWEST_SHARE * readings[0].score)
    sure = [reading for reading in readings if reading.score >= floor]
    days = published([article_of(reading) for reading in sure])
    sure.sort(key=lambda one: days.get(article_of(one), date.min), reverse=True)
    return [*sure, *readings[len(sure) :]]


def _statements(groups: Sequence[Group], readings: Sequence[Reading]) -> tuple[Statement, ...]:
    """Their quotes, each characters of an article once; and where else the sentences stand."""
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
            made.append(Statement(tuple(quotes), _repeated_in(group, readings)))
    return tuple(made)


def _repeated_in(group: Sequence[Reading], readings: Sequence[Reading]) -> tuple[str, ...]:
    cited = {article_of(reading) for reading in group}
    found = (
        article_of(reading)
        for reading in readings
        if any(is_repeated(reading, other) for other in group)
    )
    return tuple(id for id in dict.fromkeys(found) if id not in cited)
