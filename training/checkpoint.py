"""Where a training run stands, on disk, so that the same command goes on from there."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn


@dataclass(frozen=True, slots=True)
class Position:
    """How far a run has come; `batch` counts within the epoch, `seconds` are of training."""

    step: int = 0
    epoch: int = 0
    batch: int = 0
    seconds: float = 0.0
    tokens: int = 0


class OtherRunError(Exception):
    """The checkpoint was made with other settings, data or code."""


def write(
    path: Path, run: str, position: Position, model: nn.Module, optimizer: torch.optim.Optimizer
) -> None:
    """Replace the checkpoint in one go; killed at any moment, the old one or the new one is there.

    `run` is what must be the same to go on. Tensors only, no pickle.
    """
    tensors = {}
    for name, weights in _trained(model).items():
        tensors[f"model.{name}"] = weights.detach()
        for part, value in optimizer.state[weights].items():
            tensors[f"{part}.{name}"] = value
    metadata = {"run": run, "position": json.dumps(asdict(position))}
    fresh = path.with_suffix(".fresh")
    save_file(tensors, fresh, metadata)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(path)


def read(path: Path, run: str, model: nn.Module, optimizer: torch.optim.Optimizer) -> Position:
    """Put the weights and the optimiser's state back.

    Raises OtherRunError if the checkpoint is not of this run.
    """
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
        if metadata["run"] != run:
            raise OtherRunError(
                f"{path} was made by another run ({metadata['run']}), this one is {run}: "
                "choose another --out, or remove the file to begin again"
            )
        names = list(file.keys())
        for name, weights in _trained(model).items():
            with torch.no_grad():
                weights.copy_(file.get_tensor(f"model.{name}"))
            optimizer.state[weights] = {
                entry.partition(".")[0]: file.get_tensor(entry)
                for entry in names
                if entry.partition(".")[2] == name and not entry.startswith("model.")
            }
    return Position(**json.loads(metadata["position"]))


def _trained(model: nn.Module) -> dict[str, nn.Parameter]:
    return {name: value for name, value in model.named_parameters() if value.requires_grad}
