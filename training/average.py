"""Average the weights of several runs that went on from one another: one reader as good as all.

A uniform "model soup" (Wortsman et al. 2022, arXiv 2203.05482). Writes `reader.safetensors` (fp16)
and a `config.json` that tells of every run; `python -m training calibrate` or `resolver` is run
afterwards. A head that only some of the runs trained is left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from qa.joint_reader import CONFIG, WEIGHTS

# What of a run's settings stays as it is; the rest is told under "runs".
_SHARED = ("encoder", "max_tokens", "torch")
# What `calibrate` writes, which holds for the weights of that run alone.
_CALIBRATED = ("sha256", "titles", "combination", "threshold")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training average`."""
    parser.add_argument("--weights", type=Path, nargs="+", required=True, help="folders of readers")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")


def run(options: argparse.Namespace) -> int:
    """Average, write; 0."""
    options.out.mkdir(parents=True, exist_ok=True)
    average(options.weights, options.out)
    return 0


def average(folders: Sequence[Path], out: Path) -> None:
    """The mean of the readers in `folders`, each counting the same."""
    configs = [json.loads((folder / CONFIG).read_text()) for folder in folders]
    loaded = [load_file(folder / WEIGHTS) for folder in folders]
    heads = set.intersection(*(set(config["heads"]) for config in configs))
    some = set.union(*(set(config["heads"]) for config in configs)) - heads
    names = [name for name in loaded[0] if name.partition(".")[0] not in some]
    mean = {
        name: torch.stack([one[name].float() for one in loaded]).mean(0).to(torch.float16)
        for name in names
    }
    save_file(mean, out / WEIGHTS)
    described: dict[str, Any] = {name: configs[-1][name] for name in _SHARED}
    described["heads"] = {name: configs[-1]["heads"][name] for name in sorted(heads)}
    described["runs"] = [
        {name: value for name, value in config.items() if name not in (*_CALIBRATED, *_SHARED)}
        | {"sha256": hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()}
        for folder, config in zip(folders, configs, strict=True)
    ]
    (out / CONFIG).write_text(json.dumps(described, indent=2) + "\n")
