"""Finding the files of a folder, and reading one of them whole."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from index.errors import LoadError
from index.loaders.limits import MAX_FILE, too_large
from index.loaders.records import MAPPING_NAME

# What browsers put beside a page that they save: "Ice.html" and "Ice_files".
_PAGE_FOLDER = re.compile(r"(.+)(?:_files|\.files|_fichiers|-Dateien)$")

_MISSING = "no such file or folder"


def find(path: Path) -> Iterator[Path]:
    """The files to load: `path` itself if it is a file, or a folder's files recursively, sorted.

    Passed over are hidden files and folders, readmes, the folder that a browser saved with a page,
    and symbolic links, whether they lead out of the folder or to another file of it, which is
    found in its own place. A folder that cannot be opened is given out, so that `read` says why.

    Raises LoadError at once when there is nothing at `path`.
    """
    try:
        if not os.path.lexists(path) or (path.is_symlink() and not path.exists()):
            raise LoadError(_MISSING)
        return _files(path) if path.is_dir() else iter((path,))
    except OSError:
        return iter((path,))


def _files(root: Path) -> Iterator[Path]:
    real_root = Path(os.path.realpath(root))
    waiting = [root]
    while waiting:
        path = waiting.pop()
        try:
            if path != root and path.is_symlink() and _is_passed_link(path, real_root):
                continue
            inside = sorted(path.iterdir(), reverse=True) if path.is_dir() else None
        except OSError:
            inside = None
        if inside is None:
            yield path
            continue
        names = {inner.name for inner in inside}
        waiting.extend(
            inner
            for inner in inside
            if not _is_passed_over(inner.name) and not _belongs_to_page(inner.name, names)
        )


def _is_passed_link(link: Path, real_root: Path) -> bool:
    """A link out of the folder, in circles, or to what is found in its own place."""
    target = Path(os.path.realpath(link))
    if link.is_dir() or not target.is_relative_to(real_root):
        return True
    steps = target.relative_to(real_root).parts
    return target.is_file() and not any(map(_is_passed_over, steps))


def _is_passed_over(name: str) -> bool:
    """Hidden, or about the articles instead of one of them."""
    return (
        name.startswith(".")
        or Path(name).stem.casefold() == "readme"
        or name.endswith(MAPPING_NAME)
    )


def _belongs_to_page(folder: str, names: set[str]) -> bool:
    """Whether it holds the pictures and frames of a page that was saved beside it."""
    page = _PAGE_FOLDER.fullmatch(folder)
    return page is not None and not names.isdisjoint((f"{page[1]}.html", f"{page[1]}.htm"))


def read(path: Path) -> bytes:
    """The bytes of a file.

    Raises LoadError for what is missing, unreadable, no regular file (a folder, a pipe, a device)
    or larger than MAX_FILE. It never waits for a pipe's other end.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise LoadError("its name is not valid text; rename it") from None
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        # Looked at before it is opened: opening a device can already do something.
        _check(path.stat())
        with os.fdopen(os.open(path, flags), "rb") as file:
            _check(os.fstat(file.fileno()))
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        raise LoadError(_MISSING) from None
    except PermissionError:
        raise LoadError("permission denied") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LoadError(f"cannot be read ({reason.lower()})") from error
    if len(data) > MAX_FILE:
        raise LoadError(too_large(len(data), MAX_FILE))
    return data


def _check(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise LoadError("a folder that cannot be opened")
    if not stat.S_ISREG(status.st_mode):
        raise LoadError("not a regular file")
    if status.st_size > MAX_FILE:
        raise LoadError(too_large(status.st_size, MAX_FILE))
