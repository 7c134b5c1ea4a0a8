from __future__ import annotations

import pytest

from qa.nations import nations


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("the UK’s refusal", {"United Kingdom"}),
        ("British-supplied, as Britons say in Great Britain", {"United Kingdom"}),
        ("U.S. troops and US officials; the Americans", {"United States"}),
        ("a South Korean ship", {"South Korea"}),
        ("Nigerian and Nigerien, from Niger", {"Nigeria", "Niger"}),
        ("the EU", {"European Union"}),
        ("tell us of polish and turkey", set()),
        ("USABLE EUROPE", set()),
        ("", set()),
    ],
)
def test_a_country_is_known_by_its_name_and_by_what_is_its_own(text: str, named: set[str]) -> None:
    assert nations(text) == named
