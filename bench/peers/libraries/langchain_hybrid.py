"""LangChain: FAISS and BM25 in an EnsembleRetriever of equal weights."""

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings

# What `langchain_bf16_hybrid` changes.
settings = {}
_warmed = {}


def warm(model):
    """The model, loaded before the clock runs."""
    _warmed[model] = HuggingFaceEmbeddings(model_name=model, model_kwargs=settings)
    _warmed[model].embed_query("warm")


def build(model, passages, folder):
    """Embed and save; BM25 has no form on disk and is made again from the texts."""
    documents = [
        Document(page_content=f"{title}\n{text}", metadata={"id": id})
        for id, title, text in passages
    ]
    FAISS.from_documents(documents, _warmed[model]).save_local(folder)
    BM25Retriever.from_documents(documents)


def opened(model, folder):
    """The saved index, and BM25 over its texts."""
    embeddings = HuggingFaceEmbeddings(model_name=model, model_kwargs=settings)
    # Its own format, which these very processes have written.
    store = FAISS.load_local(folder, embeddings, allow_dangerous_deserialization=True)
    documents = list(store.docstore._dict.values())

    def search(question, k):
        dense.search_kwargs["k"] = sparse.k = k
        return [one.metadata["id"] for one in both.invoke(question)]

    dense, sparse = store.as_retriever(), BM25Retriever.from_documents(documents)
    both = EnsembleRetriever(retrievers=[sparse, dense], weights=[0.5, 0.5])
    return search
