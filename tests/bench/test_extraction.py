from __future__ import annotations

from datetime import date

import pytest

from bench import extraction

PAGE = extraction.Page(
    name="ferry.html",
    data=b'<meta property="article:published_time" content="2024-02-06T01:00:00Z">',
    wanted=("The ferry stays in port.", "ce closes the so"),
    unwanted=("Read more stories",),
    dated=True,
    title="Ferry stays",
    published=date(2024, 2, 6),
)


def tally(title: str, text: str, published: date | None) -> extraction.Tally:
    return extraction.measured([PAGE], lambda page: extraction.Extracted(title, text, published))


def test_a_perfect_extraction_has_full_marks() -> None:
    marks = tally("Ferry Stays", "The  ferry stays\nin port. Ice closes the sound", PAGE.published)
    assert (marks.precision, marks.recall, marks.f1) == (1, 1, pytest.approx(1))
    assert (marks.titles_right, marks.dates_right, marks.declared_otherwise) == (1, 1, 0)
    assert marks.notes == []


def test_tokens_are_counted_and_not_segments() -> None:
    marks = tally("", "The ferry stays in port. Read more stories.", date(2024, 2, 9))
    assert marks.precision == pytest.approx(5 / 8)
    assert marks.recall == pytest.approx(5 / 9)
    assert (marks.dates_wrong, marks.declared_otherwise) == (1, 1)


def test_what_is_refused_misses_everything() -> None:
    marks = tally("", "", None)
    assert (marks.precision, marks.recall, marks.f1) == (0, 0, 0)
    assert (marks.dates_right, marks.dates_wrong, marks.declared_otherwise) == (0, 0, 1)
