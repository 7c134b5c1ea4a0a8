"""Answers, passages and articles as programs get them: plain values, dates as 2024-08-18.

The same over Gradio's API and over MCP. Offsets count characters (Unicode code points):
`article.text[start:end]` is the quote or the passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.errors import QuestionError
from index.types import Article, Filter, Hit
from qa.types import Answer, Citation


@dataclass(frozen=True)
class QuoteResult:
    """A sentence of an answer, proved to stand in the article of that id and hash."""

    marker: int
    quote: str
    start: int
    end: int
    article_id: str
    article_sha256: str
    title: str
    source: str | None
    url: str | None
    published: str | None


@dataclass(frozen=True)
class PassageResult:
    """A passage that was found; scores are compared within one search only."""

    text: str
    start: int
    end: int
    score: float
    article_id: str
    title: str
    source: str | None
    url: str | None
    published: str | None


@dataclass(frozen=True)
class AnswerResult:
    """An answer: `text` is made of the quotes, each with its marker, and nothing else.

    `status` is "answered" or "not_found". `asked_as` is the question that was searched, `time`
    what was made of its words about time, `confidence` the probability that the first quote
    answers. `nearest` are the passages that come closest where nothing is quoted.
    """

    question: str
    asked_as: str
    status: str
    text: str
    short_answer: str
    remark: str
    time: str
    confidence: float | None
    quotes: list[QuoteResult]
    nearest: list[PassageResult]


@dataclass(frozen=True)
class ArticleResult:
    """An article; `text` is empty in lists, and `length` the characters of all of it."""

    id: str
    title: str
    source: str | None
    url: str | None
    authors: list[str]
    published: str | None
    length: int
    text: str = ""


def answer_result(answer: Answer, nearest: Sequence[PassageResult] = ()) -> AnswerResult:
    """An answer, with the nearest passages where it quotes nothing."""
    return AnswerResult(
        question=answer.question,
        asked_as=answer.asked_as,
        status=answer.status,
        text=answer.text,
        short_answer=answer.short_answer,
        remark=answer.remark,
        time=str(answer.frame) if answer.frame else "",
        confidence=answer.confidence,
        quotes=[_quote(citation) for citation in answer.citations],
        nearest=[] if answer.citations else list(nearest),
    )


def passage_result(hit: Hit, article: Article) -> PassageResult:
    """A passage of this article."""
    passage = hit.passage
    return PassageResult(
        text=passage.text,
        start=passage.start,
        end=passage.end,
        score=round(hit.score, 4),
        article_id=article.id,
        title=article.title,
        source=article.source,
        url=article.url,
        published=_iso(article.published),
    )


def article_result(article: Article, *, start: int = 0, end: int | None = 0) -> ArticleResult:
    """An article with its text from `start` to `end`; None is all the rest."""
    return ArticleResult(
        id=article.id,
        title=article.title,
        source=article.source,
        url=article.url,
        authors=list(article.authors),
        published=_iso(article.published),
        length=len(article.text),
        text=article.text[max(start, 0) : end],
    )


def filter_of(
    sources: Sequence[str] | None,
    first: str | None,
    last: str | None,
    articles: Sequence[str] | None,
) -> Filter:
    """The filter that programs give in plain values. Raises QuestionError for what is no date."""
    return Filter(
        sources=tuple(sources or ()),
        published_from=_date(first),
        published_to=_date(last),
        article_ids=tuple(articles or ()),
    )


def _date(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise QuestionError(f"{value!r} is not a date like 2024-08-18.") from None


def _quote(citation: Citation) -> QuoteResult:
    return QuoteResult(
        marker=citation.marker,
        quote=citation.quote,
        start=citation.start,
        end=citation.end,
        article_id=citation.article_id,
        article_sha256=citation.article_sha256,
        title=citation.title,
        source=citation.source,
        url=citation.url,
        published=_iso(citation.published),
    )


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
