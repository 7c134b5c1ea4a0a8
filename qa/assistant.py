"""The single path from a question to a proved answer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from index.errors import QuestionError
from index.types import Filter, Hit
from qa import rounds
from qa.articles import Articles
from qa.citations import Quote, prove
from qa.composer import Composition, compose
from qa.conversation import LONGEST_QUESTION, stand_alone
from qa.forms import what_is_asked
from qa.narrowing import narrowing
from qa.questions import asks_of_an_article, without_a_limit
from qa.reader import Reader
from qa.remarks import (
    how_old,
    how_they_agree,
    in_other_languages,
    nothing_left,
    of_an_article,
    out_of_time,
    who_is_shown,
    why_not_found,
)
from qa.resolver import Resolver
from qa.retriever import Retriever
from qa.timeframe import time_frame
from qa.types import Answer, Citation, TimeFrame, Turn
from qa.wording import parts, text

# Passages that are read for one question, and where articles are laid side by side; they are among
# so many that were found.
READ, READ_ACROSS, DEPTH = 10, 20, 50
# For one question, from its beginning to the last passage that is read.
SECONDS = 3.0

_NEAR = ("one", "several")  # what one article may tell by itself

_NOT_FOUND = "The articles do not answer this question."
_EMPTY = (
    "There are no articles in this collection yet. Add some with “article-qa add FOLDER”, "
    "or start with “make run ARTICLES=some/folder”."
)


class Assistant:
    """Answers questions with sentences of the articles, or says that they do not answer."""

    def __init__(
        self,
        articles: Articles,
        retriever: Retriever,
        reader: Reader,
        languages: frozenset[str] = frozenset(),
        resolver: Resolver | None = None,
        seconds: float = SECONDS,
    ) -> None:
        """`resolver` understands follow-ups; without one only the plainest are understood.

        After `seconds` from the beginning of a question no further passages are read for it, and
        the remark says so; not for the first one, which waits for the networks to be loaded.

        `languages` are those that the reader knows, as codes; without any, it is given all.

        Passages in others are found and shown, but not read.
        """
        self._articles = articles
        self._retriever = retriever
        self._reader = reader
        self._languages = languages
        self._resolver = resolver
        self._seconds = seconds
        self._is_loaded = False

    def stand_alone(self, question: str, history: Sequence[Turn] = ()) -> str:
        """What `question` asks after the turns of `history`, oldest first: what is searched.

        Raises QuestionError, ModelError.
        """
        return _whole(stand_alone(checked(question), history, self._resolver))

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
        or today; not if `heed_time` is false. Words that narrow what is searched ("only the Reuters
        ones", "in this article") count with `filter`, and the remark says so.
        """
        clock = _Clock()
        today = asked_on or date.today()
        narrowed = narrowing(
            checked(question), history, self._articles, filter, today if heed_time else None
        )
        said_of_it = ""
        if narrowed is None:
            asked_as = self.stand_alone(question, history)
        else:
            asked_as = self.stand_alone(narrowed.question, history)
            filter, said_of_it = narrowed.filter, narrowed.remark
        frame = _frame(question, asked_on, heed_time) or _frame(asked_as, asked_on, heed_time)
        untimed = without_a_limit(asked_as, frame)
        asked = what_is_asked(untimed, frame)
        if asked.question != untimed:
            asked_as = asked.question
        with clock("retrieve"):
            found = self._retriever.retrieve(asked.question, DEPTH, filter, asked_on, frame)
            hits = self._with_enough_to_read(found, READ if asked.form in _NEAR else READ_ACROSS)
        with clock("read"):
            newest = frame is not None and frame.newest
            readings, left = rounds.read(
                self._reader,
                asked.question,
                [hit for hit in hits if self._can_read(hit)],
                is_late=lambda: self._is_loaded and clock.is_over(self._seconds),
                one_answer=asked.form == "one" and not newest,
            )
            self._is_loaded = True
        of_itself = asks_of_an_article(question) or asks_of_an_article(asked_as)
        with clock("prove"):
            composition = compose(
                asked,
                [] if of_itself else readings,
                self._reader.threshold,
                self._articles.published,
                newest_first=newest,
                frame=frame,
            )
            citations = prove(composition.quotes, self._articles)
        if not citations:
            return Answer(
                question=question,
                asked_as=asked_as,
                status="not_found",
                text=_NOT_FOUND if self._articles.count() else _EMPTY,
                remark=_joined(
                    said_of_it,
                    of_an_article(history)
                    if of_itself
                    else self._why_not_found(asked_as, hits, frame, filter),
                    self._unread(hits),
                    out_of_time(left),
                ),
                frame=frame,
                hits=tuple(hits),
                timings=clock.seconds,
            )
        first = _quoted(composition, citations[0])
        surest = max(composition.quotes, key=lambda quote: quote.score)
        said, shape = parts(composition, citations, self._articles.clusters), composition.shape
        leads = shape in ("plain", "comparison")  # the first one is the answer, if any is
        return Answer(
            question=question,
            asked_as=asked_as,
            status="answered",
            text=text(shape, said, citations),
            short_answer=first.short if leads else "",
            remark=_joined(
                said_of_it,
                how_they_agree(shape, said, citations),
                who_is_shown(shape, "" if asked.speaker else asked.kind),
                how_old(asked_as, citations, frame, asked_on or date.today()),
                self._unread(hits),
                out_of_time(left),
            ),
            frame=frame,
            citations=citations,
            hits=tuple(hits),
            shape=shape,
            parts=said if shape != "plain" else (),
            confidence=first.score if leads else surest.score,
            timings=clock.seconds,
        )

    def _can_read(self, hit: Hit) -> bool:
        language = hit.passage.language
        return not self._languages or language is None or language in self._languages

    def _with_enough_to_read(self, hits: Sequence[Hit], enough: int) -> list[Hit]:
        """The best hits up to the one by which `enough` of them can be read, and no fewer."""
        readable = [place for place, hit in enumerate(hits, 1) if self._can_read(hit)][:enough]
        return list(hits[: max([enough, *readable])])

    def _why_not_found(
        self,
        asked_as: str,
        hits: Sequence[Hit],
        frame: TimeFrame | None,
        filter: Filter | None,
    ) -> str:
        days = self._articles.published([hit.passage.article_id for hit in hits]) if frame else {}
        filtered = ""
        if filter and not hits and self._articles.count():
            filtered = nothing_left(filter, self._articles.sources(), self._articles.authors())
        return why_not_found(asked_as, hits, frame, days.values(), filtered=filtered)

    def _unread(self, hits: Sequence[Hit]) -> str:
        return in_other_languages(hits, self._languages) if self._languages else ""


def _joined(*remarks: str) -> str:
    return " ".join(filter(None, remarks))


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


def _quoted(composition: Composition, citation: Citation) -> Quote:
    place = citation.article_id, citation.start, citation.end
    return next(q for q in composition.quotes if (q.article_id, q.start, q.end) == place)


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._began = time.perf_counter()

    def is_over(self, seconds: float) -> bool:
        return time.perf_counter() - self._began >= seconds

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[step] = round(time.perf_counter() - start, 6)
