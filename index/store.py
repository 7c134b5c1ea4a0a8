"""The one source of truth: articles, passages and vectors in one SQLite database.

Every row carries a CRC-32 over all its columns, checked whenever an article, a passage, a vector or
a fact about the collection is read: SQLite itself does not notice a flipped bit inside a value.
Passage ids rise and are never reused.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import apsw
import numpy as np
from numpy.typing import NDArray

from index import clusters, copies, migrations, rows
from index.copies import Copy
from index.database import Database
from index.dense import Ids
from index.embedder import Vectors
from index.entries import Known, NewArticle, NewPassage, Stored
from index.errors import DamageError, NotFoundError
from index.types import Article, Filter, Passage

# Higher than any id.
_ANY = 2**63 - 1
_BETWEEN = "WHERE id > ? AND id <= ? ORDER BY id"


class Store:
    """Read from any thread. Writers must hold the collection's lock."""

    def __init__(self, path: Path, *, create: bool, locked: bool = False) -> None:
        """An older format becomes the current one, and `brought_up` tells so.

        `locked` if the caller is the only writer.

        Raises NotFoundError, FormatError, LockedError, DamageError, CollectionError (not usable),
        OSError.
        """
        self.path = path
        self.database = Database(path, create=create, locked=locked)
        self._facts_proved_at = self._copies_proved_at = -1
        self._clusters: tuple[int, dict[str, str]] = (-1, {})
        try:
            with self.errors():
                found = self.check_format()
            self.brought_up = found < migrations.FORMAT
            if self.brought_up:
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
        """Add the article, or put it in the place of the one with its id, or that it was.

        Further origins of that are forgotten: see `origins.put`.
        """
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
        clusters.note(self.connection, new.article.id, new.article.text)
        self._changed()

    def remove(self, article_id: str) -> None:
        """Forget an article, its passages, vectors and origins; nothing if there is none."""
        self._sum_facts(article_id)
        found = self.connection.execute(
            "SELECT id FROM passage WHERE article_id = ?", (article_id,)
        )
        self.connection.executemany(
            "INSERT OR REPLACE INTO removed VALUES (?, ?)",
            [(id, rows.checksum((id,))) for (id,) in found.fetchall()],
        )
        clusters.forget(self.connection, article_id)
        copies.forget_of(self.connection, article_id)
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

    @property
    def history(self) -> str:
        """Another one after a repair or a restored backup: from then on ids may be of others."""
        return self.meta("history") or ""

    def begin_history(self, change: int) -> None:
        """From now on this is another collection than it was at `change`. Inside a transaction."""
        self.set_meta("change", str(max(change, self.change) + 1))
        self.set_meta("history", secrets.token_hex(8))

    def forget_removed(self, after: int) -> None:
        """Of the removed passages those with an id above `after`. Inside a transaction."""
        self.connection.execute("DELETE FROM removed WHERE id > ?", (after,))

    def compact(self) -> None:
        """Rewrite the file without what was removed. Outside a transaction."""
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

    def prove_counts(self, passages: int) -> None:
        """Raises DamageError unless there are so many passages, and as many as articles say."""
        said = self._number(
            "SELECT coalesce(sum(passages), 0) FROM article INDEXED BY article_facts"
        )
        if not passages == said == self.counts()[1]:
            raise self.lost_passages()

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

    def languages(self) -> dict[str | None, int]:
        """How many articles there are in each language, most first."""
        found = self.connection.execute(
            "SELECT language, count(*) FROM article INDEXED BY article_facts "
            "GROUP BY language ORDER BY 2 DESC, 1"
        )
        return {None if name is None else str(name): int(str(n)) for name, n in found}

    def sources(self) -> list[str]:
        """Every source that an article has, as it is written."""
        found = self.connection.execute(
            "SELECT DISTINCT source FROM article INDEXED BY article_facts "
            "WHERE source IS NOT NULL ORDER BY source"
        )
        return [str(source) for (source,) in found]

    def authors(self) -> list[str]:
        """Every author of an article, as the name is written."""
        found = self.connection.execute(
            "SELECT DISTINCT value FROM article a INDEXED BY article_facts, json_each(a.authors) "
            "ORDER BY value"
        )
        return [str(author) for (author,) in found]

    def published(self, ids: Sequence[str]) -> dict[str, date]:
        """The publication dates of those articles that have one."""
        found = self.connection.execute(
            f"SELECT {rows.ARTICLE} FROM article WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        articles = (rows.article(self.proved("article", row)) for row in found)
        return {article.id: article.published for article in articles if article.published}

    def known(self, origin: str) -> Known | None:
        """What was read from `origin`, or None."""
        row = self.connection.execute(
            f"SELECT {rows.ARTICLE} FROM article WHERE origin = ?", (origin,)
        ).fetchone()
        if row is not None:
            return Known(rows.article(self.proved("article", row)), str(row[12]), origin)
        for copy in self._copies("origin", origin):
            return Known(self.article(copy.article_id), copy.file_sha256, origin)
        return None

    def copies(self, article_id: str) -> list[Copy]:
        """The further origins of an article, in their order."""
        return list(self._copies("article_id", article_id))

    def _copies(self, where: str, value: str) -> Iterator[Copy]:
        for row in copies.found(self.connection, where, value):
            copy = copies.of_row(self.proved("copy", row))
            if getattr(copy, where) != value:  # its index is damaged
                raise self._lost("origins")
            yield copy

    def prove_copies(self) -> None:
        """Raises DamageError if further origins of an article are missing where they are found."""
        if self._copies_proved_at != self.change:
            if not copies.are_whole(self.connection):
                raise self._lost("origins")
            self._copies_proved_at = self.change

    def clusters(self) -> dict[str, str]:
        """Of each article that has copies with other words or facts, the cluster's name.

        Raises DamageError if pairs that were found are missing. Inside a transaction.
        """
        change, found = self._clusters
        if change != self.change:
            pairs = clusters.pairs(self.connection)
            if pairs is None:
                raise self._lost("copies")
            found = clusters.joined(pairs)
            self._clusters = self.change, found
        return found

    def origins(self) -> dict[str, str]:
        """The article of each origin, by its id; not proved by a checksum."""
        found = self.connection.execute(
            "SELECT origin, id FROM article UNION ALL SELECT origin, article_id FROM copy"
        )
        return {str(origin): str(id) for origin, id in found}

    def origins_of(self, file_sha256: str) -> dict[str, str]:
        """The same, of those that were read from a file with this hash."""
        found = self.connection.execute(
            "SELECT origin, id FROM article WHERE file_sha256 = ?1 UNION ALL "
            "SELECT origin, article_id FROM copy WHERE file_sha256 = ?1 ORDER BY 1",
            (file_sha256,),
        )
        return {str(origin): str(id) for origin, id in found}

    def embedded(self, article_id: str) -> dict[str, Vectors]:
        """The article's vectors by the hash of what was embedded."""
        found = self._passage_rows("WHERE article_id = ?", (article_id,))
        return {str(row[3]): rows.vector(row[4]) for row in found}

    def new_passages(self, article_id: str) -> tuple[NewPassage, ...]:
        """The article's passages in order, to be stored once more."""
        found = self._passage_rows("WHERE article_id = ? ORDER BY id", (article_id,))
        return tuple(NewPassage(rows.spans(r[2]), str(r[3]), rows.vector(r[4])) for r in found)

    def passages(self, ids: Sequence[int]) -> dict[int, Stored]:
        """These passages by their ids. Raises DamageError if one does not exist."""
        found = dict[int, Stored]()
        articles = dict[str, Article]()
        for row in self._passage_rows(
            "WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
        ):
            id, article_id, spans = int(str(row[0])), str(row[1]), rows.spans(row[2])
            if article_id not in articles:
                articles[article_id] = self.article(article_id)
            article, start, end = articles[article_id], spans[0].start, spans[-1].end
            text = article.text[start:end]
            passage = Passage(id, article_id, start, end, text, spans, article.language)
            found[id] = Stored(passage, rows.vector(row[4]), article.published)
        if len(found) != len(set(ids)):
            raise self.lost_passages()
        return found

    def passages_after(self, id: int) -> int:
        """How many passages have a higher id."""
        return self._number("SELECT count(*) FROM passage WHERE id > ?", id)

    def removed(self) -> Ids:
        """Ids (n,), rising, of removed passages that may still be in a cache."""
        found = self.connection.execute("SELECT id, crc FROM removed ORDER BY id")
        return np.array([self.proved("removed", row)[0] for row in found], np.int64)

    def texts(self, after: int, last: int) -> Iterator[tuple[str, str]]:
        """Title and text of the passages with these ids, by rising id."""
        article: Article | None = None
        for row in self._passage_rows(_BETWEEN, (after, last)):
            if article is None or article.id != row[1]:
                article = self.article(str(row[1]))
            spans = rows.spans(row[2])
            yield article.title, article.text[spans[0].start : spans[-1].end]

    def vectors(self, after: int = 0, last: int = _ANY) -> tuple[Ids, NDArray[np.uint64], Vectors]:
        """Ids (n,), articles (n,) as numbers and vectors (n, d) of the passages with an id above
        `after` and up to `last`, by rising id.
        """
        count = self._number("SELECT count(*) FROM passage WHERE id > ? AND id <= ?", after, last)
        ids, articles = np.zeros(count, np.int64), np.zeros(count, np.uint64)
        vectors = np.zeros((0, 0), np.float32)
        for place, row in enumerate(self._passage_rows(_BETWEEN, (after, last))):
            vector = rows.vector(row[4])
            if not place:
                vectors = np.zeros((count, len(vector)), np.float32)
            ids[place], articles[place] = int(str(row[0])), int(str(row[1]), 16)
            vectors[place] = vector
        return ids, articles, vectors

    def lost_passages(self) -> DamageError:
        """To be raised where one part of the database counts other passages than another."""
        return self._lost("passages")

    def _lost(self, what: str) -> DamageError:
        return DamageError(
            f"{self.path} has lost {what}; `article-qa repair` rebuilds what it can, or restore "
            "a backup of the collection"
        )

    def admitted(self, filter: Filter) -> tuple[list[str], int]:
        """The articles that `filter` admits, and how many passages they have together.

        Raises DamageError if it could leave one out.
        """
        self._prove_facts()
        where, parameters = rows.narrowing(filter)
        found = self.connection.execute(f"SELECT {rows.FACTS} WHERE {where}", parameters).fetchall()
        return [str(row[0]) for row in found], sum(int(str(row[4])) for row in found)

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
