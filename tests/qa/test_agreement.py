import pytest

from qa.agreement import at_odds, same_answer


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("the Old Bridge", "Old Bridge", True),
        ("in 1962", "1962", True),
        ("Edda Stroll", "Mayor Edda Stroll", True),
        ("Edda Stroll", "Ivo Lund", False),
        ("17 August 2024", "18 August 2024", False),
        ("40 boats", "60 boats", False),
        ("1,000 boats", "1000 boats", True),
        ("six boats", "6 boats", True),
        ("", "", False),
        ("…", "…", False),
        ("guilty", "not guilty", False),
        ("Bank of Holm", "Bank of Lund", False),
        ("10 million people", "10 billion people", False),
        ("two people killed", "two people injured", False),
        ("Edda Stroll", "Edda Stroll Jr.", False),
    ],
)
def test_answers_are_the_same_by_their_words_and_figures(one: str, other: str, same: bool) -> None:
    assert same_answer(one, other) is same
    assert same_answer(other, one) is same


@pytest.mark.parametrize(
    ("one", "other", "odds"),
    [
        ("40 boats", "60 boats", True),
        ("about 40 boats", "more than 60 boats", True),
        ("1962", "1971", True),
        ("17 August", "3 September", True),
        ("5%", "7%", True),
        ("six boats", "eight boats", True),
        ("six boats", "6 boats", False),
        ("1.5 metres", "2.5 metres", True),
        ("17 August 2024", "18 August 2024", True),
        ("17 August", "17 September", True),
        ("17 August", "17 August 2024", False),
        ("2,000", "3,000", True),
        ("5 people were killed", "7 people", True),
        ("31", "40 boats", True),
        ("40 boats", "40 boats", False),
        ("1,000 boats", "1000 boats", False),
        ("1962", "60 boats", False),
        ("1962", "12", False),
        ("40 boats", "60 houses", False),
        ("Ivo Lund", "Edda Stroll", False),
        ("", "40", False),
    ],
)
def test_figures_of_the_same_kind_are_at_odds(one: str, other: str, odds: bool) -> None:
    assert at_odds(one, other) is odds
    assert at_odds(other, one) is odds
