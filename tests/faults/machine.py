"""A collection against a plain dictionary: any operations in any order, with kills among them."""

from __future__ import annotations

import shutil
import tempfile
import traceback
from itertools import permutations
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from index.errors import NotFoundError
from tests.faults import operations
from tests.faults.answers import Problem, problems
from tests.faults.operations import PLACES, Action, Library, add, held_by, made, remove
from tests.faults.steps import KINDS, Fault
from tests.faults.tally import Tally
from tests.faults.trials import attempt

NUMBERS = st.integers(0, 5)
# Of the same number, but at another place, one may be a copy of the other, or nearly so.
ARTICLES = st.builds(made, NUMBERS, st.integers(0, 3), st.integers(1, 3), st.sampled_from(PLACES))
# Beyond the steps of an operation no fault comes, and it ends as it should.
STEPS = st.integers(0, 250)


class Found(AssertionError):
    """What was wrong, for the table."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__(str(found))
        self.found = found


class CollectionMachine(RuleBasedStateMachine):
    """`held` is what a dictionary would hold."""

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.held = Library()
        self.collection = operations.opened(self.root)

    def teardown(self) -> None:
        if hasattr(self, "root"):
            self.collection.close()
            shutil.rmtree(self.root)

    @rule(articles=st.lists(ARTICLES, max_size=4, unique_by=lambda one: one.id))
    def add(self, articles: list) -> None:  # type: ignore[type-arg]
        self._do(add(*articles))

    @rule(number=NUMBERS)
    def copy(self, number: int) -> None:
        """What is there at one place comes to the other, too."""
        for there, other in permutations(PLACES):
            held = self.held.get(made(number, place=there).id)
            if held:
                self._do(add(held.at(made(number, place=other).origin)))
                return

    @rule(number=NUMBERS)
    def remove(self, number: int) -> None:
        there = [id for place in PLACES if (id := made(number, place=place).id) in self.held]
        if there:
            self._do(remove(number))
        else:
            one = made(number)
            try:
                self.collection.remove(one.id)
                raise Found([Problem("wrong answers", f"{one.origin} could be removed")])
            except NotFoundError:
                pass

    @rule()
    def reopen(self) -> None:
        self.collection.close()
        self.collection = operations.opened(self.root)

    @rule(
        articles=st.lists(ARTICLES, min_size=1, max_size=3, unique_by=lambda one: one.id),
        removed=NUMBERS,
        kind=st.sampled_from(KINDS),
        step=STEPS,
    )
    def fail_in_another_process(self, articles, removed, kind, step) -> None:  # type: ignore[no-untyped-def]
        """Meanwhile this one has the collection open, and goes on with it."""
        actions = (add(*articles), remove(removed))
        outcome = attempt(self.root, actions, self.held, Fault(kind, step))
        may = operations.possible(actions, self.held, self.root, outcome.acknowledged)
        self._check(outcome.problems or problems(self.collection, may))
        self.held = held_by(self.collection)

    @invariant()
    def it_holds_what_the_dictionary_holds(self) -> None:
        if hasattr(self, "root"):
            self._check(problems(self.collection, {id: {one} for id, one in self.held.items()}))

    def _do(self, action: Action) -> None:
        action.do(self.collection)
        self.held = action.after(self.held, self.root)

    def _check(self, found: list[Problem]) -> None:
        if found:
            raise Found(found)


# Steps of one collection, and collections of one seed.
_STEPS, _COLLECTIONS = 50, 10


def run(first_seed: int, steps: int) -> Tally:
    """At least so many steps; a seed that finds something ends with it."""
    tally = Tally()

    class Counted(CollectionMachine):
        @invariant()
        def it_is_counted(self) -> None:
            tally.count("", [])

    number = first_seed * 1_000
    while tally.tried < steps:
        number += 1
        try:
            run_state_machine_as_test(  # type: ignore[no-untyped-call]
                seed(number)(Counted),
                settings=settings(
                    max_examples=min(_COLLECTIONS, -(-steps // _STEPS)),
                    stateful_step_count=min(_STEPS, steps),
                    deadline=None,
                    database=None,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                ),
            )
        except Found as error:
            tally.count(f"state machine, seed {number}", error.found)
        except Exception:
            failure = Problem("crashes", traceback.format_exc())
            tally.count(f"state machine, seed {number}", [failure])
    return tally
