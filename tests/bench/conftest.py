"""Three made-up articles and two questions on them, as a data folder for the measurements."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bench import retrieval

TEXTS = {
    "a/1": ("The mill at Oster", "The mill at Oster ground its last sack of grain in 1962."),
    "a/2": ("A ferry for Holm", "The new ferry to the island of Holm carries forty-four cars."),
    "a/3": ("Frost in May", "Night frost killed the apple blossom in the valley of Lund."),
}
ASKED = {
    "a/1": ("When did the mill at Oster grind its last sack of grain?", "1962"),
    "a/2": ("How many cars does the new ferry to Holm carry?", "forty-four"),
}


@pytest.fixture(scope="session")
def news_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder such as `--data` names, its questions of 2024 in both files."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "news").mkdir()
    rows = [
        {"id": id, "url": None, "title": title, "published": "2024/05/0" + id[-1],
         "authors": None, "text": text}
        for id, (title, text) in TEXTS.items()
    ]  # fmt: skip
    for name in ("articles-small", "articles-rest"):
        with gzip.open(folder / "news" / f"{name}.jsonl.gz", "wt") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    lines = [
        {"question_id": id, "date": "2024-05-03", "question": question, "answers": [answer],
         "relevant": [id], "gold": [id] if id == "a/1" else []}
        for id, (question, answer) in ASKED.items()
    ]  # fmt: skip
    for name in retrieval.QUESTIONS:
        (folder / "news" / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    published = {"system": "qa_closed_gpt3_gen", "question_id": "a/1", "answer": "1962"}
    (folder / "news" / "published-answers.jsonl").write_text(json.dumps(published))
    return folder
