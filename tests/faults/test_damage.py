"""Samples of damaged files, of processes killed at random, and of readers during writes."""

from contextlib import closing
from pathlib import Path

import apsw
import pytest

from tests.faults import damage, kills, races
from tests.faults.aftermath import read
from tests.faults.answers import Problem, made_anew
from tests.faults.damage import TARGETS, Target
from tests.faults.failpoints import Ground
from tests.faults.trials import in_a_process


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_a_damaged_file_is_never_believed(target: Target, tmp_path: Path) -> None:
    assert damage.run(tmp_path, target, 1, range(12)).examples == []


@pytest.mark.slow
def test_pages_in_the_wrong_place_are_noticed(tmp_path: Path) -> None:
    """Where passages were left out of answers, and articles out of the list, without a word."""
    once_wrong = [0, 26, 59, 543, 587]
    assert damage.run(tmp_path, "database", 2, once_wrong).examples == []
    # an index that names the passage of another article, and one that knows no further origins
    assert damage.run(tmp_path, "database", 1, [805]).examples == []
    assert damage.run(tmp_path, "database", 2, [21]).examples == []
    assert damage.run(tmp_path, "database", 32, [0]).examples == []


def pages_of(database: Path, table: str) -> list[int]:
    """Where its pages begin, in bytes."""
    with closing(apsw.Connection(str(database))) as connection:
        sql = "SELECT pgoffset FROM dbstat WHERE name = ? AND pagetype = 'leaf'"
        return [int(str(offset)) for (offset,) in connection.execute(sql, (table,))]


@pytest.mark.slow
@pytest.mark.parametrize("table", ["removed", "article", "article_facts", "passage_article"])
def test_nothing_is_left_out_where_bytes_of_a_table_are_zero(table: str, tmp_path: Path) -> None:
    """SQLite has no checksums: it answers from half of an index."""
    ground = Ground(tmp_path, damage.OPERATION["database"])
    state = (ground.held, made_anew(ground.held))
    database = ground.root / "collection" / "collection.sqlite3"
    for offset in pages_of(database, table)[:4]:
        root = ground.restore()
        data = bytearray(database.read_bytes())
        data[offset + 3_072 : offset + 3_584] = bytes(512)
        database.write_bytes(data)
        assert in_a_process(read, root, [state], True) == []


@pytest.mark.slow
def test_what_was_acknowledged_before_a_kill_is_there(tmp_path: Path) -> None:
    tally = kills.run(tmp_path, 1, 8)
    assert tally.examples == []
    assert tally.tried == 8


@pytest.mark.slow
def test_readers_see_the_old_or_the_new(tmp_path: Path) -> None:
    tally, written = races.run(tmp_path, 800)
    assert tally.examples == []
    assert tally.tried == 800
    assert written


def dies() -> list[Problem]:
    import faulthandler

    faulthandler.disable()
    from tests.faults.steps import die

    die()
    return []


def test_a_process_that_dies_is_noticed() -> None:
    """The harness itself."""
    assert [problem.column for problem in in_a_process(dies)] == ["crashes"]
