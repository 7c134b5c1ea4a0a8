"""Samples of damaged files, of processes killed at random, and of readers during writes."""

from pathlib import Path

import pytest

from tests.faults import damage, kills, races
from tests.faults.answers import Problem
from tests.faults.damage import TARGETS, Target
from tests.faults.trials import in_a_process


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_a_damaged_file_is_never_believed(target: Target, tmp_path: Path) -> None:
    assert damage.run(tmp_path, target, 1, range(40)).examples == []


@pytest.mark.slow
def test_pages_in_the_wrong_place_are_noticed(tmp_path: Path) -> None:
    """Where passages were left out of answers, and articles out of the list, without a word."""
    once_wrong = [0, 26, 40, 59, 123, 129, 543, 587]
    assert damage.run(tmp_path, "database", 2, once_wrong).examples == []


@pytest.mark.slow
def test_what_was_acknowledged_before_a_kill_is_there(tmp_path: Path) -> None:
    tally = kills.run(tmp_path, 1, 12)
    assert tally.examples == []
    assert tally.tried == 12


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
