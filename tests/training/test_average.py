from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from training.average import average


def run(at: Path, value: float, *, heads: tuple[str, ...]) -> Path:
    at.mkdir()
    tensors = {"enc.layer": torch.full((2, 2), value, dtype=torch.float16)}
    tensors |= {f"{head}.weight": torch.full((1, 2), value, dtype=torch.float16) for head in heads}
    save_file(tensors, at / "reader.safetensors")
    config = {"encoder": "e", "max_tokens": 9, "torch": "t", "seed": value, "threshold": 0.5}
    (at / "config.json").write_text(json.dumps(config | {"heads": {head: [] for head in heads}}))
    return at


def test_weights_are_averaged_and_heads_that_not_all_have_are_left_out(tmp_path: Path) -> None:
    one = run(tmp_path / "one", 1.0, heads=("span",))
    other = run(tmp_path / "other", 2.0, heads=("span", "term"))
    out = tmp_path / "out"
    out.mkdir()
    average([one, other], out)
    made = load_file(out / "reader.safetensors")
    assert set(made) == {"enc.layer", "span.weight"}
    assert made["enc.layer"].dtype == torch.float16
    assert float(made["enc.layer"][0, 0]) == pytest.approx(1.5)
    described = json.loads((out / "config.json").read_text())
    assert [one["seed"] for one in described["runs"]] == [1.0, 2.0]
    assert "threshold" not in described
    assert all("threshold" not in one and "sha256" in one for one in described["runs"])
