"""Files of many records (JSON, lines of JSON, tables) as records of one article each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from index.errors import LoadError
from index.loaders import fields
from index.loaders.decoding import decode
from index.loaders.limits import MAX_BYTES, Budget, Readable, lines, too_large
from index.loaders.normalising import one_line

# Beyond that data are to be in lines, which are read one by one: as a whole they take several
# times their size in memory, and objects that are nearly empty fifty times.
MAX_WHOLE = 50_000_000
MAX_VALUES = 1_500_000
# So many records without any text mean that the file is something else, or its fields have names
# that are not known.
TELLING = 20
MAPPING_NAME = ".fields.json"

Mapping_ = Mapping[str, list[str]]
# Name, bytes as one object of JSON, and the reason if there are none.
Record = tuple[str, bytes, str]


def read_mapping(path: Path) -> dict[str, list[str]]:
    """The fields that the file beside `path` names, ours to theirs; empty if there is no such file.

    For news.csv it is news.csv.fields.json: {"title": "Headline", "text": ["Lead", "Body"]}.
    Raises LoadError if it cannot be read.
    """
    place = path.with_name(path.name + MAPPING_NAME)
    try:
        found = json.loads(place.read_bytes()[:MAX_BYTES]) if place.is_file() else {}
        mapping = {ours: [of] if isinstance(of, str) else list(of) for ours, of in found.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise LoadError(f"malformed field mapping in {place.name}") from error
    if unknown := sorted(set(mapping) - set(fields.NAMES)):
        known = ", ".join(fields.NAMES)
        raise LoadError(f"{place.name} names an unknown field {unknown[0]} (known: {known})")
    return mapping


def of_lines(file: Readable, budget: Budget, mapping: Mapping_) -> Iterator[Record]:
    """One object a line; empty lines are passed over."""

    def values() -> Iterator[object]:
        for line in lines(file, budget):
            if line is None:
                yield LoadError(too_large(MAX_BYTES + 1))
            elif line.strip():
                try:
                    yield json.loads(line)
                except (ValueError, RecursionError):
                    yield LoadError("malformed JSON, or nested too deeply")

    return _records(values(), mapping)


def parsed(data: bytes) -> object:
    """The value of a file of JSON; None if it has lines of them, of which the first is long.

    Raises LoadError if it is malformed, or too large to be held as a whole.
    """
    if len(data) > MAX_WHOLE:
        if data.lstrip().startswith(b"{"):
            return None
        raise _too_large_as_a_whole(data)
    if sum(map(data.count, (b",", b"[", b"{"))) > MAX_VALUES:
        raise LoadError(f"more than {MAX_VALUES:,} values in one file of JSON")
    try:
        return json.loads(decode(data).lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            return None
        raise LoadError(f"malformed JSON: {error.msg} in line {error.lineno}") from error
    except (ValueError, RecursionError) as error:
        raise LoadError("malformed JSON, or nested too deeply") from error


def single(value: object, mapping: Mapping_) -> bytes | None:
    """The record of a file that is one article; None if it holds several."""
    if isinstance(value, dict) and fields.has_text(fields.mapped(value, mapping)):
        return _written(fields.mapped(value, mapping))
    return None


def of_json(value: object, mapping: Mapping_) -> Iterator[Record]:
    """The objects of a list, wherever in the outer objects it is."""
    level: list[object] = [value]
    for _ in range(4):
        for one in level:
            items = list(one.values()) if isinstance(one, dict) else one
            if isinstance(items, list) and any(map(_is_article(mapping), items[:TELLING])):
                yield from _records(items, mapping)
                return
        level = [item for one in level if isinstance(one, dict) for item in one.values()]
    yield from _records(value if isinstance(value, list) else [value], mapping)


def of_table(data: bytes, mapping: Mapping_) -> Iterator[Record]:
    """The rows of a table whose first row names its columns."""
    if len(data) > MAX_WHOLE:
        raise _too_large_as_a_whole(data)
    text = decode(data).lstrip("\ufeff\r\n")
    csv.field_size_limit(MAX_BYTES)
    names = text.partition("\n")[0]
    delimiter = max(",;\t|", key=names.count)
    try:
        table = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="")
        yield from _records(table, mapping)
    except csv.Error as error:
        raise LoadError(f"malformed table: {error}") from error


def _is_article(mapping: Mapping_) -> Any:
    return lambda item: isinstance(item, dict) and fields.has_text(fields.mapped(item, mapping))


def _records(values: Iterable[object], mapping: Mapping_) -> Iterator[Record]:
    waiting = list[Record]()
    found = False
    for number, value in enumerate(values, start=1):
        record = _record(value, number, mapping)
        if found:
            yield record
            continue
        waiting.append(record)
        found = not record[2]
        if found:
            yield from waiting
        elif number >= TELLING:
            break
    if not found:
        raise LoadError(waiting[0][2] if waiting else "no records")


def _record(value: object, number: int, mapping: Mapping_) -> Record:
    if isinstance(value, LoadError):
        return str(number), b"", str(value)
    if not isinstance(value, dict):
        return str(number), b"", "no record with an article's fields"
    row = fields.mapped(value, mapping)
    name = fields.key(row) or str(number)
    if not fields.has_text(row):
        names = one_line(", ".join(str(one) for one in list(value)[:12]))[:200]
        reason = f"no field with an article's text (fields: {names}): see {MAPPING_NAME}"
        return name, b"", reason
    return name, _written(row), ""


def _written(row: Mapping[str, Any]) -> bytes:
    # ASCII, so that half characters (lone surrogates) survive until they are cleaned away.
    return json.dumps(row, default=str).encode("ascii")


def _too_large_as_a_whole(data: bytes) -> LoadError:
    size = too_large(len(data), MAX_WHOLE)
    return LoadError(f"{size}: save it as lines of JSON, one article in each")
