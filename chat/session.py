"""What happens when someone asks, clicks a citation, opens an article: HTML for the two panes.

Nothing here is shared between people except the assistant and the collection: a conversation is
the tuple of exchanges that the caller keeps per person and passes in.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chat import evidence, transcript
from chat.shelf import Shelf
from chat.types import Asks, Exchange, Library, turns
from index.errors import ArticleQAError, QuestionError

AT_ONCE = 2  # questions answered at the same time; more only slow each other down on a laptop
REMEMBERED = 50  # exchanges kept per conversation

EMPTY = (
    "There are no articles in this collection yet, so there is nothing to quote from. "
    "Start it over a folder of them: “make run ARTICLES=some/folder”, or “article-qa serve "
    "some/folder”."
)
BROKEN = (
    "Something went wrong while answering, and it has been written to the program's log. "
    "The page still works: please try again, or ask in another way."
)

_log = logging.getLogger(__name__)

Conversation = tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What to show: the whole transcript, and the evidence (None: leave it as it is)."""

    conversation: Conversation
    transcript: str
    evidence: str | None


def warm_up(assistant: Asks, shelf: Shelf) -> None:
    """Asks the first suggestion, so that the models are loaded by the time a person asks. Raises
    nothing: a real question will say what is wrong."""
    try:
        examples = shelf.welcome().examples
        if examples:
            assistant.ask(examples[0])
    except Exception as error:
        _log.info("not warmed up: %s", error)


class Session:
    """Answers the events of the page. Safe to use from several threads at once."""

    def __init__(self, assistant: Asks, library: Library, shelf: Shelf) -> None:
        self._assistant = assistant
        self._library = library
        self._shelf = shelf
        self._turn = threading.BoundedSemaphore(AT_ONCE)

    def start(self) -> View:
        """An empty conversation."""
        return View((), transcript.greeting(self._shelf.welcome()), evidence.introduction())

    def ask(self, question: str, conversation: Conversation) -> Iterator[View]:
        """First the question as it is being searched, then what came of it. Raises nothing."""
        before = _lasting(conversation)
        number = before[-1].number + 1 if before else 1
        exchange = Exchange(number, question.strip())
        yield View(before, transcript.transcript((*before, exchange)), None)
        exchange = self._answered(exchange, before)
        after = (*before, exchange)[-REMEMBERED:]
        yield View(
            after,
            transcript.transcript(after, fresh=True),
            evidence.evidence(exchange, self._library) if exchange.answer else None,
        )

    def cite(self, conversation: Conversation, event: Mapping[str, object]) -> str:
        """The evidence of the turn that `event` names, its marker's card standing out."""
        exchange, marker = _target(conversation, event)
        if exchange is None:
            return evidence.unknown_conversation()
        return evidence.evidence(exchange, self._library, active=marker)

    def open(self, conversation: Conversation, event: Mapping[str, object]) -> str:
        """The article behind the marker that `event` names."""
        exchange, marker = _target(conversation, event)
        if exchange is None:
            return evidence.unknown_conversation()
        return evidence.opened(exchange, marker, self._library)

    def _answered(self, exchange: Exchange, before: Conversation) -> Exchange:
        try:
            if exchange.question and not self._library.stats().articles:
                return replace(exchange, problem=EMPTY)
            with self._turn:
                answer = self._assistant.ask(exchange.question, history=turns(before))
            return replace(exchange, answer=answer)
        except QuestionError as error:
            return replace(exchange, question=exchange.question[:1000], problem=str(error))
        except ArticleQAError as error:
            _log.warning("a question was not answered: %s", error)
            return replace(exchange, problem=str(error))
        except Exception:
            _log.exception("a question was not answered")
            return replace(exchange, problem=BROKEN)


def _lasting(conversation: Conversation) -> Conversation:
    """The conversation without a last reply that only said that nothing was asked."""
    last = conversation[-1] if conversation else None
    return conversation[:-1] if last and not last.question else conversation


def _target(
    conversation: Sequence[Exchange], event: Mapping[str, object]
) -> tuple[Exchange | None, int]:
    """The exchange and marker that an event of the page names. Events come from outside: one
    that names nothing here gives (None, 0)."""
    try:
        turn, marker = int(str(event.get("turn"))), int(str(event.get("marker")))
    except ValueError:
        return None, 0
    return next((e for e in conversation if e.number == turn), None), marker
