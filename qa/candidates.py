"""What tells that a question means a word of the turns before it: the network, and where it stands.

A network that has read few conversations between people knows their pronouns and names better than
their habits. The habits are few, so a logistic regression over the network's log odds and these
features knows them from few conversations: see training/weighing.py.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.terms import STOP_WORDS, stems, words
from qa.turns import Earlier, Told, Word

# Beside the stop words of search, words that no question leaves to another: they count, compare and
# join, or belong to talking itself ("Can you tell me more?").
NO_TERMS = STOP_WORDS | frozenset(
    """above across again against almost along already although always among another anyway
    apart around away below beside besides better between beyond both cannot come comes coming
    different doesn don down during each either else enough especially etc even ever every
    except few fewer gave get gets getting give given gives go goes going gone got hence however
    instead just keep know later least less let like lot lots made mainly make makes making many
    maybe mean means might more most mostly much must need needs neither never next nor now off
    often ok okay once one ones only onto other others otherwise out over part perhaps please
    quite rather really regarding related same seem seems several shall since sometimes soon
    still sure take taken takes taking tell thank thanks therefore thing things think though
    through throughout thus together told too took toward towards under unless until up upon
    use used uses using usually various very via want wants well went whether within without
    wonder yes yet""".split()
)
FEATURES = (
    # Log odds of the network: the highest of all places, their mean, the highest of a neighbour.
    "highest", "mean", "beside",
    # In the first question, the last, any; how many questions ago, in how many, in what share.
    "first", "last", "asked", "ago", "times", "share",
    # In the last answer, in its first sentence, the logarithm of how often, in earlier answers.
    "answered", "beginning", "often", "answered before",
    # A capital inside a sentence; the rank of its rarest word piece (logarithm), several pieces,
    # letters, a number.
    "name", "rarity", "pieces", "length", "number",
    # The question: has a pronoun; has no words of its own, at most 1, 2, 3, how many; turns before.
    "pronoun", "none", "one", "two", "three", "own", "turns", "second",
)  # fmt: skip
_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|he|him|his|she|her|this|that|these|those|there|ones?|such|some"
    r"|others?)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=[a-z,] )[A-Z]\w+")
_SENTENCE = re.compile(r"[.?!]\s")
_FARTHEST = 8
# Of a word without one that could be a term beside it: as unlikely as the network says of most.
_UNLIKELY = -6.0

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the logistic regression: one for each of FEATURES, and the bias."""

    bias: float
    features: tuple[float, ...]

    @classmethod
    def of(cls, row: Mapping[str, float]) -> Weights:
        """From the settings. Raises KeyError, TypeError or ValueError if they are not whole."""
        return cls(float(row["bias"]), tuple(float(row[name]) for name in FEATURES))

    def log_odds(self, candidate: Vector) -> float:
        """Whether the question means the candidate."""
        return self.bias + float(np.dot(candidate, np.array(self.features, np.float32)))


NETWORK_ALONE = Weights(0.0, tuple(float(name == "highest") for name in FEATURES))


def candidates(
    question: str, turns: Sequence[Earlier], shown: Told, logits: Vector
) -> dict[str, Vector]:
    """The features of every stem that may be a term, in the order of FEATURES.

    `logits` (tokens,) are what the network says of `shown`.
    """
    places = _places(question, turns, shown)
    possible = {word for standing in places.values() for word in standing}
    likely = {word: float(logits[slice(*word.tokens)].max()) for word in possible}
    beside = _beside(shown.words, likely)
    said = _Said(turns)
    own = len([word for word in words(question) if word not in NO_TERMS])
    of_question = [
        bool(_PRONOUN.search(question)), own == 0, own <= 1, own <= 2, own <= 3, own / 5,
        min(len(said.asked), _FARTHEST) / _FARTHEST, len(said.asked) == 1,
    ]  # fmt: skip
    found = {}
    for stem, mine in places.items():
        odds = [likely[word] for word in mine]
        first = mine[0]
        ids = shown.pair.ids[slice(*first.tokens)]
        text = turns[first.turn].text[slice(*first.span)]
        row = [
            max(odds), sum(odds) / len(odds), max(beside[word] for word in mine), *said.of(stem),
            np.log1p(float(ids.max())), len(ids) > 1, len(text) / 8, text[0].isdigit(),
            *of_question,
        ]  # fmt: skip
        found[stem] = np.array(row, np.float32)
    return found


def _places(question: str, turns: Sequence[Earlier], shown: Told) -> dict[str, list[Word]]:
    """Where the stems stand that may be terms and that the question does not name itself."""
    asked = set(stems(question))
    places: dict[str, list[Word]] = defaultdict(list)
    for word in shown.words:
        text = turns[word.turn].text[slice(*word.span)]
        if text.lower() in NO_TERMS:
            continue
        mine = stems(text)
        if asked.isdisjoint(mine):
            for stem in dict.fromkeys(mine):
                places[stem].append(word)
    return places


def _beside(order: Sequence[Word], likely: Mapping[Word, float]) -> dict[Word, float]:
    beside = {}
    for at, word in enumerate(order):
        near = [order[n] for n in (at - 1, at + 1) if 0 <= n < len(order)]
        odds = [likely[one] for one in near if one.turn == word.turn and one in likely]
        beside[word] = max(odds, default=_UNLIKELY)
    return beside


class _Said:
    """What was asked and answered, as stems."""

    def __init__(self, turns: Sequence[Earlier]) -> None:
        self.asked = [set(stems(turn.text)) for turn in turns if turn.asked]
        last = max((n for n, turn in enumerate(turns) if turn.asked), default=-1)
        answer = " ".join(turn.text for turn in turns[last + 1 :])
        before = " ".join(turn.text for turn in turns[: last + 1] if not turn.asked)
        self._answer = Counter(stems(answer))
        self._beginning = set(stems(_SENTENCE.split(answer, maxsplit=1)[0]))
        self._before = set(stems(before))
        self._names = {
            stem
            for turn in turns
            for match in _NAME.finditer(turn.text)
            for stem in stems(match.group())
        }

    def of(self, stem: str) -> list[float]:
        """The features from "first" to "name"."""
        ages = [age for age, one in enumerate(reversed(self.asked)) if stem in one]
        return [
            bool(self.asked) and stem in self.asked[0], ages[:1] == [0], bool(ages),
            min(ages[0], _FARTHEST) if ages else _FARTHEST, len(ages),
            len(ages) / max(len(self.asked), 1),
            stem in self._answer, stem in self._beginning, float(np.log1p(self._answer[stem])),
            stem in self._before, stem in self._names,
        ]  # fmt: skip
