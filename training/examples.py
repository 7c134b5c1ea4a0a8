"""What one epoch shows: which question with which passage, and where the answer stands."""

from __future__ import annotations

import logging
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np

from index.types import Span
from qa.tokens import Ids, Pair, Tokens, WordPieces, pair, room, token_span
from training import negatives
from training.data import NEWS, PEOPLE_TRICKS, Question, Reading

log = logging.getLogger(__name__)

_NONE = Span(0, 0)
# Questions for reasons and positions: few, and what people ask of news.
_REASONS = re.compile(
    r"\bwhy\b|^(?:what|for what) (?:\w+ ){0,3}"
    r"(?:reasons?|causes?|purpose|goal|aim|position|stance|view|opinion|argument|response)\b",
    re.IGNORECASE,
)


class Kind(Enum):
    """Why an example is there."""

    ANSWERED = "answered"  # as annotated
    TRICK = "trick"  # as annotated: the paragraph does not answer
    HARD = "hard"  # another paragraph of the article
    SWAPPED = "swapped"  # the question changed
    CUT = "cut"  # the sentences that answer left out
    OTHER = "other"  # a paragraph of another article


class Rare(Enum):
    """Questions that an epoch shows more than once, for there are few of their sort."""

    PEOPLE = "people"  # of SQuAD 2.0 dev, with the only tricks that people thought of
    NEWS = "news"
    REASONS = "reasons"


class Example(NamedTuple):
    """A question and a passage by position; `answer` and `cut` are tokens of the passage."""

    kind: Kind
    question: int
    passage: int
    answer: Span = _NONE
    cut: Span = _NONE


class Choice(NamedTuple):
    """One annotated question: its own example, and the negatives that an epoch may draw from."""

    annotated: Example
    rare: Rare | None
    negatives: Mapping[Kind, Sequence[Example]]


@dataclass(frozen=True, slots=True)
class Mix:
    """How often, per annotated question and epoch, each kind of negative is shown.

    `people`, `news` and `reasons` are how many times an epoch shows the questions of these rare
    sorts. `titles` is the share of the pairs that have the title
    before the passage: a passage from the middle of an article says "he" of whom only the headline
    names, so the reader must be able to use a title, and to do without one.
    """

    hard: float = 0.5
    swapped: float = 0.3
    cut: float = 0.1
    other: float = 0.05
    people: int = 3
    news: int = 3
    reasons: int = 2
    titles: float = 0.3


@dataclass(frozen=True, slots=True)
class Examples:
    """Everything that can be shown, in tokens; titles go with the passages, empty for none."""

    questions: list[Ids]
    passages: list[Ids]
    titles: list[Ids]
    choices: list[Choice]

    def counts(self) -> dict[str, int]:
        """How many questions have an example of each kind."""
        counted = Counter(choice.annotated.kind for choice in self.choices)
        for choice in self.choices:
            counted.update(choice.negatives.keys())
        return {kind.value: counted[kind] for kind in Kind}

    def epoch(self, mix: Mix, seed: int) -> list[Example]:
        """The examples of one epoch in random order, the same for the same seed."""
        draw = random.Random(seed)
        shares = {
            Kind.HARD: mix.hard,
            Kind.SWAPPED: mix.swapped,
            Kind.CUT: mix.cut,
            Kind.OTHER: mix.other,
        }
        times = {
            Rare.PEOPLE: mix.people,
            Rare.NEWS: mix.news,
            Rare.REASONS: mix.reasons,
            None: 1,
        }
        shown: list[Example] = []
        for choice in self.choices:
            for _ in range(times[choice.rare]):
                shown.append(choice.annotated)
                for kind, possible in choice.negatives.items():
                    if draw.random() < shares[kind]:
                        shown.append(draw.choice(possible))
        draw.shuffle(shown)
        return shown

    def pair(self, example: Example, draw: random.Random, mix: Mix, limit: int) -> Pair:
        """The example as the encoder reads it; a long passage is shown from a random token on."""
        question, passage = self.questions[example.question], self.passages[example.passage]
        title = self.titles[example.passage] if draw.random() < mix.titles else passage[:0]
        if example.cut != _NONE:
            passage = np.concatenate([passage[: example.cut.start], passage[example.cut.end :]])
        answer = example.answer if example.answer != _NONE else None
        size = room(question, title, limit)
        low, high = 0, max(len(passage) - size, 0)
        if answer:
            # The whole answer is seen, unless it is longer than all there is room for.
            low, high = min(max(low, answer.end - size), answer.start), min(high, answer.start)
        first = draw.randint(min(low, high), high)
        return pair(question, passage, title, limit=limit, first=first, answer=answer)


def prepare(reading: Reading, pieces: WordPieces, seed: int) -> Examples:
    """All examples that these questions allow. The same for the same questions and seed."""
    passages = pieces.of([paragraph.text for paragraph in reading.paragraphs])
    asked = [tokens.ids for tokens in pieces.of([q.text for q in reading.questions])]
    swaps = negatives.swapped(reading, seed)
    changed = [tokens.ids for tokens in pieces.of([s.question for made in swaps for s in made])]
    counted = Counter(swap.kind for made in swaps for swap in made)
    log.info("changed questions: %s", dict(counted.most_common()))
    hard = negatives.hard(reading)
    draw = random.Random(seed)
    choices: list[Choice] = []
    next_changed = len(asked)
    for number, question in enumerate(reading.questions):
        mine = range(next_changed, next_changed + len(swaps[number]))
        next_changed = mine.stop
        own = question.paragraph
        answer = token_span(passages[own], question.span) if question.span else None
        if question.answers and not answer:
            continue  # the annotated answer is not in the text
        other = negatives.another(reading, question, draw)
        possible = {
            Kind.HARD: [Example(Kind.HARD, number, passage) for passage in hard[number]],
            Kind.SWAPPED: [Example(Kind.SWAPPED, other, own) for other in mine],
            Kind.CUT: _cut(reading, number, passages[own]),
            Kind.OTHER: [] if other is None else [Example(Kind.OTHER, number, other)],
        }
        annotated = Kind.ANSWERED if answer else Kind.TRICK
        choices.append(
            Choice(
                Example(annotated, number, own, answer or _NONE),
                _rare(question),
                {kind: examples for kind, examples in possible.items() if examples},
            )
        )
    titles = {title: pieces.of([title])[0].ids for title in {p.title for p in reading.paragraphs}}
    return Examples(
        asked + changed,
        [tokens.ids for tokens in passages],
        [titles[paragraph.title] for paragraph in reading.paragraphs],
        choices,
    )


def _rare(question: Question) -> Rare | None:
    if question.source in (PEOPLE_TRICKS, NEWS):
        return Rare.PEOPLE if question.source == PEOPLE_TRICKS else Rare.NEWS
    return Rare.REASONS if _REASONS.search(question.text) else None


def _cut(reading: Reading, number: int, own: Tokens) -> list[Example]:
    question = reading.questions[number]
    left_out = negatives.cut(question, reading.paragraphs[question.paragraph].text)
    tokens = token_span(own, left_out) if left_out else None
    return [Example(Kind.CUT, number, question.paragraph, cut=tokens)] if tokens else []
