"""Articles made up for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from index.collection import Collection
from index.types import Article, Hit

READ_AT = datetime(2026, 1, 2, tzinfo=UTC)


def article(text: str, origin: str = "/articles/one.txt", **fields: Any) -> Article:
    """An article as a loader would make it, with `fields` set."""
    values = {"title": "A title", "fetched": READ_AT, "language": "en", **fields}
    return Article.create(origin=origin, text=text, **values)


STORM = article(
    "The storm closed the harbour for nine days. The pilots stayed ashore.\n\nBoats waited.",
    origin="/articles/storm.txt",
    title="Storm",
    source="Harbour News",
    published=date(2024, 5, 3),
)
FAIR = article(
    "The spring fair opened in sunshine. Children rode the old carousel.",
    origin="/articles/fair.txt",
    title="Fair",
    source="Town Post",
    published=date(2024, 6, 1),
)
BRIDGE = article(
    "The old bridge was closed. The harbour road is the only way now.",
    origin="/articles/bridge.txt",
    title="Bridge",
)


def paragraph(number: int) -> str:
    """A passage by itself: more than half of what fits in one."""
    return " ".join(f"word{number}x{place}" for place in range(40)) + f" end{number}."


def long_article(numbers: range, origin: str = "/articles/long.txt") -> Article:
    return article("\n\n".join(map(paragraph, numbers)), origin=origin, title="Long")


def everything(collection: Collection, question: str = "the harbour") -> list[tuple[float, str]]:
    """All passages with their dense scores, equal ones in the order of their text."""
    hits = collection.search_dense(question, 10_000)
    return sorted((round(hit.score, 5), hit.passage.text) for hit in hits)


def texts(hits: list[Hit]) -> list[str]:
    """The text of each hit's passage."""
    return [hit.passage.text for hit in hits]
