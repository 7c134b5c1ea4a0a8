"""A segment that is merged out of others finds what is there, in memory that does not grow."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index import segments
from index.dense import PLAIN, SCANNED, Mask
from index.errors import DamageError
from index.lexical import LexicalIndex, Lexicon, Part
from index.segments import Segment
from tests.index.drawn import DrawnStore

D = 16


def merged(count: int, removed: list[int], folder: Path) -> tuple[Segment, DrawnStore]:
    """Two segments and what is newer than they, without those removed since, out of a file."""
    store, last = DrawnStore(count, D), count // 2
    parts = list[tuple[np.ndarray, Part]]()
    for after, end in ((0, last), (last, count - 200)):
        entry = segments.made(store, after, end).write(folder / f"part-{after}", end)
        part = segments.opened(folder, entry)
        assert part is not None
        alive = ~np.isin(part.ids, removed)
        parts.append((part.ids[alive], Part(part.words, None if alive.all() else alive)))
    store = DrawnStore(count, D, np.array(removed, np.int64))
    entry = segments.made(store, 0, count, parts).write(folder / "merged", count)
    assert entry.count == count - len(removed)
    found = segments.opened(folder, entry)
    assert found is not None
    return found, store


@pytest.mark.parametrize("count", [1_000, PLAIN + 1_000, SCANNED + 1_000])
@pytest.mark.parametrize("removed", [[], [1, 2, 300, 777], [600, *range(100, 160)]])
def test_what_was_merged_finds_what_brute_force_finds(
    count: int, removed: list[int], tmp_path: Path
) -> None:
    found, store = merged(count, removed, tmp_path)
    ids, articles, vectors = store.vectors()
    np.testing.assert_array_equal(found.ids, ids)
    np.testing.assert_array_equal(found.articles, articles)
    allowed: list[Mask | None] = [None, ids % 3 == 0]
    for mask in allowed:
        for question in vectors[:: len(vectors) // 5]:
            cosines = vectors @ question
            if mask is not None:
                cosines[~mask] = -1
            rows, _ = found.dense.search(question, 30, mask, exactly=True)
            assert set(np.argsort(-cosines)[:5].tolist()) <= set(rows.tolist())


def test_words_that_were_merged_are_those_of_the_texts(tmp_path: Path) -> None:
    found, store = merged(2_000, [1, 5, 999, 1_500], tmp_path)
    at_once = LexicalIndex.build(store.texts(0, 2_000))
    for name, array in at_once.arrays.items():
        np.testing.assert_array_equal(found.words.arrays[name], array)
    rows, _ = Lexicon([Part(found.words)]).search("word42", 50)
    texts = list(store.texts(0, 2_000))
    assert rows.tolist() == [row for row, (_, text) in enumerate(texts) if "word42 " in text]


def test_a_store_that_has_lost_passages_is_not_merged(tmp_path: Path) -> None:
    part = segments.build(DrawnStore(500, D), 0, 500)
    lost = DrawnStore(600, D, np.array([7]))
    with pytest.raises(DamageError, match="lost passages"):
        segments.made(lost, 0, 600, [(part.ids, Part(part.words))])


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells it on Linux")
def test_memory_does_not_grow_with_what_is_merged(tmp_path: Path) -> None:
    few, dimensions = SCANNED + 4_000, 64

    def growth(count: int) -> int:
        arguments = [tmp_path / f"{count}.index", count, dimensions]
        ran = subprocess.run(
            [sys.executable, "-m", "tests.index.drawn", *map(str, arguments)],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return int(ran.stdout)

    # Only the index itself may: a byte of each number, and the row. Vectors take four times that.
    assert growth(4 * few) - growth(few) < 3 * few * (dimensions + 8)
