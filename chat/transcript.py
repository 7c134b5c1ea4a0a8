"""The conversation so far as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chat import narrowing
from chat.markup import render
from chat.reading import shorten
from chat.shelf import Welcome
from chat.statements import Statement, statements
from chat.types import Exchange, Library
from index.types import Filter
from qa.types import Answer, day

QUESTION_LENGTH = 600  # characters of a question that are shown; all of it is asked
REVEAL_SECONDS = 1.2  # how long an answer takes to appear, word by word, at most
WORD_SECONDS = 0.03
# From which calibrated probability on an answer is called so.
SURE = ((0.85, "very likely"), (0.6, "likely"), (0.0, "uncertain"))


def greeting(welcome: Welcome, *, can_add: bool = False, loaded: bool = True) -> str:
    """A conversation that has not begun, as HTML; not `loaded` while the page is being set up."""
    return render(
        "transcript.html",
        shown=(),
        welcome=welcome,
        announcement="",
        can_add=can_add,
        loaded=loaded,
        moved=True,
    )


def transcript(
    exchanges: Sequence[Exchange], *, fresh: bool = False, ahead: int = 0, moved: bool = True
) -> str:
    """A conversation of at least one exchange as HTML.

    With `fresh`, the last answer appears word by word. `ahead` is how many questions of others
    are answered before the one that is searched. Unless `moved`, the page stays where it is.
    """
    shown = [_Shown.of(exchange, fresh and exchange is exchanges[-1]) for exchange in exchanges]
    return render(
        "transcript.html",
        shown=shown,
        welcome=None,
        announcement=_announcement(exchanges[-1]) if moved else "",
        ahead=ahead,
        moved=moved,
    )


def chips(filter: Filter, library: Library) -> str:
    """Which articles the next question is put to, as HTML."""
    return render("chips.html", chips=narrowing.chips(filter, library))


@dataclass(frozen=True, slots=True)
class _Shown:
    """One exchange as the template wants it."""

    exchange: Exchange
    question: str
    state: str  # searching, problem, answered or not_found
    asked_as: str = ""
    understood: str = ""
    statements: tuple[Statement, ...] = ()
    course: bool = False
    summary: tuple[str, ...] = ()
    remark: str = ""
    frame: str = ""
    copy: str = ""
    address: str = ""
    narrowed: bool = False
    fresh: bool = False
    step: float = 0.0

    @property
    def number(self) -> int:
        """Of the exchange."""
        return self.exchange.number

    @classmethod
    def of(cls, exchange: Exchange, fresh: bool) -> _Shown:
        question = shorten(exchange.question, QUESTION_LENGTH)
        answer, filter = exchange.answer, exchange.asking.filter
        address = narrowing.address(exchange.question, filter)
        if answer is None:
            state = "problem" if exchange.problem else "searching"
            return cls(exchange, question, state, address=address, narrowed=bool(filter))
        said = statements(answer, by_word=fresh)
        words = sum(len(one.pieces) for one in said)
        return cls(
            exchange,
            question,
            answer.status,
            asked_as=answer.asked_as,
            understood=_understood(answer),
            statements=said,
            course=answer.shape == "development",
            summary=_summary(answer),
            remark=answer.remark,
            frame=f"“{answer.frame.words}”: {answer.frame}" if answer.frame else "",
            copy=_copy(answer),
            address=address,
            narrowed=bool(filter),
            fresh=fresh,
            step=min(WORD_SECONDS, REVEAL_SECONDS / max(1, words)),
        )


def _understood(answer: Answer) -> str:
    same = " ".join(answer.asked_as.split()) == " ".join(answer.question.split())
    return "" if same else shorten(answer.asked_as, QUESTION_LENGTH)


def _summary(answer: Answer) -> tuple[str, ...]:
    if answer.status != "answered":
        return ()
    articles = len({citation.article_id for citation in answer.citations})
    sources = len({citation.source for citation in answer.citations if citation.source})
    dates = [citation.published for citation in answer.citations if citation.published]
    said = [f"{articles} article{'' if articles == 1 else 's'}"]
    if sources > 1:
        said[0] += f" of {sources} sources"
    if dates and day(max(dates)) not in answer.remark:
        said.append(f"{'newest ' if articles > 1 else ''}{day(max(dates))}")
    return (*_sure(answer), *said)


def _sure(answer: Answer) -> tuple[str, ...]:
    if answer.confidence is None:
        return ()
    return (next(word for least, word in SURE if answer.confidence >= least),)


def _copy(answer: Answer) -> str:
    """The answer with its sources, as plain text."""
    lines = [answer.text]
    for citation in answer.citations:
        link = f" · {citation.url}" if citation.url else ""
        lines.append(f"[{citation.marker}] {citation.byline}{link}")
    return "\n\n".join([lines[0], "\n".join(lines[1:])]).strip()


def _announcement(exchange: Exchange) -> str:
    """What a screen reader says of the last exchange."""
    if exchange.pending:
        return "Searching your articles…"
    if exchange.answer is None:
        return exchange.problem
    count = len(exchange.answer.citations)
    cited = f" {count} {'citation' if count == 1 else 'citations'}." if count else ""
    remark = f" {exchange.answer.remark}" if exchange.answer.remark else ""
    return f"Answer: {exchange.answer.text}{cited}{remark}"
