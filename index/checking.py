"""Every row of a database, every passage, every word of the lexical index: what is damaged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Never

import numpy as np
from tqdm import tqdm

from index import files, lexical, migrations, rows, salvage
from index.database import Database
from index.errors import DamageError
from index.preparing import is_input
from index.types import Article, Span


@dataclass(frozen=True, slots=True)
class Problem:
    """Something damaged: `where` it is, and `what` is wrong with it."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was checked, all that is damaged, and notes of what is unusual but harmless."""

    articles: int = 0
    passages: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing is damaged."""
        return not self.problems


def check(database: Database, *, progress: bool = False) -> Verdict:
    """Check a database of the current format by itself; one unchanging view of it."""
    bar: tqdm[Never] = tqdm(desc="checking", unit=" articles", disable=None if progress else True)
    with bar:
        checking = _Checking(database, bar)
        try:
            with database.transaction():
                checking.all()
        except DamageError as error:
            # SQLite itself cannot read on: what is behind could not be checked.
            checking.problems.append(Problem(files.DATABASE, salvage.reason(error)))
    return Verdict(checking.articles, checking.passages, tuple(checking.problems))


def faults(article: Article, count: int, own: Iterable[rows.Row]) -> Iterator[str]:
    """What is wrong with an article's text, or with these rows as its `count` passages."""
    made = Article.create(
        origin=article.origin, title="", text=article.text, fetched=article.fetched
    )
    if (made.id, made.sha256) != (article.id, article.sha256):
        yield "its id or the hash of its text is not that of its origin and text"
    end = found = 0
    for row in own:
        found += 1
        if not rows.is_sound(row):
            yield f"passage {row[0]} does not match its checksum"
            continue
        try:
            spans = rows.spans(row[2])
        except (ValueError, TypeError):
            spans = ()
        if not _is_ordered(spans, end, len(article.text)):
            yield f"passage {row[0]}: its sentences do not lie in the text, in order"
        elif not is_input(str(row[3]), article, spans):
            yield f"passage {row[0]}: its vector was made of another text"
        elif not abs(np.linalg.norm(rows.vector(row[4])) - 1) < 1e-2:
            yield f"passage {row[0]}: its vector is not of length 1"
        elif article.text[end : spans[0].start].strip():
            yield f"characters {end} to {spans[0].start} of its text are in no passage"
        end = spans[-1].end if spans else end
    if found != count:
        yield f"it has {found} passages and should have {count}"
    elif article.text[end:].strip():
        yield f"characters {end} to {len(article.text)} of its text are in no passage"


def _is_ordered(spans: tuple[Span, ...], start: int, end: int) -> bool:
    for span in spans:
        if not start <= span.start < span.end <= end:
            return False
        start = span.end
    return bool(spans)


class _Checking:
    """One pass over a database, inside a read transaction."""

    def __init__(self, database: Database, bar: tqdm[Never]) -> None:
        self.problems: list[Problem] = []
        self.articles = self.passages = 0
        self._database = database
        self._bar = bar
        # What is named already, and need not be named again for its words.
        self._left_out = set[int]()

    def all(self) -> None:
        for part in (self._structure, self._facts, self._words, self._wholes, self._others):
            try:
                with self._database.errors():
                    part()
            except DamageError as error:
                self._say(files.DATABASE, salvage.reason(error))

    def _say(self, where: str, what: str) -> None:
        self.problems.append(Problem(where, what))

    def _structure(self) -> None:
        """SQLite's own checks, and the tables."""
        connection = self._database.connection
        for (said,) in connection.execute("PRAGMA integrity_check(100)").fetchall():
            if said != "ok":
                self._say(files.DATABASE, str(said))
        found = migrations.definitions(connection)
        for name, sql in migrations.schema().items():
            if found.get(name) != sql:
                self._say(f"table {name}", "is not as this program makes it")

    def _facts(self) -> None:
        connection = self._database.connection
        for row in connection.execute("SELECT key, value, crc FROM meta").fetchall():
            if not rows.is_sound(row):
                self._say(f"fact {row[0]!r}", f"{row[1]!r:.100} does not match its checksum")
        wanted = {"format", "needs"} | ({"embedder", "change"} if self._count("article") else set())
        for key in sorted(wanted):
            if rows.fact(connection, key) is None:
                self._say(f"fact {key!r}", "is missing")

    def _words(self) -> None:
        """Every article and its passages, and their words in the lexical index."""
        for id in lexical.differing(self._database.connection, self._texts()):
            if id not in self._left_out:
                where = f"passage {id}" if id else "lexical index"
                self._say(where, "its words in the lexical index are not those of its text")

    def _wholes(self) -> None:
        """What is proved as a whole before a search: the lexical index, and what filters see."""
        connection = self._database.connection
        said = {key: rows.fact(connection, key) for key in ("change", "words", "facts")}
        sound = {key: fact[0] for key, fact in said.items() if fact and fact[1]}
        sealed_at, words = json.loads(sound.get("words", "[-1, 0]"))
        if str(sealed_at) == sound.get("change") and words != lexical.checksum(connection):
            self._say("lexical index", "is not as it was written")
        if "facts" in sound and int(sound["facts"]) != rows.filterable(connection):
            self._say("articles", "their facts are not those that were written")

    def _texts(self) -> Iterator[tuple[int, str, str]]:
        """Id, title and text of every passage that is sound."""
        ids, _ = salvage.rowids(self._database, "article")
        self._bar.reset(len(ids))
        sizes = set[int]()
        for rowid in ids:
            self._bar.update()
            try:
                row = salvage.row(self._database, "article", rowid)
            except DamageError as error:
                left = salvage.lost(self._database, rowid, salvage.reason(error))
                self._say(left.where, left.why)
                self._leave_out(left.columns.get("id", ""))
                continue
            self.articles += 1
            article = rows.article(row)
            where = f"article {article.id} ({article.origin})"
            try:
                own = salvage.passages(self._database, article.id)
            except DamageError as error:
                self._say(where, f"its passages: {salvage.reason(error)}")
                self._leave_out(article.id)
                continue
            self.passages += len(own)
            wrong = list(faults(article, int(str(row[13])), own))
            for what in wrong:
                self._say(where, what)
            if wrong:
                self._leave_out(article.id)
                continue
            sizes |= {len(rows.vector(passage[4])) for passage in own}
            for passage in own:
                spans = rows.spans(passage[2])
                text = article.text[spans[0].start : spans[-1].end]
                yield int(str(passage[0])), article.title, text
        if len(sizes) > 1:
            self._say("vectors", f"of different numbers of dimensions: {sorted(sizes)}")

    def _leave_out(self, article_id: str) -> None:
        self._left_out.add(0)  # the counts over all
        with suppress(DamageError):
            found = salvage.passages(self._database, article_id)
            self._left_out |= {int(str(passage[0])) for passage in found}

    def _others(self) -> None:
        """Passages of no article, those that wait, and the last id given."""
        connection = self._database.connection
        for table, rowid, *_ in connection.execute("PRAGMA foreign_key_check").fetchall():
            self._say(f"{table} {rowid}", "its article is missing")
        for rowid in salvage.rowids(self._database, "staged")[0]:
            try:
                salvage.row(self._database, "staged", rowid)
            except DamageError as error:
                self._say(f"staged passage {rowid}", salvage.reason(error))
        last = connection.execute("SELECT coalesce(max(id), 0) FROM passage").get
        given = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'passage'").get
        if int(str(given or 0)) < int(str(last)):
            self._say("passage ids", f"{given} is noted as the last one given, but {last} exists")

    def _count(self, table: str) -> int:
        return int(str(self._database.connection.execute(f"SELECT count(*) FROM {table}").get))
