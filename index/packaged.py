"""The embedder that ships with the project: all-MiniLM-L6-v2, converted for OpenVINO in int8."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index import converted
from index.embedder import (
    PACKAGED,
    PACKAGED_SHA256,
    Embedder,
    SentenceTransformerEmbedder,
    Vectors,
    unit,
)
from index.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

# What `python -m training quantise embedder` made, with the model's own tokenizer.
FOLDER = Path(__file__).parent / "weights" / "embedder"
TOKENIZER = "tokenizer.json"
# The word embeddings, float16 (30522, 384); the reader has the same.
WORDS = "words.npy"

CLS, SEP = 101, 102
_MAX_TOKENS = 256
_DIMENSIONS = 384
# Tokens in one pass of the network, with padding: with twice as many it is no faster, and takes 45
# MB more.
_BATCH_TOKENS = 1_024
# Questions are padded to a multiple of so many tokens: 99 of 100 have one length then, and a pass
# takes half as long as after one of another length.
_QUESTION_TOKENS = 40

Words = NDArray[np.float16]

log = logging.getLogger(__name__)


def named(name: str = PACKAGED) -> Embedder:
    """The embedder of that name; not loaded yet. See SentenceTransformerEmbedder for names."""
    return PackagedEmbedder() if name == PACKAGED else SentenceTransformerEmbedder(name)


class PackagedEmbedder:
    """all-MiniLM-L6-v2 in int8; where OpenVINO cannot run it, as sentence-transformers runs it.

    Both have the same fingerprint and may be mixed in one collection: it names the weights, and
    what int8 makes of them has a cosine to fp32 of at least .99 (`tests/index/test_packaged.py`).
    Loaded at the first use and not before; may be used from many threads.
    """

    max_tokens = _MAX_TOKENS

    def __init__(
        self,
        folder: Path = FOLDER,
        otherwise: Callable[[], Embedder] = SentenceTransformerEmbedder,
    ) -> None:
        """`folder` holds the converted network; `otherwise` makes what is used without it."""
        self._folder = folder
        self._make_other = otherwise
        self._words: Words = np.zeros((0, _DIMENSIONS), np.float16)
        self._loading = threading.RLock()

    @property
    def fingerprint(self) -> str:
        """See Embedder."""
        return f"{PACKAGED}@{PACKAGED_SHA256[:16]}"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See Embedder."""
        tokenizer = self._tokenizer_or_none()
        if tokenizer is None:
            return self._other.count_tokens(texts)
        return [len(one.ids) for one in tokenizer.encode_batch(texts, add_special_tokens=False)]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See Embedder. Raises ModelError."""
        network = self._network_or_none()
        tokenizer = self._tokenizer_or_none() if network else None
        if network is None or tokenizer is None:
            return self._other.embed_passages(texts)
        ids = list(map(_whole, tokenizer.encode_batch(texts, add_special_tokens=False)))
        rows = np.zeros((len(texts), _DIMENSIONS), np.float32)
        batches = list(_batches([len(one) for one in ids]))

        def inputs(batch: NDArray[np.intp]) -> converted.Inputs:
            tokens, mask = converted.padded([ids[n] for n in batch])
            return self._words[tokens], mask

        for batch, (made,) in zip(batches, network.run(batches, inputs), strict=True):
            rows[batch] = made
        return unit(rows)

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        network = self._asking_or_none()
        tokenizer = self._tokenizer_or_none() if network else None
        if network is None or tokenizer is None:
            return self.embed_passages(texts)  # this model has no prompts
        rows = np.zeros((len(texts), _DIMENSIONS), np.float32)
        for row, text in zip(rows, texts, strict=True):
            ids = _whole(tokenizer.encode(text, add_special_tokens=False))
            tokens, mask = converted.padded([ids], _QUESTION_TOKENS)
            row[:] = network.infer((self._words[tokens], mask))[0][0]
        return unit(rows)

    def _tokenizer_or_none(self) -> Tokenizer | None:
        with self._loading:
            return self._tokenizer

    def _network_or_none(self) -> converted.Network | None:
        with self._loading:
            return self._network

    def _asking_or_none(self) -> converted.Network | None:
        with self._loading:
            return self._asking

    @cached_property
    def _other(self) -> Embedder:
        return self._make_other()

    @cached_property
    def _tokenizer(self) -> Tokenizer | None:
        try:
            return tokenizer(self._folder)
        except ModelError as error:
            log.warning("%s; using the slower one of sentence-transformers", error)
            return None

    @cached_property
    def _network(self) -> converted.Network | None:
        return self._compiled(converted.MANY)

    @cached_property
    def _asking(self) -> converted.Network | None:
        return self._compiled(converted.ONE)

    def _compiled(self, texts: str) -> converted.Network | None:
        try:
            self._words = words(self._folder)
            return converted.load(self._folder, PACKAGED_SHA256, texts)
        except Exception as error:  # OpenVINO raises RuntimeError for whatever it cannot do here
            log.warning("the embedder runs without OpenVINO, which is slower: %s", error)
            return None


@lru_cache(2)
def tokenizer(folder: Path = FOLDER) -> Tokenizer:
    """The model's tokenizer, without limit and without padding; the reader has the same one.

    Raises ModelError.
    """
    return _unlimited(converted.Description.of(folder).check(folder, TOKENIZER))


def tokenizer_in(folder: Path) -> Tokenizer:
    """The same for the tokenizer of any other folder, whose hash nobody has said."""
    return _unlimited(folder / TOKENIZER)


@lru_cache(2)
def words(folder: Path = FOLDER) -> Words:
    """The word embeddings by token, which the converted networks take instead of tokens.

    Not in the networks, which would have them in float32 once each: mapped, a row is read when it
    is used. Raises ModelError.
    """
    path = converted.Description.of(folder).check(folder, WORDS)
    table: Words = np.load(path, mmap_mode="r", allow_pickle=False)
    return table


def _unlimited(path: Path) -> Tokenizer:
    # Read when many texts are tokenised at once: without it, a warning at a fork afterwards, and
    # the web server forks.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(path))
    made.no_truncation()
    made.no_padding()
    return made


def _whole(encoded: Encoding) -> list[int]:
    return [CLS, *encoded.ids[: _MAX_TOKENS - 2], SEP]


def _batches(lengths: Sequence[int]) -> Iterator[NDArray[np.intp]]:
    """Positions of texts of similar length, the longest first: they decide when all is done."""
    order = np.argsort(lengths, kind="stable")[::-1]
    start = 0
    while start < len(order):
        end = start + max(_BATCH_TOKENS // converted.rounded(lengths[order[start]]), 1)
        yield order[start:end]
        start = end
