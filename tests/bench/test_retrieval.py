from __future__ import annotations

import gzip
import json
from argparse import ArgumentParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import retrieval
from index.types import Hit, Passage

ORIGINS = st.sampled_from([f"origin {n}" for n in range(30)])
RANKINGS = st.lists(ORIGINS, unique=True, max_size=25)
TEXTS = {
    "a/1": ("The mill at Oster", "The mill at Oster ground its last sack of grain in 1962."),
    "a/2": ("A ferry for Holm", "The new ferry to the island of Holm carries forty-four cars."),
    "a/3": ("Frost in May", "Night frost killed the apple blossom in the valley of Lund."),
}


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
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "news").mkdir()
    rows = [
        {"id": id, "url": None, "title": title, "published": "2024/05/0" + id[-1],
         "authors": None, "text": text}
        for id, (title, text) in TEXTS.items()
    ]  # fmt: skip
    with gzip.open(tmp_path / "news" / "articles-small.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    asked = {
        "a/1": "When did the mill at Oster stop?",
        "a/2": "How many cars does the ferry carry?",
    }
    lines = [
        {"question_id": id, "date": "2024-05-03", "question": question, "answers": ["x"],
         "relevant": [id], "gold": [id] if id == "a/1" else []}
        for id, question in asked.items()
    ]  # fmt: skip
    for name in retrieval.QUESTIONS:
        file_of = tmp_path / "news" / f"{name}.jsonl"
        file_of.write_text("\n".join(map(json.dumps, lines)))
    parser = ArgumentParser()
    retrieval.add_arguments(parser)
    cache = tmp_path / "cache"
    options = parser.parse_args(["--data", str(tmp_path), "--cache", str(cache)])

    assert retrieval.run(options) == 0

    said = capsys.readouterr().out
    assert said.startswith("articles-small: 3 articles, 3 passages")
    assert said.count("all (n 2)") == said.count("gold (n 1)") == 2
    for system in ("BM25", "dense", "hybrid", "+ date"):
        found = [line for line in said.splitlines() if line.startswith(system)]
        assert [line.removeprefix(system).split() for line in found] == [["1.000"] * 8] * 2
    assert len(list(cache.iterdir())) == 1
