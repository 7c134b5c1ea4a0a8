"""`python -m bench ceiling`: what is counted."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import pytest

from bench import ceiling


def test_operations_are_those_of_the_matrix_products_of_six_layers() -> None:
    projections, wide = 4 * 384 * 384, 2 * 384 * 1_536
    attention = 2 * 100 * 384  # with each of 100 tokens, twice
    assert ceiling.operations(100) == 2 * 6 * 100 * (projections + wide + attention)


@pytest.mark.slow
def test_a_run_tells_the_share_that_encoding_reaches(
    news_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = ArgumentParser()
    ceiling.add_arguments(parser)
    assert ceiling.run(parser.parse_args(["--data", str(news_folder), "--rounds", "1"])) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    best = {line[0]: float(line[1]) for line in lines[2:5]}
    assert list(best) == ["fp32", "bf16", "int8"]
    name, *figures = lines[-1][0], *(float(cell.replace(",", "")) for cell in lines[-1][2:])
    assert name == "OpenVINO,"
    assert figures[3] == pytest.approx(figures[2] / best["int8"], abs=0.02)
