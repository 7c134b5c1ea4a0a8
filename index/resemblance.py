"""Whether two texts are copies of each other, and keys by which copies are found without comparing.

A text is taken as the set of its runs of WORDS words (Broder 1997, "On the resemblance and
containment of documents"). Its keys are MinHashes of that set in bands: two texts have one in
common by a chance that rises with what they share. What the keys bring together is then judged by
the words themselves.
"""

from __future__ import annotations

import hashlib
import re
import struct

from rensa import RMinHash

from index.terms import words

# Whenever the same text would get other keys, this is another: stored keys are then made again.
KEYS_VERSION = f"1, rensa {RMinHash.ALGORITHM_VERSION}"

# Tuned on pairs of 7,998 news articles that share a key, judged by their titles, dates and sizes.
# Copies and live updates share half of all runs, or nearly all of the shorter text; regular
# columns ("Five things to know today") share up to .53, but only .66 of their names and figures.
WORDS = 4
RESEMBLANCE, CONTAINMENT, FACTS = 0.5, 0.8, 0.7
# Short notices are made after a pattern (the weather, share prices): they must be nearly the same.
SHORT, SHORT_RESEMBLANCE, SHORT_CONTAINMENT = 80, 0.75, 0.9
# Texts that share half of their runs have a key in common in 996 of 1,000 cases, a third in 80.
BANDS, ROWS = 42, 3
_SLOTS = 128  # a power of two is fastest

# Names and figures: not the first word of a sentence, which is always large.
_FACT = re.compile(r"(?<![.!?…:”\"’'“‘(—–-]\s)(?<=[^\n“\"‘'(])\b[^\W\d_a-z][^\W_]*|\w*\d\w*")


def keys(text: str) -> tuple[int, ...]:
    """BANDS whole numbers of 63 bits, the same in every process and on every machine."""
    sketch = RMinHash(num_perm=_SLOTS, seed=1)
    sketch.update(list(_runs(text)))
    slots = sketch.digest()
    return tuple(_key(band, slots[ROWS * band : ROWS * (band + 1)]) for band in range(BANDS))


def _key(band: int, slots: list[int]) -> int:
    data = struct.pack(f"<{1 + ROWS}I", band, *slots)
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little") >> 1


def is_copy(one: str, other: str) -> bool:
    """Whether one is the other but for some words, or most of it with more around it."""
    mine, theirs = _runs(one), _runs(other)
    common, fewer = len(mine & theirs), min(len(mine), len(theirs))
    resemblance, containment = common / len(mine | theirs), common / fewer
    is_short = fewer < SHORT
    if resemblance < (SHORT_RESEMBLANCE if is_short else RESEMBLANCE) and containment < (
        SHORT_CONTAINMENT if is_short else CONTAINMENT
    ):
        return False
    named, other_named = _facts(one), _facts(other)
    least = FACTS * min(len(named), len(other_named))
    return len(named & other_named) >= least


def _runs(text: str) -> set[str]:
    said = words(text)
    return {" ".join(said[start : start + WORDS]) for start in range(max(1, len(said) - WORDS + 1))}


def _facts(text: str) -> set[str]:
    return set(_FACT.findall(text))
