"""A reader with a very small network, the real vocabulary and no training."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import torch

from qa import network
from qa.joint_reader import CONFIG, WEIGHTS, JointReader
from qa.judge import Judge, Titles
from tests.training import made_up

MAX_TOKENS = 120
COMBINATION = {
    "rating": {"relevance": 0.2, "margin": 0.4, "retrieval": 2.0, "agreement": 0.5},
    "probability": {
        "relevance": 0.2,
        "margin": 0.3,
        "retrieval": 1.0,
        "agreement": 0.3,
        "lead": 0.3,
        "bias": 0.1,
    },
}


def write(at: Path, tokenizer: Path) -> Path:
    """A folder with weights, settings and `encoder/`; heads so large that spans differ clearly."""
    at.mkdir()
    encoder = made_up.tiny_encoder(at / "encoder", tokenizer, layers=2)
    torch.manual_seed(7)
    made = network.packaged(encoder)
    for linear in (made.span, made.rel):
        torch.nn.init.normal_(linear.weight, std=1.0)
    network.save(made, at / WEIGHTS)
    settings(at)
    return at


def settings(folder: Path, **changed: Any) -> None:
    """Write the settings that belong to the weights, some of them changed."""
    row = {
        "sha256": sha256(folder),
        "max_tokens": MAX_TOKENS,
        "titles": False,
        "combination": COMBINATION,
        "threshold": 0.4,
    }
    (folder / CONFIG).write_text(json.dumps(row | changed))


def reader(folder: Path, titles: Titles | None = None) -> JointReader:
    return JointReader(titles, folder, folder / "encoder")


def judge(folder: Path, titles: Titles | None = None) -> Judge:
    return Judge(folder / WEIGHTS, sha256(folder), MAX_TOKENS, titles, folder / "encoder")


def sha256(folder: Path) -> str:
    return hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
