"""Putting the parts together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from weakref import WeakKeyDictionary

from index.collection import Collection
from index.types import Filter, Hit
from qa.assistant import Assistant
from qa.retriever import Retriever
from qa.similarity import SimilarityReader
from qa.types import Answer, Turn

_assistants: WeakKeyDictionary[Collection, Assistant] = WeakKeyDictionary()


def assistant(collection: Collection) -> Assistant:
    """The one assistant of this collection."""
    found = _assistants.get(collection)
    if found is None:
        reader = SimilarityReader(collection.embedder)
        found = Assistant(collection, Retriever(collection), reader)
        _assistants[collection] = found
    return found


def retrieve(
    question: str, collection: Collection, k: int = 10, filter: Filter | None = None
) -> list[Hit]:
    """The `k` passages of `collection` most likely to answer `question`, best first.

    Raises QuestionError, ModelError, CollectionError.
    """
    return assistant(collection).retrieve(question, k, filter)


def ask(
    question: str,
    collection: Collection,
    *,
    history: Sequence[Turn] = (),
    asked_on: date | None = None,
    filter: Filter | None = None,
) -> Answer:
    """An answer made of sentences of `collection`, each with a proved citation.

    `history` are the earlier turns of the conversation, oldest first; `asked_on` is the day that
    "this week" refers to (today if None). A question that the articles do not answer gives an
    Answer with status `not_found`. Raises QuestionError, ModelError, CollectionError.
    """
    return assistant(collection).ask(question, history=history, asked_on=asked_on, filter=filter)
