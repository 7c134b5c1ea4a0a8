"""What the network said of a question with a passage, for the next time that both are the same.

Kept by the tokens that it saw and by nothing else, so no change of a collection can make it wrong:
a passage that changed is another one. Retrieval, composing and proof are done each time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

from qa.spans import Window

# Question, passage and title, as the bytes of their tokens.
Read = tuple[bytes, bytes, bytes]

# Pairs that are kept: those of the last hundred questions or so, some five megabytes.
MOST = 2_048


class Remembered:
    """The windows of the pairs that were read last. May be used from many threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._windows: OrderedDict[Read, Sequence[Window]] = OrderedDict()
        self._using = threading.Lock()

    def known(self, wanted: Iterable[Read]) -> dict[Read, Sequence[Window]]:
        """Those of the wanted pairs that are kept."""
        found = {}
        with self._using:
            for read in wanted:
                if read in self._windows:
                    self._windows.move_to_end(read)
                    found[read] = self._windows[read]
        return found

    def keep(self, made: Mapping[Read, Sequence[Window]]) -> None:
        """Keep these, and forget those that were not wanted for the longest time."""
        with self._using:
            self._windows.update(made)
            while len(self._windows) > self._most:
                self._windows.popitem(last=False)
