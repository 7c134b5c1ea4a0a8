from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.timeframe import time_frame
from qa.types import TimeFrame

# A Wednesday.
TODAY = date(2024, 8, 21)

# What is asked on that day | first day | last day; "-" where it is open, "only" for publication.
MEANINGS = """
What happened today? | 2024-08-21 | 2024-08-21
What happened the week before last? | 2024-08-05 | 2024-08-11
What happened in the month before last? | 2024-06-01 | 2024-06-30
What happened the year before last? | 2022-01-01 | 2022-12-31
How many died between May and July 2023? | 2023-05-01 | 2023-07-31
How many died from May to July 2023? | 2023-05-01 | 2023-07-31
How many were killed in the first week of August? | 2024-08-01 | 2024-08-07
What happened in the last week of July 2023? | 2023-07-25 | 2023-07-31
What happened last Christmas? | 2023-12-24 | 2023-12-26
What happened over Christmas? | 2023-12-24 | 2023-12-26
What happened on Christmas Day 2022? | 2022-12-25 | 2022-12-25
What happened on Boxing Day? | 2023-12-26 | 2023-12-26
What happened at Easter 2023? | 2023-04-07 | 2023-04-10
What happened on Good Friday? | 2024-03-29 | 2024-03-29
What happened on New Year's Eve? | 2023-12-31 | 2023-12-31
What has happened since Easter? | 2024-03-29 | -
What happened on the 5th? | 2024-08-05 | 2024-08-05
What happened on the 31st? | 2024-07-31 | 2024-07-31
What was the rate this time last year? | 2023-08-01 | 2023-08-31
What has happened since the beginning of the year? | 2024-01-01 | -
What will happen by the end of the year? | - | 2024-12-31
What happened in the last six months of 2023? | 2023-07-01 | 2023-12-31
What happened in the first three months of 2023? | 2023-01-01 | 2023-03-31
What happened two Fridays ago? | 2024-08-09 | 2024-08-09
What happened half a year ago? | 2024-02-01 | 2024-02-29
What happened a year and a half ago? | 2023-02-01 | 2023-02-28
Who won in the nineties? | 1990-01-01 | 1999-12-31
What happened in 2022/23? | 2022-01-01 | 2023-12-31
as of may 2024 how many ships | - | 2024-05-31 only
how many since march 2023 | 2023-03-01 | -
What happened tonight? | 2024-08-21 | 2024-08-21
What was decided this morning? | 2024-08-21 | 2024-08-21
What was said earlier today? | 2024-08-21 | 2024-08-21
What happened yesterday? | 2024-08-20 | 2024-08-20
Who was shot last night? | 2024-08-20 | 2024-08-20
What happened the day before yesterday? | 2024-08-19 | 2024-08-19
What is planned for tomorrow? | 2024-08-22 | 2024-08-22
What will open the day after tomorrow? | 2024-08-23 | 2024-08-23
What happened this week? | 2024-08-19 | 2024-08-25
What happened last week? | 2024-08-12 | 2024-08-18
What happened the previous week? | 2024-08-12 | 2024-08-18
What happens next week? | 2024-08-26 | 2024-09-01
What happened in the past week? | 2024-08-14 | 2024-08-21
What happened in the last week? | 2024-08-14 | 2024-08-21
What happened over the past two weeks? | 2024-08-07 | 2024-08-21
What happened in the last 10 days? | 2024-08-11 | 2024-08-21
How many died in the past three days? | 2024-08-18 | 2024-08-21
What changed in the last couple of days? | 2024-08-19 | 2024-08-21
What changed over the last few weeks? | 2024-07-31 | 2024-08-21
What changed in the past several months? | 2024-05-21 | 2024-08-21
What is due in the next two days? | 2024-08-21 | 2024-08-23
What is due in the coming months? | 2024-08-21 | 2024-11-21
What happened this weekend? | 2024-08-24 | 2024-08-25
What happened last weekend? | 2024-08-17 | 2024-08-18
What happened at the weekend? | 2024-08-17 | 2024-08-18
What happened this month? | 2024-08-01 | 2024-08-31
What happened last month? | 2024-07-01 | 2024-07-31
What happens next month? | 2024-09-01 | 2024-09-30
What happened in the past month? | 2024-07-21 | 2024-08-21
What happened early last month? | 2024-07-01 | 2024-07-10
What happened in mid last month? | 2024-07-11 | 2024-07-20
What happened late last month? | 2024-07-21 | 2024-07-31
What happened at the end of last month? | 2024-07-21 | 2024-07-31
What happened at the beginning of this month? | 2024-08-01 | 2024-08-10
What happened earlier this month? | 2024-08-01 | 2024-08-21
What happened this quarter? | 2024-07-01 | 2024-09-30
What were sales last quarter? | 2024-04-01 | 2024-06-30
What happened this year? | 2024-01-01 | 2024-12-31
What happened last year? | 2023-01-01 | 2023-12-31
What happens next year? | 2025-01-01 | 2025-12-31
What happened over the past year? | 2023-08-21 | 2024-08-21
What happened past year? | 2023-08-21 | 2024-08-21
What happened in the last five years? | 2019-08-21 | 2024-08-21
What happened in the past decade? | 2014-08-21 | 2024-08-21
What happened earlier this year? | 2024-01-01 | 2024-08-21
How many came so far this year? | 2024-01-01 | 2024-08-21
How many came this year so far? | 2024-01-01 | 2024-08-21
What happened early this year? | 2024-01-01 | 2024-04-30
What happened late last year? | 2023-09-01 | 2023-12-31
What happened at the end of last year? | 2023-09-01 | 2023-12-31
What happened at the start of this year? | 2024-01-01 | 2024-04-30
What happened in the middle of last year? | 2023-05-01 | 2023-08-31
What happened earlier this week? | 2024-08-19 | 2024-08-21
What happened late last week? | 2024-08-16 | 2024-08-18
What happened early this week? | 2024-08-19 | 2024-08-20
What was said three days ago? | 2024-08-18 | 2024-08-18
What was said a day ago? | 2024-08-20 | 2024-08-20
What was said a week ago? | 2024-08-12 | 2024-08-18
What was said two weeks ago? | 2024-08-05 | 2024-08-11
What was said a fortnight ago? | 2024-08-05 | 2024-08-11
What was said a month ago? | 2024-07-01 | 2024-07-31
What was said six months ago? | 2024-02-01 | 2024-02-29
What was said a year ago? | 2023-01-01 | 2023-12-31
What was said 10 years ago? | 2014-01-01 | 2014-12-31
What was said a few days ago? | 2024-08-18 | 2024-08-18
What was said a couple of weeks ago? | 2024-08-05 | 2024-08-11
Who ruled a century ago? | 1901-01-01 | 2000-12-31
What did she say on Monday? | 2024-08-19 | 2024-08-19
What did she say on Wednesday? | 2024-08-21 | 2024-08-21
What did she say on Friday? | 2024-08-16 | 2024-08-16
What did she say last Monday? | 2024-08-19 | 2024-08-19
What did she say last Wednesday? | 2024-08-14 | 2024-08-14
What did she say last Sunday? | 2024-08-18 | 2024-08-18
What does she do this Friday? | 2024-08-23 | 2024-08-23
What does she do next Tuesday? | 2024-08-27 | 2024-08-27
What happened since Monday? | 2024-08-19 | -
What happened in March? | 2024-03-01 | 2024-03-31
What happened in August? | 2024-08-01 | 2024-08-31
What happened in October? | 2023-10-01 | 2023-10-31
What happened in Sept.? | 2023-09-01 | 2023-09-30
What happened last March? | 2024-03-01 | 2024-03-31
What happened last August? | 2023-08-01 | 2023-08-31
What happened this May? | 2024-05-01 | 2024-05-31
What happened this November? | 2024-11-01 | 2024-11-30
What happens next April? | 2025-04-01 | 2025-04-30
What happens next December? | 2024-12-01 | 2024-12-31
What happened during June? | 2024-06-01 | 2024-06-30
What happened in early March? | 2024-03-01 | 2024-03-10
What happened in mid-March? | 2024-03-11 | 2024-03-20
What happened in late February? | 2024-02-21 | 2024-02-29
What happened at the end of May? | 2024-05-21 | 2024-05-31
What happened in March 2023? | 2023-03-01 | 2023-03-31
What happened in Mar 2023? | 2023-03-01 | 2023-03-31
What happened in March of 2023? | 2023-03-01 | 2023-03-31
What happened in March, 2023? | 2023-03-01 | 2023-03-31
What happened in early March 2023? | 2023-03-01 | 2023-03-10
What happened in the middle of March 2023? | 2023-03-11 | 2023-03-20
What happened in late December 2022? | 2022-12-21 | 2022-12-31
Which were the March 2023 figures? | 2023-03-01 | 2023-03-31
What happened on 3 March? | 2024-03-03 | 2024-03-03
What happened on March 3? | 2024-03-03 | 2024-03-03
What happened on the 3rd of March? | 2024-03-03 | 2024-03-03
What happened on March the 3rd? | 2024-03-03 | 2024-03-03
What happened on 30 November? | 2023-11-30 | 2023-11-30
What happened on 3 March 2022? | 2022-03-03 | 2022-03-03
What happened on 3rd March 2022? | 2022-03-03 | 2022-03-03
What happened on March 3, 2022? | 2022-03-03 | 2022-03-03
What happened on March 3rd, 2022? | 2022-03-03 | 2022-03-03
What happened on Jan. 6, 2021? | 2021-01-06 | 2021-01-06
What happened on 29 February 2024? | 2024-02-29 | 2024-02-29
What happened on 2022-03-05? | 2022-03-05 | 2022-03-05
What happened in 2022-03? | 2022-03-01 | 2022-03-31
What happened on 05/03/2022? | 2022-03-05 | 2022-03-05
What happened on 3/25/2022? | 2022-03-25 | 2022-03-25
What happened on 25.3.2022? | 2022-03-25 | 2022-03-25
What happened in the week of 5 August? | 2024-08-05 | 2024-08-11
What happened in the week of March 3, 2022? | 2022-02-28 | 2022-03-06
What happened in 2022? | 2022-01-01 | 2022-12-31
What happened during 2022? | 2022-01-01 | 2022-12-31
What happened in the year 1999? | 1999-01-01 | 1999-12-31
What happened in early 2022? | 2022-01-01 | 2022-04-30
What happened in mid-2022? | 2022-05-01 | 2022-08-31
What happened in late 2022? | 2022-09-01 | 2022-12-31
What happened at the beginning of 2022? | 2022-01-01 | 2022-04-30
What happened at the end of 2022? | 2022-09-01 | 2022-12-31
What were sales in Q3 2023? | 2023-07-01 | 2023-09-30
What were sales in Q1? | 2024-01-01 | 2024-03-31
What were sales in Q4? | 2023-10-01 | 2023-12-31
What happened on Friday, August 9? | 2024-08-09 | 2024-08-09
What happened on Monday, 5 August 2024? | 2024-08-05 | 2024-08-05
What happened on Monday last week? | 2024-08-12 | 2024-08-12
What happened from March to now? | 2024-03-01 | 2024-08-21
What happened between 2020 and today? | 2020-01-01 | 2024-08-21
What happened between Monday and Friday? | 2024-08-19 | 2024-08-23
What happened from June to September? | 2024-06-01 | 2024-09-30
What happened over the last weekend? | 2024-08-17 | 2024-08-18
Who won the 2010-11 title? | 2010-01-01 | 2011-12-31
Who ruled late last century? | 1968-01-01 | 2000-12-31
What happened between 5 and 10 May? | 2024-05-05 | 2024-05-10
What is on 30 August? | 2024-08-30 | 2024-08-30
Who was born on 29 February? | 2024-02-29 | 2024-02-29
What happened in the last 24 hours? | 2024-08-20 | 2024-08-21
What happened an hour ago? | 2024-08-21 | 2024-08-21
What was in the May 2023 report? | 2023-05-01 | 2023-05-31
Who raised over 2000 dollars last week? | 2024-08-12 | 2024-08-18
What were sales in the third quarter of 2023? | 2023-07-01 | 2023-09-30
What were sales in the last quarter of 2023? | 2023-10-01 | 2023-12-31
What were sales in the first half of 2023? | 2023-01-01 | 2023-06-30
What were sales in the second half of the year? | 2024-07-01 | 2024-12-31
What were sales in H2 2023? | 2023-07-01 | 2023-12-31
What happened in summer 2023? | 2023-06-01 | 2023-08-31
What happened in the summer of 2023? | 2023-06-01 | 2023-08-31
What happened in the winter of 2022? | 2022-12-01 | 2023-02-28
What happened this summer? | 2024-06-01 | 2024-08-31
What happened last summer? | 2023-06-01 | 2023-08-31
What happened last spring? | 2024-03-01 | 2024-05-31
What happened last autumn? | 2023-09-01 | 2023-11-30
What happened in the spring? | 2024-03-01 | 2024-05-31
What happens next winter? | 2024-12-01 | 2025-02-28
What happened in the 1990s? | 1990-01-01 | 1999-12-31
What happened in the early 1990s? | 1990-01-01 | 1993-12-31
What happened in the mid-1990s? | 1994-01-01 | 1996-12-31
What happened in the late 1990s? | 1997-01-01 | 1999-12-31
What happened in the 19th century? | 1801-01-01 | 1900-12-31
What happened in this century? | 2001-01-01 | 2100-12-31
What happened between March and May? | 2024-03-01 | 2024-05-31
What happened between 3 March and 5 April 2024? | 2024-03-03 | 2024-04-05
What happened between 2019 and 2021? | 2019-01-01 | 2021-12-31
What happened from 2019 to 2021? | 2019-01-01 | 2021-12-31
What happened from Monday to Wednesday? | 2024-08-19 | 2024-08-21
What happened from March until June 2024? | 2024-03-01 | 2024-06-30
What happened in 2019-2021? | 2019-01-01 | 2021-12-31
What happened in 2019–2021? | 2019-01-01 | 2021-12-31
Who resigned since March? | 2024-03-01 | -
Who resigned since 3 March 2022? | 2022-03-03 | -
Who resigned since last week? | 2024-08-12 | -
Who resigned since yesterday? | 2024-08-20 | -
Who resigned after March? | 2024-04-01 | -
Who resigned after 2020? | 2021-01-01 | -
What holds from May on? | 2024-05-01 | -
What holds from 2020 onwards? | 2020-01-01 | -
Who ruled before 2000? | - | 1999-12-31
Who ruled before the year 2000? | - | 1999-12-31
Who had left prior to March 2022? | - | 2022-02-28
Who ruled until 1999? | - | 1999-12-31
Who ruled up to May 2020? | - | 2020-05-31
What must be done by Friday? | - | 2024-08-23
What was done by the end of 2022? | - | 2022-12-31
What was known as of 1 May? | - | 2024-05-01 only
What was known as of March 2023? | - | 2023-03-31 only
Which articles from last week mention Holm? | 2024-08-12 | 2024-08-18 only
Which articles published since June mention Holm? | 2024-06-01 | - only
What do articles written in 2022 say? | 2022-01-01 | 2022-12-31 only
What do reports written in 2022 say? | 2022-01-01 | 2022-12-31
What does the coverage of last month say? | 2024-07-01 | 2024-07-31
What did the jobs report for July say? | 2024-07-01 | 2024-07-31
Who wrote the book published in 1925? | 1925-01-01 | 1925-12-31
Who broke the story in 2019? | 2019-01-01 | 2019-12-31
What is in the news from yesterday? | 2024-08-20 | 2024-08-20 only
Which stories that appeared before March 2023 name her? | - | 2023-02-28 only
""".strip().splitlines()


def day(written: str) -> date | None:
    return None if written == "-" else date.fromisoformat(written)


@pytest.mark.parametrize("line", MEANINGS)
def test_words_about_time_mean_what_people_mean_by_them(line: str) -> None:
    question, first, last = (part.strip() for part in line.split("|"))
    last, _, only = last.partition(" ")
    frame = time_frame(question, TODAY)
    assert frame is not None
    assert (frame.first, frame.last, frame.only) == (day(first), day(last), only == "only")
    assert frame.words in question
    assert not frame.newest


@pytest.mark.parametrize(
    "question",
    [
        "What is the latest on the ferry?",
        "What is the most recent figure?",
        "Who has resigned recently?",
        "Who is mayor now?",
        "Who is currently mayor?",
        "How many boats are there at the moment?",
        "What has been found so far?",
        "How many have been sold to date?",
        "Is the bridge still closed?",
        "What is the latest on the strike that began in March?",
        "As of today, how many boats are there?",
    ],
)
def test_questions_about_the_present_ask_for_the_newest(question: str) -> None:
    frame = time_frame(question, TODAY)
    assert frame is not None
    assert frame.newest
    assert frame.last == TODAY


@pytest.mark.parametrize(
    "question",
    [
        "Who built the mill?",
        "How long did the war last?",
        "What may happen in Ukraine?",
        "They march on Kyiv, but why?",
        "Who sells Christmas trees at the Easter market?",
        "Who works on the 5th floor?",
        "What happened the next day?",
        "Who went there on the previous day?",
        "Who led the party until recently?",
        "What does the Sunday Times say of the 2008 crisis?",
        "Who came second in the march?",
        "How many of the 2000 boats sank?",
        "What do Nowak and Rossi sell?",
        "Who was on the second floor?",
        "What happened on 31 February 2023?",
        "Why did the tower fall?",
        "Who wrote that she may resign?",
        "Who ruled before the 1st century?",
        "Did over 2000 people die?",
        "Did up to 2000 people die?",
        "How many of 1700 workers came?",
        "What was sold for 1999 dollars?",
        "How many people live in 2000 houses?",
        "How many were killed by April Jones?",
        "What do people think of May?",
        "Why may 3 ministers resign?",
        "How many of the 20 may be released?",
        "Did the soldiers march 10 miles?",
        "What did USA Today say?",
        "Who directed Apocalypse Now?",
        "Which still life was sold?",
        "Who saw the last days of Pompeii?",
        "What was on Last Week Tonight?",
        "What happened on 31 April?",
    ],
)
def test_other_questions_say_nothing_of_time(question: str) -> None:
    assert time_frame(question, TODAY) is None


def test_the_latest_of_a_period_is_sought_in_it() -> None:
    frame = time_frame("What is the latest figure of last year?", TODAY)
    assert frame == TimeFrame("latest", None, date(2023, 12, 31), newest=True)


WORDS = st.sampled_from(
    """from between since until before in on last this next the past week month year March Monday
    2023 3 and to of ago two days now early end 1st century decade summer 0 weeks through Christmas
    weekend late fifth Q3 2023-13-40 half 90s 3–7 ' - / articles will hundred run-up""".split()
)


@given(st.lists(WORDS, min_size=2, max_size=6).map(" ".join), st.dates())
def test_a_period_never_ends_before_it_begins(words: str, today: date) -> None:
    frame = time_frame(f"What happened {words}?", today)
    if frame and frame.first and frame.last:
        assert frame.first <= frame.last
    assert str(frame)


@given(st.text(max_size=60), st.dates())
def test_any_text_can_be_asked_on_any_day(text: str, today: date) -> None:
    assert str(time_frame(text, today))
