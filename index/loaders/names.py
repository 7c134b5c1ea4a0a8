"""The names that files and records have inside a file: never those of files on the disk."""

from __future__ import annotations

import re
import stat
import zipfile

from index.loaders.normalising import INVISIBLE, one_line

MAX_NAME = 300
# What machines put beside people's files.
_PASSED_OVER = re.compile(
    r"(?:^|/)(?:__MACOSX|Thumbs\.db$|\.(?!\.)|readme(?:\.\w+)?$)", re.IGNORECASE
)
_DRIVE = re.compile(r"^(?:[A-Za-z]:)?[\\/]|^[A-Za-z]:")


def is_passed_over(name: str) -> bool:
    """Hidden, or about the articles instead of one of them."""
    return _PASSED_OVER.search(name) is not None


def unsafe(member: zipfile.ZipInfo) -> str:
    """Why a member of an archive is not read, "" if it may be."""
    name = member.orig_filename.replace("\\", "/")
    if "\x00" in name or ".." in name.split("/") or _DRIVE.match(name):
        return "its name leads out of the archive"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "a link, not a file"
    return ""


def inner(name: str) -> str:
    """A name that stays below the file it is in, on one line and of bearable length."""
    steps = INVISIBLE.sub("", one_line(name)).replace("\\", "/").split("/")
    return "/".join(step for step in steps if step not in ("", ".", ".."))[:MAX_NAME] or "unnamed"
