"""The history: conversations kept in a file of their own, whatever becomes of the articles."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

import apsw

from index.errors import DamageError, NotFoundError
from index.terms import words
from index.types import Article, Filter, Hit
from qa.records_export import Kind, export
from qa.records_file import RecordsFile
from qa.records_rows import built, plain
from qa.records_types import (
    Conversation,
    DamagedTurn,
    KeptTurn,
    Rating,
    Reference,
    Verdict,
)
from qa.types import Answer

# Of the passages that did not answer, so many are kept.
NEAREST = 4
LONGEST_TITLE = 200

_CONVERSATION = """
    SELECT id, title, collection, owner, started, changed,
        (SELECT count(*) FROM turn WHERE turn.conversation = conversation.id)
    FROM conversation"""
_TURN = """
    SELECT turn.id, conversation, number, record, crc, verdict, note, rated
    FROM turn LEFT JOIN rating ON rating.turn = turn.id"""


class Shelf(Protocol):
    """Stored articles by their id: `index.Collection`."""

    def article(self, article_id: str) -> Article:
        """Raises NotFoundError when it is gone, DamageError when it cannot be trusted."""


@dataclass(frozen=True, slots=True)
class _Record:
    """What of a turn never changes once it is kept."""

    kept: datetime
    asked_on: date
    answer: Answer
    filter: Filter
    references: dict[str, Reference]


class Records:
    """Conversations in one SQLite file, for any number of collections, threads and processes.

    Nothing is opened or written before it is needed. Every method raises HistoryError if the file
    cannot be read or written; whoever asks shows the answer all the same, and says so.
    """

    def __init__(self, path: str | Path) -> None:
        self._file = RecordsFile(Path(path))

    @property
    def path(self) -> Path:
        """The file; it may not be there yet."""
        return self._file.path

    def begin(self, title: str, collection: str | Path, *, owner: str = "") -> int:
        """The id of a new conversation over the articles in this folder. Ids are never reused.

        Without a title, the first question becomes it.
        """
        now = _now()
        with self._file.writing() as connection:
            connection.execute(
                "INSERT INTO conversation (title, collection, owner, words, started, changed) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (_title(title), place_of(collection), owner, _words(title), now, now),
            )
            return connection.last_insert_rowid()

    def add(
        self,
        conversation: int,
        answer: Answer,
        articles: Shelf,
        *,
        asked_on: date | None = None,
        filter: Filter | None = None,
    ) -> int:
        """Keep an answer as it is shown now; the id of the turn.

        `articles` tell what the passages are from that did not answer. Raises NotFoundError if
        there is no such conversation.
        """
        kept = replace(answer, hits=_worth_keeping(answer))
        record = _Record(
            kept=datetime.now(UTC),
            asked_on=asked_on or date.today(),
            answer=kept,
            filter=filter or Filter(),
            references=_references(kept.hits, articles),
        )
        text = json.dumps(plain(record))  # ASCII: a question may hold half a character
        with self._file.writing() as connection:
            title = _conversation(connection, conversation).title
            connection.execute(
                "INSERT INTO turn (conversation, number, words, record, crc) VALUES (?1, "
                "(SELECT count(*) + 1 FROM turn WHERE conversation = ?1), ?2, ?3, ?4)",
                (conversation, _words(*_said(record)), text, zlib.crc32(text.encode())),
            )
            turn = connection.last_insert_rowid()
            connection.execute(
                "UPDATE conversation SET changed = ? WHERE id = ?", (_now(), conversation)
            )
            if not title:
                _rename(connection, conversation, answer.question)
        return turn

    def conversations(
        self, search: str = "", *, collection: str | Path | None = None, owner: str | None = None
    ) -> list[Conversation]:
        """Those that have every word of `search` somewhere, the last one asked first.

        With `collection` or `owner` only theirs.
        """
        where, parameters = ["1"], list[str]()
        for word in words(search):
            where.append(
                "(instr(words, ?) OR EXISTS (SELECT 1 FROM turn WHERE "
                "turn.conversation = conversation.id AND instr(turn.words, ?)))"
            )
            parameters += [f" {word}"] * 2
        if collection is not None:
            where.append("collection = ?")
            parameters.append(place_of(collection))
        if owner is not None:
            where.append("owner = ?")
            parameters.append(owner)
        sql = f"{_CONVERSATION} WHERE {' AND '.join(where)} ORDER BY changed DESC, id DESC"
        with self._file.reading() as connection:
            return [_conversation_of(row) for row in connection.execute(sql, parameters)]

    def conversation(self, conversation: int) -> Conversation:
        """One of them. Raises NotFoundError."""
        with self._file.reading() as connection:
            return _conversation(connection, conversation)

    def turns(self, conversation: int) -> list[KeptTurn]:
        """Oldest first, without those that are damaged. Raises NotFoundError."""
        return [one for one in self._read(conversation) if isinstance(one, KeptTurn)]

    def damaged(self, conversation: int) -> list[DamagedTurn]:
        """Those that `turns` leaves out, because their checksum does not match. Raises
        NotFoundError."""
        return [one for one in self._read(conversation) if isinstance(one, DamagedTurn)]

    def rename(self, conversation: int, title: str) -> None:
        """Raises NotFoundError."""
        with self._file.writing() as connection:
            _conversation(connection, conversation)
            _rename(connection, conversation, title)

    def delete(self, conversation: int) -> None:
        """With all its turns and ratings, overwritten in the file. Raises NotFoundError."""
        with self._file.writing() as connection:
            _conversation(connection, conversation)
            connection.execute("DELETE FROM conversation WHERE id = ?", (conversation,))

    def delete_all(self, *, owner: str | None = None) -> int:
        """All conversations, or all of one owner; how many there were."""
        if not self.path.exists():
            return 0
        with self._file.writing() as connection:
            connection.execute("DELETE FROM conversation WHERE ?1 IS NULL OR owner = ?1", (owner,))
            return connection.changes()

    def rate(self, turn: int, verdict: Verdict | None, note: str = "") -> None:
        """What a person thinks of an answer, in place of what was said before; None takes it back.

        Raises NotFoundError.
        """
        with self._file.writing() as connection:
            if connection.execute("SELECT 1 FROM turn WHERE id = ?", (turn,)).fetchone() is None:
                raise NotFoundError(f"no turn {turn} in the history")
            connection.execute("DELETE FROM rating WHERE turn = ?", (turn,))
            if verdict is not None:
                connection.execute(
                    "INSERT INTO rating VALUES (?, ?, ?, ?)", (turn, verdict, _whole(note), _now())
                )

    def rated(self) -> Iterator[KeptTurn]:
        """All turns that somebody has rated and that are not damaged, oldest first."""
        with self._file.reading() as connection:
            sql = f"{_TURN} WHERE verdict IS NOT NULL ORDER BY turn.id"
            rows = connection.execute(sql).fetchall()
        return (one for one in map(_turn, rows) if isinstance(one, KeptTurn))

    def export(self, conversation: int, kind: Kind) -> str:
        """A whole conversation as Markdown, as a page, or as JSON. Raises NotFoundError."""
        turns, damaged = self.turns(conversation), self.damaged(conversation)
        return export(self.conversation(conversation), turns, kind, damaged)

    def _read(self, conversation: int) -> list[KeptTurn | DamagedTurn]:
        with self._file.reading() as connection:
            _conversation(connection, conversation)
            sql = f"{_TURN} WHERE conversation = ? ORDER BY number"
            return [_turn(row) for row in connection.execute(sql, (conversation,))]


def _turn(row: Sequence[object]) -> KeptTurn | DamagedTurn:
    id, conversation, number, text, crc, verdict, note, rated = row
    try:
        if zlib.crc32(str(text).encode()) != crc:
            raise ValueError("its checksum does not match")
        record = built(_Record, json.loads(str(text)))
        given = {"verdict": verdict, "note": note, "rated": rated}
        return KeptTurn(
            id=int(str(id)),
            conversation=int(str(conversation)),
            number=int(str(number)),
            kept=record.kept,
            asked_on=record.asked_on,
            answer=record.answer,
            filter=record.filter,
            references=record.references,
            rating=built(Rating, given) if verdict is not None else None,
        )
    except ValueError as error:
        return DamagedTurn(int(str(conversation)), int(str(number)), str(error))


def place_of(collection: str | Path) -> str:
    """The name of a collection's folder in the history, the same from wherever it is opened."""
    return os.path.normpath(Path(collection).absolute())


def _worth_keeping(answer: Answer) -> tuple[Hit, ...]:
    """The passages that hold a quote; where nothing is quoted, the nearest."""
    if not answer.citations:
        return answer.hits[:NEAREST]
    return tuple(
        hit
        for hit in answer.hits
        if any(
            hit.passage.article_id == one.article_id
            and hit.passage.start <= one.start
            and one.end <= hit.passage.end
            for one in answer.citations
        )
    )


def _references(hits: Sequence[Hit], articles: Shelf) -> dict[str, Reference]:
    found = dict[str, Reference]()
    for id in dict.fromkeys(hit.passage.article_id for hit in hits):
        try:
            found[id] = Reference.of(articles.article(id))
        except (NotFoundError, DamageError):
            continue  # removed while it was read; the passage is kept all the same
    return found


def _said(record: _Record) -> Iterator[str]:
    """What a search of the history looks through."""
    yield from (record.answer.question, record.answer.asked_as, record.answer.text)
    for one in record.references.values():
        yield one.byline


def _words(*texts: str) -> str:
    """Each with a space before it, so that a search finds beginnings of words."""
    return "".join(f" {word}" for text in texts for word in words(text))


def _rename(connection: apsw.Connection, conversation: int, title: str) -> None:
    connection.execute(
        "UPDATE conversation SET title = ?, words = ? WHERE id = ?",
        (_title(title), _words(title), conversation),
    )


def _title(title: str) -> str:
    return _whole(" ".join(title.split())[:LONGEST_TITLE])


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _conversation(connection: apsw.Connection, id: int) -> Conversation:
    row = connection.execute(f"{_CONVERSATION} WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise NotFoundError(
            f"no conversation {id} in the history: `article-qa history list` shows them all"
        )
    return _conversation_of(row)


def _conversation_of(row: Sequence[object]) -> Conversation:
    id, title, collection, owner, started, changed, turns = row
    return Conversation(
        int(str(id)),
        str(title),
        str(collection),
        str(owner),
        datetime.fromisoformat(str(started)),
        datetime.fromisoformat(str(changed)),
        int(str(turns)),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat()
