"""The measures of SQuAD (Rajpurkar et al. 2016, 2018), and telling answered from unanswered."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

import numpy as np

from index.terms import words

_ARTICLES = frozenset(("a", "an", "the"))
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normal(answer: str) -> str:
    """In lower case, without punctuation, articles ("the") and doubled spaces."""
    return " ".join(
        re.sub(r"\b(?:a|an|the)\b", " ", answer.lower().translate(_PUNCTUATION)).split()
    )


def exact(given: str, answers: Sequence[str]) -> float:
    """1 if one of the answers was given; with no answers, 1 if nothing was."""
    return float(any(normal(given) == normal(answer) for answer in answers or ("",)))


def f1(given: str, answers: Sequence[str]) -> float:
    """The best overlap in words with one of the answers; with no answers, 1 for nothing given."""
    return max(_f1(normal(given).split(), normal(answer).split()) for answer in answers or ("",))


def holds(sentence: str, answers: Sequence[str]) -> bool:
    """Whether the words of one of the answers stand in the sentence, in a row.

    Not by `normal`, for which "Oregon's" is another word than "Oregon".
    """
    spoken = _spoken(sentence)
    return any(_spoken(answer) in spoken for answer in answers if _spoken(answer).strip())


def _spoken(text: str) -> str:
    return f" {' '.join(word for word in words(text) if word not in _ARTICLES)} "


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a positive has the higher score than a negative; ties count half."""
    ranked = np.sort(np.asarray(negative, np.float64))
    below = np.searchsorted(ranked, positive, "left")
    tied = np.searchsorted(ranked, positive, "right") - below
    return float((below + tied / 2).sum() / (len(positive) * len(negative)))


def best_threshold(
    scores: Sequence[float], kept: Sequence[float], refused: Sequence[float]
) -> float:
    """The score from which on to answer, so that the sum of what that brings is highest.

    `kept` is what each brings when it is answered, `refused` when it is not.
    """
    order = np.argsort(-np.asarray(scores, np.float64), kind="stable")
    gain = np.asarray(kept, np.float64)[order] - np.asarray(refused, np.float64)[order]
    total = np.cumsum(gain)
    best = int(total.argmax())
    return float(scores[order[best]]) if total[best] > 0 else float("inf")


def _f1(given: Sequence[str], answer: Sequence[str]) -> float:
    if not given or not answer:
        return float(given == answer)
    same = (Counter(given) & Counter(answer)).total()
    return 2 * same / (len(given) + len(answer))
