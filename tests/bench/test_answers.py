from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import pytest

from bench import answers, latency


def test_a_run_tells_how_many_answers_are_right_and_what_others_reached(
    news_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = ArgumentParser()
    answers.add_arguments(parser)
    options = parser.parse_args(["--data", str(news_folder), "--cache", str(tmp_path)])

    assert answers.run(options) == 0

    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines.count("asked in [2024]: 2 questions, articles-small") == 2
    assert lines.count("short answers, refusal off EM 1.000, F1 1.000 n 2") == 2
    assert lines.count("article after retrieval, gold hit@1 1.000, MRR@10 1.000 n 1") == 2
    assert lines.count("GPT-3 alone EM 1.000, F1 1.000 n 1") == 2


def test_a_run_tells_how_long_each_step_takes(
    news_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = ArgumentParser()
    latency.add_arguments(parser)
    given = ["--data", str(news_folder), "--cache", str(tmp_path), "--passages", "3"]
    options = parser.parse_args([*given, "--warm-up", "1", "--callers", "1", "2"])

    assert latency.run(options) == 0

    said = capsys.readouterr().out.splitlines()
    start = next(n for n, line in enumerate(said) if line.startswith("3 passages of 3 articles, 1"))
    lines = [line.split() for line in said[start + 1 :] if line]
    assert [line[0] for line in lines[:5]] == ["p50", "retrieve", "read", "prove", "in"]
    assert lines[5][0] == "callers"
    assert [line[:-5] for line in lines[6:]] == [["1"], ["1", "again"], ["2"], ["2", "again"]]
    assert all(float(cell) >= 0 for line in lines[6:] for cell in line[-5:])
