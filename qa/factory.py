"""Putting the parts together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from threading import Thread

from index.collection import Collection
from index.errors import ModelError
from index.types import Filter, Hit
from qa import settings
from qa.assistant import Assistant
from qa.joint_reader import ENCODER, JointReader
from qa.resolver import Resolver, resolver
from qa.retriever import Retriever
from qa.types import Answer, Turn

# An assistant holds its collection, so no more than a few are kept alive for the next question.
_KEPT = 8


@lru_cache(_KEPT)
def assistant(collection: Collection, reading: Path | None = None) -> Assistant:
    """The assistant of this collection, the same one at the next call.

    `reading` is the folder of a trained reader, else `$ARTICLE_QA_READER`, else the packaged one.
    In the folder's own folder `encoder` is the encoder that it was trained on, if that is not the
    packaged embedder's. Raises ModelError, ArticleQAError.
    """
    reader = _reader(collection, reading or settings.reader_folder())
    return Assistant(
        collection,
        Retriever(collection),
        reader,
        reader.languages,
        _resolver(),
        settings.seconds(),
    )


def load(collection: Collection, reading: Path | None = None) -> None:
    """Begin to load the networks that `assistant` needs for a question, both at once.

    The question waits for them, and tells what is wrong with them. Raises ModelError.
    """
    reader = _reader(collection, reading or settings.reader_folder())
    for what in (partial(collection.embedder.embed_questions, ["?"]), reader.load):
        Thread(target=_quietly, args=(what,), name="loading").start()


def _quietly(what: Callable[[], object]) -> None:
    with suppress(ModelError):
        what()


@lru_cache(_KEPT)
def _reader(collection: Collection, folder: Path) -> JointReader:
    encoder = folder / ENCODER
    return JointReader(collection, folder, encoder if encoder.is_dir() else None)


@lru_cache(1)
def _resolver() -> Resolver:
    return resolver()


def retrieve(
    question: str,
    collection: Collection,
    k: int = 10,
    *,
    asked_on: date | None = None,
    filter: Filter | None = None,
    heed_time: bool = True,
) -> list[Hit]:
    """The `k` passages of `collection` most likely to answer `question`, best first.

    For `asked_on` and `heed_time` see `ask`. Raises QuestionError, ModelError, CollectionError.
    """
    return assistant(collection).retrieve(
        question, k, asked_on=asked_on, filter=filter, heed_time=heed_time
    )


def ask(
    question: str,
    collection: Collection,
    *,
    history: Sequence[Turn] = (),
    asked_on: date | None = None,
    filter: Filter | None = None,
    heed_time: bool = True,
) -> Answer:
    """An answer made of sentences of `collection`, each with a proved citation.

    `history` are the earlier turns of the conversation, oldest first. With `asked_on`, the day of
    asking, articles published shortly before it are preferred. Words about time in the question
    ("this week", "since March", "latest") are understood as seen from that day, or today, and say
    which articles are preferred instead; with `heed_time` false they are not. A question that the
    articles do not answer gives an Answer with status `not_found`. Raises QuestionError,
    ModelError, CollectionError.
    """
    return assistant(collection).ask(
        question, history=history, asked_on=asked_on, filter=filter, heed_time=heed_time
    )
