from __future__ import annotations

import pytest

from training.schedule import Budget, rate


def test_the_rate_rises_to_its_peak_and_falls_to_nothing() -> None:
    rates = [rate(n / 100, 2e-4) for n in range(101)]
    top = rates.index(max(rates))
    assert top == 6
    assert rates[top] == pytest.approx(2e-4)
    assert rates[:7] == sorted(rates[:7])
    assert rates[6:] == sorted(rates[6:], reverse=True)
    assert rates[0] == rates[100] == 0


def test_a_budget_in_minutes_is_spent_by_the_clock_however_few_the_steps() -> None:
    budget = Budget(minutes=10)
    assert budget.share(seconds=300, steps=1) == 0.5
    assert budget.share(seconds=900, steps=1) == 1


def test_a_budget_in_steps_is_spent_by_steps_however_long_they_take() -> None:
    budget = Budget(steps=200)
    assert budget.share(seconds=1e6, steps=50) == 0.25
    assert budget.share(seconds=0, steps=201) == 1


@pytest.mark.parametrize(("minutes", "steps"), [(None, None), (1.0, 5)])
def test_a_budget_is_either_of_minutes_or_of_steps(
    minutes: float | None, steps: int | None
) -> None:
    with pytest.raises(ValueError, match="either minutes or steps"):
        Budget(minutes, steps)
