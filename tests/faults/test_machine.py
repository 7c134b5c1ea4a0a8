"""A sample of random work with faults, against a plain dictionary."""

import pytest
from hypothesis import settings

from tests.faults.machine import CollectionMachine

TestCollectionIsADictionary = pytest.mark.slow(CollectionMachine.TestCase)
TestCollectionIsADictionary.settings = settings(
    max_examples=4, stateful_step_count=12, deadline=None, derandomize=True
)
