"""Question + passages -> the sentences that may answer, each with a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.types import Hit, Span


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence of a hit, as the reader judged it.

    `sentence` is a span of the article's text; `short` the part of it that answers, if the reader
    tells. `score` is the chance that the sentence answers, from 0 to 1; `alone` what it would be
    if no other answer stood against it, None if the reader does not tell.
    """

    hit: Hit
    sentence: Span
    score: float
    short: Span | None = None
    alone: float | None = None

    @property
    def unrivalled(self) -> float:
        """What counts where a question has several answers: `alone`, or else the score."""
        return self.score if self.alone is None else self.alone

    @property
    def text(self) -> str:
        """The sentence, word for word."""
        return self.hit.passage.text_at(self.sentence)


class Reader(Protocol):
    """Judges sentences. `threshold` is the score from which a sentence is taken for an answer."""

    @property
    def threshold(self) -> float:
        """A best reading below it means: the articles do not answer."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Every sentence of the hits, best first; none for no hits."""
