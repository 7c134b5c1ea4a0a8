"""Files as they come in over the network: how much of them is taken, and what they are called."""

from __future__ import annotations

import hashlib
import re
import threading
from pathlib import Path
from typing import BinaryIO

from index.loaders.limits import MAX_FILE

MOST_WAITING = 2_000_000_000  # bytes of files that are received and not added yet

_UNFIT = re.compile(r'[\x00-\x1f\x7f-\x9f\\/:*?"<>|\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]')


class RefusedError(Exception):
    """A file that is not received; the message is for people."""


class Room:
    """How many bytes are received and wait to be added. Safe to use from threads."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        self._most = most
        self._taken = 0
        self._lock = threading.Lock()

    def take(self, size: int) -> None:
        """Raises RefusedError where there is none left."""
        with self._lock:
            self._taken += size
            full = self._taken > self._most
        if full:
            raise RefusedError("too much is waiting to be added: try again when that is done")

    def give_back(self, size: int) -> None:
        """So many bytes are done with."""
        with self._lock:
            self._taken -= size


class Receiver:
    """The file that is being received."""

    def __init__(self, file: BinaryIO, room: Room) -> None:
        self._file = file
        self._room = room
        self.size = 0

    def take(self, piece: bytes) -> None:
        """The next bytes. Raises RefusedError where there are too many of them."""
        self.size += len(piece)
        self._room.take(len(piece))
        if self.size > MAX_FILE:
            raise RefusedError(f"larger than {MAX_FILE // 1_000_000} MB, which no article is")
        self._file.write(piece)


def place(folder: Path, name: str) -> Path:
    """Where a file of that name is kept: inside the folder, whatever the name says."""
    parts = [_fit(part) for part in re.split(r"[/\\]", name) if part.strip(" .")][-8:]
    return folder.joinpath(*(parts or ["article.txt"]))


def _fit(part: str) -> str:
    """One part of a name, as a file may be called on any system. What had to be changed has a hash
    of what it was: two names stay two files, and the same name the same file."""
    clean = _UNFIT.sub("_", part.encode("utf-8", "replace").decode()).strip(" .") or "_"
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = clean, "", ""
    short = _short(stem, 120)
    if f"{short}{dot}{ending}" != part:
        short += f"-{hashlib.sha256(part.encode('utf-8', 'replace')).hexdigest()[:8]}"
    return f"{short}{dot}{ending}"


def _short(text: str, size: int) -> str:
    return text.encode()[:size].decode("utf-8", "ignore").strip(" .") or "_"
