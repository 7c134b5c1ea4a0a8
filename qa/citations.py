"""The proof: a quote is shown only if it stands at its place in the stored article."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from index.errors import DamageError, NotFoundError
from index.types import Article
from qa.articles import Articles
from qa.types import Citation

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Quote:
    """What is to be quoted and where it should stand; not proved yet.

    `short` is the part of the text that answers, empty if the reader does not tell; `score` the
    probability that it is right, as the reader gave it; `speaker` who says it, as its last
    sentence names them.
    """

    article_id: str
    start: int
    end: int
    text: str
    short: str = ""
    score: float = 0.0
    speaker: str = ""


def prove(quotes: Iterable[Quote], articles: Articles) -> tuple[Citation, ...]:
    """A citation for each quote that stands in its stored article, numbered from 1 in order.

    A quote whose article is gone, damaged or has other characters at that place is left out.
    """
    citations: list[Citation] = []
    for quote in quotes:
        try:
            article = articles.article(quote.article_id)
        except (NotFoundError, DamageError) as error:
            log.warning("not cited: %s", error)
            continue
        if (
            not _stands(quote.text, quote.start, quote.end, article)
            or hashlib.sha256(article.text.encode()).hexdigest() != article.sha256
        ):
            log.warning("not cited: article %s has changed", quote.article_id)
            continue
        citations.append(
            Citation(
                marker=len(citations) + 1,
                article_id=article.id,
                article_sha256=article.sha256,
                title=article.title,
                source=article.source,
                url=article.url,
                published=article.published,
                quote=quote.text,
                start=quote.start,
                end=quote.end,
                speaker=quote.speaker,
            )
        )
    return tuple(citations)


def still_stands(citation: Citation, articles: Articles) -> bool:
    """Whether an old citation's article is the one that was quoted, and says the same there."""
    try:
        article = articles.article(citation.article_id)
    except (NotFoundError, DamageError):
        return False
    return stands(citation, article)


def stands(citation: Citation, article: Article) -> bool:
    """Whether this article is the one that was quoted, and says the same there."""
    return article.sha256 == citation.article_sha256 and _stands(
        citation.quote, citation.start, citation.end, article
    )


def _stands(quote: str, start: int, end: int, article: Article) -> bool:
    # A slice forgives places outside the text and counts negative ones from its end; the proof
    # must not.
    return 0 <= start < end <= len(article.text) and article.text[start:end] == quote
