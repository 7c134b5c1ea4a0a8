"""Who says what: sentences about what is asked that name their speaker, or whose position it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.terms import content_words, stems
from index.types import Span
from qa.forms import Asked
from qa.grouping import Group, article_of, is_there, unrivalled
from qa.nations import nations
from qa.reader import Reading
from qa.speakers import speaker, untitled

# Of the threshold: what somebody says of it is one of many answers, and no span of the sentence
# stands out. On the news articles, sentences below it speak of something else.
POSITION_SHARE = 0.2
# The same, where it names both whose position is asked and all that it is about.
MENTIONED_SHARE = 0.1
# Of the words of what it is about, so many stand in the sentence.
TOPIC_WORDS = 0.5
MOST_POSITIONS, OF_ONE_SPEAKER, OF_ONE_ARTICLE = 5, 2, 2

# Asked what somebody says, what others say of them is no answer.
_SAYS = re.compile(r"\b(?:say|said|saying|thinks?|thought|argued?|claim(?:ed)?)\b", re.IGNORECASE)


def positions(asked: Asked, readings: Sequence[Reading], threshold: float) -> list[Group]:
    """One sentence in each group, the best one and then the surest; none if nobody is named.

    Where the question names whose position is asked, only theirs: what they say themselves, or a
    sentence that names them and all that it is about ("the UK's refusal to …").
    """
    about = _stems(asked.topic)
    whose = _stems(asked.speaker) or nations(asked.speaker)
    if not about and not whose:
        return []
    found: list[Group] = []
    speakers: list[str] = []
    for reading in [*readings[:1], *unrivalled(readings)]:
        said_by = speaker(reading.text)
        is_theirs = _is_said(asked, about, said_by, reading, threshold) or (
            reading.score >= MENTIONED_SHARE * threshold
            and bool(about and whose)
            and not (
                _SAYS.search(asked.question) and said_by and not _is_by(asked.speaker, said_by)
            )
            and _is_of(asked.speaker, about, reading.text)
        )
        if (
            is_theirs
            and not is_there(reading, found)
            and (whose or speakers.count(said_by) < OF_ONE_SPEAKER)
            and sum(article_of(one[0]) == article_of(reading) for one in found) < OF_ONE_ARTICLE
        ):
            found.append([reading if reading.score >= threshold else replace(reading, short=None)])
            speakers.append(said_by)
    return found[:MOST_POSITIONS]


def of_others(whose: str, reading: Reading) -> bool:
    """Whether a country's position is asked for, and the sentence names others alone, as theirs:
    nobody says it who might speak for that one.
    """
    wanted, named = nations(whose), nations(reading.text)
    return bool(wanted and named) and not wanted & named and not speaker(reading.text)


def _is_said(
    asked: Asked, about: set[str], said_by: str, reading: Reading, threshold: float
) -> bool:
    """Whether the one whose position is asked says it, and of what is asked."""
    if not said_by or reading.score < POSITION_SHARE * threshold:
        return False
    named = set(stems(said_by))
    return _is_by(asked.speaker, said_by) and (
        reading.score >= threshold or _is_about(about, named, reading)
    )


def _is_of(whose: str, topic: set[str], sentence: str) -> bool:
    """Whether it names both, the one whose position is asked and all of what it is about."""
    return _names(sentence, whose) and topic <= set(stems(sentence))


def _names(text: str, whose: str) -> bool:
    """A country by any of its names, and by nothing else: "use" has the stem of "US"."""
    if wanted := nations(whose):
        return bool(wanted & nations(text))
    return _stems(whose) <= set(stems(text))


def _is_about(topic: set[str], named: set[str], reading: Reading) -> bool:
    """Whether the sentence speaks of it, and not only of who speaks; or all of the one before,
    which it goes on from."""
    if not topic:
        return True
    there, before = topic & set(stems(reading.text)), set(stems(_before(reading)))
    return (len(there) >= TOPIC_WORDS * len(topic) and bool(there - named)) or topic <= before


def _before(reading: Reading) -> str:
    """The sentence before it in its paragraph."""
    passage = reading.hit.passage
    earlier = [span for span in passage.sentences if span.end <= reading.sentence.start]
    if not earlier or "\n" in passage.text_at(Span(earlier[-1].end, reading.sentence.start)):
        return ""
    return passage.text_at(earlier[-1])


def _is_by(whose: str, said_by: str) -> bool:
    """Whether the one that is asked for speaks: "Macron" is Emmanuel Macron, "Mayor Brandt" Karl
    Brandt, "Britain" British officials; Ida Brandt is not, and Dana White is not the White House.
    """
    if _names(said_by, whose):
        return True
    same_surname = stems(whose)[-1:] == stems(said_by)[-1:]
    return same_surname and 1 in (len(_stems(untitled(whose))), len(_stems(untitled(said_by))))


def _stems(text: str) -> set[str]:
    return set(stems(" ".join(content_words(text))))
