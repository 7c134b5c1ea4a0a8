"""txtai: one index, sparse and dense, as its page on hybrid search has it."""

from txtai import Embeddings

_warmed = {}


def warm(model):
    """The model, loaded before the clock runs."""
    _warmed[model] = Embeddings(path=model, hybrid=True)
    _warmed[model].transform("warm")


def build(model, passages, folder):
    """Index and save."""
    embeddings = _warmed[model]
    embeddings.index([(id, f"{title}\n{text}", None) for id, title, text in passages])
    embeddings.save(folder)


def opened(model, folder):
    """The saved index."""
    embeddings = Embeddings()
    embeddings.load(folder)
    return lambda question, k: [id for id, _ in embeddings.search(question, k)]
