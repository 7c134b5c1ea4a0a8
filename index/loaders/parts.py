"""The articles in a file: usually one; many in an archive, a mailbox or a dump of records.

A part is bytes and a name, as if it were a file of its own; it is cheap to get, and parsed only if
it is new or has changed. Its origin is the file's with its own name behind a slash, as if the file
were a folder.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from index.errors import LoadError
from index.loaders import mailbox, names, records
from index.loaders.limits import (
    DAMAGE,
    MAX_FILE,
    Budget,
    Readable,
    check_inflated,
    inflated,
    opened,
    too_large,
)
from index.loaders.recognising import CONTAINERS, HEAD, Format, format_of, limit_of

# An archive inside an archive is somebody's folder that was packed twice; one more is a bomb.
MAX_DEPTH = 2
# Beyond that the list of names alone takes seconds and hundreds of megabytes.
MAX_MEMBERS = 50_000
_ZIP = b"PK\x03\x04"
_ENTRY = b"PK\x01\x02"


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of one article, under the name that it has in its file; or why there are none.

    `share` is how much of the file has been read by then, from 0 to 1; not exact.
    """

    origin: str
    name: str
    data: bytes
    reason: str = ""
    share: float = 0.0

    @property
    def sha256(self) -> str:
        """Hex digest of the bytes: the same as long as the part does not change."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(slots=True)
class _File:
    origin: str
    name: str
    budget: Budget
    mapping: Mapping[str, list[str]]
    depth: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    share: Callable[[], float] = lambda: 0.0

    def part(self, name: str, data: bytes, shown: str = "", reason: str = "") -> Part:
        """A part that this file holds; the second of a name is told apart by a number."""
        self.budget.count()
        name = names.inner(name)
        self.taken[name] += 1
        number = f" ({self.taken[name]})" if self.taken[name] > 1 else ""
        return Part(f"{self.origin}/{name}{number}", shown or name, data, reason, self.share())


def parts(
    data: bytes, origin: str, name: str, mapping: Mapping[str, list[str]] | None = None
) -> Iterator[Part]:
    """The parts of a file, in its order; each may be refused by itself.

    `mapping` names the fields of records (see `records.read_mapping`).
    Raises LoadError for the file as a whole, also after some of its parts.
    """
    return _parts(data, _File(origin, name, Budget(len(data)), mapping or {}))


def _parts(data: bytes, file: _File) -> Iterator[Part]:
    kind = format_of(data, file.name)
    if kind not in CONTAINERS:
        if len(data) > limit_of(kind):
            raise LoadError(too_large(len(data), limit_of(kind)))
        yield Part(file.origin, file.name, data, share=file.share())
    else:
        yield from _SPLITTERS[kind](data, file)


def _of_gzip(data: bytes, file: _File) -> Iterator[Part]:
    _go_deeper(file)
    inner = re.sub(r"\.gz$", "", file.name, flags=re.IGNORECASE)
    inside = _File(file.origin, inner, file.budget, file.mapping, file.depth + 1)
    whole = opened(data)
    inside.share = file.share if file.depth else _position(whole, data)
    try:
        with gzip.GzipFile(fileobj=whole) as packed:
            head = packed.read(HEAD)
            limit = _limit(head, inner)
            packed.seek(0)
            if not head.startswith(_ZIP) and format_of(head, inner) == "lines":
                check_inflated(packed, file.budget)
                packed.seek(0)
                yield from _of_lines(packed, inside)
                return
            plain = inflated(packed, file.budget, limit)
    except DAMAGE as error:
        raise LoadError("damaged gzip data") from error
    yield from _parts(plain, inside)


def _of_zip(data: bytes, file: _File) -> Iterator[Part]:
    _go_deeper(file)
    if (entries := data.count(_ENTRY)) > MAX_MEMBERS:
        raise LoadError(f"an archive of {entries:,} files; at most {MAX_MEMBERS:,} are read")
    try:
        whole = opened(data)
        if not file.depth:
            file.share = _position(whole, data)
        with zipfile.ZipFile(whole) as archive:
            members = archive.infolist()
            file.budget.check(sum(member.file_size for member in members))
            for member in members:
                if not member.is_dir() and not names.is_passed_over(member.filename):
                    yield from _member(archive, member, file)
    except DAMAGE as error:
        raise LoadError("a damaged zip archive") from error


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: _File) -> Iterator[Part]:
    name = member.filename
    if reason := names.unsafe(member):
        yield file.part(name, b"", reason=reason)
        return
    try:
        with archive.open(member) as packed:
            head = packed.read(HEAD)
            data = head + inflated(packed, file.budget, _limit(head, name))
    except LoadError as error:
        yield file.part(name, b"", reason=str(error))
        return
    except (*DAMAGE, RuntimeError) as error:
        locked = "password" in str(error)
        reason = "needs a password" if locked else "damaged in the archive"
        yield file.part(name, b"", reason=reason)
        return
    place = file.part(name, data)
    base = PurePosixPath(name).name
    inside = _File(place.origin, base, file.budget, file.mapping, file.depth + 1)
    inside.share = file.share
    try:
        yield from _parts(data, inside)
    except LoadError as error:
        yield Part(place.origin, place.name, b"", str(error))


def _limit(head: bytes, name: str) -> int:
    """How much may come out, by the beginning; what cannot be an article is refused at once."""
    if head.startswith(_ZIP):  # of an archive the end is needed to know what it is
        return MAX_FILE
    return limit_of(format_of(head, name))


def _go_deeper(file: _File) -> None:
    if file.depth >= MAX_DEPTH:
        raise LoadError(f"archives inside archives, more than {MAX_DEPTH} deep")


def _position(opened: io.BytesIO, data: bytes) -> Callable[[], float]:
    """How much of the file on the disk has been read."""
    return lambda: opened.tell() / len(data)


def _of_lines(packed: Readable, file: _File) -> Iterator[Part]:
    return _of_records(records.of_lines(packed, file.budget, file.mapping), file)


def _of_plain_lines(data: bytes, file: _File) -> Iterator[Part]:
    lines = opened(data)
    if not file.depth:
        file.share = _position(lines, data)
    return _of_lines(lines, file)


def _of_json(data: bytes, file: _File) -> Iterator[Part]:
    value = records.parsed(data)
    if value is None:
        return _of_plain_lines(data, file)
    if one := records.single(value, file.mapping):
        return iter((Part(file.origin, file.name, one),))
    return _of_records(records.of_json(value, file.mapping), file)


def _of_table(data: bytes, file: _File) -> Iterator[Part]:
    return _of_records(records.of_table(data, file.mapping), file)


def _of_records(found: Iterator[records.Record], file: _File) -> Iterator[Part]:
    shown = f"{PurePosixPath(file.name).stem}.json"
    return (file.part(name, row, shown, reason) for name, row, reason in found)


def _of_mbox(data: bytes, file: _File) -> Iterator[Part]:
    for name, message, reason in mailbox.messages(data, file.budget):
        yield file.part(name, message, file.name, reason)


_SPLITTERS: dict[Format, Callable[[bytes, _File], Iterator[Part]]] = {
    "gzip": _of_gzip,
    "zip": _of_zip,
    "mbox": _of_mbox,
    "lines": _of_plain_lines,
    "json": _of_json,
    "table": _of_table,
}
