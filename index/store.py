"""The one source of truth: articles, passages, vectors and terms in one SQLite database.

Every row carries a CRC-32 over all its columns, checked whenever an article, a passage, a vector or
a fact about the collection is read: SQLite itself does not notice a flipped bit inside a value.
Passage ids rise and are never reused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import apsw
import numpy as np

from index import lexical, migrations, rows
from index.database import Database
from index.dense import Ids
from index.embedder import Vectors
from index.errors import DamageError, NotFoundError
from index.types import Article, Filter, Passage, Span


class NewPassage(NamedTuple):
    """A passage before the store gives it an id.

    `input_sha256` is the hash of what was embedded: the same input need not be embedded again.
    """

    sentences: tuple[Span, ...]
    input_sha256: str
    vector: Vectors


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article with all its passages; `file_sha256` tells an unchanged file without parsing.

    `moved_from` is the id of the article that it was, where its origin has moved.
    """

    article: Article
    file_sha256: str
    passages: tuple[NewPassage, ...]
    moved_from: str = ""


class Store:
    """Read from any thread. Writers must hold the collection's lock."""

    def __init__(self, path: Path, *, create: bool, locked: bool = False) -> None:
        """An older format becomes the current one; `locked` if the caller is the only writer.

        Raises NotFoundError, FormatError, LockedError, DamageError, CollectionError (not usable),
        OSError.
        """
        self.path = path
        self.database = Database(path, create=create, locked=locked)
        self._facts_proved_at = self._terms_proved_at = -1
        try:
            with self.errors():
                found = self.check_format()
            if found < migrations.FORMAT:
                self.database.bring_up()
        except BaseException:
            self.database.close()
            raise

    def check_format(self) -> int:
        """The format, if this program knows it. Raises FormatError, DamageError."""
        found = int(self.meta("format") or 0)
        if not found:
            raise DamageError(f"{self.path} does not say its format; restore a backup of it")
        migrations.check(found, self.meta("needs"), self.path.parent)
        return found

    @property
    def connection(self) -> apsw.Connection:
        """This thread's connection."""
        return self.database.connection

    def close(self) -> None:
        """See Database."""
        self.database.close()

    def transaction(self) -> AbstractContextManager[apsw.Connection]:
        """All or nothing for a writer; one unchanging view for a reader."""
        return self.database.transaction()

    def errors(self) -> AbstractContextManager[None]:
        """SQLite's errors as ours; a transaction does this by itself."""
        return self.database.errors()

    def meta(self, key: str) -> str | None:
        """A fact about the whole collection, or None."""
        row = self.connection.execute(
            "SELECT key, value, crc FROM meta WHERE key = ?", (key,)
        ).fetchone()
        return None if row is None else str(self.proved("meta", row)[1])

    def set_meta(self, key: str, value: str) -> None:
        """Inside a transaction."""
        rows.set_fact(self.connection, key, value)

    def forget_meta(self, key: str) -> None:
        """Inside a transaction."""
        self.connection.execute("DELETE FROM meta WHERE key = ?", (key,))

    # --- writing: inside one transaction each ---

    def put(self, new: NewArticle) -> None:
        """Add the article, or put it in the place of the one with its id, or that it was."""
        self.remove(new.article.id)
        if new.moved_from:
            self.remove(new.moved_from)
        row = (*rows.article_columns(new.article), new.file_sha256, len(new.passages))
        self._insert("article", (*row, rows.checksum(row)))
        self._sum_facts(new.article.id)
        first = self.last_id() + 1
        self.connection.executemany(
            "INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?)",
            (
                (*columns, rows.checksum(columns))
                for id, passage in enumerate(new.passages, first)
                for columns in [rows.passage_columns(id, new.article.id, *passage)]
            ),
        )
        texts = [
            new.article.text[passage.sentences[0].start : passage.sentences[-1].end]
            for passage in new.passages
        ]
        lexical.insert(
            self.connection,
            ((id, new.article.title, text) for id, text in enumerate(texts, first)),
        )
        self._changed()

    def remove(self, article_id: str) -> None:
        """Forget an article, its passages, vectors and terms; nothing if there is none."""
        self._sum_facts(article_id)
        found = self.connection.execute(
            "SELECT id FROM passage WHERE article_id = ?", (article_id,)
        )
        lexical.delete(self.connection, [int(str(id)) for (id,) in found.fetchall()])
        for table in ("passage", "staged"):
            self.connection.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
        self.connection.execute("DELETE FROM article WHERE id = ?", (article_id,))
        self._changed()

    def skip_ids(self, last: int) -> None:
        """Give no passage an id up to `last`: somebody may have seen them."""
        if last > self.last_id():
            self.connection.execute("DELETE FROM sqlite_sequence WHERE name = 'passage'")
            self.connection.execute("INSERT INTO sqlite_sequence VALUES ('passage', ?)", (last,))

    def _sum_facts(self, article_id: str) -> None:
        """Put what a filter knows of an article into the sum over all, or take it out again."""
        said = self.meta("facts")
        before = rows.filterable(self.connection) if said is None else int(said)
        own = rows.filterable(self.connection, "WHERE id = ?", article_id)
        self.set_meta("facts", str(before ^ own))

    def _changed(self) -> None:
        self.set_meta("change", str(self.change + 1))

    def seal(self) -> None:
        """Note what the lexical index is now, if it has changed. Outside a transaction."""
        with self.transaction():
            if self._sealed()[0] != self.change:
                found = lexical.checksum(self.connection)
                self.set_meta("words", json.dumps([self.change, found]))

    def prove_terms(self) -> None:
        """Raises DamageError if the lexical index is not what was sealed.

        Once for each change, for all of it must be read; FTS5 answers from a damaged one.
        """
        change, (sealed_at, said) = self.change, self._sealed()
        if change == sealed_at != self._terms_proved_at:
            if said != lexical.checksum(self.connection):
                raise self._lost("words")
            self._terms_proved_at = change

    def _sealed(self) -> tuple[int, int]:
        """At which change, and the checksum; an interrupted add is not sealed."""
        sealed_at, checksum = json.loads(self.meta("words") or "[-1, 0]")
        return int(sealed_at), int(checksum)

    def compact(self) -> None:
        """Rewrite the file without what was removed. Outside a transaction."""
        with self.transaction():
            self.forget_meta("words")
            lexical.merge(self.connection)
        self.database.vacuum()

    def _insert(self, table: str, row: rows.Row) -> None:
        self.connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    # --- reading ---

    @property
    def change(self) -> int:
        """Rises with every change of an article."""
        return int(self.meta("change") or 0)

    def counts(self) -> tuple[int, int]:
        """Articles and passages. Raises DamageError where two indexes count differently."""
        articles, again, passages = self.connection.execute(
            "SELECT (SELECT count(*) FROM article INDEXED BY article_file), "
            "(SELECT count(*) FROM article WHERE id >= ''), (SELECT count(*) FROM passage)"
        ).get
        if articles != again:
            raise self._lost("articles")
        return articles, passages

    def last_id(self) -> int:
        """The highest passage id ever given, also of passages that were removed since."""
        return self._number(  # AUTOINCREMENT remembers it
            "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'passage'), 0)"
        )

    def article(self, id: str) -> Article:
        """Raises NotFoundError."""
        row = self.connection.execute(
            f"SELECT {rows.ARTICLE} FROM article WHERE id = ?", (id,)
        ).fetchone()
        if row is None:
            if self._number("SELECT count(*) FROM article NOT INDEXED WHERE id = ?", id):
                raise self._lost("articles")
            raise NotFoundError(f"no article {id} in {self.path.parent}")
        return rows.article(self.proved("article", row))

    def articles(self) -> Iterator[Article]:
        """All, in the order of their origins; each is read when it is asked for."""
        change, seen, origin = self.change, 0, ""
        while row := self.connection.execute(
            f"SELECT {rows.ARTICLE} FROM article WHERE origin > ? ORDER BY origin LIMIT 1",
            (origin,),
        ).fetchone():
            article = rows.article(self.proved("article", row))
            yield article
            seen, origin = seen + 1, article.origin
        # Not one transaction: who reads them may take long.
        if seen != self.counts()[0] and self.change == change:
            raise self._lost("articles")

    def published(self, ids: Sequence[str]) -> dict[str, date]:
        """The publication dates of those articles that have one."""
        found = self.connection.execute(
            f"SELECT {rows.ARTICLE} FROM article WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        articles = (rows.article(self.proved("article", row)) for row in found)
        return {article.id: article.published for article in articles if article.published}

    def known(self, origin: str) -> tuple[Article, str] | None:
        """The article read from `origin` with the hash of its file, or None."""
        row = self.connection.execute(
            f"SELECT {rows.ARTICLE} FROM article WHERE origin = ?", (origin,)
        ).fetchone()
        return None if row is None else (rows.article(self.proved("article", row)), str(row[12]))

    def origins(self) -> dict[str, str]:
        """Where every article was read, by its id; not proved by a checksum."""
        found = self.connection.execute("SELECT id, origin FROM article")
        return {str(id): str(origin) for id, origin in found}

    def origins_of(self, file_sha256: str) -> dict[str, str]:
        """The same, of those articles that were read from a file with this hash."""
        found = self.connection.execute(
            "SELECT id, origin FROM article WHERE file_sha256 = ? ORDER BY origin", (file_sha256,)
        )
        return {str(id): str(origin) for id, origin in found}

    def embedded(self, article_id: str) -> dict[str, Vectors]:
        """The article's vectors by the hash of what was embedded."""
        found = self._passage_rows("WHERE article_id = ?", (article_id,))
        return {str(row[3]): rows.vector(row[4]) for row in found}

    def new_passages(self, article_id: str) -> tuple[NewPassage, ...]:
        """The article's passages in order, to be stored once more."""
        found = self._passage_rows("WHERE article_id = ? ORDER BY id", (article_id,))
        return tuple(NewPassage(rows.spans(r[2]), str(r[3]), rows.vector(r[4])) for r in found)

    def existing(self, ids: Sequence[int]) -> set[int]:
        """Those of `ids` that are passages."""
        found = self.connection.execute(
            "SELECT id FROM passage WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {int(str(id)) for (id,) in found}

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Those of `ids` that still exist."""
        found = [
            (int(str(row[0])), str(row[1]), rows.spans(row[2]))
            for row in self._passage_rows(
                "WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
            )
        ]
        texts = {id: self.article(id).text for id in {article_id for _, article_id, _ in found}}
        return {
            id: Passage(
                id=id,
                article_id=article_id,
                start=spans[0].start,
                end=spans[-1].end,
                text=texts[article_id][spans[0].start : spans[-1].end],
                sentences=spans,
            )
            for id, article_id, spans in found
        }

    def passages_up_to(self, last: int) -> int:
        """How many passages have an id of at most `last`."""
        # By the small index: the table itself is mostly vectors (33,000 passages: 0.7 ms, not 13).
        return self._number(
            "SELECT count(*) FROM passage INDEXED BY passage_article WHERE +id <= ?", last
        )

    def vectors(self, after: int = 0) -> tuple[Ids, Vectors]:
        """Ids (n,) and vectors (n, d) of the passages with an id above `after`, by rising id.

        Of all passages, they must be as many as the articles say.
        """
        found = list(self._passage_rows("WHERE id > ? ORDER BY id", (after,)))
        if not after and len(found) != self._number(
            "SELECT coalesce(sum(passages), 0) FROM article"
        ):
            raise self.lost_passages()
        ids = np.array([row[0] for row in found], np.int64)
        vectors = [rows.vector(row[4]) for row in found]
        return ids, np.stack(vectors) if vectors else np.zeros((0, 0), np.float32)

    def lost_passages(self) -> DamageError:
        """To be raised where one part of the database counts other passages than another."""
        return self._lost("passages")

    def _lost(self, what: str) -> DamageError:
        return DamageError(
            f"{self.path} has lost {what}; `article-qa repair` rebuilds what it can, or restore "
            "a backup of the collection"
        )

    def allowed(self, filter: Filter) -> list[int]:
        """Passage ids that `filter` admits. Raises DamageError if it could leave one out."""
        self._prove_facts()
        where, parameters = rows.narrowing(filter)
        found = self.connection.execute(
            f"SELECT a.id, a.passages FROM article a WHERE {where}", parameters
        ).fetchall()
        articles = json.dumps([id for id, _ in found])
        passages = self.connection.execute(
            "SELECT id FROM passage WHERE article_id IN (SELECT value FROM json_each(?))",
            (articles,),
        ).fetchall()
        ids = [int(str(id)) for (id,) in passages]
        # Found by an index, which may name other passages than the table does (the plus sign
        # keeps SQLite from asking the index again).
        same = self._number(
            "SELECT count(*) FROM passage WHERE id IN (SELECT value FROM json_each(?)) "
            "AND +article_id IN (SELECT value FROM json_each(?))",
            json.dumps(ids),
            articles,
        )
        if not len(ids) == same == sum(int(str(count)) for _, count in found):
            raise self.lost_passages()
        return ids

    def _prove_facts(self) -> None:
        # Whole rows are proved when they are read; what a filter leaves out never is. Once for
        # each change, for all rows must be looked at.
        change, said = self.change, self.meta("facts")
        if self._facts_proved_at != change and said is not None:
            if int(said) != rows.filterable(self.connection):
                raise self._lost("articles")
            self._facts_proved_at = change

    def _number(self, sql: str, *parameters: object) -> int:
        return int(str(self.connection.execute(sql, parameters).get))

    def _passage_rows(self, where: str, parameters: Sequence[object]) -> Iterator[rows.Row]:
        for row in self.connection.execute(
            f"SELECT {rows.PASSAGE} FROM passage {where}", parameters
        ):
            yield self.proved("passage", row)

    def proved(self, table: str, row: rows.Row) -> rows.Row:
        """`row`, its checksum last, if it is as it was written. Raises DamageError."""
        if not rows.is_sound(row):
            raise DamageError(
                f"{self.path}: {table} {row[0]!r} does not match its checksum; `article-qa "
                "repair` rebuilds what it can, or restore a backup of the collection"
            )
        return row
