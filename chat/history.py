"""Earlier conversations of a person over this collection: kept, found, opened, exported."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from chat.markup import render
from chat.types import Asking, Conversation, Exchange, Library
from index.errors import ArticleQAError, NotFoundError
from qa.records import Records, place_of
from qa.records_check import check
from qa.records_export import KINDS, Kind
from qa.records_types import Conversation as Kept
from qa.records_types import KeptTurn, Verdict

SHOWN = 200  # conversations in the list; a search finds the others
VERDICTS: tuple[Verdict, ...] = ("right", "wrong", "wrong source")
_ENDINGS: Mapping[Kind, tuple[str, str]] = {
    "markdown": ("md", "text/markdown; charset=utf-8"),
    "html": ("html", "text/html; charset=utf-8"),
    "json": ("json", "application/json"),
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be saved by a browser."""

    name: str
    media_type: str
    text: str


class History:
    """The records of one collection; each person (`owner`) sees only their own.

    Methods that act raise HistoryError, and NotFoundError for what is not that person's.
    """

    def __init__(self, records: Records, library: Library) -> None:
        self._records = records
        self._library = library
        self._collection = place_of(library.path)

    def listed(self, owner: str, search: str, current: int | None) -> str:
        """The conversations that have every word of `search`, as HTML. Raises nothing."""
        try:
            found = self._records.conversations(search, collection=self._collection, owner=owner)
            problem = ""
        except ArticleQAError as error:
            found, problem = [], str(error)
        return render(
            "conversations.html",
            conversations=found[:SHOWN],
            more=len(found) - SHOWN,
            current=current,
            search=search.strip(),
            problem=problem,
            today=date.today(),
        )

    def keep(
        self, conversation: Conversation, exchange: Exchange, owner: str
    ) -> tuple[int | None, Exchange]:
        """Keep an answered exchange; the conversation's id, and the exchange with its own.

        Where that fails the answer stands all the same, with a note that it was not kept.
        """
        assert exchange.answer is not None
        kept = conversation.kept
        try:
            if kept is None:
                kept = self._records.begin("", self._collection, owner=owner)
            turn = self._records.add(
                kept, exchange.answer, self._library, filter=exchange.asking.filter
            )
            return kept, replace(exchange, kept=turn)
        except ArticleQAError as error:
            _log.warning("an answer was not kept in the history: %s", error)
            return conversation.kept, replace(
                exchange, note=f"This answer was not kept in the history: {error}"
            )

    def opened(self, owner: str, id: int) -> Conversation:
        """A conversation as it was, with what became of its quotes; in the place of an answer that
        is damaged, that it is."""
        self._own(owner, id)
        kept = [_exchange(turn, self._library) for turn in self._records.turns(id)]
        lost = [
            Exchange(one.number, f"Question {one.number}", problem=str(one))
            for one in self._records.damaged(id)
        ]
        return Conversation(tuple(sorted([*kept, *lost], key=lambda one: one.number)), id)

    def rename(self, owner: str, id: int, title: str) -> None:
        """A title without a letter leaves it as it is."""
        self._own(owner, id)
        if title.strip():
            self._records.rename(id, title)

    def delete(self, owner: str, id: int) -> None:
        """For good."""
        self._own(owner, id)
        self._records.delete(id)

    def rate(self, turn: int, verdict: Verdict | None) -> None:
        """What a person said of an answer; None takes it back."""
        self._records.rate(turn, verdict)

    def download(self, owner: str, id: int, ending: str) -> Download:
        """A conversation as a file, `ending` one of md, html and json."""
        kind = next((kind for kind in KINDS if _ENDINGS[kind][0] == ending), None)
        if kind is None:
            raise NotFoundError(f"A conversation is exported as md, html or json, not {ending}.")
        self._own(owner, id)
        text = self._records.export(id, kind)
        return Download(f"conversation-{id}.{ending}", _ENDINGS[kind][1], text)

    def _own(self, owner: str, id: int) -> Kept:
        found = self._records.conversation(id)
        if found.owner != owner or found.collection != self._collection:
            raise NotFoundError("This conversation is not known here any more.")
        return found


def _exchange(turn: KeptTurn, library: Library) -> Exchange:
    answer = turn.answer
    failed = [one for one in check(answer, library) if one.standing != "same"]
    return Exchange(
        turn.number,
        answer.question,
        answer,
        asking=Asking(answer.question, filter=turn.filter),
        kept=turn.id,
        verdict=turn.rating.verdict if turn.rating else None,
        note=" ".join(f"[{one.citation.marker}] {one}." for one in failed),
    )
