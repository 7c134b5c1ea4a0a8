"""LlamaIndex: a vector index and BM25 in a QueryFusionRetriever, by reciprocal rank."""

from pathlib import Path

from llama_index.core import (
    Settings,
    StorageContext,
    VectorStoreIndex,
    load_index_from_storage,
)
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever

_warmed = {}


def warm(model):
    """The model, loaded before the clock runs."""
    _warmed[model] = HuggingFaceEmbedding(model_name=model)
    _warmed[model].get_text_embedding("warm")


def build(model, passages, folder):
    """Embed, index, persist."""
    nodes = [TextNode(id_=id, text=f"{title}\n{text}") for id, title, text in passages]
    index = VectorStoreIndex(nodes, embed_model=_warmed[model])
    index.storage_context.persist(persist_dir=folder)
    BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=10).persist(f"{folder}/bm25")


def opened(model, folder):
    """The persisted indexes in one retriever; no language model rewrites the question."""
    Settings.llm = MockLLM()
    storage = StorageContext.from_defaults(persist_dir=folder)
    index = load_index_from_storage(storage, embed_model=HuggingFaceEmbedding(model_name=model))
    sparse = BM25Retriever.from_persist_dir(str(Path(folder) / "bm25"))
    dense = index.as_retriever()
    both = QueryFusionRetriever(
        [dense, sparse], num_queries=1, mode="reciprocal_rerank", use_async=False
    )

    def search(question, k):
        dense.similarity_top_k = sparse.similarity_top_k = both.similarity_top_k = k
        return [one.node.node_id for one in both.retrieve(question)]

    return search
