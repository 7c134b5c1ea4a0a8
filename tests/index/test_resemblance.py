"""Copies of a text are told from what only looks like them."""

import itertools

import pytest

from index.resemblance import is_copy, keys
from tests.index.stories import (
    CHINESE,
    FERRY,
    FERRY_EDITED,
    FERRY_OTHER,
    FERRY_UPDATED,
    shares,
    weather,
)

COPIES = [
    (FERRY, FERRY_EDITED),
    (FERRY, FERRY_UPDATED),
    (FERRY_EDITED, FERRY_UPDATED),
]
NO_COPIES = [
    (FERRY, FERRY_OTHER),
    (FERRY_UPDATED, FERRY_OTHER),
    (weather("Hamnes", "Monday", 14, 8, 20), weather("Tresfjord", "Tuesday", 11, 6, 35)),
    (weather("Hamnes", "Monday", 14, 8, 20), weather("Hamnes", "Tuesday", 15, 9, 25)),
    (shares("Nordlys", 210.5, 1.2, 41200), shares("Havbruk", 88.1, -0.4, 9800)),
    (shares("Nordlys", 210.5, 1.2, 41200), shares("Nordlys", 212.0, 0.7, 38900)),
    ("", FERRY),
    ("Yes.", "No."),
]


@pytest.mark.parametrize(("one", "other"), COPIES)
def test_an_edited_a_shortened_and_an_updated_report_are_copies(one: str, other: str) -> None:
    assert is_copy(one, other)
    assert is_copy(other, one)
    assert set(keys(one)) & set(keys(other))


@pytest.mark.parametrize(("one", "other"), NO_COPIES)
def test_another_story_and_another_notice_of_one_pattern_are_no_copies(
    one: str, other: str
) -> None:
    assert not is_copy(one, other)
    assert not is_copy(other, one)


@pytest.mark.parametrize("text", [FERRY, CHINESE, "", "One word", weather("A", "B", 1, 2, 3)])
def test_every_text_is_a_copy_of_itself_and_has_the_same_keys_again(text: str) -> None:
    assert is_copy(text, text)
    assert keys(text) == keys(text)
    assert all(0 <= key < 2**63 for key in keys(text))


def test_keys_are_the_same_on_every_machine() -> None:
    """Stored ones are compared with new ones; other ones would need another KEYS_VERSION."""
    assert keys("The ferry to Brandvik stops in November.")[:2] == (
        4066563298898915926,
        382481138133636506,
    )


def test_texts_that_have_nothing_in_common_have_no_key_in_common() -> None:
    texts = [f"{n}a {n}b {n}c {n}d {n}e {n}f {n}g {n}h" for n in range(100)]
    found = [set(keys(text)) for text in texts]
    assert not any(one & other for one, other in itertools.combinations(found, 2))
