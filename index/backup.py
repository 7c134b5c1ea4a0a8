"""Copies of a collection in one file, and collections out of such a file."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from index import files, rows
from index.checking import Verdict, check
from index.database import Database
from index.errors import CollectionError, DamageError, NotFoundError
from index.generations import Generations
from index.locking import writing
from index.store import Store


def backup(path: str | Path, target: str | Path, *, progress: bool = False) -> Verdict:
    """Copy all that is committed in the collection to the file `target`; returns what it holds.

    Searching and adding go on meanwhile. `target` is complete, checked and on the disk, or as it
    was: an older backup there is replaced, any other file is refused. Caches are not copied.
    Raises DamageError (nothing damaged is ever copied over a good backup), CollectionError.
    """
    source, target = Path(path) / files.DATABASE, files.place(target)
    with files.errors(f"write the backup {target}"):
        if target.is_dir():
            raise CollectionError(f"{target} is a folder: name a file for the backup")
        if target.parent == files.place(path):
            raise CollectionError(f"{target} lies in the collection itself: name another place")
        if files.size(target) and not _is_backup(target):
            raise CollectionError(f"{target} is no backup of ours: name another file")
        with (
            closing(Store(source, create=False)) as store,
            files.made_whole(target) as temporary,
        ):
            store.database.copy_to(temporary)
            with closing(Database(temporary, create=False)) as copied:
                return _sound(check(copied, progress=progress), Path(path))


def restore(
    source: str | Path, path: str | Path, *, replace: bool = False, progress: bool = False
) -> Verdict:
    """Make the collection in the folder `path` what it was when `source` was written.

    The backup is checked first, and brought up to the current format. A collection that has
    articles, or is damaged, is only replaced with `replace`; its readers see the old or the new.
    Raises NotFoundError (no such backup), DamageError, FormatError, LockedError, CollectionError.
    """
    source, folder = files.place(source), Path(path)
    with files.errors(f"restore {source} to {folder}"):
        if source.is_dir():  # a collection that was copied as a whole
            source /= files.DATABASE
        if not source.is_file():
            raise NotFoundError(f"no backup at {source}")
        files.make_folder(folder)
        with writing(folder, "restoring a backup"):
            if not replace and _holds_something(folder):
                raise CollectionError(
                    f"{folder} has articles, or is damaged: --replace puts the backup in its place"
                )
            return _restore(source, folder, progress)


def _restore(source: Path, folder: Path, progress: bool) -> Verdict:
    rebuilt = folder / files.REBUILT
    files.discard(rebuilt)
    try:
        with closing(_opened(source)) as backed_up:
            backed_up.copy_to(rebuilt)
        with closing(Store(rebuilt, create=False, locked=True)) as store:
            verdict = _sound(check(store.database, progress=progress), source)
            last, change = _reached(folder / files.DATABASE)
            with store.transaction():
                store.skip_ids(last)
                store.begin_history(change)
        install(rebuilt, folder / files.DATABASE)
    finally:
        files.discard(rebuilt)
    with closing(Store(folder / files.DATABASE, create=False, locked=True)) as store:
        Generations(folder, store).publish()
    return verdict


def install(rebuilt: Path, database: Path) -> None:
    """Put a closed database in the place of the collection's own. The caller holds the lock.

    Where SQLite can open the old one, its pages are replaced in one transaction, so that readers
    go on. Otherwise nobody can be reading it, and the file takes its place. Raises OSError.
    """
    try:
        if not files.size(database):
            raise NotFoundError(str(database))
        with (
            closing(Database(database, create=False)) as current,
            closing(Database(rebuilt, create=False)) as new,
        ):
            current.take_over(new)
    except (DamageError, NotFoundError):
        with closing(Database(rebuilt, create=False)) as new:
            new.keep_journal()
        files.fsync(rebuilt)
        # A journal of the old file would be played into the new one.
        files.discard_journals(database)
        files.fsync_folder(database.parent)
        rebuilt.replace(database)
        files.fsync_folder(database.parent)


def _opened(source: Path) -> Database:
    try:
        return Database(source, create=False)
    except (DamageError, NotFoundError) as error:
        raise DamageError(f"{source} is no backup, or is damaged: {error}") from error


def _is_backup(target: Path) -> bool:
    try:
        with closing(Database(target, create=False)) as opened, opened.errors():
            return rows.fact(opened.connection, "format") is not None
    except CollectionError:
        return False


def _sound(verdict: Verdict, source: Path) -> Verdict:
    if not verdict.is_sound:
        more = f" (and {len(verdict.problems) - 1} more)" if len(verdict.problems) > 1 else ""
        raise DamageError(
            f"{source} is damaged, nothing was copied: {verdict.problems[0]}{more}; "
            "`article-qa verify` shows all, `article-qa repair` rebuilds what it can"
        )
    return verdict


def _holds_something(folder: Path) -> bool:
    database = folder / files.DATABASE
    try:
        with closing(Store(database, create=False, locked=True)) as store:
            return store.counts()[0] > 0
    except NotFoundError:
        return False
    except CollectionError:
        return True


def _reached(database: Path) -> tuple[int, int]:
    """The highest passage id and change that readers may have seen here."""
    try:
        with closing(Store(database, create=False, locked=True)) as store, store.errors():
            return store.last_id(), store.change
    except CollectionError:
        return 0, 0
