"""Passes of the reader's network over pairs: in int8 by OpenVINO, or else by torch."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from index import converted, packaged
from index.embedder import fast_bfloat16, packaged_folder
from index.errors import ModelError
from index.packaged import Words
from qa.spans import Window
from qa.tokens import Pair, WordPieces

if TYPE_CHECKING:
    from qa.network import Logits as NetworkLogits
    from qa.network import Network

Logits = NDArray[np.float32]
_T = TypeVar("_T")

log = logging.getLogger(__name__)


class Passes(Protocol):
    """Runs the network. `batch` is how many pairs at once are fastest."""

    @property
    def batch(self) -> int:
        """Pairs in one pass; of similar length, or time goes into padding."""

    @property
    def at_once(self) -> int:
        """Passes that run at the same time."""

    def run(self, batches: Sequence[Sequence[Pair]]) -> Iterator[list[Window]]:
        """What the network says of the passages of each batch, in order."""

    def terms(self, pair: Pair) -> Logits:
        """(tokens,) of one question with earlier turns: see qa.resolver.Terms."""


class ConvertedPasses:
    """In int8, by OpenVINO; several batches at once."""

    batch = 3

    def __init__(self, network: converted.Network, words: Words) -> None:
        """`words` are the word embeddings that the network was trained with."""
        self.at_once = network.streams
        self._network = network
        self._words = words

    def run(self, batches: Sequence[Sequence[Pair]]) -> Iterator[list[Window]]:
        """See Passes."""
        made = self._network.run(batches, lambda pairs: inputs(pairs, self._words))
        for pairs, (spans, relevance, _) in zip(batches, made, strict=True):
            yield _windows(pairs, spans[..., 0], spans[..., 1], relevance[:, 0])

    def terms(self, pair: Pair) -> Logits:
        """See Passes."""
        ((_, _, terms),) = self._network.run([pair], lambda one: inputs([one], self._words))
        return terms[0, :, 0]


class TorchPasses:
    """In bf16 where the CPU multiplies in it, by torch, which uses all cores for one batch."""

    batch, at_once = 8, 1

    def __init__(self, network: Network, *, in_full: bool = False) -> None:
        """`in_full` is in fp32 wherever that is."""
        self._network = network
        self._narrow = not in_full and fast_bfloat16()

    def run(self, batches: Sequence[Sequence[Pair]]) -> Iterator[list[Window]]:
        """See Passes."""
        for pairs in batches:
            made = self._logits(pairs)
            yield _windows(pairs, made.start.numpy(), made.end.numpy(), made.relevance.numpy())

    def terms(self, pair: Pair) -> Logits:
        """See Passes."""
        made: Logits = self._logits([pair]).term[0].numpy()
        return made

    def _logits(self, pairs: Sequence[Pair]) -> NetworkLogits:
        import torch

        from qa.network import collate

        batch = collate(pairs)
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, self._narrow):
            made: NetworkLogits = self._network(batch.ids, batch.types, batch.mask, batch.readable)
        return made


class Model:
    """A trained network with its tokenizer, loaded at the first use; for many threads."""

    def __init__(self, weights: Path, sha256: str, encoder: Path | None = None) -> None:
        """`sha256` is that of the file `weights`; for `encoder` see `load`."""
        self._weights = weights
        self._sha256 = sha256
        self._encoder = encoder
        self._loading = threading.Lock()
        self._made: tuple[WordPieces, Passes] | None = None

    def loaded(self) -> tuple[WordPieces, Passes]:
        """Both. Raises ModelError if the weights are missing, altered or of another network."""
        with self._loading:
            if self._made is None:
                log.info("loading %s", self._weights)
                network = load(self._weights, self._sha256, self._encoder)
                self._made = WordPieces(self._encoder), network
            return self._made


def shared_out(pairs: Sequence[_T], network: Passes) -> list[Sequence[_T]]:
    """Batches of pairs, the longest of them first, which keep all that runs at once as busy.

    So many that each of those gets the same number, and of nearly the same size.
    """
    rounds = -(-len(pairs) // (network.batch * network.at_once))
    count = min(rounds * network.at_once, len(pairs))
    ends = [-(-len(pairs) * n // count) for n in range(count + 1)] if pairs else []
    return [pairs[start:end] for start, end in pairwise(ends)]


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


def load(weights: Path, sha256: str, encoder: Path | None = None) -> Passes:
    """The network of these weights: the converted one beside them, if it was made from them.

    Then the weights themselves are not read, nor is their hash compared. `encoder` is the folder
    of the encoder that they were trained on; the packaged embedder's if none is named. Raises
    ModelError.
    """
    try:
        return ConvertedPasses(converted.load(weights.parent, sha256), packaged.words())
    except Exception as error:  # OpenVINO raises RuntimeError for whatever it cannot do here
        log.warning("the reader runs without OpenVINO, which is slower: %s", error)
    check(weights, sha256)
    try:
        from qa import network

        return TorchPasses(network.load(encoder or packaged_folder(), weights))
    except ImportError as error:
        raise ModelError(
            f"cannot load the reader {weights}: {error}. Without OpenVINO it needs torch: "
            "install article-qa again"
        ) from error
    except Exception as error:  # torch, transformers and safetensors raise dozens of kinds
        raise ModelError(f"cannot load the reader {weights}: {error}") from error


def inputs(
    pairs: Sequence[Pair], words: Words, multiple: int = converted.LENGTHS
) -> converted.Inputs:
    """Embedded words (n, tokens, size), mask and types (n, tokens) of padded pairs: what the
    converted network takes. For `multiple` see `converted.padded`."""
    ids, mask = converted.padded([pair.ids for pair in pairs], multiple)
    types = np.zeros_like(ids)
    for row, pair in enumerate(pairs):
        types[row, pair.asked : len(pair.ids)] = 1
    return words[ids], mask, types


def _windows(pairs: Sequence[Pair], start: Logits, end: Logits, relevance: Logits) -> list[Window]:
    made = []
    for row, pair in enumerate(pairs):
        shown = slice(pair.begin, pair.end)
        none = start[row, 0], end[row, 0]
        made.append(
            Window(
                pair.first,
                start[row, shown] - none[0],
                end[row, shown] - none[1],
                float(relevance[row]),
            )
        )
    return made
