"""Train an encoder to mark the terms of follow-ups, and nothing else: minutes on one core.

Starts from a reader's weights (see `training reader`); writes `reader.safetensors`, of which only
the head for terms is of use from then on, and `config.json` into --out. `python -m training
resolver` is run afterwards.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from index.embedder import PACKAGED, packaged_folder
from qa import network
from qa.joint_reader import CONFIG, WEIGHTS
from qa.network import Network
from qa.tokens import WordPieces
from qa.turns import MAX_TOKENS
from training import data, followups
from training.batches import batches
from training.checkpoint import Position
from training.followups import Marked
from training.losses import Losses
from training.reader import groups, step
from training.schedule import WARM_UP, rate

LOG_STEPS = 50
_CLIP, _WEIGHT_DECAY = 1.0, 0.01

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides the weights: `start` is the SHA-256 of earlier ones; each of people's follow-ups
    is shown `people` times, but for those of `without`, and `made` others once. The rate comes down
    to `least` of `peak`."""

    start: str
    made: int
    people: int
    peak: float
    least: float
    seed: int
    without: str = ""
    batch_tokens: int = 3072


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training marking`."""
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--start", type=Path, required=True, help="weights to go on from")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--made", type=int, default=13_000, help="how many made follow-ups")
    parser.add_argument("--people", type=int, default=3, help="how often each of people's")
    parser.add_argument("--without", default="", help="leave this source of people's out")
    parser.add_argument("--rate", type=float, default=1.5e-4, help="highest learning rate")
    parser.add_argument("--least", type=float, default=0.0, help="lowest, after the first steps")
    parser.add_argument("--seed", type=int, default=0)


def run(options: argparse.Namespace) -> int:
    """Train as the options say; 0 when the weights are written."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stdout
    )
    start = hashlib.sha256(options.start.read_bytes()).hexdigest()
    settings = Settings(
        start, options.made, options.people, options.rate, options.least, options.seed,
        options.without,
    )  # fmt: skip
    options.out.mkdir(parents=True, exist_ok=True)
    folder = packaged_folder()
    reading = data.consecutive(options.data)
    marked = followups.prepare(
        options.data, reading, WordPieces(folder), settings.seed, settings.people, settings.made,
        settings.without,
    )  # fmt: skip
    log.info("follow-ups: %d", len(marked))
    torch.manual_seed(settings.seed)
    trained = network.load(folder, options.start)
    position = train(trained, marked, settings)
    network.save(trained, options.out / WEIGHTS)
    described = {
        "encoder": PACKAGED,
        "heads": {"term": ["term"]},
        "max_tokens": MAX_TOKENS,
        "settings": asdict(settings),
        "trained": asdict(position),
        "torch": torch.__version__,
    }
    (options.out / CONFIG).write_text(json.dumps(described, indent=2) + "\n")
    return 0


def train(marker: Network, marked: Sequence[Marked], settings: Settings) -> Position:
    """Each follow-up once, in any order; how far it came."""
    draw = random.Random(settings.seed)
    marker.train()
    optimizer = torch.optim.AdamW(groups(marker, _WEIGHT_DECAY), lr=0.0, fused=True)
    whole = sum(len(one.pair.ids) for one in marked)
    position, losses, began = Position(), Losses(), time.monotonic()
    mixed = draw.sample(marked, len(marked))
    for batch in batches(mixed, settings.batch_tokens, draw, lambda one: len(one.pair.ids)):
        share = position.tokens / whole
        now = rate(share, settings.peak)
        now = max(now, settings.least) if share > WARM_UP else now
        step(optimizer, marker, losses.of(marker, batch), now, _CLIP)
        position = Position(
            position.step + 1,
            seconds=time.monotonic() - began,
            tokens=position.tokens + sum(len(one.pair.ids) for one in batch),
        )
        if position.step % LOG_STEPS == 0:
            log.info("%s", losses.line(position, now))
            losses = Losses()
    marker.eval()
    return position
