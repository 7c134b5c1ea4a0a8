"""Training on follow-ups alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from qa import network
from qa.network import Network, collate
from qa.tokens import WordPieces
from tests.training import made_up
from training import data, followups, marking
from training.followups import Marked
from training.losses import of_terms
from training.marking import Settings

SETTINGS = Settings("", 0, 1, peak=1e-2, least=1e-3, seed=0, batch_tokens=64)


@pytest.fixture(scope="module")
def marked(data_folder: Path, pieces: WordPieces) -> list[Marked]:
    reading = data.consecutive(data_folder)
    return followups.prepare(data_folder, reading, pieces, 0, people=100, made=0)


def loss(trained: Network, marked: list[Marked]) -> float:
    batch = collate([one.pair for one in marked])
    with torch.inference_mode():
        logits = trained(batch.ids, batch.types, batch.mask, batch.readable)
    return of_terms(logits.term, [one.labels for one in marked]).item()


def test_the_terms_of_follow_ups_are_learnt(
    marked: list[Marked], packaged: Path, tmp_path: Path
) -> None:
    folder = made_up.tiny_encoder(tmp_path / "tiny", packaged)
    trained = network.packaged(folder)
    before = loss(trained, marked)
    position = marking.train(trained, marked, SETTINGS)
    assert position.tokens == sum(len(one.pair.ids) for one in marked)
    assert loss(trained, marked) < 0.3 * before
