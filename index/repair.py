"""Repair: a new database from every article that is as it was written; the rest is put aside.

Passages, vectors, words and caches are made again from the text of the article wherever they are
damaged. An article whose own row is damaged cannot be proved: it goes, readable, to a file beside
the collection, and is named.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index import clusters, files, origins, rows, salvage
from index.backup import install
from index.checking import Problem, check, faults
from index.database import Database
from index.embedder import Embedder
from index.entries import NewArticle, NewPassage
from index.errors import DamageError, EmbedderError, NotFoundError
from index.generations import Generations
from index.locking import writing
from index.preparing import BATCH_PASSAGES, embed, prepare
from index.salvage import Lost
from index.store import Store
from index.types import Article
from index.verification import verify


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What was damaged, and what became of it.

    `kept` counts the articles in the collection now; `rebuilt` are the origins of those whose
    passages were made again; `quarantined` names the articles that are in it no longer, and the
    further origins of others; `file` is where all that could be read of them stands (None if
    there are none).
    """

    problems: tuple[Problem, ...] = ()
    kept: int = 0
    rebuilt: tuple[str, ...] = ()
    quarantined: tuple[Problem, ...] = ()
    file: Path | None = None


def repair(path: str | Path, embedder: Embedder, *, progress: bool = False) -> RepairReport:
    """Rebuild all that can be rebuilt; a collection that is not damaged only gets its caches.

    Until it is done, readers see what was there; interrupted, it has changed nothing.
    `embedder` makes the vectors that are damaged, and is not used if there are none.
    Raises NotFoundError, LockedError, FormatError, EmbedderError (vectors must be made, and all
    others are of another embedder), ModelError, CollectionError, and DamageError if nothing of
    the database can be read: then only a backup helps.
    """
    folder = Path(path)
    with files.errors(f"repair {folder}"):
        verdict = verify(folder, progress=progress)
        with writing(folder, "repairing it"):
            if verdict.is_sound:
                report = RepairReport(kept=verdict.articles)
            else:
                report = _rebuild(folder, verdict.problems, embedder, progress)
            _renew_cache(folder)
    return report


def _rebuild(
    folder: Path, problems: tuple[Problem, ...], embedder: Embedder, progress: bool
) -> RepairReport:
    rebuilt = folder / files.REBUILT
    files.discard(rebuilt)
    files.discard(folder / files.MENDED)
    try:
        with (
            closing(_opened(folder)) as damaged,
            closing(Store(rebuilt, create=True, locked=True)) as store,
        ):
            salvaging = _Salvaging(damaged, store, embedder)
            salvaging.all(progress)
            verdict = check(store.database)
        lost = salvaging.lost
        if not salvaging.kept and lost and not any(one.columns for one in lost):
            raise _hopeless(folder, lost[0].why)
        if not verdict.is_sound:
            raise DamageError(f"{folder} cannot be repaired: {verdict.problems[0]}")
        file = _quarantine(folder, lost) if lost else None
        install(rebuilt, folder / files.DATABASE)
    finally:
        with suppress(OSError):
            files.discard(rebuilt)
            files.discard(folder / files.MENDED)
    quarantined = tuple(Problem(one.where, one.why) for one in lost)
    kept = len(salvaging.kept)
    return RepairReport(problems, kept, tuple(salvaging.made_again), quarantined, file)


def _opened(folder: Path) -> Database:
    """The damaged database, or a copy of it that can be opened."""
    database, mended = folder / files.DATABASE, folder / files.MENDED
    try:
        return Database(database, create=False)
    except NotFoundError as error:
        raise _hopeless(folder, str(error)) from error
    except DamageError as error:
        if not files.size(database):
            raise _hopeless(folder, salvage.reason(error)) from error
    try:
        salvage.mend(database, mended)
        return Database(mended, create=False)
    except (DamageError, NotFoundError) as error:
        raise _hopeless(folder, salvage.reason(error)) from error


def _hopeless(folder: Path, why: str) -> DamageError:
    return DamageError(
        f"nothing can be read of {folder / files.DATABASE} ({why}), and nothing was changed: "
        "`article-qa restore` a backup, or add the articles to a new collection"
    )


class _Salvaging:
    """Every article out of a damaged database into an empty one."""

    def __init__(self, damaged: Database, store: Store, embedder: Embedder) -> None:
        self.kept: set[str] = set()
        self.made_again: list[str] = []
        self.lost: list[Lost] = []
        self._damaged = damaged
        self._store = store
        self._embedder = embedder
        self._used = _sound_fact(damaged, "embedder")

    def all(self, progress: bool) -> None:
        with self._store.transaction():
            self._store.skip_ids(_last_id(self._damaged))
        found = salvage.articles(self._damaged)
        from tqdm import tqdm  # see `telling`

        with tqdm(found, "rebuilding", unit=" articles", disable=None if progress else True) as bar:
            for batch in _batches(map(self._one, bar)):
                with self._store.transaction():
                    for new in batch:
                        self._store.put(new)
        self._further_origins()
        change = int(_sound_fact(self._damaged, "change") or 0)
        with self._store.transaction():
            self._store.set_meta("embedder", self._used or self._embedder.fingerprint)
            self._store.begin_history(change)
            clusters.done(self._store.connection)
        self.lost = [one for one in self.lost if one.columns.get("id") not in self.kept]

    def _one(self, found: tuple[Article, str, int] | Lost) -> NewArticle | None:
        if isinstance(found, Lost):
            self.lost.append(found)
            return None
        article, file_sha256, count = found
        if article.id in self.kept:
            return None  # a second way to the same row
        self.kept.add(article.id)
        own = self._passages(article.id) if self._used else []
        if not any(faults(article, count, own)):
            return NewArticle(article, file_sha256, tuple(map(_passage, own)))
        self.made_again.append(article.origin)
        if self._used not in (None, self._embedder.fingerprint):
            raise EmbedderError(
                f"passages of {article.origin} are damaged, and the collection was made with the "
                f"embedder {self._used}, not {self._embedder.fingerprint}: repair it with that "
                "one (--embedder)"
            )
        known = {str(row[3]): rows.vector(row[4]) for row in own if rows.is_sound(row)}
        (new,) = embed([prepare(article, file_sha256, self._embedder, known)], self._embedder)
        return new

    def _further_origins(self) -> None:
        with self._store.transaction():
            for found in salvage.further_origins(self._damaged):
                if isinstance(found, Lost):
                    # An index with the pages of another one may name what was never lost.
                    if self._store.known(found.columns.get("origin", "")) is None:
                        self.lost.append(found)
                elif found.article_id not in self.kept:
                    where = f"further origin {found.origin}"
                    self.lost.append(Lost(where, "its article is not kept", found._asdict()))
                elif not self._store.known(found.origin):
                    origins.put_copy(self._store, found)

    def _passages(self, article_id: str) -> list[rows.Row]:
        try:
            return salvage.passages(self._damaged, article_id)
        except DamageError:
            return []


def _batches(entries: Iterable[NewArticle | None]) -> Iterator[list[NewArticle]]:
    batch: list[NewArticle] = []
    for entry in entries:
        if entry:
            batch.append(entry)
        if sum(len(one.passages) for one in batch) >= BATCH_PASSAGES:
            yield batch
            batch = []
    yield batch


def _passage(row: rows.Row) -> NewPassage:
    return NewPassage(rows.spans(row[2]), str(row[3]), rows.vector(row[4]))


def _sound_fact(damaged: Database, key: str) -> str | None:
    with suppress(DamageError), damaged.errors():
        found = rows.fact(damaged.connection, key)
        if found and found[1]:
            return found[0]
    return None


def _last_id(damaged: Database) -> int:
    """The highest passage id of which there is any trace."""

    def traces() -> Iterator[int]:
        yield 0
        yield from salvage.rowids(damaged, "passage")[0]
        with suppress(DamageError), damaged.errors():
            sql = "SELECT seq FROM sqlite_sequence WHERE name = 'passage'"
            yield int(str(damaged.connection.execute(sql).get or 0))
        segments = json.loads(_sound_fact(damaged, "segments") or "[]")
        yield from (int(segment["last"]) for segment in segments)

    return max(traces())


def _quarantine(folder: Path, lost: list[Lost]) -> Path:
    """Everything that can be read of what is lost, as JSON, on the disk before it is removed."""
    now = datetime.now(UTC)
    number, file = 0, folder / f"quarantine-{now:%Y%m%d-%H%M%S}.json"
    while file.exists():
        number += 1
        file = folder / f"quarantine-{now:%Y%m%d-%H%M%S}-{number}.json"
    if any(not {"text", "article_id"} & one.columns.keys() for one in lost):
        # Other tools may find more in the damaged database: it is kept, too.
        for kind in ("", "-wal"):
            database = folder / f"{files.DATABASE}{kind}"
            if database.exists():
                files.write(file.with_suffix(f".sqlite3{kind}"), database.read_bytes())
    said = [dataclasses.asdict(one) for one in lost]
    files.write(file, json.dumps(said, ensure_ascii=False, indent=2).encode("utf-8", "replace"))
    return file


def _renew_cache(folder: Path) -> None:
    with closing(Store(folder / files.DATABASE, create=True, locked=True)) as store:
        generations = Generations(folder, store)
        with store.transaction():
            stale = bool(generations.behind()) or not generations.are_there()
        if stale:
            generations.publish(proved=True)
