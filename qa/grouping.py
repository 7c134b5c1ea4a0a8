"""Readings in groups: those of a group give the same answer, and the first of each is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from qa.agreement import at_odds
from qa.likeness import agree, is_repeated, on_one_matter
from qa.quoting import short_answer
from qa.reader import Reading

# Further articles that are cited for one sentence.
MOST_AGREEING = 3

Published = Callable[[Sequence[str]], Mapping[str, date]]
Group = list[Reading]


def unrivalled(readings: Sequence[Reading]) -> list[Reading]:
    """Each as sure as if no other answer stood against it, best first."""
    alone = [replace(reading, score=reading.unrivalled) for reading in readings]
    return sorted(alone, key=lambda reading: -reading.score)


def article_of(reading: Reading) -> str:
    """The id of the article that it was read in."""
    return reading.hit.passage.article_id


def is_there(reading: Reading, groups: Sequence[Group]) -> bool:
    """Whether its sentence is quoted already, or says nothing that one of its article does not."""
    return any(
        is_repeated(reading, other)
        or (article_of(reading) == article_of(other) and agree(reading, other))
        for group in groups
        for other in group
    )


def joins(reading: Reading, groups: Sequence[Group], least: float) -> bool:
    """Whether it gives the answer of a group: cited with it if it is sure enough, if it speaks of
    the same matter, and if its article is not cited there yet."""
    for group in groups:
        if agree(reading, group[0]):
            if (
                article_of(reading) not in map(article_of, group)
                and len(group) <= MOST_AGREEING
                and reading.score >= least
                and on_one_matter(reading, group[0])
            ):
                group.append(reading)
            return True
    return False


def differs(reading: Reading, groups: Sequence[Group]) -> bool:
    """Whether it gives another figure or date than every group, in another article."""
    short = short_answer(reading)
    return all(
        article_of(reading) != article_of(group[0])
        and at_odds(short, short_answer(group[0]))
        and on_one_matter(reading, group[0])
        for group in groups
    )


def by_date(
    groups: Sequence[Group], published: Published, *, newest_first: bool = False
) -> list[Group]:
    """By the date of the sentence that is shown, unknown ones last."""
    days = published([article_of(group[0]) for group in groups])
    unknown = date.min if newest_first else date.max
    return sorted(
        groups,
        key=lambda group: days.get(article_of(group[0]), unknown),
        reverse=newest_first,
    )
