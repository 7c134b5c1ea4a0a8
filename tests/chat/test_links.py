import pytest

from chat.links import quote_link
from chat.narrowing import address, from_address, narrowed
from index.types import Filter


def test_a_link_to_a_quote_names_its_words() -> None:
    link = quote_link(
        "https://news.example/storm#top", "It closed, for nine-and-a-half days & more."
    )
    assert link == (
        "https://news.example/storm#:~:text="
        "It%20closed%2C%20for%20nine%2Dand%2Da%2Dhalf%20days%20%26%20more."
    )


def test_of_a_long_quote_the_first_and_last_words_are_named() -> None:
    link = quote_link("https://news.example/", " ".join(f"w{number}" for number in range(30)))
    assert link is not None
    assert link.endswith("#:~:text=w0%20w1%20w2%20w3%20w4,w25%20w26%20w27%20w28%20w29")


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "file:///etc/passwd", "data:x"])
def test_what_is_no_web_address_is_not_linked(url: str | None) -> None:
    assert quote_link(url, "Quote.") is None


def test_a_link_to_a_question_brings_its_filter_along() -> None:
    filter = narrowed(
        Filter(sources=("A & B",), article_ids=("x1",)), {"kind": "last", "value": "2024-05-01"}
    )
    link = address("Why? 1 + 1 & so on", filter)
    assert link.startswith("?q=Why%3F+1+%2B+1+%26+so+on&")
    assert from_address(link[1:]) == filter


@pytest.mark.parametrize(
    "event", [{}, {"kind": "first", "value": "soon"}, {"kind": 3, "value": []}]
)
def test_a_condition_that_cannot_be_understood_does_not_narrow(event: dict[str, object]) -> None:
    assert narrowed(Filter(), event) in (Filter(), narrowed(Filter(), {}))
