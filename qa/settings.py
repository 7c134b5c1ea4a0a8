"""Where collections lie, and which model is used: the only reader of the environment."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from index.embedder import PACKAGED

# All collections that nobody named otherwise, in the folder where the program is started.
COLLECTIONS = Path(".collections")


def default_collection() -> Path:
    """`$ARTICLE_QA_COLLECTION`, else `.collections/default` in the current folder."""
    return Path(os.environ.get("ARTICLE_QA_COLLECTION") or COLLECTIONS / "default")


def collection_of(folder: Path) -> Path:
    """The collection that belongs to one folder of articles and to no other."""
    resolved = folder.resolve()
    digest = hashlib.sha256(str(resolved).encode("utf-8", "surrogateescape")).hexdigest()
    return COLLECTIONS / f"{resolved.name or 'root'}-{digest[:8]}"


def embedder_name() -> str:
    """`$ARTICLE_QA_EMBEDDER`, else the packaged model."""
    return os.environ.get("ARTICLE_QA_EMBEDDER") or PACKAGED
