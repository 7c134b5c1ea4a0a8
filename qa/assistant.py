"""The single path from a question to a proved answer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from index.errors import QuestionError
from index.types import Filter, Hit
from qa.articles import Articles
from qa.citations import Quote, prove
from qa.composer import Composition, compose
from qa.conversation import LONGEST_QUESTION, stand_alone
from qa.reader import Reader
from qa.remarks import how_old, how_they_agree, why_not_found
from qa.retriever import Retriever
from qa.timeframe import time_frame
from qa.types import Answer, Citation, TimeFrame, Turn, day

# Passages that are read for one question.
READ = 10

_NOT_FOUND = "The articles do not answer this question."
_EMPTY = (
    "There are no articles in this collection yet. Add some with “article-qa add FOLDER”, "
    "or start with “make run ARTICLES=some/folder”."
)


class Assistant:
    """Answers questions with sentences of the articles, or says that they do not answer."""

    def __init__(self, articles: Articles, retriever: Retriever, reader: Reader) -> None:
        self._articles = articles
        self._retriever = retriever
        self._reader = reader

    def retrieve(
        self,
        question: str,
        k: int = 10,
        *,
        asked_on: date | None = None,
        filter: Filter | None = None,
        heed_time: bool = True,
    ) -> list[Hit]:
        """The `k` passages most likely to answer, best first. Raises QuestionError."""
        question = checked(question)
        frame = _frame(question, asked_on, heed_time)
        return self._retriever.retrieve(question, k, filter, asked_on, frame)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        asked_on: date | None = None,
        filter: Filter | None = None,
        heed_time: bool = True,
    ) -> Answer:
        """Find, read, compose, prove. Raises QuestionError, ModelError, CollectionError.

        Words about time ("last week", "since March", "latest") are heeded, as seen from `asked_on`
        or today; not if `heed_time` is false.
        """
        clock = _Clock()
        asked_as = _whole(stand_alone(checked(question), history))
        frame = _frame(question, asked_on, heed_time) or _frame(asked_as, asked_on, heed_time)
        with clock("retrieve"):
            hits = self._retriever.retrieve(asked_as, READ, filter, asked_on, frame)
        with clock("read"):
            readings = self._reader.read(asked_as, hits)
        with clock("prove"):
            composition = compose(
                asked_as,
                readings,
                self._reader.threshold,
                self._articles.published,
                newest_first=frame is not None and frame.newest,
            )
            citations = prove(composition.quotes, self._articles)
        if not citations:
            return Answer(
                question=question,
                asked_as=asked_as,
                status="not_found",
                text=_NOT_FOUND if self._articles.count() else _EMPTY,
                remark=why_not_found(asked_as, hits, None if filter else frame),
                frame=frame,
                hits=tuple(hits),
                timings=clock.seconds,
            )
        first = _quoted(composition, citations[0])
        surest = max(composition.quotes, key=lambda quote: quote.score)
        return Answer(
            question=question,
            asked_as=asked_as,
            status="answered",
            text=_text(composition, citations),
            short_answer="" if composition.course else first.short,
            remark=" ".join(
                remark
                for remark in (
                    how_they_agree(composition, citations),
                    how_old(citations, frame, asked_on or date.today()),
                )
                if remark
            ),
            frame=frame,
            citations=citations,
            hits=tuple(hits),
            confidence=surest.score if composition.course else first.score,
            timings=clock.seconds,
        )


def checked(question: str) -> str:
    """`question` without surrounding white space, and with a question mark for a lone surrogate
    (half a character, which neither models nor databases take).

    Raises QuestionError if it cannot be asked.
    """
    question = _whole(question).strip()
    if not question:
        raise QuestionError("The question is empty: type what you want to know.")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(question):,} characters; at most {LONGEST_QUESTION:,} can be "
            "asked. Shorten it, or add the long text as an article."
        )
    return question


def _frame(question: str, asked_on: date | None, heed_time: bool) -> TimeFrame | None:
    return time_frame(question, asked_on or date.today()) if heed_time else None


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _text(composition: Composition, citations: Sequence[Citation]) -> str:
    """Of every statement the first sentence that was proved, with all markers of the statement.

    Where dates matter, each stands on a line of its own, after its date.
    """
    proved = {(one.article_id, one.start, one.end): one for one in citations}
    dated = composition.at_odds or composition.course
    said = []
    for statement in composition.statements:
        places = [(quote.article_id, quote.start, quote.end) for quote in statement.quotes]
        those = [proved[place] for place in places if place in proved]
        if those:
            head = f"{day(those[0].published)}: " if dated else ""
            markers = " ".join(f"[{one.marker}]" for one in those)
            said.append(f"{head}{those[0].quote} {markers}")
    return ("\n" if dated else " ").join(said)


def _quoted(composition: Composition, citation: Citation) -> Quote:
    place = citation.article_id, citation.start, citation.end
    return next(q for q in composition.quotes if (q.article_id, q.start, q.end) == place)


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[step] = round(time.perf_counter() - start, 6)
