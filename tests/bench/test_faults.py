import argparse
from collections import Counter

import pytest

from bench import faults


def options(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    faults.add_arguments(parser)
    return parser.parse_args(arguments)


@pytest.mark.slow
def test_a_small_share_of_one_operation_makes_a_table(capfd: pytest.CaptureFixture[str]) -> None:
    assert faults.run(options("--operations", "remove", "--scale", "0.01", "--jobs", "2")) == 0
    said = capfd.readouterr().out.splitlines()
    assert said[0].split() == "tried lost half-written wrong answers silent damage crashes".split()
    assert [line.split()[0] for line in said[1:]] == "kill Ctrl-C ENOSPC EIO EACCES power".split()
    assert all(line.split()[-5:] == ["0"] * 5 for line in said[1:])


def test_an_unknown_operation_is_refused_with_the_known_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert faults.run(options("--operations", "dance")) == 2
    assert "add in batches" in capsys.readouterr().out


def test_what_was_found_is_shown_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    faults.print_table({"kill at a step": Counter({"tried": 1_200, "lost": 3})})
    assert (
        capsys.readouterr().out.splitlines()[1].split() == "kill at a step 1,200 3 0 0 0 0".split()
    )
