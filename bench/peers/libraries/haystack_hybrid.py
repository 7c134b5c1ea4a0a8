"""Haystack: BM25 and embeddings in memory, joined by rank, as its tutorial on hybrid retrieval."""

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

_warmed = {}


def warm(model):
    """The model, loaded before the clock runs."""
    _warmed[model] = SentenceTransformersDocumentEmbedder(model=model, progress_bar=False)
    _warmed[model].warm_up()
    _warmed[model].run([Document(content="warm")])


def build(model, passages, folder):
    """Embed, write, save."""
    documents = [Document(id=id, content=f"{title}\n{text}") for id, title, text in passages]
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(_warmed[model].run(documents)["documents"])
    store.save_to_disk(f"{folder}.json")


def opened(model, folder):
    """The saved store in a pipeline."""
    store = InMemoryDocumentStore.load_from_disk(f"{folder}.json")
    pipeline = Pipeline()
    embedder = SentenceTransformersTextEmbedder(model=model, progress_bar=False)
    pipeline.add_component("text_embedder", embedder)
    pipeline.add_component("embedding_retriever", InMemoryEmbeddingRetriever(store))
    pipeline.add_component("bm25_retriever", InMemoryBM25Retriever(store))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
    pipeline.connect("text_embedder", "embedding_retriever")
    pipeline.connect("bm25_retriever", "joiner")
    pipeline.connect("embedding_retriever", "joiner")

    def search(question, k):
        asked = {
            "text_embedder": {"text": question},
            "embedding_retriever": {"top_k": k},
            "bm25_retriever": {"query": question, "top_k": k},
        }
        return [one.id for one in pipeline.run(asked)["joiner"]["documents"]]

    return search
