"""Article QA: the hybrid search of `qa`, without reading. An article is added whole."""

from datetime import UTC, datetime

from index import Article, Collection
from qa.retriever import Retriever

_warmed = {}


def warm(model):
    """The models, loaded before the clock runs: also the one that tells languages."""
    from index.languages import language_of
    from index.packaged import PackagedEmbedder

    _warmed[model] = PackagedEmbedder()
    _warmed[model].embed_passages(["warm"])
    language_of("warm")


def build(model, passages, folder):
    """Cut, embed, store: the passages of the others are put together again."""
    texts: dict[str, list[str]] = {}
    titles = {}
    for id, title, text in passages:
        origin = id.rpartition("#")[0]
        texts.setdefault(origin, []).append(text)
        titles[origin] = title
    articles = [
        Article.create(
            origin=origin,
            title=titles[origin],
            text="\n\n".join(parts),
            fetched=datetime.now(UTC),
        )
        for origin, parts in texts.items()
    ]
    with Collection.open(folder, embedder=_warmed[model]) as collection:
        collection.add_articles(articles)


def opened(model, folder):
    """The collection."""
    collection = Collection.open(folder, create=False)
    retriever = Retriever(collection)
    return lambda question, k: [
        f"{hit.passage.article_id}#{hit.passage.id}" for hit in retriever.retrieve(question, k)
    ]
