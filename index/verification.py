"""Is a collection as it was written? And if not, what is wrong, and where."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from index import files
from index.checking import Problem, Verdict, check
from index.database import Database
from index.errors import DamageError, NotFoundError
from index.generations import Generations
from index.salvage import reason
from index.store import Store


def verify(path: str | Path, *, progress: bool = False) -> Verdict:
    """Check everything in the collection's folder, changing nothing.

    Searching and adding go on meanwhile. A missing or stale search index, an interrupted add or
    re-embedding, and a folder whose making was interrupted are no damage.
    Raises NotFoundError (no collection), FormatError, LockedError (an older format, while another
    process writes), CollectionError (not usable).
    """
    with files.errors(f"check {path}"):
        return _verify(Path(path), progress)


def _verify(folder: Path, progress: bool) -> Verdict:
    database = folder / files.DATABASE
    try:
        try:
            store = Store(database, create=False)
        except DamageError:
            # Only a fact may be damaged, and all else readable.
            with closing(Database(database, create=False)) as opened:
                return check(opened, progress=progress)
        with closing(store):
            verdict = check(store.database, progress=progress)
            notes = (*_cache_notes(folder, store), *_left_notes(folder))
            return Verdict(verdict.articles, verdict.passages, verdict.problems, notes)
    except NotFoundError:
        return _unmade(folder)
    except DamageError as error:
        return Verdict(problems=(Problem(files.DATABASE, reason(error)),))


def _unmade(folder: Path) -> Verdict:
    """No database, or an empty one: its making was interrupted."""
    if not folder.is_dir():
        raise NotFoundError(f"no collection at {folder}")
    names = sorted(file.name for file in folder.iterdir())
    if any(not files.is_own(files.place(folder) / name, folder) for name in names) and (
        files.DATABASE not in names and files.LOCK not in names
    ):
        raise NotFoundError(f"no collection at {folder}")
    return Verdict(notes=("nothing was added yet: the next add goes on with making it",))


def _cache_notes(folder: Path, store: Store) -> Iterator[str]:
    try:
        with store.transaction():
            generations = Generations(folder, store)
            if not generations.are_there():
                yield (
                    "a search index (segment-*) is missing or damaged: searches build it in "
                    "memory; `article-qa repair` writes it again"
                )
            elif behind := generations.behind():
                yield f"{behind} changed passages are not in the search indexes yet, and are found"
            model = store.meta("staging")
            if model:
                yield f"a re-embedding with {model} was interrupted: the same command continues"
    except DamageError:
        return


def _left_notes(folder: Path) -> Iterator[str]:
    for file in sorted(folder.iterdir()):
        if file.name.endswith(".new") or file.name in (files.REBUILT, files.MENDED):
            yield f"{file.name} was left by something interrupted; `article-qa compact` removes it"
        elif file.name.startswith("quarantine-"):
            yield f"{file.name} holds what a repair could not keep"
