"""A small collection in memory and a small assistant over it: real, only simple.

The assistant answers with the sentences that share most content words with the question, so that
the chat can be tested without models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from chat.types import Library
from index.errors import NotFoundError, QuestionError
from index.types import Article, Filter, Hit, Passage, Span
from qa.types import Answer, Citation, TimeFrame, Turn

SENTENCE = re.compile(r"[^\s][^.!?\n]*[.!?]+")
LITTLE = frozenset(
    "a an and are at by did does for how in is it of on the to was what who why".split()
)


def article(title: str, text: str, **fields: object) -> Article:
    """An article as it would be stored, with `fields` set."""
    values: dict[str, object] = {
        "origin": f"memory/{title}",
        "fetched": datetime(2026, 1, 2, tzinfo=UTC),
        "source": "Harbour News",
        "published": date(2024, 5, 3),
    }
    return Article.create(title=title, text=text, **{**values, **fields})  # type: ignore[arg-type]


@dataclass
class Sizes:
    articles: int
    passages: int


@dataclass
class MemoryLibrary:
    """Articles by id; removing and changing them is what the tests do to it."""

    shelf: dict[str, Article] = field(default_factory=dict)
    path: Path = Path("/nowhere/memory")

    @classmethod
    def of(cls, *articles: Article) -> MemoryLibrary:
        return cls({item.id: item for item in articles})

    def article(self, article_id: str) -> Article:
        try:
            return self.shelf[article_id]
        except KeyError:
            raise NotFoundError(f"No article {article_id}.") from None

    def articles(self) -> Iterator[Article]:
        yield from list(self.shelf.values())

    def stats(self) -> Sizes:
        return Sizes(len(self.shelf), len(self.shelf))

    def change(self) -> int:
        return hash(frozenset((item.id, item.sha256) for item in self.shelf.values()))


@dataclass
class WordAssistant:
    """Quotes up to two sentences that hold at least half of the question's words.

    "last week" is the week before 20 May 2024, and a question that begins with "And" is asked
    with the one before it.
    """

    library: Library
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filter: Filter | None = None,
        heed_time: bool = True,
    ) -> Answer:
        self.asked.append((question, tuple(history)))
        if not question.strip():
            raise QuestionError("The question is empty: type what you want to know.")
        if len(question) > 2000:
            raise QuestionError(f"The question has {len(question):,} characters; shorten it.")
        follows = question.startswith("And ") and history
        asked_as = f"{history[-1].asked_as} {question}" if follows else question
        wanted = words(asked_as)
        rated = sorted(
            (
                (-len(wanted & words(item.text[span.start : span.end])), item.title, span, item)
                for item in self.library.articles()
                if admits(filter or Filter(), item)
                for span in (Span(*match.span()) for match in SENTENCE.finditer(item.text))
            ),
            key=lambda rating: rating[:3],
        )
        good = [rating for rating in rated if -rating[0] * 2 >= max(1, len(wanted))][:2]
        citations = tuple(
            citation(number, item, span) for number, (_, _, span, item) in enumerate(good, 1)
        )
        hits = tuple(hit(number, item) for number, (_, _, _, item) in enumerate(rated[:3], 1))
        text = " ".join(f"{c.quote} [{c.marker}]" for c in citations)
        return Answer(
            question=question,
            asked_as=asked_as,
            frame=LAST_WEEK if heed_time and "last week" in question else None,
            confidence=0.9 if citations else None,
            status="answered" if citations else "not_found",
            text=text or "The articles do not answer this question.",
            citations=citations,
            hits=hits,
        )

    def retrieve(
        self, question: str, k: int = 10, *, filter: Filter | None = None, heed_time: bool = True
    ) -> list[Hit]:
        return list(self.ask(question, filter=filter, heed_time=heed_time).hits[:k])


LAST_WEEK = TimeFrame("last week", date(2024, 5, 13), date(2024, 5, 19))


def admits(filter: Filter, item: Article) -> bool:
    day = item.published
    return (
        (not filter.sources or item.source in filter.sources)
        and (not filter.article_ids or item.id in filter.article_ids)
        and (not filter.published_from or (day is not None and day >= filter.published_from))
        and (not filter.published_to or (day is not None and day <= filter.published_to))
    )


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower())) - LITTLE


def citation(marker: int, item: Article, span: Span) -> Citation:
    return Citation(
        marker=marker,
        article_id=item.id,
        article_sha256=item.sha256,
        title=item.title,
        source=item.source,
        url=item.url,
        published=item.published,
        quote=item.text[span.start : span.end],
        start=span.start,
        end=span.end,
    )


def hit(number: int, item: Article) -> Hit:
    passage = Passage(number, item.id, 0, len(item.text), item.text, (Span(0, len(item.text)),))
    return Hit(passage, 1.0 / number, "fused")
