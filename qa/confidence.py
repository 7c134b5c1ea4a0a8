"""What the network says of every sentence -> the probability that each one answers.

Every sentence is rated by a weighted sum first. Its probability is the logistic of a second one,
which also knows how the rest went: whether other articles give the same answer, and how far it is
ahead of other answers. The weights of both are fitted by `python -m training calibrate`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qa.agreement import spoken

Floats = NDArray[np.float64]

# Agreement is counted with shares flatter than the ratings say, and is never less than LEAST.
# Measured on the news questions of 2022-2023: 0 to .5 and .003 to .03 are alike.
FLATTER = 0.25
LEAST = 0.01
# From this overlap on, two short answers are one: the words in common by all words of both.
SAME = 0.5
# The mean of the news questions: where one article was found, no other can agree or disagree.
ALONE = -3.5


class Judgement(NamedTuple):
    """What the network says of one sentence.

    `answer` is the best span in it, as it stands. `relevance` is the log odds that the passage
    answers, `margin` the logits of the answer over those of "no answer here", `retrieval` the
    score of the hit.
    """

    article_id: str
    answer: str
    relevance: float
    margin: float
    retrieval: float


@dataclass(frozen=True, slots=True)
class Rating:
    """Weights of what speaks for one sentence against the others of the same question."""

    relevance: float
    margin: float
    retrieval: float
    agreement: float


@dataclass(frozen=True, slots=True)
class Probability:
    """Weights of the log odds that a sentence answers."""

    relevance: float
    margin: float
    retrieval: float
    agreement: float
    lead: float
    bias: float


@dataclass(frozen=True, slots=True)
class Combination:
    """All weights."""

    rating: Rating
    probability: Probability

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Combination:
        """From what `asdict` makes. Raises KeyError, TypeError or ValueError."""
        return cls(
            Rating(**{name: float(value) for name, value in row["rating"].items()}),
            Probability(**{name: float(value) for name, value in row["probability"].items()}),
        )


class Score(NamedTuple):
    """The probability that a sentence is right: against the others, and `alone`, without a rival.

    Alone, no other answer stands against it: it leads as far as the one that leads furthest.
    """

    probability: float
    alone: float


def scores(judgements: Sequence[Judgement], combination: Combination) -> list[Score]:
    """One for each sentence, in order; `judgements` are all of one question."""
    if not judgements:
        return []
    known = features(judgements, combination.rating)
    *weights, bias = asdict(combination.probability).values()
    log_odds = known @ np.array(weights) + bias
    lead = known[:, -1]
    alone = log_odds + combination.probability.lead * (lead.max() - lead)
    return [Score(*map(_logistic, both)) for both in zip(log_odds, alone, strict=True)]


def _logistic(log_odds: float) -> float:
    return float((1 + np.tanh(log_odds / 2)) / 2)  # never too large for a float


def features(judgements: Sequence[Judgement], rating: Rating) -> Floats:
    """(n, 5), the columns in the order of Probability.

    Agreement is the log of the share of the other articles' sentences with the same answer, of
    each article the best. Lead is the log odds of all sentences with this answer against those
    with another.
    """
    own = np.array([one[2:] for one in judgements], np.float64)
    alike = _overlaps([one.answer for one in judgements])
    rated = own @ np.array([rating.relevance, rating.margin, rating.retrieval])
    shares = np.exp(FLATTER * (rated - rated.max()))
    articles = np.array([one.article_id for one in judgements])
    others = _agreement(alike * (shares / shares.sum()), articles)
    rated = rated + rating.agreement * others
    weight = np.exp(rated - rated.max())
    same = (alike >= SAME) | np.eye(len(judgements), dtype=bool)
    lead = np.log(same @ weight + LEAST) - np.log(~same @ weight + LEAST)
    return np.column_stack([own, others, lead])


def _agreement(supports: Floats, articles: NDArray[np.str_]) -> Floats:
    """(n,) from (n, n): what each other sentence lends to each."""
    distinct = sorted(set(articles.tolist()))
    if len(distinct) == 1:
        return np.full(len(articles), ALONE)
    total = np.zeros(len(articles))
    for article in distinct:
        its = articles == article
        total += np.where(its, 0.0, supports[:, its].max(axis=1))
    return np.log(total + LEAST)


def _overlaps(answers: Sequence[str]) -> Floats:
    """(n, n) Jaccard overlaps of the answers' words; 0 for those without any."""
    said = [spoken(answer) for answer in answers]
    places = {word: n for n, word in enumerate(sorted(frozenset().union(*said)))}
    has = np.zeros((len(said), max(len(places), 1)))
    for row, its in enumerate(said):
        has[row, [places[word] for word in its]] = 1
    common = has @ has.T
    sizes = has.sum(axis=1)
    return np.asarray(common / np.maximum(sizes[:, None] + sizes - common, 1), np.float64)
