"""What one person adds at once, and how far that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MOST_TOLD = 50  # files that could not be added, by name


@dataclass(frozen=True, slots=True)
class Job:
    """What one person adds at once: `files` received so far, `done` of them worked on.

    `complete` when no more files will come. `words` say what it waits for; `refused` are names
    with reasons.
    """

    id: str
    files: int = 0
    done: int = 0
    complete: bool = False
    words: str = ""
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen."""
        return self.complete and self.done == self.files

    def told(self) -> dict[str, Any]:
        """What the page shows of it, as JSON."""
        return {
            "job": self.id,
            "files": self.files,
            "done": self.done,
            "finished": self.finished,
            "words": self.report() if self.finished else self.words,
            "refused": [list(pair) for pair in self.refused[:MOST_TOLD]],
        }

    def report(self) -> str:
        """What became of the files, in a sentence."""
        parts = [f"{_articles(self.added)} added"] if self.added or not self._others() else []
        parts += [f"{self.replaced:,} replaced"] if self.replaced else []
        parts += [f"{self.unchanged:,} already here"] if self.unchanged else []
        parts += [f"{len(self.refused):,} could not be added"] if self.refused else []
        return f"{', '.join(parts)}." if parts else "Nothing was added."

    def _others(self) -> int:
        return self.replaced + self.unchanged + len(self.refused)


def _articles(count: int) -> str:
    return f"{count:,} article{'' if count == 1 else 's'}"
