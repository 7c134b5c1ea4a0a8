"""Networks in OpenVINO's form: made from weights that they name, run in int8 on all cores.

A folder holds `int8.xml` and `int8.bin`, and `openvino.json`, which says of what weights they were
made and what the hashes of all files beside it are. `python -m training quantise` writes it.

Compiling one takes half a second. So what was compiled is kept in `__pycache__` beside it, as
Python keeps its own, with a hash that is checked before it is used again.

One is compiled for MANY texts at once, a stream of passes on each core, or for ONE short text after
another: a single thread, and no waiting for a stream to wake up.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

if TYPE_CHECKING:
    import openvino

NETWORK, WEIGHTS = "int8.xml", "int8.bin"
DESCRIPTION = "openvino.json"

Ids = NDArray[np.int64]
Inputs = tuple[NDArray[Any], ...]
Rows = tuple[NDArray[np.float32], ...]
_T = TypeVar("_T")

# Lengths of what is run are rounded up to multiples of this: for each new shape OpenVINO prepares
# all layers, which takes 10 ms, and 1 ms when it comes back to one.
LENGTHS = 16

# Bytes of a SHA-256.
_HASH = 32
MANY, ONE = "many", "one"
_HINTS: dict[str, dict[str, Any]] = {
    MANY: {"PERFORMANCE_HINT": "THROUGHPUT"},
    ONE: {"NUM_STREAMS": 1, "INFERENCE_NUM_THREADS": 1},
}

_importing = threading.Lock()

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Description:
    """What `openvino.json` says: the SHA-256 of the weights, and that of each file beside it."""

    made_from: str
    files: dict[str, str]

    @classmethod
    def of(cls, folder: Path) -> Description:
        """Raises ModelError if it is missing or not whole."""
        path = folder / DESCRIPTION
        try:
            row: dict[str, Any] = json.loads(path.read_text("utf-8"))
            files = {str(name): str(sha256) for name, sha256 in row["files"].items()}
            return cls(str(row["made_from"]), files)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise ModelError(
                f"{path}: does not describe a converted network ({error!r})"
            ) from error

    def check(self, folder: Path, name: str) -> Path:
        """One of the files. Raises ModelError unless it is the one described."""
        path = folder / name
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(f"{path}: cannot be read ({error})") from error
        if found != self.files.get(name):
            raise ModelError(f"{path} has been altered: its SHA-256 is {found[:16]}…")
        return path


class Network:
    """A compiled network. Many threads may run it; no more passes run at once than are fast."""

    def __init__(self, compiled: openvino.CompiledModel) -> None:
        """Use `load`."""
        self.streams = int(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
        self._outputs = len(compiled.outputs)
        self._free: queue.SimpleQueue[openvino.InferRequest] = queue.SimpleQueue()
        for _ in range(self.streams):
            self._free.put(compiled.create_infer_request())
        self._threads = ThreadPoolExecutor(self.streams, thread_name_prefix="network")

    def run(self, batches: Sequence[_T], inputs: Callable[[_T], Inputs]) -> Iterator[Rows]:
        """The outputs for each batch, in order. `inputs` gives all of one, (n, tokens, …) each,
        when it is about to be run: they take some hundred times the memory of its tokens.
        """
        if len(batches) == 1:  # not worth a thread
            return iter([self.infer(inputs(batches[0]))])
        return self._threads.map(lambda batch: self.infer(inputs(batch)), batches)

    def infer(self, inputs: Inputs) -> Rows:
        """The outputs of one pass."""
        request = self._free.get()
        try:
            request.infer(list(inputs), share_inputs=True)
            return tuple(
                np.array(request.get_output_tensor(n).data, np.float32)
                for n in range(self._outputs)
            )
        finally:
            self._free.put(request)


def load(folder: Path, made_from: str, texts: str = MANY) -> Network:
    """The network in `folder`, made from the weights with that SHA-256, for MANY texts or ONE.

    Raises ModelError if it is of other weights or altered, ImportError without OpenVINO, and what
    OpenVINO raises where it cannot run it.
    """
    description = Description.of(folder)
    if description.made_from != made_from:
        raise ModelError(
            f"{folder} was made from the weights {description.made_from[:16]}…, "
            f"not {made_from[:16]}…: run `python -m training quantise`"
        )
    openvino = import_openvino()
    core = openvino.Core()
    hints = _HINTS[texts]
    key = _key(openvino, core, description, hints)
    kept = folder / "__pycache__" / f"{texts}-{key}.compiled"
    blob = _read(kept)
    if blob is not None:
        try:
            return Network(core.import_model(blob, "CPU", hints))
        except RuntimeError as error:  # ours, but not for what runs here
            log.warning("%s: %s", kept, error)
    for name in (NETWORK, WEIGHTS):
        description.check(folder, name)
    compiled = core.compile_model(folder / NETWORK, "CPU", hints)
    _keep(compiled.export_model().getvalue(), kept)
    return Network(compiled)


def _key(openvino: Any, core: Any, description: Description, hints: dict[str, Any]) -> str:
    """What a compiled network depends on."""
    facts = (
        *sorted(description.files.items()),
        openvino.get_version(),
        core.get_property("CPU", "FULL_DEVICE_NAME"),
        *sorted(core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")),
        os.cpu_count(),
        *hints.items(),
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def _read(kept: Path) -> io.BytesIO | None:
    """What was compiled before, if it is whole; the last bytes of the file are its hash."""
    try:
        data = kept.read_bytes()
    except OSError:
        return None
    whole = hashlib.sha256(memoryview(data)[:-_HASH]).digest() == data[-_HASH:]
    return io.BytesIO(data) if whole else None


def _keep(blob: bytes, kept: Path) -> None:
    """Where nothing may be written, it is compiled again each time."""
    fresh = kept.with_name(f"{kept.name}-{os.getpid()}")
    try:
        kept.parent.mkdir(exist_ok=True)
        own = kept.name.partition("-")[0]
        for old in kept.parent.glob("*.compiled"):
            if old.name.partition("-")[0] not in _HINTS.keys() - {own}:
                old.unlink()
        fresh.write_bytes(blob + hashlib.sha256(blob).digest())
        fresh.replace(kept)
    except OSError as error:
        log.info("%s: %s", kept, error)


def import_openvino() -> Any:
    """The module `openvino`, which is kept from telling its makers that it was imported.

    Importing it imports its conversion tools, and these send an event to a server. They are left
    out here, which is also faster; the module that sends is not to be had in this process at all.

    Its tables of types are made here, by one thread: two that infer for the first time at once can
    wait for each other for ever, the one with Python's lock, the other with that of the tables.
    """
    with _importing:
        if "openvino" not in sys.modules:
            refuse_telemetry()
            sys.modules["openvino.tools.ovc"] = None  # type: ignore[assignment]
            try:
                import openvino
            finally:
                del sys.modules["openvino.tools.ovc"]
            openvino.Tensor(np.zeros(1, np.float32)).element_type.to_dtype()
        else:
            import openvino
    return openvino


def refuse_telemetry() -> None:
    """Importing `openvino_telemetry` fails from now on, which those who want it allow for."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]


def padded(
    ids: Sequence[Sequence[int] | NDArray[np.uint16]], multiple: int = LENGTHS
) -> tuple[Ids, Ids]:
    """Token ids as (n, longest) and their mask, 1 on tokens and 0 on padding.

    The longest is rounded up to a `multiple`.
    """
    shape = len(ids), rounded(max(map(len, ids)), multiple)
    tokens, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for row, one in enumerate(ids):
        tokens[row, : len(one)] = one
        mask[row, : len(one)] = 1
    return tokens, mask


def rounded(length: int, multiple: int = LENGTHS) -> int:
    """The next multiple, or `length` if it is one."""
    return -(-length // multiple) * multiple
