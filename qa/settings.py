"""Where collections lie, and which model is used: the only reader of the environment."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

import platformdirs

from index.embedder import PACKAGED
from index.errors import ArticleQAError
from qa.assistant import SECONDS
from qa.joint_reader import PACKAGED as PACKAGED_READER

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


def history_file() -> Path | None:
    """`$ARTICLE_QA_HISTORY`, else a file among the user's own data; None where that is `off`.

    One for all collections, and never inside one: it is written while another process fills a
    collection, and where a collection can only be read.
    """
    named = os.environ.get("ARTICLE_QA_HISTORY", "")
    if named.strip().lower() == "off":
        return None
    return Path(named or platformdirs.user_data_path("article-qa", False) / "history.sqlite3")


def reader_folder() -> Path:
    """`$ARTICLE_QA_READER`, else the packaged reader."""
    return Path(os.environ.get("ARTICLE_QA_READER") or PACKAGED_READER)


def seconds() -> float:
    """`$ARTICLE_QA_SECONDS`, for how long passages are read for one question; else SECONDS.

    Raises ArticleQAError.
    """
    named = os.environ.get("ARTICLE_QA_SECONDS") or str(SECONDS)
    with suppress(ValueError):
        if (found := float(named)) >= 0:
            return found
    raise ArticleQAError(
        f"ARTICLE_QA_SECONDS is {named!r}: it must be a number of seconds, like 3 or 0.5, or `inf` "
        "to have everything read that was found"
    )


def embedder_name() -> str:
    """`$ARTICLE_QA_EMBEDDER`, else the packaged model."""
    return os.environ.get("ARTICLE_QA_EMBEDDER") or PACKAGED
