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
from qa.parties import ANYONE, Party, parties
from qa.reader import Reading
from qa.speakers import says_on, speaker
from qa.stances import is_subject, speaks_up, takes_a_stand

# Of the threshold: what somebody says of it is one of many answers, and no span of the sentence
# stands out. On the news articles, sentences below it speak of something else.
POSITION_SHARE = 0.2
# The same, where it tells what those think whose position is asked, of all that it is about.
MENTIONED_SHARE = 0.1
# Of the words of what it is about, so many stand in the sentence.
TOPIC_WORDS = 0.5
MOST_POSITIONS, OF_ONE_SPEAKER, OF_ONE_ARTICLE = 5, 2, 2

# What is asked for is spoken; a position is also told by what somebody lets be done.
_SAYS = re.compile(r"\b(?:say|said|saying|thinks?|thought|argued?|claim(?:ed)?)\b", re.IGNORECASE)


def positions(asked: Asked, readings: Sequence[Reading], threshold: float) -> list[Group]:
    """One sentence in each group, the best one and then the surest; none if nobody is named.

    Where the question names whose position is asked, only theirs: what they say themselves, and
    then sentences that tell it as theirs and name all that it is about ("the UK's refusal to …").
    Of several, each has its turn before one of them has another.
    """
    about = _stems(asked.topic)
    wanted = parties(asked.speaker) or (ANYONE,)
    if not about and wanted == (ANYONE,):
        return []
    told = []
    for reading in [*readings[:1], *unrivalled(readings)]:
        if reading.score < MENTIONED_SHARE * threshold:
            continue
        said_by = speaker(reading.text)
        party = next((one for one in wanted if _is_of(asked, one, said_by, reading)), None)
        if party and _is_sure(about, party, said_by, reading, threshold):
            told.append((reading, said_by, party))
    # Their own words first, and then what is told of them.
    told.sort(key=lambda one: not _is_own(one[2], one[1], one[0]))
    found: list[Group] = []
    of_each: dict[str, list[Group]] = {}
    for reading, said_by, party in told:
        theirs = of_each.setdefault(party.name or said_by, [])
        if (
            not is_there(reading, found)
            and (party.name or len(theirs) < OF_ONE_SPEAKER)
            and sum(article_of(one[0]) == article_of(reading) for one in found) < OF_ONE_ARTICLE
        ):
            whole = _from_the_name(party, said_by, reading)
            found.append([whole if reading.score >= threshold else replace(whole, short=None)])
            theirs.append(found[-1])
    if len(wanted) > 1:
        found = _in_turn(found, [*of_each.values()])
    return found[:MOST_POSITIONS]


def _in_turn(found: Sequence[Group], of_each: Sequence[Sequence[Group]]) -> list[Group]:
    """The first of each, then the second of each, and so on; within these as they were found."""
    turns = {id(group): turn for groups in of_each for turn, group in enumerate(groups)}
    return sorted(found, key=lambda group: turns[id(group)])


def of_others(whose: str, reading: Reading) -> bool:
    """Whether it cannot tell the position of those who are asked for: neither it nor the sentence
    before names any of them; or, of a country, it names others alone, as theirs, and nobody says
    it who might speak for that one.
    """
    wanted, named = nations(whose), nations(reading.text)
    if wanted:
        return bool(named) and not wanted & named and not speaker(reading.text)
    asked = parties(whose)
    told = f"{_before(reading)} {reading.text}"
    return bool(asked) and not any(one.is_named(told) for one in asked)


def _speaks(party: Party, said_by: str, reading: Reading) -> bool:
    return bool(said_by) and (
        party.is_speaker(said_by) or party.is_spoken_for(said_by, reading.text)
    )


def _is_own(party: Party, said_by: str, reading: Reading) -> bool:
    """Whether it tells what they said, and not what others say of them."""
    if said_by:
        return _speaks(party, said_by, reading)
    return speaks_up(party.acts_at(reading.text), reading.text) or _goes_on(party, reading)


def _goes_on(party: Party, reading: Reading) -> bool:
    """Whether it is they who are meant by "he said", because the sentence before is of them."""
    before = _before(reading)
    return bool(says_on(reading.text)) and is_subject(party.places(before), before)


def _from_the_name(party: Party, said_by: str, reading: Reading) -> Reading:
    """With the sentence before, where only that has the name."""
    if said_by or party.is_named(reading.text) or not _goes_on(party, reading):
        return reading
    start = _span_before(reading)
    return replace(reading, sentence=Span(start.start, reading.sentence.end)) if start else reading


def _is_of(asked: Asked, party: Party, said_by: str, reading: Reading) -> bool:
    """Whether that one says it, or it tells what that one thinks; of anybody, not of the one that
    it is about ("the reactions to Brandt's departure")."""
    if _speaks(party, said_by, reading):
        return bool(party.name) or not set(stems(said_by)) <= _stems(asked.topic)
    says = bool(_SAYS.search(asked.question))
    places = party.acts_at(reading.text)
    if (says and said_by) or reading.text.rstrip().endswith("?"):
        return False
    return takes_a_stand(places, reading.text, says=says) or (
        not said_by and _goes_on(party, reading)
    )


def _is_sure(
    about: set[str], party: Party, said_by: str, reading: Reading, threshold: float
) -> bool:
    """Whether it is of what is asked: the less so, the surer the reader must be."""
    there, is_said = set(stems(reading.text)), _speaks(party, said_by, reading)
    if party.name and about and about <= there and reading.score >= MENTIONED_SHARE * threshold:
        return True
    if reading.score < POSITION_SHARE * threshold:
        return False
    if not about or (is_said and reading.score >= threshold):
        return is_said
    # Of the topic, and not only of who speaks; or going on from it.
    some = len(about & there) >= TOPIC_WORDS * len(about) and bool(
        about & there - {*stems(said_by)}
    )
    before = set(stems(_before(reading)))
    return (is_said and some) or about <= (before | there if party.name else before)


def _before(reading: Reading) -> str:
    """The sentence before it in its paragraph."""
    span = _span_before(reading)
    return reading.hit.passage.text_at(span) if span else ""


def _span_before(reading: Reading) -> Span | None:
    passage = reading.hit.passage
    earlier = [span for span in passage.sentences if span.end <= reading.sentence.start]
    if not earlier or "\n" in passage.text_at(Span(earlier[-1].end, reading.sentence.start)):
        return None
    return earlier[-1]


def _stems(text: str) -> set[str]:
    return set(stems(" ".join(content_words(text))))
