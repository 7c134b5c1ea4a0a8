"""What question answering asks of a collection; `index.Collection` has it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from index.types import Article, Filter, Hit


class Articles(Protocol):
    """Stored articles that can be searched. Only `qa` fuses the hits of the two searches."""

    def search_dense(self, question: str, k: int, filter: Filter | None = None) -> list[Hit]:
        """The `k` passages nearest in meaning, best first."""

    def search_lexical(self, question: str, k: int, filter: Filter | None = None) -> list[Hit]:
        """The `k` passages with the best BM25, best first."""

    def article(self, article_id: str) -> Article:
        """The stored article. Raises NotFoundError when it is gone."""

    def published(self, article_ids: Iterable[str]) -> Mapping[str, date]:
        """The publication dates of those articles that have one."""

    def clusters(self, article_ids: Iterable[str]) -> Mapping[str, str]:
        """For each article the name of its cluster: the same for copies of one text."""

    def sources(self) -> Sequence[str]:
        """Every source that an article has, as it is written."""

    def authors(self) -> Sequence[str]:
        """Every author of an article, as the name is written."""

    def count(self) -> int:
        """How many articles there are."""
