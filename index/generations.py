"""The FAISS index as a cache of the store: one immutable file per generation.

Which file is current, and its hash, stand in the store. A generation holds every passage with an
id up to `last`; passages added since are searched beside it, passages removed since are left out
of what it finds. So a cache that is missing, damaged, stale or newer than a restored store makes
a search slower, never wrong.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from index import files
from index.dense import DenseIndex
from index.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Generation:
    """What the store says of the current file."""

    file: str
    last: int  # the highest passage id in it
    count: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A generation in memory."""

    index: DenseIndex
    last: int
    sha256: str


class Generations:
    """Publishes generations and loads the current one."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder = folder
        self._store = store
        self._loaded: Loaded | None = None
        self._loading = threading.Lock()

    def current(self) -> Loaded | None:
        """The index to search; None when there is nothing to search yet.

        Inside a read transaction of the store. A file that is not the one that was written is
        never read by FAISS: the index is then built anew in memory.
        """
        generation = self._said()
        if generation is None:
            return None
        with self._loading:
            if self._loaded is None or self._loaded.sha256 != generation.sha256:
                self._loaded = self._load(generation)
            return self._loaded

    def behind(self) -> int:
        """How many passages were added or removed since the current generation was made.

        Inside a read transaction of the store. Reads no file.
        """
        _, passages = self._store.counts()
        generation = self._said()
        if generation is None or not passages:
            return passages
        kept = self._store.passages_up_to(generation.last)
        return (passages - kept) + (generation.count - kept)

    def is_sound(self) -> bool:
        """Whether the current file, if there should be one, is the one that was written."""
        generation = self._said()
        if generation is None:
            return True
        try:
            with (self._folder / generation.file).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == generation.sha256
        except OSError:
            return False

    def publish(self) -> None:
        """Write a new generation from the store. The caller holds the collection's lock."""
        with self._store.transaction():
            ids, vectors = self._store.vectors()
            name = f"dense-{self._store.change:08d}.faiss"
        if not len(ids):
            return
        data = DenseIndex.build(ids, vectors).to_bytes()
        files.write(self._folder / name, data)
        generation = Generation(
            file=name,
            last=int(ids[-1]),
            count=len(ids),
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
        )
        with self._store.transaction():
            self._store.set_meta("generation", json.dumps(asdict(generation)))
        for old in self._folder.glob("dense-*.faiss*"):
            if old.name != name:
                with suppress(OSError):  # left for the next time where another process has it open
                    old.unlink()

    def _said(self) -> Generation | None:
        said = self._store.meta("generation")
        return None if said is None else Generation(**json.loads(said))

    def _read(self, generation: Generation) -> bytes | None:
        path = self._folder / generation.file
        try:
            # The size first: a foreign file may be larger than the memory.
            data = path.read_bytes() if path.stat().st_size == generation.size else b""
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == generation.sha256 else None

    def _load(self, generation: Generation) -> Loaded:
        data = self._read(generation)
        if data is not None:
            try:
                return Loaded(DenseIndex.from_bytes(data), generation.last, generation.sha256)
            except RuntimeError as error:  # ours, but of another version of FAISS
                log.warning("%s: %s", generation.file, error)
        log.warning("%s is missing or damaged; building it from the store", generation.file)
        ids, vectors = self._store.vectors()
        last = int(ids[-1]) if len(ids) else 0
        return Loaded(DenseIndex.build(ids, vectors), last, generation.sha256)
