"""Which words of the earlier turns belong to a question: term resolution.

In the manner of QuReTeC (Voskarides et al. 2020, arXiv 2005.11723): a network reads the question
with the turns before it and says of every word of these whether the question means it, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.terms import STOP_WORDS, stems
from index.types import Span
from qa.candidates import NETWORK_ALONE, NO_TERMS, Weights, candidates
from qa.passes import Model
from qa.phrases import names, things
from qa.tokens import Pair, WordPieces
from qa.turns import Earlier, Word, told

# The weights that ship with the project.
WEIGHTS, CONFIG = "resolver.safetensors", "config.json"
PACKAGED = Path(__file__).parent / "weights" / "resolver"
_WORD_NEXT = re.compile(r"\s([^\W\d_]+)")
_ARTICLE_WORDS = frozenset(("the", "a", "an"))
# Words inside a phrase: "the Institute for the Study of War".
_LINKS = frozenset(("of", "the", "for", "and", "in", "on", "to", "de", "la"))


_LONGEST_NAME = 3  # words, of those that may be terms


class Terms(Protocol):
    """A network with a head for terms."""

    def terms(self, pair: Pair) -> NDArray[np.float32]:
        """(tokens,) for each token of the pair, the log odds that the question means it."""


class Term(NamedTuple):
    """Neighbouring words of one earlier turn that the question means; how likely it does."""

    turn: int
    span: Span
    text: str
    probability: float


class Resolver:
    """Marks the terms of follow-ups. May be used from many threads."""

    def __init__(
        self,
        load: Callable[[], tuple[WordPieces, Terms]],
        threshold: float,
        weights: Weights = NETWORK_ALONE,
    ) -> None:
        """`load` gives tokenizer and network; it is first called when a follow-up is asked.

        A word is marked if the question means it with a probability from `threshold` on; `weights`
        say how likely that is.
        """
        self._load = load
        self._threshold = threshold
        self._weights = weights

    def terms(self, question: str, turns: Sequence[Earlier]) -> list[Term]:
        """What the question leaves to the turns (oldest first), each thing once, where it was
        said last; in the order of the turns. Nothing that the question names itself. Raises
        ModelError if the network cannot be loaded.
        """
        pieces, network = self._load()
        texts = [turn.text for turn in turns]
        shown = told(pieces, question, texts)
        if not shown.words:
            return []
        found = candidates(question, turns, shown, network.terms(shown.pair))
        odds = {stem: self._weights.log_odds(one) for stem, one in found.items()}
        possible: list[tuple[Word, float]] = []
        for word in shown.words:
            text = texts[word.turn][word.span.start : word.span.end]
            mine = [odds[stem] for stem in stems(text) if stem in odds]
            if text.lower() not in NO_TERMS and mine:
                possible.append((word, 1 / (1 + float(np.exp(-max(mine))))))
        likely = [one for one in possible if one[1] >= self._threshold]
        return _once(_clipped(_joined(_whole(likely, possible, turns), texts), turns))


def resolver(folder: Path = PACKAGED, encoder: Path | None = None) -> Resolver:
    """The resolver in `folder`. Raises ModelError if its settings are not there or not whole."""
    path = folder / CONFIG
    try:
        row = json.loads(path.read_text("utf-8"))
        sha256, threshold = str(row["sha256"]), float(row["threshold"])
        weights = Weights.of(row["weights"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(
            f"{path}: not the settings of a resolver ({error!r}): install article-qa again"
        ) from error
    return Resolver(Model(folder / WEIGHTS, sha256, encoder).loaded, threshold, weights)


def _whole(
    likely: Sequence[tuple[Word, float]],
    possible: Sequence[tuple[Word, float]],
    turns: Sequence[Earlier],
) -> list[tuple[Word, float]]:
    """With the other words of names that were asked about: "Velder Flame" where "Flame" is likely.

    Not of what was quoted: headings have capitals, too.
    """
    kept = set(likely)
    for turn in {word.turn for word, _ in likely if turns[word.turn].asked}:
        for name in names(turns[turn].text):
            inside = [
                one
                for one in possible
                if one[0].turn == turn and name.start <= one[0].span.start < name.end
            ]
            if len(inside) <= _LONGEST_NAME and not kept.isdisjoint(inside):
                kept.update(inside)
    return sorted(kept, key=lambda one: (one[0].turn, one[0].span))


def _joined(likely: Sequence[tuple[Word, float]], turns: Sequence[str]) -> list[Term]:
    """Words with nothing but links between them as one term, with a "the" before it."""
    terms: list[Term] = []
    for word, probability in likely:
        text = turns[word.turn]
        if terms and terms[-1].turn == word.turn:
            between = text[terms[-1].span.end : word.span.start]
            linked = between == "-" or (
                all(link in _LINKS for link in between.split()) and len(between) < 12
            )
            owner = between in ("'s ", "’s ") and text[word.span.start].isupper()
            if linked or owner:  # "Boar's Head"
                before = terms.pop()
                span = Span(before.span.start, word.span.end)
                least = max(before.probability, probability)
                terms.append(Term(word.turn, span, text[span.start : span.end], least))
                continue
        start = word.span.start
        before_it = text[:start].split()
        if before_it and before_it[-1].lower() in _ARTICLE_WORDS and text[start - 1] == " ":
            start -= len(before_it[-1]) + 1
        span = Span(start, word.span.end)
        terms.append(Term(word.turn, span, text[span.start : span.end], probability))
    return [_without_article(term, turns[term.turn]) for term in terms]


def _clipped(terms: Sequence[Term], turns: Sequence[Earlier]) -> list[Term]:
    """Of what was asked about, the thing without the verb beside it: "the strike" of "the strike
    developed"; and no verb alone, if a thing is meant, too."""
    made, verbs = [], []
    for term in terms:
        if not turns[term.turn].asked:
            made.append(term)
            continue
        text = turns[term.turn].text
        inside = [
            one for one in things(text) if one.start < term.span.end and term.span.start < one.end
        ]
        if not inside:
            verbs.append(term)
            continue
        start = max(term.span.start, min(one.start for one in inside))
        end = min(term.span.end, max(one.end for one in inside))
        made.append(term._replace(span=Span(start, end), text=text[start:end]))
    return made or verbs


def _without_article(term: Term, text: str) -> Term:
    """Of "the Kursk region" where "region" is not marked: "Kursk"."""
    first, _, rest = term.text.partition(" ")
    follows = _WORD_NEXT.match(text[term.span.end :])
    if not rest or first.lower() not in _ARTICLE_WORDS or not follows:
        return term
    if follows[1].lower() in NO_TERMS or follows[1].endswith(("ed", "ing")):
        return term
    span = Span(term.span.end - len(rest), term.span.end)
    return term._replace(span=span, text=rest)


def _once(terms: Sequence[Term]) -> list[Term]:
    """Without those whose words another one has, too; of equal ones the last stays."""
    kept: list[Term] = []
    known: set[str] = set()
    for term in sorted(terms, key=lambda term: (-len(set(stems(term.text))), -term.turn)):
        words = {stem for stem in stems(term.text) if stem not in STOP_WORDS}
        if not words <= known:
            kept.append(term)
            known |= words
    return sorted(kept, key=lambda term: (term.turn, term.span))
