"""What happens when someone asks or clicks: HTML for the parts of the page.

Nothing here is shared between people except the assistant and the collection: a conversation is
kept per person by the caller and passed in.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace

from chat import evidence, narrowing, transcript
from chat.articles import ArticleList
from chat.history import VERDICTS, History
from chat.logs import told
from chat.shelf import Shelf, Welcome
from chat.types import Asking, Asks, Conversation, Exchange, Library, Person, turns
from chat.waiting import BusyError, Line
from index.errors import ArticleQAError, QuestionError
from index.types import Filter

REMEMBERED = 50  # exchanges kept per conversation on the page
LOOK_SECONDS = 1.0  # between two looks at how many questions are waiting before this one

EMPTY = (
    "There are no articles in this collection yet, so there is nothing to quote from. "
    "Add some: drop files on this page, or use “Add articles” beside the list of them."
)
EMPTY_CLOSED = (
    "There are no articles in this collection yet, so there is nothing to quote from. "
    "Start it over a folder of them: “make run ARTICLES=some/folder”, or “article-qa serve "
    "some/folder”."
)
BROKEN = (
    "Something went wrong while answering, and it has been written to the program's log. "
    "The page still works: please try again, or ask in another way."
)
STOPPED = "Stopped."

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class View:
    """What to show, part by part; None leaves a part as it is.

    `box` is the text of the question box; `filter` which articles the next question is put to.
    """

    conversation: Conversation | None = None
    filter: Filter | None = None
    box: str | None = None
    header: str | None = None
    transcript: str | None = None
    evidence: str | None = None
    chips: str | None = None
    conversations: str | None = None
    articles: str | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What a session is made of; without `history` nothing is kept."""

    assistant: Asks
    library: Library
    shelf: Shelf
    articles: ArticleList
    history: History | None = None
    line: Line = field(default_factory=Line)


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

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def start(self, person: Person, *, loaded: bool = True) -> View:
        """An empty conversation; not `loaded` for what stands there before the page asks, which
        is made without reading the articles."""
        shelf = self._parts.shelf
        welcome = shelf.welcome() if loaded else shelf.glance()
        return View(
            conversation=Conversation(),
            filter=Filter(),
            header=self._header(person, welcome),
            transcript=transcript.greeting(
                welcome, can_add=self._may_change(person), loaded=loaded
            ),
            evidence=evidence.introduction(),
            chips=self._chips(Filter()),
            conversations=self._listed(person, "", None) if loaded else "",
        )

    # --- asking ---

    def asking(self, event: Mapping[str, object], filter: Filter) -> Asking:
        """The question that an event of the page asks; one from a link brings its own filter."""
        shared = event.get("link")
        return Asking(
            str(event.get("question", "")),
            alone=event.get("alone") == "1",
            heed_time=event.get("heed") != "0",
            filter=narrowing.from_address(str(shared)) if shared is not None else filter,
            again=max(_number(event, "again"), 0),
        )

    async def ask(
        self, asking: Asking, conversation: Conversation, person: Person
    ) -> AsyncIterator[View]:
        """First the question as it is being searched, then what came of it. Raises nothing."""
        before = replace(conversation, exchanges=_lasting(conversation, asking.again))
        number = max((one.number for one in conversation.exchanges), default=0) + 1
        exchange = Exchange(number, asking.question.strip()[:2_100], asking=asking)
        searching = replace(before, exchanges=(*before.exchanges, exchange))
        yield View(
            conversation=searching,
            filter=asking.filter,
            transcript=transcript.transcript(searching.exchanges),
            chips=self._chips(asking.filter),
        )
        try:
            ticket = self._parts.line.enter(lambda: self._answered(exchange, before, person))
        except BusyError as error:
            yield self._shown(before, replace(exchange, problem=str(error)), person)
            return
        waited = asyncio.wrap_future(ticket.result)
        try:
            ahead = 0
            while not (await asyncio.wait({waited}, timeout=LOOK_SECONDS))[0]:
                if (now := ticket.ahead()) != ahead:
                    ahead = now
                    html = transcript.transcript(searching.exchanges, ahead=ahead)
                    yield View(transcript=html)
            kept, exchange = waited.result()
            # Not here, where all are served: it reads articles.
            after = replace(before, kept=kept)
            yield await asyncio.to_thread(self._shown, after, exchange, person)
        except (CancelledError, asyncio.CancelledError):
            raise asyncio.CancelledError from None
        finally:
            ticket.result.cancel()

    def stop(self, conversation: Conversation) -> View:
        """What was being searched is not any more."""
        exchanges = tuple(
            replace(one, problem=STOPPED) if one.pending else one for one in conversation.exchanges
        )
        return View(
            conversation=replace(conversation, exchanges=exchanges),
            transcript=transcript.transcript(exchanges) if exchanges else None,
        )

    def _shown(self, before: Conversation, exchange: Exchange, person: Person) -> View:
        after = replace(before, exchanges=(*before.exchanges, exchange)[-REMEMBERED:])
        return View(
            conversation=after,
            header=self._header(person),  # others may have added articles meanwhile
            transcript=transcript.transcript(after.exchanges, fresh=True),
            evidence=self._evidence(exchange) if exchange.answer else None,
            conversations=self._listed(person, "", after.kept) if exchange.kept else None,
        )

    def _answered(
        self, exchange: Exchange, before: Conversation, person: Person
    ) -> tuple[int | None, Exchange]:
        """In a thread of the line: what came of it, and the id of the conversation if kept."""
        with told(exchange.asking) as log:
            exchange = self._tried(exchange, before, person)
            log.came(exchange.answer)
        if exchange.answer is not None and self._parts.history:
            return self._parts.history.keep(before, exchange, person.owner)
        return before.kept, exchange

    def _tried(self, exchange: Exchange, before: Conversation, person: Person) -> Exchange:
        asking = exchange.asking
        try:
            if exchange.question and not self._parts.library.stats().articles:
                return replace(
                    exchange, problem=EMPTY if self._may_change(person) else EMPTY_CLOSED
                )
            answer = self._parts.assistant.ask(
                asking.question,
                history=() if asking.alone else turns(before.exchanges),
                filter=asking.filter or None,
                heed_time=asking.heed_time,
            )
            return replace(exchange, answer=answer)
        except QuestionError as error:
            return replace(exchange, question=exchange.question[:1000], problem=str(error))
        except ArticleQAError as error:
            _log.warning("a question was not answered: %s", error)
            return replace(exchange, problem=str(error))
        except Exception:
            _log.exception("a question was not answered")
            return replace(exchange, problem=BROKEN)

    # --- clicks ---

    def act(
        self,
        event: Mapping[str, object],
        conversation: Conversation,
        filter: Filter,
        person: Person,
    ) -> View:
        """What a click does that asks nothing. Events come from outside: anything may be in
        them. Raises nothing."""
        try:
            return self._act(event, conversation, filter, person)
        except ArticleQAError as error:
            return View(evidence=evidence.notice(str(error)))
        except Exception:
            _log.exception("a click was not answered")
            return View(evidence=evidence.notice(BROKEN))

    def _act(
        self,
        event: Mapping[str, object],
        conversation: Conversation,
        filter: Filter,
        person: Person,
    ) -> View:
        match event.get("do"):
            case "cite" | "open":
                return View(evidence=self._cited(event, conversation))
            case "article":
                article = self._parts.articles.article(str(event.get("id")))
                return View(evidence=evidence.article(article, may_remove=self._may_change(person)))
            case "narrow" | "widen":
                change = narrowing.narrowed if event["do"] == "narrow" else narrowing.widened
                return View(filter=change(filter, event), chips=self._chips(change(filter, event)))
            case "list":
                return View(articles=self._parts.articles.listed(event, person))
            case "refresh":
                return self._refreshed(conversation, person)
            case "remove":
                title = self._parts.articles.remove(str(event.get("id")), person)
                said = evidence.notice(f"“{title}” has been removed.", good=True)
                return replace(self._refreshed(conversation, person), evidence=said)
            case "conversations":
                found = self._listed(person, str(event.get("text", "")), conversation.kept)
                return View(conversations=found)
            case "rename" | "delete" | "rate" if self._parts.history:
                return self._recorded(self._parts.history, event, conversation, person)
        return View()

    def leave(
        self, event: Mapping[str, object], conversation: Conversation, person: Person
    ) -> View:
        """Another conversation takes the place of this one: a kept one, or a new one."""
        try:
            if self._parts.history and event.get("id"):
                opened = self._parts.history.opened(person.owner, _number(event, "id"))
                last = opened.exchanges[-1] if opened.exchanges else None
                return View(
                    conversation=opened,
                    box="",
                    transcript=transcript.transcript(opened.exchanges),
                    evidence=self._evidence(last) if last else evidence.introduction(),
                    conversations=self._listed(person, str(event.get("text", "")), opened.kept),
                )
        except ArticleQAError as error:
            return View(evidence=evidence.notice(str(error)))
        return replace(self.start(person), box="")

    def _recorded(
        self,
        history: History,
        event: Mapping[str, object],
        conversation: Conversation,
        person: Person,
    ) -> View:
        if event["do"] == "rate":
            return self._rated(history, event, conversation)
        id, shown = _number(event, "id"), str(event.get("text", ""))
        if event["do"] == "rename":
            history.rename(person.owner, id, str(event.get("title", "")))
            return View(conversations=self._listed(person, shown, conversation.kept))
        history.delete(person.owner, id)
        if id != conversation.kept:
            return View(conversations=self._listed(person, shown, conversation.kept))
        return self.start(person)

    def _rated(
        self, history: History, event: Mapping[str, object], conversation: Conversation
    ) -> View:
        exchange = conversation.turn(_number(event, "turn"))
        verdict = next((one for one in VERDICTS if one == event.get("verdict")), None)
        if exchange is None or exchange.kept is None:
            return View()
        given = None if verdict == exchange.verdict else verdict  # the same again takes it back
        history.rate(exchange.kept, given)
        exchanges = tuple(
            replace(one, verdict=given) if one is exchange else one
            for one in conversation.exchanges
        )
        return View(
            conversation=replace(conversation, exchanges=exchanges),
            transcript=transcript.transcript(exchanges, moved=False),
        )

    def _cited(self, event: Mapping[str, object], conversation: Conversation) -> str:
        exchange, marker = conversation.turn(_number(event, "turn")), _number(event, "marker")
        if exchange is None:
            return evidence.unknown_conversation()
        if event["do"] == "open":
            return evidence.opened(exchange, marker, self._parts.library)
        return self._evidence(exchange, marker)

    def _evidence(self, exchange: Exchange, active: int = 0) -> str:
        return evidence.evidence(exchange, self._parts.library, active)

    def _refreshed(self, conversation: Conversation, person: Person) -> View:
        shelf = self._parts.shelf
        empty = not conversation.exchanges
        return View(
            header=self._header(person),
            transcript=transcript.greeting(shelf.welcome(), can_add=self._may_change(person))
            if empty
            else None,
        )

    def _header(self, person: Person, welcome: Welcome | None = None) -> str:
        return self._parts.shelf.header(welcome, can_leave=bool(person.owner))

    def _may_change(self, person: Person) -> bool:
        return self._parts.articles.may_change(person)

    def _chips(self, filter: Filter) -> str:
        return transcript.chips(filter, self._parts.library)

    def _listed(self, person: Person, text: str, current: int | None) -> str:
        history = self._parts.history
        return history.listed(person.owner, text, current) if history else ""


def _lasting(conversation: Conversation, again: int) -> tuple[Exchange, ...]:
    """The exchanges that stay: not the one that is asked again, nor a last one that came to
    nothing because nothing was asked or because it was stopped."""
    kept = tuple(one for one in conversation.exchanges if one.number != again and not one.pending)
    return kept[:-1] if kept and not kept[-1].question else kept


def _number(event: Mapping[str, object], name: str) -> int:
    try:
        return int(str(event.get(name)))
    except ValueError:
        return -1
