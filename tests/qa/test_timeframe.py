from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.timeframe import day_asked_about, nearness

DAY = date(2024, 8, 18)


@pytest.mark.parametrize("question", ["What happened this week?", "Who built the mill?"])
def test_a_question_is_about_the_day_on_which_it_was_asked(question: str) -> None:
    assert day_asked_about(question, DAY) == DAY


@pytest.mark.parametrize(
    "question", ["What happened today?", "Latest news of the ferry", "Who was elected last week?"]
)
def test_a_question_about_the_present_is_about_today(question: str) -> None:
    before = date.today()
    assert day_asked_about(question, None) in (before, date.today())


@pytest.mark.parametrize(
    "question",
    ["Who built the mill?", "How long did the war last?", "What do Nowak and Rossi sell?"],
)
def test_any_other_question_is_about_no_day(question: str) -> None:
    assert day_asked_about(question, None) is None


def test_an_article_of_the_day_is_nearest_and_one_without_a_date_is_not_near() -> None:
    assert nearness(DAY, DAY) == 1
    assert nearness(None, DAY) == 0


def test_an_article_that_appeared_long_after_the_day_is_not_near() -> None:
    assert nearness(DAY + timedelta(days=1), DAY) == 1
    assert nearness(DAY + timedelta(days=30), DAY) == 0


@given(st.dates(), st.dates(), st.dates())
def test_the_older_an_article_the_less_near_it_is(one: date, two: date, three: date) -> None:
    oldest, older, day = sorted((one, two, three))
    assert 0 <= nearness(oldest, day) <= nearness(older, day) <= 1
    assert 0 <= nearness(day, oldest) <= 1
