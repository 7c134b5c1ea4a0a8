"""Make a trained run the resolver: its weights, and from which probability on a word is marked.

Writes `resolver.safetensors` and `config.json` into --out; `python -m training quantise resolver`
is run afterwards. The threshold has the highest F1 on people's rewritings of the sources that
nothing else is done with (see training/rewritings.py).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

from bench.conversation import counted
from qa.joint_reader import CONFIG, WEIGHTS
from qa.passes import Model
from qa.resolver import CONFIG as SETTINGS
from qa.resolver import PACKAGED, Resolver
from qa.resolver import WEIGHTS as RESOLVER
from training.rewritings import DEVELOPMENT, rewritings

_THRESHOLDS = [n / 20 for n in range(1, 16)]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training resolver`."""
    parser.add_argument("--data", type=Path, required=True, help="folder with conversation/")
    parser.add_argument("--trained", type=Path, required=True, help="folder of the trained run")
    parser.add_argument("--out", type=Path, default=PACKAGED, help="folder of the resolver")


def run(options: argparse.Namespace) -> int:
    """Copy, choose, write; 0."""
    options.out.mkdir(parents=True, exist_ok=True)
    weights = options.out / RESOLVER
    shutil.copyfile(options.trained / WEIGHTS, weights)
    sha256 = hashlib.sha256(weights.read_bytes()).hexdigest()
    model = Model(weights, sha256)
    those = [one for one in rewritings(options.data) if one.source in DEVELOPMENT and one.before]
    best, threshold = 0.0, _THRESHOLDS[0]
    for at in _THRESHOLDS:
        right, found, wanted = (
            sum(column)
            for column in zip(
                *(counted(one, Resolver(model.loaded, at)) for one in those), strict=True
            )
        )
        f1 = 2 * right / max(found + wanted, 1)
        print(f"threshold {at:.2f}: F1 {f1:.3f} (n {len(those)} turns, {wanted} terms)")
        if f1 > best:
            best, threshold = f1, at
    config = json.loads((options.trained / CONFIG).read_text())
    described = config | {"sha256": sha256, "threshold": threshold}
    (options.out / SETTINGS).write_text(json.dumps(described, indent=2) + "\n")
    return 0
