"""Train the joint reader: answer span and relevance in one pass over question and passage.

With --follow-ups, a share of the steps trains the same encoder to mark which words of earlier turns
belong to a question (see training/followups.py).

Writes `reader.safetensors` (fp16, without the frozen word embeddings, which are the packaged
embedder's) and `config.json` into --out. Stopped, the same command goes on from the last
checkpoint. "Does this passage answer" is learnt twice from one label: by the span head, whose
first token then wins, and by the relevance head, which has the whole passage in view. Together
they tell better than either, and both labels are free; a third head would learn the same label.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import torch
from torch import Tensor

from index.embedder import PACKAGED, packaged_folder
from qa import network
from qa.network import Network
from qa.tokens import Pair, WordPieces
from training import checkpoint, data, followups, quiz
from training.batches import batches
from training.checkpoint import Position
from training.examples import Examples, Mix, prepare
from training.followups import Marked
from training.losses import Losses, read_in
from training.schedule import Budget, rate

LOG_STEPS = 50

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides the weights, but for the budget.

    `start` is the SHA-256 of earlier ones; `follow_ups` the share of the steps that train on these.
    """

    mix: Mix
    seed: int = 0
    peak: float = 2e-4
    max_tokens: int = 288
    batch_tokens: int = 4096
    weight_decay: float = 0.01
    clip: float = 1.0
    limit: int | None = None
    start: str | None = None
    follow_ups: float = 0.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training reader`."""
    mix, settings = Mix(), Settings(Mix())
    parser.add_argument("--data", type=Path, required=True, help="folder with reader/*.json.gz")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--start", type=Path, help="weights to go on from, not the encoder's own")
    parser.add_argument("--cache", type=Path, help="bench's cache: train on news questions too")
    budget = parser.add_mutually_exclusive_group(required=True)
    budget.add_argument("--minutes", type=float, help="time to train, without preparing")
    budget.add_argument("--steps", type=int, help="steps to train")
    parser.add_argument("--seed", type=int, default=settings.seed)
    parser.add_argument("--rate", type=float, default=settings.peak, help="highest learning rate")
    parser.add_argument(
        "--follow-ups", type=float, default=0.0, help="share of the steps that train on follow-ups"
    )
    parser.add_argument("--limit", type=int, help="only so many questions, for a quick look")
    parser.add_argument("--checkpoint-minutes", type=float, default=10.0)
    for name, value in asdict(mix).items():
        parser.add_argument(
            f"--{name}", type=type(value), default=value, help="see training.examples.Mix"
        )


def run(options: argparse.Namespace) -> int:
    """Train as the options say; 0 when the weights are written."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stdout
    )
    settings = Settings(
        Mix(**{name: getattr(options, name) for name in asdict(Mix())}),
        seed=options.seed,
        peak=options.rate,
        limit=options.limit,
        start=options.start and hashlib.sha256(options.start.read_bytes()).hexdigest(),
        follow_ups=options.follow_ups,
    )
    budget = Budget(options.minutes, options.steps)
    options.out.mkdir(parents=True, exist_ok=True)
    folder = packaged_folder()
    reading = data.training(options.data)
    if options.cache:
        quiz.append(reading, options.data, options.cache)
    if settings.limit is not None:
        reading.questions = random.Random(settings.seed).sample(reading.questions, settings.limit)
    pieces = WordPieces(folder)
    examples = prepare(reading, pieces, settings.seed)
    log.info("questions with an example of each kind: %s", examples.counts())
    marked: list[Marked] = []
    if options.follow_ups:
        marked = followups.prepare(options.data, reading, pieces, settings.seed)
        log.info("follow-ups: %d", len(marked))
    torch.manual_seed(settings.seed)
    reader = network.load(folder, options.start) if options.start else network.packaged(folder)
    trained, position = train(
        reader, examples, marked, settings, budget, options.out, options.checkpoint_minutes * 60
    )
    write(options.out, trained, settings, budget, position, examples, reading)
    return 0


def train(
    reader: Network,
    examples: Examples,
    marked: Sequence[Marked],
    settings: Settings,
    budget: Budget,
    out: Path,
    checkpoint_seconds: float,
) -> tuple[Network, Position]:
    """The model when the budget is spent, and how far it came."""
    reader.train()
    optimizer = torch.optim.AdamW(groups(reader, settings.weight_decay), lr=0.0, fused=True)
    saved = out / "checkpoint.safetensors"
    made_by = json.dumps({**asdict(settings), "counts": examples.counts()}, sort_keys=True)
    position = Position()
    if saved.exists():
        position = checkpoint.read(saved, made_by, reader, optimizer)
        log.info("going on from %s", position)
    losses, at = Losses(), time.monotonic()
    last_saved = position.seconds
    for epoch, number, batch in stream(examples, marked, settings, position):
        share = budget.share(position.seconds, position.step)
        if share >= 1:
            break
        learning_rate = rate(share, settings.peak)
        loss = losses.of(reader, batch)
        step(optimizer, reader, loss, learning_rate, settings.clip)
        now = time.monotonic()
        position = Position(
            step=position.step + 1,
            epoch=epoch,
            batch=number + 1,
            seconds=position.seconds + now - at,
            tokens=position.tokens + sum(len(one.ids) for one in read_in(batch)),
        )
        at = now
        if position.step % LOG_STEPS == 0:
            log.info("%s", losses.line(position, learning_rate))
            losses = Losses()
        if position.seconds - last_saved >= checkpoint_seconds:
            checkpoint.write(saved, made_by, position, reader, optimizer)
            last_saved = position.seconds
    checkpoint.write(saved, made_by, position, reader, optimizer)
    return reader.eval(), position


def stream(
    examples: Examples, marked: Sequence[Marked], settings: Settings, after: Position
) -> Iterator[tuple[int, int, list[Pair] | list[Marked]]]:
    """(epoch, number in the epoch, batch) without end, from `after` on.

    The order is decided by the seed alone, so a run that goes on sees what it would have seen.
    """
    epoch, skipped = after.epoch, after.batch
    while True:
        made = _epoch(examples, marked, settings, settings.seed * 1_000 + epoch)
        for number, batch in enumerate(islice(made, skipped, None), skipped):
            yield epoch, number, batch
        epoch, skipped = epoch + 1, 0


def _epoch(
    examples: Examples, marked: Sequence[Marked], settings: Settings, seed: int
) -> Iterator[list[Pair] | list[Marked]]:
    draw, kinds = random.Random(seed), random.Random(seed)
    shown = examples.epoch(settings.mix, seed)
    log.info("epoch of seed %d: %s", seed, dict(Counter(one.kind.value for one in shown)))
    pairs = (examples.pair(one, draw, settings.mix, settings.max_tokens) for one in shown)
    follow_ups = _without_end(marked, settings.batch_tokens, random.Random(seed))
    for batch in batches(
        pairs, settings.batch_tokens, random.Random(seed), lambda one: len(one.ids)
    ):
        while kinds.random() < settings.follow_ups:
            yield next(follow_ups)
        yield batch


def _without_end(
    marked: Sequence[Marked], tokens: int, draw: random.Random
) -> Iterator[list[Marked]]:
    while True:
        yield from batches(
            draw.sample(marked, len(marked)), tokens, draw, lambda one: len(one.pair.ids)
        )


def step(
    optimizer: torch.optim.Optimizer,
    reader: Network,
    loss: Tensor,
    learning_rate: float,
    clip: float,
) -> None:
    """One step of the optimiser."""
    for group in optimizer.param_groups:
        group["lr"] = learning_rate
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(reader.parameters(), clip)
    optimizer.step()


def write(
    out: Path,
    trained: Network,
    settings: Settings,
    budget: Budget,
    position: Position,
    examples: Examples,
    reading: data.Reading,
) -> None:
    """The weights and what they are. The checkpoint stays: more minutes can be added to it."""
    network.save(trained, out / "reader.safetensors")
    sources = Counter(question.source for question in reading.questions)
    described = {
        "encoder": PACKAGED,
        "heads": {"span": ["start", "end"], "rel": ["relevance"]}
        | ({"term": ["term"]} if settings.follow_ups else {}),
        "max_tokens": settings.max_tokens,
        "settings": asdict(settings),
        "budget": asdict(budget),
        "trained": asdict(position),
        "questions": dict(sources),
        "examples": examples.counts(),
        "torch": torch.__version__,
    }
    (out / "config.json").write_text(json.dumps(described, indent=2) + "\n")
    log.info("wrote %s after %d steps", out / "reader.safetensors", position.step)


def groups(reader: Network, weight_decay: float) -> list[dict[str, object]]:
    """Matrices decay; biases and the scales of layer norms do not."""
    trained = [weights for weights in reader.parameters() if weights.requires_grad]
    return [
        {"params": [w for w in trained if w.ndim > 1], "weight_decay": weight_decay},
        {"params": [w for w in trained if w.ndim == 1], "weight_decay": 0.0},
    ]
