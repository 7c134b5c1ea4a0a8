from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import torch

from qa import network
from qa.network import Batch, Network, collate
from qa.tokens import Pair, WordPieces
from tests.training import made_up
from training import checkpoint, data, followups, reader
from training.checkpoint import Position
from training.examples import Examples, Mix, prepare
from training.followups import Marked
from training.losses import Losses, read_in
from training.reader import Settings
from training.schedule import Budget

SETTINGS = Settings(Mix(), peak=1e-2, batch_tokens=1024)
MIXED = replace(SETTINGS, follow_ups=0.5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, packaged: Path) -> Path:
    return made_up.tiny_encoder(tmp_path_factory.mktemp("models") / "tiny", packaged)


@pytest.fixture(scope="module")
def reading(data_folder: Path) -> data.Reading:
    return data.training(data_folder)


@pytest.fixture(scope="module")
def examples(reading: data.Reading, pieces: WordPieces) -> Examples:
    return prepare(reading, pieces, seed=0)


@pytest.fixture(scope="module")
def marked(reading: data.Reading, data_folder: Path, pieces: WordPieces) -> list[Marked]:
    return followups.prepare(data_folder, reading, pieces, seed=0)


def seen(
    batches: Iterator[tuple[int, int, list[Pair] | list[Marked]]], n: int
) -> list[tuple[int, int, bytes]]:
    return [
        (epoch, number, b"".join(one.ids.tobytes() for one in read_in(batch)))
        for epoch, number, batch in islice(batches, n)
    ]


def one_batch(examples: Examples) -> Batch:
    _, _, batch = next(reader.stream(examples, [], SETTINGS, Position()))
    return collate(read_in(batch))


def loss(trained: Network, batch: Batch) -> float:
    with torch.inference_mode():
        logits = trained(batch.ids, batch.types, batch.mask, batch.readable)
    return torch.nn.functional.cross_entropy(logits.start, batch.start).item()


def test_training_learns_and_what_is_written_is_what_was_trained(
    examples: Examples, reading: data.Reading, folder: Path, tmp_path: Path
) -> None:
    budget = Budget(steps=150)
    start = network.packaged(folder)
    trained, position = reader.train(start, examples, [], SETTINGS, budget, tmp_path, 1e9)
    assert position.step == 150
    batch = one_batch(examples)
    fresh = network.packaged(folder)
    assert loss(trained, batch) < 0.8 * loss(fresh, batch)
    words = trained.enc.embeddings.word_embeddings.weight
    assert torch.equal(words, fresh.enc.embeddings.word_embeddings.weight)

    reader.write(tmp_path, trained, SETTINGS, budget, position, examples, reading)
    loaded = network.load(folder, tmp_path / "reader.safetensors")
    assert loss(loaded, batch) == pytest.approx(loss(trained, batch), abs=2e-2)
    assert (tmp_path / "reader.safetensors").stat().st_size < words.numel()
    described = json.loads((tmp_path / "config.json").read_text())
    assert described["max_tokens"] == 288
    assert described["trained"]["step"] == 150


def test_a_spent_budget_of_minutes_ends_the_training(
    examples: Examples, folder: Path, tmp_path: Path
) -> None:
    budget, trained = Budget(minutes=0.01), network.packaged(folder)
    _, position = reader.train(trained, examples, [], SETTINGS, budget, tmp_path, 1e9)
    assert position.seconds >= 0.6
    again = reader.train(trained, examples, [], SETTINGS, budget, tmp_path, 1e9)
    assert again[1] == position


def test_a_checkpoint_brings_back_the_weights_and_the_state_of_the_optimiser(
    examples: Examples, folder: Path, tmp_path: Path
) -> None:
    saved = tmp_path / "checkpoint.safetensors"
    _, _, batch = next(reader.stream(examples, [], SETTINGS, Position()))

    def one_step(trained: Network, optimizer: torch.optim.Optimizer) -> None:
        reader.step(optimizer, trained, Losses().of(trained, batch), 1e-3, 1.0)

    torch.manual_seed(0)
    trained = network.packaged(folder)
    optimizer = torch.optim.AdamW(reader.groups(trained, 0.01), fused=True)
    one_step(trained, optimizer)
    checkpoint.write(saved, "run", Position(step=1, seconds=2.5), trained, optimizer)
    one_step(trained, optimizer)

    torch.manual_seed(1)
    other = network.packaged(folder)
    resumed = torch.optim.AdamW(reader.groups(other, 0.01), fused=True)
    assert checkpoint.read(saved, "run", other, resumed) == Position(step=1, seconds=2.5)
    one_step(other, resumed)
    for name, weights in trained.state_dict().items():
        assert torch.allclose(weights, other.state_dict()[name], atol=1e-6), name


def test_a_checkpoint_of_another_run_is_refused(folder: Path, tmp_path: Path) -> None:
    trained = network.packaged(folder)
    optimizer = torch.optim.AdamW(reader.groups(trained, 0.01), fused=True)
    saved = tmp_path / "checkpoint.safetensors"
    checkpoint.write(saved, "one run", Position(), trained, optimizer)
    with pytest.raises(checkpoint.OtherRunError, match="choose another --out"):
        checkpoint.read(saved, "another", trained, optimizer)


def test_a_run_that_goes_on_sees_what_it_would_have_seen(
    examples: Examples, marked: list[Marked]
) -> None:
    whole = seen(reader.stream(examples, marked, MIXED, Position()), 40)
    assert {epoch for epoch, _, _ in whole} >= {0, 1}
    for stopped in (0, 1, 7, 39):
        epoch, number, _ = whole[stopped]
        rest = reader.stream(examples, marked, MIXED, Position(epoch=epoch, batch=number + 1))
        assert seen(rest, len(whole) - stopped - 1) == whole[stopped + 1 :]


def test_no_token_but_those_of_the_passage_or_the_first_can_answer(
    examples: Examples, folder: Path
) -> None:
    batch = one_batch(examples)
    logits = network.packaged(folder)(batch.ids, batch.types, batch.mask, batch.readable)
    for scores in (logits.start, logits.end):
        barred = ~batch.readable
        barred[:, 0] = False
        assert scores[barred].max() < scores[batch.readable].min() - 1000


def test_padding_changes_nothing(examples: Examples, folder: Path) -> None:
    _, _, batch = next(reader.stream(examples, [], SETTINGS, Position()))
    pairs = read_in(batch)
    trained = network.packaged(folder).eval()
    long = max(pairs, key=lambda one: len(one.ids))
    short = min(pairs, key=lambda one: len(one.ids))
    alone, padded = collate([short]), collate([short, long])
    with torch.inference_mode():
        single = trained(alone.ids, alone.types, alone.mask, alone.readable)
        both = trained(padded.ids, padded.types, padded.mask, padded.readable)
    width = alone.ids.shape[1]
    assert torch.allclose(single.start[0], both.start[0, :width], atol=1e-5)
    assert torch.allclose(single.relevance[0], both.relevance[0], atol=1e-5)
