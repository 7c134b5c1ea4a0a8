"""Every row of a database, every passage, every fact: what is damaged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Never

import numpy as np

from index import clusters, copies, files, migrations, rows, salvage
from index.database import Database
from index.errors import DamageError
from index.preparing import is_input
from index.resemblance import is_copy, keys
from index.types import Article, Span

if TYPE_CHECKING:
    from tqdm import tqdm


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
    from tqdm import tqdm  # see `telling`

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
    joined = True  # whether what is before is known to end at `end`
    for row in own:
        found += 1
        if not rows.is_sound(row):
            yield f"passage {row[0]} does not match its checksum"
            joined = False
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
        elif joined and article.text[end : spans[0].start].strip():
            yield f"characters {end} to {spans[0].start} of its text are in no passage"
        end, joined = (spans[-1].end, True) if spans else (end, False)
    if found != count:
        yield f"it has {found} passages and should have {count}"
    elif joined and article.text[end:].strip():
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

    def all(self) -> None:
        parts = (self._structure, self._facts, self._articles, self._sums, self._others)
        for part in (*parts, self._origins, self._copies):
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

    def _sums(self) -> None:
        """What is proved as a whole before a filter is used: all that filters look at."""
        facts = rows.fact(self._database.connection, "facts")
        if facts and facts[1] and int(facts[0]) != rows.filterable(self._database.connection):
            self._say("articles", "their facts are not those that were written")

    def _articles(self) -> None:
        """Every article and its passages."""
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
                continue
            self.articles += 1
            article = rows.article(row)
            where = f"article {article.id} ({article.origin})"
            try:
                own = salvage.passages(self._database, article.id)
            except DamageError as error:
                self._say(where, f"its passages: {salvage.reason(error)}")
                continue
            self.passages += len(own)
            wrong = list(faults(article, int(str(row[13])), own))
            for what in wrong:
                self._say(where, what)
            if not wrong:
                sizes |= {len(rows.vector(passage[4])) for passage in own}
        if len(sizes) > 1:
            self._say("vectors", f"of different numbers of dimensions: {sorted(sizes)}")

    def _others(self) -> None:
        """Passages of no article, those that wait, those removed, and the last id given."""
        connection = self._database.connection
        for table, rowid, *_ in connection.execute("PRAGMA foreign_key_check").fetchall():
            self._say(f"{table} {rowid}", "its article is missing")
        for rowid in salvage.rowids(self._database, "staged")[0]:
            try:
                salvage.row(self._database, "staged", rowid)
            except DamageError as error:
                self._say(f"staged passage {rowid}", salvage.reason(error))
        for row in connection.execute("SELECT id, crc FROM removed").fetchall():
            if not rows.is_sound(row):
                self._say(f"removed passage {row[0]}", "does not match its checksum")
        last = connection.execute("SELECT coalesce(max(id), 0) FROM passage").get
        given = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'passage'").get
        if int(str(given or 0)) < int(str(last)):
            self._say("passage ids", f"{given} is noted as the last one given, but {last} exists")

    def _origins(self) -> None:
        """The files that hold the same as an article that stands under another origin."""
        for found in salvage.further_origins(self._database):
            if isinstance(found, salvage.Lost):
                self._say(found.where, found.why)
        if not copies.are_whole(self._database.connection):
            self._say("further origins", "are not those that were written")

    def _copies(self) -> None:
        """What is kept of the likeness of articles: it follows from their texts."""
        connection = self._database.connection
        pairs = clusters.pairs(connection)
        if pairs is None:
            self._say("copies", "are not those that were found")
        for one, other in pairs or ():
            texts = [self._text(id) for id in (one, other)]
            if None in texts:
                self._say(f"copies {one} and {other}", "one of them is no article")
            elif not is_copy(str(texts[0]), str(texts[1])):
                self._say(f"copies {one} and {other}", "are no copies")
        sketches = 0
        for rowid in salvage.rowids(self._database, "sketch")[0]:
            sketches += 1
            try:
                id, packed, _ = salvage.row(self._database, "sketch", rowid)
            except DamageError as error:
                self._say(f"sketch {rowid}", salvage.reason(error))
                continue
            own = clusters.unpacked(packed)
            text = self._text(str(id))
            if text is not None and clusters.is_current(connection) and own != keys(text):
                self._say(f"sketch {rowid}", "its keys are not those of its article")
            elif clusters.kept(connection, rowid, own) != len(set(own)):
                self._say(f"sketch {rowid}", "its keys are missing")
        if clusters.is_current(connection) and sketches < self.articles:
            self._say("copies", f"{sketches} of {self.articles} articles were compared")

    def _text(self, article_id: str) -> str | None:
        found = self._database.connection.execute(
            "SELECT text FROM article WHERE id = ?", (article_id,)
        ).fetchone()
        return None if found is None else str(found[0])

    def _count(self, table: str) -> int:
        return int(str(self._database.connection.execute(f"SELECT count(*) FROM {table}").get))
