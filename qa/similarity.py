"""A reader without a trained model of its own: similarity, term coverage and passage score.

Each sentence gets a few features between 0 and 1 and, from them, the logistic probability that it
answers. The weights were fitted by `python -m training.similarity`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence, Set
from typing import NamedTuple, Protocol

import numpy as np

from index.embedder import Vectors
from index.folding import fold
from index.terms import content_words, stems, words
from index.types import Hit, Span
from qa.reader import Reading


class SentenceEmbedder(Protocol):
    """The part of an embedder that is needed here; rows have norm 1."""

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """float32 (n, d)."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """float32 (n, d)."""


class Features(NamedTuple):
    """What is known of one sentence; each from 0 to 1."""

    similarity: float  # cosine of sentence and question
    passage_similarity: float  # the highest cosine of any sentence of the passage
    coverage: float  # share of the question's terms that the sentence has
    passage_score: float  # the retriever's
    kind_missing: float  # the question word asks for a number, a date …, and there is none


WEIGHTS = Features(2.57, 3.62, 1.80, 3.00, -0.89)
BIAS = -9.18
# Answers nine of ten questions that the articles answer; no calibrated probability.
THRESHOLD = 0.09

_NUMBER = re.compile(
    r"\d[\d.,]*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|"
    r"dozens?|hundreds?|thousands?|millions?|billions?|half|twice|several|none)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:1\d|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
    r"|\b(?:today|yesterday|tonight|tomorrow|last|next|ago|week|month|year)\b"
)
_REASON = re.compile(
    r"\b(?:because|due to|in order to|so that|aimed? (?:at|to|is|was|of)|designed to|intended|"
    r"purpose|to (?:\w+)|since|as a result|reasons?|therefore|caused?)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z][\w’'-]+")
_PLACE = re.compile(
    r"\b(?:in|at|near|on|from|to|into|outside|inside|north|south|east|west) (?:the )?[A-Z]"
)

# What a question asks for by its words, and how a sentence shows that it has it.
_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"\bhow (?:many|much|long|far|old|large|big|high|heavy|fast|often)\b"), _NUMBER),
    (
        re.compile(r"\b(?:what|which) (?:number|percentage|share|proportion|amount|score)\b"),
        _NUMBER,
    ),
    (re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|time)\b"), _DATE),
    (re.compile(r"\bwhy\b|\bwhat (?:reason|purpose|aim)|\bfor what\b"), _REASON),
    (re.compile(r"\bwhere\b|\b(?:what|which) (?:city|town|country|place|region|river)\b"), _PLACE),
    (re.compile(r"\bwho(?:m|se)?\b"), _NAME),
)


class SimilarityReader:
    """Scores every sentence of the hits by its features."""

    threshold = THRESHOLD

    def __init__(self, embedder: SentenceEmbedder) -> None:
        self._embedder = embedder

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """See Reader. Equal scores keep the order of the hits."""
        features = self.features(question, hits)
        readings = [
            Reading(hit, span, probability(features[hit.passage.id, span]))
            for hit in hits
            for span in hit.passage.sentences
        ]
        return sorted(readings, key=lambda reading: -reading.score)

    def features(self, question: str, hits: Sequence[Hit]) -> dict[tuple[int, Span], Features]:
        """The features of every sentence, by passage id and span."""
        texts = [fold(text) for hit in hits for text in _sentences(hit)]
        if not texts:
            return {}
        vectors = iter(self._embedder.embed_passages(texts))
        asked = self._embedder.embed_questions([fold(question)])[0]
        needs = _Needs.of(question)
        rated: dict[tuple[int, Span], Features] = {}
        for hit in hits:
            cosines = [float(np.clip(next(vectors) @ asked, 0, 1)) for _ in _sentences(hit)]
            rated |= _rate(hit, cosines, needs)
        return rated


def probability(features: Features) -> float:
    """The logistic of the weighted sum."""
    weighted = sum(w * f for w, f in zip(WEIGHTS, features, strict=True))
    return 1 / (1 + math.exp(-(weighted + BIAS)))


class _Needs(NamedTuple):
    """What a question asks for, taken from its words alone."""

    words: frozenset[str]
    terms: frozenset[str]
    kinds: tuple[re.Pattern[str], ...]

    @classmethod
    def of(cls, question: str) -> _Needs:
        return cls(
            words=frozenset(words(question)),
            terms=frozenset(stems(" ".join(content_words(question)))),
            kinds=tuple(has for asks, has in _KINDS if asks.search(question.lower())),
        )


def _rate(hit: Hit, cosines: Sequence[float], needs: _Needs) -> dict[tuple[int, Span], Features]:
    rated = {}
    for span, text, cosine in zip(hit.passage.sentences, _sentences(hit), cosines, strict=True):
        found = any(_has(kind, text, needs) for kind in needs.kinds)
        rated[hit.passage.id, span] = Features(
            similarity=cosine,
            passage_similarity=max(cosines),
            coverage=_share(needs.terms, set(stems(text))),
            passage_score=min(max(hit.score, 0.0), 1.0),
            kind_missing=float(bool(needs.kinds) and not found),
        )
    return rated


def _has(kind: re.Pattern[str], text: str, needs: _Needs) -> bool:
    """Whether `text` has something of this kind that the question did not say itself."""
    return any(not needs.words.issuperset(words(match.group())) for match in kind.finditer(text))


def _share(wanted: Set[str], there: Set[str]) -> float:
    return len(wanted & there) / len(wanted) if wanted else 0.0


def _sentences(hit: Hit) -> list[str]:
    return [hit.passage.text_at(span) for span in hit.passage.sentences]
