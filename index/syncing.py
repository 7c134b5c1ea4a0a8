"""Following a folder: which articles have left it."""

from __future__ import annotations

import os
from pathlib import Path

from index import files
from index.errors import LoadError
from index.store import Store
from index.types import AddReport


def identity(folder: Path) -> tuple[int, int]:
    """Tells one folder from another at the same place.

    Raises LoadError where there is none, or none that can be read.
    """
    try:
        with os.scandir(folder):
            found = folder.stat()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise LoadError(f"{folder} cannot be read ({reason}): nothing was removed") from error
    return found.st_dev, found.st_ino


def left(store: Store, folder: Path, found: set[Path], report: AddReport) -> list[str]:
    """The origins below `folder` that are there no longer.

    `found` are the files that were read, and `report` says what became of them. An origin has
    left if its file is gone, or is an archive (a mailbox, a dump) that was read and holds it no
    more. What was refused is there, and so is what lies in a folder that cannot be opened.
    """
    met = {*report.added, *report.updated, *report.unchanged}
    met |= {move.origin for move in report.moved}
    met |= {duplicate.origin for duplicate in report.duplicates}
    refused = {Path(refusal.origin) for refusal in report.refused}
    return [
        origin
        for origin in store.origins()
        for path in [Path(origin)]
        if folder in path.parents
        and origin not in met
        and not refused & {path, *path.parents}
        and (files.is_gone(path) or files.container(path) in found)
    ]
