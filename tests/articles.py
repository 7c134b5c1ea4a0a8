"""Articles made up for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from index.types import Article

READ_AT = datetime(2026, 1, 2, tzinfo=UTC)


def article(text: str, origin: str = "/articles/one.txt", **fields: Any) -> Article:
    """An article as a loader would make it, with `fields` set."""
    values = {"title": "A title", "fetched": READ_AT, **fields}
    return Article.create(origin=origin, text=text, **values)
