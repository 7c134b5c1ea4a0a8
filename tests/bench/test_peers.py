"""`python -m bench peers`: what is compared, and how it is told."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from bench.peers import comparison, install
from bench.peers.comparison import OURS, Measured, Task


def measured(rate: float, seconds: float) -> Measured:
    row = [seconds, 2 * seconds, 3 * seconds]
    return Measured([rate] * 3, row, row, row, row, row, {1: 0.5, 10: 0.9})


def test_ratios_are_to_the_best_peer_and_to_each_tuned_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rates = {"txtai": (4.0, 8.0), "haystack": (5.0, 10.0), "langchain_bf16": (20.0, 5.0)}
    told = {name: measured(*one) for name, one in rates.items()} | {OURS: measured(40.0, 2.0)}
    comparison.print_table(told, {"txtai": "9.0"})
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("txtai 9.0 ")
    ratios = "8.00 x " + 5 * "0.25 x " + "0.500 0.900"
    assert " ".join(lines[-2].split()) == f"beside the best peer {ratios}"
    assert lines[-1].split()[:6] == ["beside", "langchain_bf16", "2.00", "x", "0.40", "x"]


def test_a_hit_is_an_article_that_answers_by_its_origin_or_by_our_id() -> None:
    task = Task(2, [["o/1#0", "", ""], ["o/2#0", "", ""]], ["?"] * 2, [frozenset({"o/2"})] * 2)
    ours = comparison._id("o/2")
    found = [["o/1#0", "o/1#120", "o/2#0"], [f"{ours}#7", "o/1#0"]]
    assert comparison.hits(task, found) == {1: 0.5, 10: 1.0}


def test_a_tuned_peer_runs_where_the_plain_one_was_installed(tmp_path: Path) -> None:
    (tuned,) = (peer for peer in install.PEERS if peer.tuned_from)
    (plain,) = (peer for peer in install.PEERS if peer.name == tuned.tuned_from)
    assert tuned.packages == plain.packages
    assert install.environment(tuned, tmp_path) == install.environment(plain, tmp_path)
    libraries = Path(comparison.__file__).parent / "libraries"
    for peer in install.PEERS:
        assert (libraries / f"{peer.name}_hybrid.py").is_file()


@pytest.mark.slow
def test_a_round_of_ours_is_driven_as_those_of_the_others(tmp_path: Path) -> None:
    texts = {"a/1": "The mill at Oster stopped grinding in 1962.", "a/2": "Ferries sail at dawn."}
    passages = [[f"{origin}#0", origin, text] for origin, text in texts.items()]
    task = Task(2, passages, ["When did the mill stop?"], [frozenset({"a/1"})])
    given = tmp_path / "task.json"
    given.write_text(json.dumps({"passages": passages, "questions": task.questions}))
    told = Measured()
    comparison.measure(OURS, Path(sys.executable), task, given, tmp_path / "made", told)
    assert told.hits == {1: 1.0, 10: 1.0}
    values = [getattr(told, column) for column in comparison.COLUMNS]
    assert all(len(one) == 1 and one[0] > 0 for one in values)
