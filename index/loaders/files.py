"""Finding the files of a folder, and reading one of them whole."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from index.errors import LoadError

# A long book is 2 MB of text, a saved page with its pictures inside rarely 20.
MAX_BYTES = 20_000_000

_MISSING = "no such file or folder"


def find(path: Path) -> Iterator[Path]:
    """The files to load: `path` itself if it is a file, or a folder's files recursively, sorted.

    Hidden files and folders, readmes and symbolic links that lead out of the folder are passed
    over; a folder that cannot be opened is given out as it is, so that `read` says why.

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
            if path.is_symlink() and (
                path != root
                and (path.is_dir() or not Path(os.path.realpath(path)).is_relative_to(real_root))
            ):
                # A linked folder inside is met at its own place; following could go in circles.
                continue
            inside = sorted(path.iterdir(), reverse=True) if path.is_dir() else None
        except OSError:
            inside = None
        if inside is None:
            yield path
            continue
        waiting.extend(inner for inner in inside if not _is_passed_over(inner.name))


def _is_passed_over(name: str) -> bool:
    """Hidden, or about the articles instead of one of them."""
    return name.startswith(".") or Path(name).stem.casefold() == "readme"


def read(path: Path) -> bytes:
    """The bytes of a file.

    Raises LoadError for what is missing, unreadable, no regular file (a folder, a pipe, a device)
    or larger than MAX_BYTES. It never waits for a pipe's other end.
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
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise LoadError(_MISSING) from None
    except PermissionError:
        raise LoadError("permission denied") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LoadError(f"cannot be read ({reason.lower()})") from error
    if len(data) > MAX_BYTES:
        raise LoadError(_too_large(len(data)))
    return data


def _check(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise LoadError("a folder that cannot be opened")
    if not stat.S_ISREG(status.st_mode):
        raise LoadError("not a regular file")
    if status.st_size > MAX_BYTES:
        raise LoadError(_too_large(status.st_size))


def _too_large(size: int) -> str:
    return f"larger than {MAX_BYTES // 1_000_000} MB ({size / 1_000_000:.1f} MB)"
