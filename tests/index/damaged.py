"""A small sound collection, and ways to damage a copy of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import apsw

from index import Collection
from tests.articles import BRIDGE, FAIR, STORM, long_article
from tests.doubles import WordEmbedder

MADE = [STORM, FAIR, BRIDGE, *(long_article(range(n, n + 4), f"/{n}") for n in range(0, 40, 4))]


def opened(path: Path) -> Collection:
    return Collection.open(path, embedder=WordEmbedder())


def made(path: Path) -> Path:
    """The folder of a closed collection of MADE."""
    with opened(path) as collection:
        collection.add_articles(MADE)
    return path


def copied(whole: Path, to: Path) -> Path:
    return Path(shutil.copytree(whole, to))


def altered(path: Path, *changes: str) -> None:
    """Change rows behind the program's back."""
    database = apsw.Connection(str(path / "collection.sqlite3"))
    for change in changes:
        database.execute(change)
    database.close()


def overwritten(path: Path, old: bytes, new: bytes) -> None:
    """Change bytes of the database file, wherever they stand in it."""
    file = path / "collection.sqlite3"
    data = file.read_bytes()
    assert old in data
    assert len(old) == len(new)
    file.write_bytes(data.replace(old, new))
