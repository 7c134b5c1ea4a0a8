"""An article -> its passages, and what is embedded for each of them -> vectors."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.embedder import Embedder, Vectors
from index.entries import NewArticle, NewPassage
from index.folding import fold
from index.passages import split
from index.types import Article, Span

# Passages of one transaction: enough that its cost does not count, few enough that little work
# is lost when it is interrupted and that a progress bar moves.
BATCH_PASSAGES = 128
# A title beyond this is cut before it is embedded with each passage.
_TITLE_CHARACTERS = 120
_SPECIAL_TOKENS = 3


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article in passages, with all that is needed to embed them.

    `inputs` is what is embedded, one per passage; `known` are vectors that need not be made
    again, by the hash of their input.
    """

    article: Article
    file_sha256: str
    passages: list[tuple[Span, ...]]
    inputs: list[str]
    known: Mapping[str, Vectors]
    moved_from: str = ""


def prepare(
    article: Article,
    file_sha256: str,
    embedder: Embedder,
    known: Mapping[str, Vectors],
    moved_from: str = "",
) -> Prepared:
    """Cut the article into passages as long as the embedder can read, each with its title."""
    title, tokens = _fitting_title(article.title, embedder)
    passages = split(
        article.text,
        lambda texts: embedder.count_tokens([fold(text) for text in texts]),
        limit=max(embedder.max_tokens - tokens - _SPECIAL_TOKENS, 1),
        language=article.language or "en",
    )
    inputs = [_input(title, article.text, spans) for spans in passages]
    return Prepared(article, file_sha256, passages, inputs, known, moved_from)


def embed(batch: Sequence[Prepared], embedder: Embedder) -> list[NewArticle]:
    """Every input that is not known yet, each once, in one call."""
    known: dict[str, Vectors] = {}
    for prepared in batch:
        known |= prepared.known
    hashes = [[_sha256(text) for text in prepared.inputs] for prepared in batch]
    wanted = {
        sha256: text
        for prepared, keys in zip(batch, hashes, strict=True)
        for sha256, text in zip(keys, prepared.inputs, strict=True)
        if sha256 not in known
    }
    if wanted:
        known |= zip(wanted, embedder.embed_passages(list(wanted.values())), strict=True)
    return [
        NewArticle(
            prepared.article,
            prepared.file_sha256,
            tuple(
                NewPassage(spans, sha256, known[sha256])
                for spans, sha256 in zip(prepared.passages, keys, strict=True)
            ),
            prepared.moved_from,
        )
        for prepared, keys in zip(batch, hashes, strict=True)
    ]


def is_input(sha256: str, article: Article, spans: Sequence[Span]) -> bool:
    """Whether `sha256` is the hash of what some embedder gets for this passage of the article."""
    return any(
        sha256 == _sha256(_input(title, article.text, spans)) for title in _titles(article.title)
    )


def _titles(title: str) -> Iterator[str]:
    """The forms of a title, the longest first."""
    title = title[:_TITLE_CHARACTERS]
    yield title
    while title:
        title = title[: len(title) // 2]
        yield title


def _fitting_title(title: str, embedder: Embedder) -> tuple[str, int]:
    """The title and its tokens, cut so that most of what is embedded is the passage's text."""
    for form in _titles(title):
        tokens = embedder.count_tokens([fold(form)])[0]
        if tokens <= embedder.max_tokens // 2:
            break
    return form, tokens


def _input(title: str, text: str, spans: Sequence[Span]) -> str:
    return fold(f"{title}\n{text[spans[0].start : spans[-1].end]}")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
