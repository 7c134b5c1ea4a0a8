"""Named arrays in one file, used where they lie: a large file is mapped, and nothing is copied.

A file that is read is proved first, by its size and its SHA-256.
"""

from __future__ import annotations

import hashlib
import io
import json
import mmap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index import files

Arrays = Mapping[str, NDArray[Any]]
# Takes the next of what an array consists of.
Taking = Callable[[NDArray[Any] | bytes], None]

# Below, reading costs less than mapping; and what is in memory nobody can change any more.
_READ_BELOW = 4 << 20
# Arrays begin at multiples of this, for the processor's sake.
_ALIGNED = 64


class Written(NamedTuple):
    """What proves a file."""

    size: int
    sha256: str


class Contents(NamedTuple):
    """The arrays of a file, not to be written to, and what was said of them."""

    said: Mapping[str, Any]
    arrays: Arrays


class Streamed(NamedTuple):
    """An array (length,) that is made while it is written, and need never be whole in memory."""

    dtype: np.dtype[Any]
    length: int
    give: Callable[[Taking], None]  # all of it, in its order

    @property
    def shape(self) -> tuple[int]:
        """As an array's."""
        return (self.length,)

    @property
    def nbytes(self) -> int:
        """As an array's."""
        return self.length * self.dtype.itemsize


Array = NDArray[Any] | Streamed


def whole(array: Array) -> NDArray[Any]:
    """One that is streamed as one in memory."""
    if not isinstance(array, Streamed):
        return array
    found = bytearray()
    array.give(lambda piece: found.extend(_bytes(piece)))
    return np.frombuffer(found, array.dtype)


def write(path: Path, said: Mapping[str, Any], arrays: Mapping[str, Array]) -> Written:
    """`path` has all of it or is as it was, whatever happens meanwhile. Raises OSError.

    `said` is JSON. The arrays are little-endian.
    """
    places, end = dict[str, tuple[str, tuple[int, ...], int]](), 0
    for name, array in arrays.items():
        places[name] = (array.dtype.str, array.shape, end)
        end = _aligned(end + array.nbytes)
    header = json.dumps({"said": said, "arrays": places}).encode()
    start = _aligned(8 + len(header))
    digest, size = hashlib.sha256(), 0
    with files.made_whole(path) as temporary, temporary.open("wb") as file:

        def take(piece: NDArray[Any] | bytes) -> None:
            nonlocal size
            data = _bytes(piece)
            size += file.write(data)
            digest.update(data)

        take((len(header).to_bytes(8, "little") + header).ljust(start, b"\0"))
        for name, array in arrays.items():
            if isinstance(array, Streamed):
                array.give(take)
            else:
                take(array)
            end = start + places[name][2] + array.nbytes
            if size != end:
                raise ValueError(f"{name} has {size - end:+} bytes more than it said")
            take(bytes(_aligned(end) - end))
    return Written(size, digest.hexdigest())


def read(path: Path, written: Written) -> Contents | None:
    """What was written; None if the file is missing, or is not what was written."""
    try:
        with path.open("rb") as file:
            data = _proved(file, written)
    except OSError:
        return None
    return None if data is None else _contents(data)


def is_there(path: Path, written: Written, *, proved: bool) -> bool:
    """Whether a file of that size is there; `proved` if its content must be looked at, too."""
    try:
        if files.size(path) != written.size:
            return False
        if not proved:
            return True
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == written.sha256
    except OSError:
        return False


def _proved(file: io.BufferedReader, written: Written) -> bytes | mmap.mmap | None:
    # The size first: a foreign file may be larger than the memory.
    if file.seek(0, 2) != written.size or not written.size:
        return None
    file.seek(0)
    if written.size < _READ_BELOW:
        data = file.read()
        return data if hashlib.sha256(data).hexdigest() == written.sha256 else None
    # Read through a small buffer, so that only what a search touches takes memory.
    if hashlib.file_digest(file, "sha256").hexdigest() != written.sha256:
        return None
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _contents(data: bytes | mmap.mmap) -> Contents:
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    start = _aligned(8 + length)
    arrays = {
        name: np.frombuffer(
            data, np.dtype(dtype), count=int(np.prod(shape)), offset=start + place
        ).reshape(shape)
        for name, (dtype, shape, place) in header["arrays"].items()
    }
    return Contents(header["said"], arrays)


def _bytes(piece: NDArray[Any] | bytes) -> memoryview:
    if isinstance(piece, bytes):
        return memoryview(piece)
    data: Any = np.ascontiguousarray(piece).reshape(-1).view(np.uint8)  # a buffer, as any array is
    return memoryview(data)


def _aligned(place: int) -> int:
    return -(-place // _ALIGNED) * _ALIGNED
