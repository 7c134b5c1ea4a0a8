"""What is printed between a title and the story: who wrote it, and when. Neither is the text."""

from __future__ import annotations

import re
from typing import NamedTuple

from index.loaders.boilerplate import PUBLISHER
from index.loaders.datelines import (
    DATELINE_CHARACTERS,
    DATELINE_PARAGRAPHS,
    dates_in,
    is_dateline,
    without_dates,
)
from index.loaders.normalising import ends_sentence

_BY = re.compile(r"(?:by|von|par|por|di|door|af|av|autor(?:in)?:|texte?:)\s+(?=\S)", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[,;|/·•–—]\s*|\s+(?:and|und|et|y|e|en|og|och|&)\s+|\s+-\s+")
_NAME = re.compile(
    r"(?!The\b)(?:[^\W\d_][\w.'’-]*\s+)(?:(?:van|von|de|del|della|di|da|dos|du|la|le|der|den|ter|bin|al|el)"
    r"\s+)*(?:[^\W\d_][\w.'’-]*\s*){1,3}"
)
# What people are, and where they work.
_OFFICE = re.compile(
    r"\b(?:writers?|reporters?|editors?|correspondents?|staff|special|senior|bureau|chief|column"
    r"ists?|contributor|contributing|associated|author|editorial|team|desk|network|redaktion)\b",
    re.IGNORECASE,
)


# What somebody is, as it is printed below the name.
OFFICE_CHARACTERS = 60


class Head(NamedTuple):
    """The paragraphs of the story, and the people and the publisher named before it."""

    paragraphs: list[str]
    authors: tuple[str, ...] = ()
    source: str | None = None


def without_head(paragraphs: list[str]) -> Head:
    """Take the lines away that only say who wrote the article, or when it appeared.

    They stand among the first ones, before the first sentence; if there is nothing else, all stays.
    """
    authors: tuple[str, ...] = ()
    source: str | None = None
    gone = set[int]()
    for number, line in enumerate(paragraphs[:DATELINE_PARAGRAPHS]):
        if len(line) > DATELINE_CHARACTERS or (ends_sentence(line) and not is_dateline(line)):
            if number:
                break
            continue  # a title may be a sentence
        if found := _authors(line) or (_alone(paragraphs, number) if number else ()):
            authors = authors or found
            gone.add(number)
        elif number - 1 in gone and (_is_office(line) or line == paragraphs[number - 1]):
            gone.add(number)
        elif is_dateline(line) or any(dated.kind != "bare" for dated in dates_in(line)):
            source = source or _publisher(line)
            gone.add(number)
    left = [line for number, line in enumerate(paragraphs) if number not in gone]
    return Head(left or paragraphs, authors, source)


def _authors(line: str) -> tuple[str, ...]:
    """The people of a byline; none if it is something else."""
    said = without_dates(line)
    by = _BY.match(said)
    if not by:
        return ()
    return _people(said[by.end() :])


def _alone(paragraphs: list[str], number: int) -> tuple[str, ...]:
    """The people in a line with nothing but their names: what is below it tells that it is that.

    There stands what they are, the date, or the same once more, as pages with pictures have it.
    """
    line, below = paragraphs[number], "".join(paragraphs[number + 1 : number + 2])
    name = re.sub(r"\s+in\s+[^\W\d_][\w -]{1,30}$", "", line)
    if below and (below == line or _is_office(below) or is_dateline(below)):
        return _people(name) if is_dateline(below) or _NAME.fullmatch(name) else ()
    return ()


def _is_office(line: str) -> bool:
    return len(line) <= OFFICE_CHARACTERS and not ends_sentence(line) and bool(_OFFICE.search(line))


def _people(said: str) -> tuple[str, ...]:
    """All that are named; none if it is not only names, and where people work."""
    names = [name for name in _BETWEEN.split(said.strip(" |,·–—-")) if name.strip()]
    found = list[str]()
    for name in names:
        if _OFFICE.search(name) or PUBLISHER.search(name) or (name.isupper() and " " not in name):
            continue
        if _NAME.fullmatch(name) and _is_capitalised(name):
            found.append(name)
        elif not (found and _is_capitalised(name) and name.count(" ") < 4):  # a paper, or a place
            return ()
    return tuple(dict.fromkeys(found))


def _publisher(line: str) -> str | None:
    """Who is named beside the date: "BBC News - 25 March 2024"."""
    names = (name.strip(" ()") for name in _BETWEEN.split(without_dates(line)))
    return next((name for name in names if 0 < name.count(" ") + 1 <= 4 and _is_paper(name)), None)


def _is_paper(name: str) -> bool:
    return PUBLISHER.search(name) is not None and name[0].isupper() and ":" not in name


def _is_capitalised(name: str) -> bool:
    words = name.split()
    return words[0][0].isupper() and words[-1][0].isupper()
