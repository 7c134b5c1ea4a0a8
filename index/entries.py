"""What goes into the store, and what it knows of an origin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from index.embedder import Vectors
from index.types import Article, Passage, Span


class Stored(NamedTuple):
    """A passage as it is stored, its vector (d,), and the date of its article."""

    passage: Passage
    vector: Vectors
    published: date | None


class NewPassage(NamedTuple):
    """A passage before the store gives it an id.

    `input_sha256` is the hash of what was embedded: the same input need not be embedded again.
    """

    sentences: tuple[Span, ...]
    input_sha256: str
    vector: Vectors


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article with all its passages; `file_sha256` tells an unchanged file without parsing.

    `moved_from` is the id of the article that it was, where its origin has moved.
    """

    article: Article
    file_sha256: str
    passages: tuple[NewPassage, ...]
    moved_from: str = ""


class Known(NamedTuple):
    """What was read from `origin`: the article, and the hash of the file."""

    article: Article
    file_sha256: str
    origin: str

    @property
    def is_copy(self) -> bool:
        """Whether the article stands under another origin."""
        return self.article.origin != self.origin
