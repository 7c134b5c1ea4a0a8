"""A conversation in the shell: every question with those before it, every answer kept."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from index.collection import Collection
from index.errors import HistoryError, NotFoundError
from index.types import Filter
from qa.factory import assistant
from qa.records import Records
from qa.records_types import Verdict
from qa.types import Answer, Turn


class Talk:
    """Asks one collection. `records` is None where nothing is kept."""

    def __init__(
        self,
        opened: Collection,
        records: Records | None,
        *,
        asked_on: date | None = None,
        filter: Filter | None = None,
        heed_time: bool = True,
        reader: Path | None = None,
    ) -> None:
        self._opened = opened
        self._reader = reader
        self._records = records
        self._asked_on = asked_on
        self._filter = filter
        self._heed_time = heed_time
        self._conversation: int | None = None
        self._turns: list[Turn] = []
        self._last: int | None = None

    def ask(self, question: str) -> Answer:
        """As `qa.ask` with what was asked before; says so if the answer cannot be kept."""
        answer = assistant(self._opened, self._reader).ask(
            question,
            history=tuple(self._turns),
            asked_on=self._asked_on,
            filter=self._filter,
            heed_time=self._heed_time,
        )
        self._turns.append(Turn(answer.question, answer.asked_as, answer))
        self._keep(answer)
        return answer

    def go_on(self) -> str:
        """Go on with the last conversation over this collection; its title, "" if there is none.

        Raises HistoryError.
        """
        if self._records is None:
            raise HistoryError(
                "nothing is kept (--no-history, or ARTICLE_QA_HISTORY is “off”), so there is no "
                "conversation to go on with"
            )
        for last in self._records.conversations(collection=self._opened.path)[:1]:
            self._turns = [kept.turn for kept in self._records.turns(last.id)]
            self._conversation = last.id
            return last.title
        return ""

    def begin_anew(self) -> None:
        """The next question begins another conversation."""
        self._conversation, self._last, self._turns = None, None, []

    def rate(self, verdict: Verdict) -> bool:
        """Rate the last answer; False if none was kept. Raises HistoryError."""
        if self._records is None or self._last is None:
            return False
        self._records.rate(self._last, verdict)
        return True

    def _keep(self, answer: Answer) -> None:
        self._last = None
        if self._records is None:
            return
        try:
            if self._conversation is None:
                self._conversation = self._records.begin("", self._opened.path)
            self._last = self._records.add(
                self._conversation,
                answer,
                self._opened,
                asked_on=self._asked_on,
                filter=self._filter,
            )
        except (HistoryError, NotFoundError) as error:  # the answer is worth more than its record
            print(f"article-qa: this answer is not kept: {error}", file=sys.stderr)
            self._records = None
