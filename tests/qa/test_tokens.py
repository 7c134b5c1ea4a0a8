from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Span
from qa.tokens import Ids, WordPieces, pair, token_span, windows

TEXT = "“Zweibrücken–Süd”, said Ms. O’Malley, cost $3.5bn (about £2,800,000,000) in 2019/20."
NO_TITLE: Ids = np.zeros(0, np.uint16)


@given(st.data())
def test_token_spans_cover_the_characters_and_little_more(
    pieces: WordPieces, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(TEXT) - 1))
    end = data.draw(st.integers(start + 1, len(TEXT)))
    (tokens,) = pieces.of([TEXT])
    found = token_span(tokens, Span(start, end))
    if found is None:
        assert not TEXT[start:end].strip()
        return
    shown = range(tokens.starts[found.start], tokens.ends[found.end - 1])
    assert {n for n in range(start, end) if TEXT[n].strip()} <= set(shown)
    assert tokens.ends[found.start] > start
    assert tokens.starts[found.end - 1] < end


def test_curly_and_plain_quotation_marks_are_the_same_tokens(pieces: WordPieces) -> None:
    curly, plain = pieces.of(["“It’s 4–2”", '"It\'s 4-2"'])
    assert curly.ids.tolist() == plain.ids.tolist()
    assert curly.starts == plain.starts


@pytest.mark.parametrize("title", ["", "The harbour of Tarn End"])
def test_a_pair_points_at_the_tokens_of_the_answer(pieces: WordPieces, title: str) -> None:
    question, passage, headline = pieces.of(["Who said so?", TEXT, title])
    answer = token_span(passage, Span(TEXT.index("Ms."), TEXT.index(", cost")))
    assert answer is not None
    made = pair(question.ids, passage.ids, headline.ids, limit=60, first=2, answer=answer)
    assert made.ids[made.answer.start : made.answer.end].tolist() == (
        passage.ids[answer.start : answer.end].tolist()
    )
    assert (
        made.ids[made.begin : made.end].tolist()
        == passage.ids[2 : 2 + made.end - made.begin].tolist()
    )
    assert len(made.ids) <= 60


def test_an_answer_outside_of_what_is_shown_is_no_answer(pieces: WordPieces) -> None:
    question, passage = pieces.of(["Who said so?", TEXT])
    made = pair(question.ids, passage.ids, NO_TITLE, limit=60, first=8, answer=Span(0, 2))
    assert made.answer == Span(0, 1)


@given(st.integers(0, 400), st.integers(1, 90), st.integers(0, 50))
def test_windows_show_all_of_the_passage_within_the_limit(
    words: int, asked: int, headed: int
) -> None:
    passage = np.arange(1000, 1000 + words, dtype=np.uint16)
    question, title = np.full(asked, 7, np.uint16), np.full(headed, 8, np.uint16)
    made = windows(question, passage, title, limit=150, overlap=60)
    shown = [n for one in made for n in one.ids[one.begin : one.end].tolist()]
    assert sorted(set(shown)) == passage.tolist()
    assert all(len(one.ids) <= 150 for one in made)
    assert all(one.ids[one.begin] == passage[one.first] for one in made if words)
