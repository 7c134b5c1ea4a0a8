"""People's stand-alone rewritings of conversation turns, and the terms that they bring back.

What a rewriting has over the question as typed, and an earlier turn names, are that question's
terms: as in Voskarides et al. 2020 (arXiv 2005.11723), with stems for lemmas, and without words
that are no terms (`qa.resolver.NO_TERMS`, beside the stop words of search).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from index.terms import stems, words
from qa.candidates import NO_TERMS
from qa.conversation import said
from qa.turns import Earlier
from qa.types import Answer, Turn

# Trained on, and what thresholds are chosen on; the others (of other years and collections) are
# only reported on.
SOURCES = frozenset(("cast2019eval", "ikat2023test", "mtrag_cloud", "mtrag_fiqa"))
DEVELOPMENT = frozenset(("cast2019train", "ikat2023train"))
_PATH = Path("conversation") / "rewrites.jsonl.gz"


class FollowUp(NamedTuple):
    """A question, the turns before it (oldest first), and the stems of its terms."""

    question: str
    turns: tuple[str, ...]
    terms: frozenset[str]


class Said(NamedTuple):
    """An earlier question as typed, and the answer, if it is known."""

    question: str
    answer: str = ""

    def turn(self, asked_as: str) -> Turn:
        """As a turn of a conversation with the assistant, which understood it so."""
        if not self.answer:
            return Turn(self.question, asked_as)
        answer = Answer(self.question, asked_as, "answered", self.answer)
        return Turn(self.question, asked_as, answer)


@dataclass(frozen=True)
class Rewriting:
    """One turn of a conversation between people, or of people with a machine."""

    source: str
    question: str
    rewritten: str
    before: tuple[Said, ...]

    @cached_property
    def turns(self) -> tuple[str, ...]:
        """All that was said before, as it was said."""
        return tuple(text for one in self.before for text in (one.question, one.answer) if text)

    @property
    def read(self) -> list[Earlier]:
        """Those that the resolver reads."""
        return said([one.turn(one.question) for one in self.before])

    @cached_property
    def terms(self) -> frozenset[str]:
        """The stems of what the question leaves to the turns."""
        return terms(self.question, self.rewritten, self.turns)


def rewritings(data: Path) -> list[Rewriting]:
    """All turns with people's rewriting, in the order of the file."""
    with gzip.open(data / _PATH, "rt") as file:
        rows = [json.loads(line) for line in file]
    made = []
    for row in rows:
        before: list[Said] = []
        for turn in row["history"]:
            if asked := turn.get("user"):
                before.append(Said(asked))
            if turn.get("system") and before:
                before[-1] = before[-1]._replace(answer=turn["system"])
        made.append(Rewriting(row["source"], row["utterance"], row["resolved"], tuple(before)))
    return made


def of_people(data: Path, without: str = "") -> list[FollowUp]:
    """The turns of SOURCES, those after a first one, with what the resolver reads of the others;
    `without` one of these, to see what a network does with it that has not seen it."""
    return [
        FollowUp(one.question, tuple(turn.text for turn in one.read), one.terms)
        for one in rewritings(data)
        if one.source in SOURCES - {without} and one.before
    ]


def terms(question: str, rewritten: str, turns: Sequence[str]) -> frozenset[str]:
    """The stems that the rewriting has over the question and that the turns name."""
    return (term_stems(rewritten) - frozenset(stems(question))) & term_stems(" ".join(turns))


def term_stems(text: str) -> frozenset[str]:
    """The stems of all words that may be terms."""
    return frozenset(stems(" ".join(word for word in words(text) if word not in NO_TERMS)))
