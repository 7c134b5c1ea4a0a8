from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qa.nearness import nearness
from qa.types import TimeFrame

# A Wednesday.
TODAY = date(2024, 8, 21)


def near(published: date, frame: TimeFrame | None, asked_on: date | None = None) -> float:
    return nearness({"a": published, "there": asked_on or date(2024, 3, 1)}, frame, asked_on)["a"]


def test_nothing_is_near_if_no_day_is_known() -> None:
    assert nearness({"a": TODAY}, None, None) == {}


def test_dates_tell_nothing_where_all_articles_are_far() -> None:
    frame = TimeFrame("in 1998", date(1998, 1, 1), date(1998, 12, 31))
    assert nearness({"a": TODAY}, frame, None) == {}
    assert nearness({"a": TODAY}, frame, TODAY) == {"a": 1}


def test_in_a_period_that_has_not_ended_the_age_counts() -> None:
    frame = TimeFrame("this month", date(2024, 8, 1), date(2024, 8, 31))
    assert near(date(2024, 8, 2), frame, TODAY) < near(date(2024, 8, 20), frame, TODAY)


def test_an_article_of_the_period_or_soon_after_is_near() -> None:
    frame = TimeFrame("in March", date(2024, 3, 1), date(2024, 3, 31))
    assert near(date(2024, 3, 15), frame) == 1
    assert near(date(2024, 4, 5), frame) == 1
    assert near(date(2024, 6, 1), frame) < near(date(2024, 4, 20), frame) < 1
    assert near(date(2023, 12, 1), frame) < near(date(2024, 2, 10), frame) < 1


def test_an_open_period_has_no_end() -> None:
    assert near(TODAY, TimeFrame("since 2020", date(2020, 1, 1))) == 1
    assert near(date(1980, 1, 1), TimeFrame("until 1999", None, date(1999, 12, 31))) == 1


def test_the_newest_article_is_nearest_however_old_it_is() -> None:
    frame = TimeFrame("latest", last=TODAY, newest=True)
    ages = {"old": date(2019, 1, 1), "newer": date(2019, 3, 1), "future": date(2025, 1, 1)}
    found = nearness(ages, frame, TODAY)
    assert found["newer"] == 1
    assert found["future"] == 0
    assert 0 < found["old"] < 1


def test_an_article_that_appeared_long_after_the_asking_is_not_near() -> None:
    assert near(TODAY + timedelta(days=1), None, TODAY) == 1
    assert near(TODAY + timedelta(days=30), None, TODAY) == 0


@given(st.dates(), st.dates(), st.dates())
def test_the_older_an_article_the_less_near_it_is(one: date, two: date, three: date) -> None:
    oldest, older, asked = sorted((one, two, three))
    assert 0 <= near(oldest, None, asked) <= near(older, None, asked) <= 1
    assert 0 <= near(asked, None, oldest) <= 1
