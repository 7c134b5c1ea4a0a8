"""Small real implementations of the seams, for tests."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from index.embedder import Vectors

_TOKEN = re.compile(r"\w+|[^\w\s]")
_WORD = re.compile(r"\w+")


class WordEmbedder:
    """An Embedder whose cosine is the share of words that two texts have in common.

    A hashed bag of words, the same in every process. Tokens are marks and parts of words of four
    characters, so that they add up over text cut at white space, as those of WordPiece do.
    """

    def __init__(
        self, *, dimensions: int = 256, max_tokens: int = 256, name: str = "words"
    ) -> None:
        self.dimensions = dimensions
        self.max_tokens = max_tokens
        self.name = name
        self.embedded: list[str] = []  # every passage ever embedded, in order
        self.calls = 0  # of anything that would need a loaded model

    @property
    def fingerprint(self) -> str:
        return f"{self.name}-{self.dimensions}"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        self.calls += 1
        return [sum(-(-len(part) // 4) for part in _TOKEN.findall(text)) for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        return self._vectors(texts)

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        return self._vectors(texts)

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        self.calls += 1
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            # A text without words has the vector of the empty word: no row may be zero.
            for word in _WORD.findall(text.lower()) or [""]:
                row[zlib.crc32(word.encode()) % self.dimensions] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)
