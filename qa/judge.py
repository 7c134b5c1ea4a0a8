"""One pass of the network over a question with each passage: what it says of every sentence."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from index.embedder import fast_bfloat16, packaged_folder
from index.errors import DamageError, ModelError, NotFoundError
from index.types import Article, Hit, Span
from qa.confidence import Judgement
from qa.spans import Window, best
from qa.tokens import Pair, Tokens, WordPieces, windows

if TYPE_CHECKING:
    from qa.network import Network

# Tokens that two windows on one passage share; one window shows any passage of ordinary size.
OVERLAP = 96
# Pairs in one pass of the network, of similar length.
BATCH = 8

log = logging.getLogger(__name__)


class Titles(Protocol):
    """Where the titles of articles come from."""

    def article(self, article_id: str) -> Article:
        """The stored article. Raises NotFoundError when it is gone."""


class Judged(NamedTuple):
    """One sentence of a hit; `short` is the best span inside it, None if it has no token."""

    hit: Hit
    sentence: Span
    short: Span | None
    judgement: Judgement


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
        self._weights = weights
        self._encoder = encoder
        self._sha256 = sha256
        self._max_tokens = max_tokens
        self._titles = titles
        self._loading = threading.Lock()

    def judge(self, question: str, hits: Sequence[Hit]) -> list[Judged]:
        """Every sentence of the hits, in their order; none for no hits.

        Raises ModelError if the weights are missing, altered or not those of a reader.
        """
        if not hits:
            return []
        with self._loading:
            pieces, network = self._loaded
        (asked,) = pieces.of([question])
        passages = pieces.of([hit.passage.text for hit in hits])
        titles = pieces.of([self._title(hit) for hit in hits])
        read = self._read(network, asked, passages, titles)
        return [
            _judged(hit, sentence, tokens, seen)
            for hit, tokens, seen in zip(hits, passages, read, strict=True)
            for sentence in hit.passage.sentences
        ]

    def _read(
        self,
        network: Network,
        question: Tokens,
        passages: Sequence[Tokens],
        titles: Sequence[Tokens],
    ) -> list[list[Window]]:
        pairs = [
            (number, pair)
            for number, (passage, title) in enumerate(zip(passages, titles, strict=True))
            for pair in windows(
                question.ids, passage.ids, title.ids, limit=self._max_tokens, overlap=OVERLAP
            )
        ]
        pairs.sort(key=lambda numbered: len(numbered[1].ids))
        found: list[list[Window]] = [[] for _ in passages]
        for at in range(0, len(pairs), BATCH):
            some = pairs[at : at + BATCH]
            made = _pass(network, [pair for _, pair in some])
            for (number, _), window in zip(some, made, strict=True):
                found[number].append(window)
        return found

    def _title(self, hit: Hit) -> str:
        if self._titles is None:
            return ""
        try:
            return self._titles.article(hit.passage.article_id).title
        except (NotFoundError, DamageError):  # nor will it be quoted
            return ""

    @cached_property
    def _loaded(self) -> tuple[WordPieces, Network]:
        check(self._weights, self._sha256)
        log.info("loading the reader %s", self._weights)
        from qa import network

        folder = self._encoder or packaged_folder()
        try:
            return WordPieces(folder), network.load(folder, self._weights)
        except Exception as error:  # torch, transformers and safetensors raise dozens of kinds
            raise ModelError(f"cannot load the reader {self._weights}: {error}") from error


def check(weights: Path, sha256: str) -> None:
    """Raises ModelError unless this is the file with that hash."""
    try:
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            f"{weights}: cannot be read ({error}): install article-qa again"
        ) from error
    if found != sha256:
        raise ModelError(
            f"{weights} has been altered: its SHA-256 is {found[:16]}…, not {sha256[:16]}…. "
            "Install article-qa again."
        )


def _pass(network: Network, pairs: Sequence[Pair]) -> Iterator[Window]:
    import torch

    from qa.network import collate

    batch = collate(pairs)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, fast_bfloat16()):
        logits = network(batch.ids, batch.types, batch.mask, batch.readable)
    start, end = logits.start.numpy(), logits.end.numpy()
    for row, pair in enumerate(pairs):
        shown = slice(pair.begin, pair.end)
        yield Window(
            pair.first,
            start[row, shown] - start[row, 0],
            end[row, shown] - end[row, 0],
            float(logits.relevance[row]),
        )


def _judged(hit: Hit, sentence: Span, tokens: Tokens, seen: Sequence[Window]) -> Judged:
    short, margin, relevance = best(hit.passage, sentence, tokens, seen)
    answer = hit.passage.text_at(short) if short else ""
    judgement = Judgement(hit.passage.article_id, answer, relevance, margin, hit.score)
    return Judged(hit, sentence, short, judgement)
