"""A few made-up articles in SQuAD's layout, and a tiny encoder."""

from __future__ import annotations

import gzip
import json
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

PLACES = ("Harlow Bay", "Quillmouth", "Tarn End", "Veldergate", "Oskerby", "Pinfold")


def article(title: str, *, trick: bool = False) -> dict[str, Any]:
    """Two paragraphs about a made-up harbour, each with questions on it."""
    bridge = (
        f"The old bridge at {title} was opened in 1871 by Mayor Edda Stroll. Its stones came by "
        f"ship from Dunmarrow, and the first toll was two pennies. The bridge was the longest of "
        f"the coast until the storm of 1903 took its northern arch, which was never built again."
    )
    harbour = (
        f"The harbour of {title} handles grain and timber. In 1954 Captain Ivo Lund moved the "
        f"ferry to the eastern quay, and since 1988 the ferry has sailed to Brackwater. Some 420 "
        f"people work there today, most of them for the company that Lund founded after the war."
    )
    asked = [
        _answered(f"When was the old bridge at {title} opened?", bridge, "1871"),
        _answered("Who opened the old bridge?", bridge, "Mayor Edda Stroll"),
        _answered("Where did the stones of the first bridge come from?", bridge, "Dunmarrow"),
    ]
    if trick:
        asked.append({"question": "Who pulled the bridge down?", "id": "t", "is_impossible": True})
    more = [
        _answered(f"Who moved the ferry of {title} in 1954?", harbour, "Captain Ivo Lund"),
        _answered("Where has the ferry sailed to since 1988?", harbour, "Brackwater"),
    ]
    return {
        "title": title.replace(" ", "_"),
        "paragraphs": [{"context": bridge, "qas": asked}, {"context": harbour, "qas": more}],
    }


def folder(at: Path) -> Path:
    """A data folder with all the files that are trained on."""
    (at / "reader").mkdir(parents=True)
    titles = {
        "squad1-train": PLACES[:2],
        "squadshifts-amazon-reviews": PLACES[2:3],
        "squadshifts-reddit": PLACES[3:4],
        "squad2-dev": tuple(f"Port {letter}" for letter in "ABCDEFGHIJKLMNOP"),
    }
    for name, those in titles.items():
        made = {"data": [article(title, trick=name == "squad2-dev") for title in those]}
        with gzip.open(at / "reader" / f"{name}.json.gz", "wt") as file:
            json.dump(made, file)
    (at / "conversation").mkdir()
    with gzip.open(at / "conversation" / "rewrites.jsonl.gz", "wt") as file:
        for number, (place, other) in enumerate(pairwise(PLACES)):
            turns = [{"user": f"Who built the lighthouse of {place}?"}, {"system": "Edda Stroll."}]
            asked, meant = "How tall is it?", f"How tall is the lighthouse of {place}?"
            if number % 2:
                turns, asked, meant = turns[:1], *[f"Where is {other}?"] * 2
            source = "cast2019eval" if number < 4 else "cast2021"
            row = {"source": source, "history": turns, "utterance": asked, "resolved": meant}
            file.write(json.dumps(row) + "\n")
    return at


def tiny_encoder(at: Path, tokenizer: Path, layers: int = 1) -> Path:
    """A folder with a very small encoder that has the real vocabulary."""
    config = BertConfig(
        hidden_size=16,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=320,
    )
    torch.manual_seed(0)
    at.mkdir()
    config.save_pretrained(at)
    save_file(BertModel(config).state_dict(), at / "model.safetensors")
    shutil.copy(tokenizer / "tokenizer.json", at)
    return at


def _answered(question: str, text: str, answer: str) -> dict[str, Any]:
    given = [{"text": answer, "answer_start": text.index(answer)}]
    return {"question": question, "id": question, "answers": given, "is_impossible": False}
