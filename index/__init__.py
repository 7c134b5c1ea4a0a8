"""Articles -> passages -> vectors and terms -> a searchable collection."""

from index.collection import Collection
from index.errors import ArticleQAError
from index.types import AddReport, Article, Filter, Hit, Passage

__all__ = ["AddReport", "Article", "ArticleQAError", "Collection", "Filter", "Hit", "Passage"]
