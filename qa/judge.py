"""One pass of the network over a question with each passage: what it says of every sentence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from index.errors import DamageError, NotFoundError
from index.terms import content_words, stems
from index.types import Article, Hit, Span
from qa.confidence import Judgement
from qa.passes import Model, Passes, shared_out
from qa.remembering import Read, Remembered
from qa.spans import Window, best
from qa.tokens import Tokens, windows

# Tokens that two windows on one passage share; one window shows any passage of ordinary size.
OVERLAP = 96
# A question of fewer words, without stop words, says too little by them.
FEW_WORDS = 4


class Titles(Protocol):
    """Where the titles of articles come from."""

    def article(self, article_id: str) -> Article:
        """The stored article. Raises NotFoundError when it is gone."""


class Judged(NamedTuple):
    """One sentence of a hit; `short` is the best span inside it, None if it has no token.

    `shared` is the share of the question's words that stand in the passage or its title; 1 for a
    question of few words, which may well be asked in others than the article's.
    """

    hit: Hit
    sentence: Span
    short: Span | None
    judgement: Judgement
    shared: float


class Judge:
    """Reads with the network of one weights file, which is loaded at the first use.

    May be used from many threads.
    """

    def __init__(
        self,
        weights: Path,
        sha256: str,
        max_tokens: int,
        titles: Titles | None = None,
        encoder: Path | None = None,
    ) -> None:
        """`max_tokens` of question, title and passage are read at once; more of a passage, in
        windows. Without `titles` no title is read. `encoder` is the folder with the encoder's
        settings, tokenizer and word embeddings; without it, the packaged embedder's.
        """
        self._model = Model(weights, sha256, encoder)
        self._max_tokens = max_tokens
        self._titles = titles
        self._remembered = Remembered()

    def load(self) -> None:
        """Load the network now. Raises ModelError."""
        self._model.loaded()

    def judge(self, question: str, hits: Sequence[Hit]) -> list[Judged]:
        """Every sentence of the hits, in their order; none for no hits.

        Raises ModelError if the weights are missing, altered or not those of a reader.
        """
        if not hits:
            return []
        pieces, network = self._model.loaded()
        (asked,) = pieces.of([question])
        passages = pieces.of([hit.passage.text for hit in hits])
        named = [self._title(hit) for hit in hits]
        read = self._read(network, asked, passages, pieces.of(named))
        told = set(stems(" ".join(content_words(question))))
        shared = [
            _share(told, f"{title}\n{hit.passage.text}")
            for hit, title in zip(hits, named, strict=True)
        ]
        return [
            _judged(hit, sentence, tokens, seen, share)
            for hit, tokens, seen, share in zip(hits, passages, read, shared, strict=True)
            for sentence in hit.passage.sentences
        ]

    def _read(
        self,
        network: Passes,
        question: Tokens,
        passages: Sequence[Tokens],
        titles: Sequence[Tokens],
    ) -> list[Sequence[Window]]:
        """What the network says of each passage; equal ones are read once, known ones not."""
        shown = list(zip(passages, titles, strict=True))
        asked = question.ids.tobytes()
        reads = [(asked, passage.ids.tobytes(), title.ids.tobytes()) for passage, title in shown]
        found = self._remembered.known(reads)
        pairs = [
            (read, pair)
            for read, (passage, title) in dict(zip(reads, shown, strict=True)).items()
            if read not in found
            for pair in windows(
                question.ids, passage.ids, title.ids, limit=self._max_tokens, overlap=OVERLAP
            )
        ]
        pairs.sort(key=lambda one: -len(one[1].ids))
        batches = shared_out(pairs, network)
        made = network.run([[pair for _, pair in batch] for batch in batches])
        fresh: dict[Read, list[Window]] = {read: [] for read, _ in pairs}
        for batch, seen in zip(batches, made, strict=True):
            for (read, _), window in zip(batch, seen, strict=True):
                fresh[read].append(window)
        self._remembered.keep(fresh)
        found |= fresh
        return [found[read] for read in reads]

    def _title(self, hit: Hit) -> str:
        if self._titles is None:
            return ""
        try:
            return self._titles.article(hit.passage.article_id).title
        except (NotFoundError, DamageError):  # nor will it be quoted
            return ""


def _share(told: set[str], text: str) -> float:
    if len(told) < FEW_WORDS:
        return 1.0
    return len(told.intersection(stems(text))) / len(told)


def _judged(
    hit: Hit, sentence: Span, tokens: Tokens, seen: Sequence[Window], shared: float
) -> Judged:
    short, margin, relevance = best(hit.passage, sentence, tokens, seen)
    answer = hit.passage.text_at(short) if short else ""
    judgement = Judgement(hit.passage.article_id, answer, relevance, margin, hit.score)
    return Judged(hit, sentence, short, judgement, shared)
