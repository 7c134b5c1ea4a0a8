"""A line of the table of faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.faults.answers import Problem


@dataclass
class Tally:
    """How often something was tried, and in how many of these something was wrong."""

    tried: int = 0
    found: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def count(self, where: str, found: Iterable[Problem]) -> None:
        """One more try; `where` says how to do it again."""
        self.tried += 1
        for column, what in {problem.column: problem.what for problem in found}.items():
            self.found[column] += 1
            self.examples.append(f"{where}: {column}: {what}")
