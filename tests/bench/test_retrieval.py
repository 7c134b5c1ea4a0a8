from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import retrieval
from index.types import Hit, Passage

ORIGINS = st.sampled_from([f"origin {n}" for n in range(30)])
RANKINGS = st.lists(ORIGINS, unique=True, max_size=25)


def hit(id: int, article_id: str) -> Hit:
    return Hit(Passage(id, article_id, 0, 1, "x", ()), 1 / id, "fused")


@given(st.lists(st.tuples(RANKINGS, st.frozensets(ORIGINS, min_size=1)), min_size=1, max_size=8))
def test_the_metrics_are_those_of_the_first_right_article(
    askings: list[tuple[list[str], frozenset[str]]],
) -> None:
    ranking = {str(n): found for n, (found, _) in enumerate(askings)}
    relevant = {str(n): right for n, (_, right) in enumerate(askings)}
    first = [
        next((rank for rank, origin in enumerate(found, 1) if origin in right), 1_000)
        for found, right in askings
    ]
    expected = [sum(rank <= k for rank in first) / len(first) for k in (1, 5, 10)]
    expected.append(sum(1 / rank for rank in first if rank <= 10) / len(first))
    assert retrieval.measure(ranking, relevant) == pytest.approx(expected)


def test_an_article_stands_where_its_best_passage_does() -> None:
    hits = [hit(1, "b"), hit(2, "a"), hit(3, "b"), hit(4, "c")]
    assert retrieval.article_ranking(hits, {id: id.upper() for id in "abc"}) == ["B", "A", "C"]


def test_a_run_prints_every_system_for_all_and_for_gold(
    news_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = ArgumentParser()
    retrieval.add_arguments(parser)
    options = parser.parse_args(["--data", str(news_folder), "--cache", str(tmp_path), "--reader"])

    assert retrieval.run(options) == 0

    said = capsys.readouterr().out
    assert said.startswith("articles-small: 3 articles, 3 passages")
    assert said.count("all (n 2)") == said.count("gold (n 1)") == 4
    for system in ("BM25", "dense", "ranks", "hybrid", "feedback", "+ date", "+ time", "+ reader"):
        found = [line for line in said.splitlines() if line.startswith(system)]
        tables = 4 if system == "+ time" else 2
        assert [line.removeprefix(system).split() for line in found] == [["1.000"] * 8] * tables
    assert len(list(tmp_path.iterdir())) == 1
