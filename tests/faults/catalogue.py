"""All operations under test, by the name that the command line knows them by."""

from __future__ import annotations

from tests.faults.operations import OPERATIONS as READING_AND_WRITING
from tests.faults.operations import Operation
from tests.faults.upkeep import UPKEEP

OPERATIONS: dict[str, Operation] = READING_AND_WRITING | UPKEEP
