"""Conversations made of the questions on an article of SQuAD 1.1 train, and their follow-ups.

People name their subject once, and leave it out from then on, with a pronoun or without: so does a
made conversation, in the earlier turns, too. It begins with a question or with "Tell me about" the
article's title, goes through questions of one or two of its paragraphs in order, has answers
between, and may come after turns on another article. What is left out of the last question, and
stands in an earlier turn, are its terms; so is the title, if it was asked about and the question
has no name of its own.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from index.passages import sentences
from index.terms import STOP_WORDS, stems
from training.data import CONSECUTIVE, Question, Reading
from training.leaving_out import left_out
from training.rewritings import FollowUp, term_stems, terms

_LONGEST = 7
# How often there are turns on another article before.
_CHANGES = 0.25
_OPENINGS = (
    "Tell me about {}.", "Tell me about {}.", "What is {}?", "I'd like to know more about {}.",
    "Can you tell me something about {}?", "I'm interested in {}. What should I know?", "{}",
    "What are some interesting facts about {}?", "Give me an overview of {}.", "Hi! I have to "
    "write about {}. Can you help me?", "What do you know about {}?", "I just read about {}.",
)  # fmt: skip
_ASIDES = (
    "Thanks.", "Interesting.", "Okay.", "I see.", "That's helpful, thanks.", "Great!", "Wow.",
    "No, that's not what I meant.", "Thanks for that.", "Hmm.", "I didn't know that.", "Sure.",
)  # fmt: skip
_NAME = re.compile(r"(?<=\s)[A-Z]\w+|\d{3}")


class _Asked(NamedTuple):
    """A question as typed and in full, and the answer that was given, if any was."""

    typed: str
    written: str
    answer: str = ""


def made(reading: Reading, seed: int) -> Iterator[FollowUp]:
    """One follow-up or more for every question on SQuAD 1.1 train but the first on a paragraph."""
    draw = random.Random(seed)
    squad = (question for question in reading.questions if question.source == CONSECUTIVE)
    groups = [list(group) for _, group in groupby(squad, lambda one: one.paragraph)]

    def article(group: Sequence[Question]) -> str:
        return reading.paragraphs[group[0].paragraph].article

    for place, asked in enumerate(groups):
        before = groups[place - 1] if place and article(groups[place - 1]) == article(asked) else []
        for number in range(1, len(asked)):
            ours = asked[max(number - draw.randint(1, _LONGEST), 0) : number]
            if before and draw.random() < 0.4:
                ours = [*before[: draw.randint(1, 3)], *ours]
            turns = _conversation(reading, ours, draw)
            other = draw.choice(groups)
            if draw.random() < _CHANGES and article(other) != article(asked):
                elsewhere = _conversation(reading, other[: draw.randint(1, _LONGEST)], draw)
                if draw.random() < 0.6:  # the question is the first on a new subject
                    yield FollowUp(asked[number].text, tuple(_said(elsewhere)), frozenset())
                turns = [*elsewhere[-3:], *turns]
            yield _follow_up(asked[number], turns, reading, draw)


def _conversation(reading: Reading, asked: Sequence[Question], draw: random.Random) -> list[_Asked]:
    """The questions one after the other, each without what was named before it."""
    told: list[_Asked] = []
    answers = draw.choice((0.0, 0.0, 0.6, 1.0))
    title = reading.paragraphs[asked[0].paragraph].title
    if draw.random() < 0.45:
        opening = draw.choice(_OPENINGS).format(title)
        text = reading.paragraphs[asked[0].paragraph].text
        told.append(_Asked(opening, opening, text if draw.random() < answers / 2 else ""))
    for question in asked:
        written, text = question.text, reading.paragraphs[question.paragraph].text
        typed = left_out(written, _said(told), text, draw) if told and draw.random() < 0.8 else None
        answer = _answer(reading, question, draw) if draw.random() < answers else ""
        told.append(_Asked(_aside(typed or written, draw), written, answer))
    return told


def _follow_up(
    question: Question, before: Sequence[_Asked], reading: Reading, draw: random.Random
) -> FollowUp:
    turns, text = tuple(_said(before)), reading.paragraphs[question.paragraph].text
    typed = left_out(question.text, turns, text, draw) if draw.random() < 0.75 else None
    written = question.text
    title = reading.paragraphs[question.paragraph].title
    about = {stem for stem in stems(title) if stem not in STOP_WORDS}
    open_ended = not _NAME.search(written) and about <= term_stems(" ".join(turns))
    if open_ended and (typed or draw.random() < 0.5):
        written = f"{written} {title}"
    typed = _aside(typed or question.text, draw)
    if draw.random() < 0.08:
        typed = typed.lower()
    return FollowUp(typed, turns, terms(typed, written, turns))


def _said(told: Sequence[_Asked]) -> list[str]:
    """The questions as typed, and of the last two answers what was said."""
    said: list[str] = []
    for age, one in reversed([*enumerate(reversed(told))]):
        said.append(one.typed)
        if one.answer and age < 2:
            said.append(one.answer)
    return said


def _answer(reading: Reading, question: Question, draw: random.Random) -> str:
    """The sentence with the answer; often with those after it, or the whole paragraph."""
    text = reading.paragraphs[question.paragraph].text
    if question.span is None or draw.random() < 0.2:
        return text
    spans = sentences(text)
    at = question.span.start
    first = next((n for n, s in enumerate(spans) if s.start <= at < s.end), 0)
    last = min(first + draw.choice((0, 0, 1, 3)), len(spans) - 1)
    return text[spans[first].start : spans[last].end]


def _aside(question: str, draw: random.Random) -> str:
    return f"{draw.choice(_ASIDES)} {question}" if draw.random() < 0.1 else question
