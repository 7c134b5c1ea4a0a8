"""An environment of its own for each peer: torch first, which nothing may replace."""

from __future__ import annotations

import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

# The build that peers get, so that all multiply with the same library.
TORCH = "torch==2.13.0"


@dataclass(frozen=True, slots=True)
class Peer:
    """A library, and what its documentation has one install for a hybrid search.

    `tuned_from` is the peer in whose environment it runs, if it is that one with other settings.
    """

    name: str
    packages: tuple[str, ...]
    tuned_from: str = ""


_LANGCHAIN = (
    *("langchain-classic", "langchain-community", "langchain-huggingface", "rank_bm25"),
    *("sentence-transformers", "faiss-cpu"),
)

PEERS = (
    Peer("txtai", ("txtai",)),
    Peer("langchain", _LANGCHAIN),
    Peer("langchain_bf16", _LANGCHAIN, tuned_from="langchain"),
    Peer("haystack", ("haystack-ai", "sentence-transformers-haystack")),
    Peer(
        "llamaindex",
        ("llama-index-core", "llama-index-embeddings-huggingface", "llama-index-retrievers-bm25"),
    ),
)


class InstallError(Exception):
    """A peer could not be installed as it should be."""


def python_of(peer: Peer, cache: Path) -> Path:
    """The interpreter of the peer's environment in `cache`, made at the first call.

    Raises InstallError if pip fails or brings another torch.
    """
    folder = environment(peer, cache)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    done = folder / "installed"
    if not done.exists():
        print(f"installing {peer.name}", flush=True)
        if not python.exists():
            venv.create(folder, with_pip=True)
        _pip(python, "install", "--quiet", TORCH)
        torch = _versions(python)["torch"]
        _pip(python, "install", "--quiet", TORCH, *peer.packages)
        found = _versions(python)
        if found["torch"] != torch or any(name.startswith("nvidia") for name in found):
            raise InstallError(f"{peer.name} brought another torch than {torch}: {found['torch']}")
        done.write_text("\n".join(f"{name}=={version}" for name, version in found.items()))
    return python


def environment(peer: Peer, cache: Path) -> Path:
    """The folder of the environment that the peer runs in."""
    return cache / "environments" / (peer.tuned_from or peer.name)


def installed(peer: Peer, cache: Path) -> str:
    """The version of the peer's first package."""
    lines = (environment(peer, cache) / "installed").read_text().splitlines()
    return dict(line.split("==", 1) for line in lines)[peer.packages[0]]


def _versions(python: Path) -> dict[str, str]:
    listed = _pip(python, "list", "--format=freeze").splitlines()
    return dict(line.split("==", 1) for line in listed if "==" in line)


def _pip(python: Path, *arguments: str) -> str:
    done = subprocess.run(
        [python, "-m", "pip", "--disable-pip-version-check", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise InstallError(f"pip {' '.join(arguments)}: {done.stderr[-1_000:]}")
    return done.stdout
