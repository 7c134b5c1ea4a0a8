"""Lexical search against BM25 in plain Python, by the formula in FTS5's documentation."""

import math
from collections import Counter
from collections.abc import Collection as Ids

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import LexicalIndex, Lexicon, Part
from index.terms import stems

K1, B = 1.2, 0.75
Rows = dict[int, tuple[str, str]]  # passage id: title, text


class Found:
    """Some passages in one or several indexes, and some of them removed."""

    def __init__(self, *groups: Rows, removed: Ids[int] = (), merged: bool = False) -> None:
        self.ids = [id for rows in groups for id in sorted(rows)]
        parts = [
            Part(
                LexicalIndex.build(rows[id] for id in sorted(rows)),
                np.array([id not in removed for id in sorted(rows)], bool) if removed else None,
            )
            for rows in groups
        ]
        if merged:
            self.ids = [id for id in self.ids if id not in removed]
            parts = [Part(LexicalIndex.merged(parts))]
        self.lexicon = Lexicon(parts)

    def search(
        self, question: str, k: int, allowed: Ids[int] | None = None
    ) -> list[tuple[int, float]]:
        mask = None if allowed is None else np.array([id in allowed for id in self.ids], bool)
        rows, scores = self.lexicon.search(question, k, mask)
        return [(self.ids[row], score) for row, score in zip(rows, scores.tolist(), strict=True)]


def bm25(rows: Rows, wanted: list[str]) -> list[tuple[int, float]]:
    """(id, score) of all rows that have a term of `wanted`, best first."""
    titles = {id: Counter(stems(title)) for id, (title, _) in rows.items()}
    texts = {id: Counter(stems(text)) for id, (_, text) in rows.items()}
    lengths = {id: titles[id].total() + texts[id].total() for id in rows}
    average = sum(lengths.values()) / len(rows) if rows else 0
    scores = dict.fromkeys(rows, 0.0)
    having = set[int]()
    for term in wanted:
        found = [id for id in rows if titles[id][term] or texts[id][term]]
        # FTS5 gives a term in more than half of the rows next to nothing, not less.
        idf = max(math.log((len(rows) - len(found) + 0.5) / (len(found) + 0.5)), 1e-6)
        for id in found:
            frequency = titles[id][term] + texts[id][term]
            length = K1 * (1 - B + B * lengths[id] / average)
            scores[id] += idf * frequency * (K1 + 1) / (frequency + length)
        having.update(found)
    return sorted(((id, scores[id]) for id in having), key=lambda pair: (-pair[1], pair[0]))


def assert_same(found: list[tuple[int, float]], expected: list[tuple[int, float]]) -> None:
    assert [score for _, score in found] == pytest.approx([score for _, score in expected])
    # Where two scores differ by rounding only, either may come first.
    near = {id: round(score, 9) for id, score in expected}
    assert sorted(found, key=lambda pair: -near[pair[0]]) == found
    assert {near[id] for id, _ in found} == {near[id] for id, _ in expected[: len(found)]}


WORD = st.sampled_from("storm shadow missile missiles kursk kyiv the river Seim 2024".split())
TEXT = st.lists(WORD, min_size=1, max_size=12).map(" ".join)
ROWS = st.dictionaries(st.integers(1, 60), st.tuples(TEXT, TEXT), min_size=1, max_size=30)


@given(ROWS, st.sets(st.integers(1, 60)), ROWS, TEXT, st.integers(1, 40), st.booleans())
def test_scores_and_ranks_are_those_of_bm25_after_any_changes(
    before: Rows, removed: set[int], after: Rows, question: str, k: int, merged: bool
) -> None:
    later = {id + 60: row for id, row in after.items()}
    found = Found(before, later, removed=removed, merged=merged)
    rows = {id: row for id, row in (before | later).items() if id not in removed}
    terms = found.lexicon.terms(question)
    content = set(stems(question)) - {"the"} or {"the"}
    assert set(terms) == content & {stem for row in rows.values() for stem in stems(" ".join(row))}
    assert_same(found.search(question, k), bm25(rows, terms)[:k])
    allowed = [id for id in rows if id % 3]
    narrowed = [one for one in bm25(rows, terms) if one[0] in allowed]
    assert_same(found.search(question, k, allowed), narrowed[:k])


def many(count: int) -> Rows:
    return {
        id: (f"title {id % 7}", f"word{id % 11} storm{id % 5} " + "shadow " * (id % 4))
        for id in range(1, count)
    }


@pytest.mark.parametrize("merged", [False, True])
def test_many_parts_and_removals_leave_the_scores_right(merged: bool) -> None:
    rows = many(800)
    gone = [id for id in rows if id % 3]
    groups = [{id: row for id, row in rows.items() if id % 9 == part} for part in range(9)]
    found = Found(*groups, removed=gone, merged=merged)
    left = {id: row for id, row in rows.items() if id not in gone}
    question = "word3 storm2 shadow"
    assert_same(found.search(question, 50), bm25(left, found.lexicon.terms(question))[:50])


def test_merging_gives_what_indexing_all_at_once_gives() -> None:
    rows = many(300)
    gone = {id for id in rows if id % 5 == 2}
    some = {id: row for id, row in rows.items() if id < 100}
    rest = {id: row for id, row in rows.items() if id >= 100}
    parts = [
        Part(LexicalIndex.build(some.values()), np.array([id not in gone for id in some])),
        Part(LexicalIndex.build(rest.values()), np.array([id not in gone for id in rest])),
    ]
    merged = LexicalIndex.merged(parts)
    at_once = LexicalIndex.build(row for id, row in rows.items() if id not in gone)
    assert merged.arrays.keys() == at_once.arrays.keys()
    for name, array in at_once.arrays.items():
        assert merged.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(merged.arrays[name], array)


def test_more_passages_than_are_sorted_at_once_are_all_found() -> None:
    rows = {id: ("Title", f"word{id}") for id in range(20_000)}
    found = Found(rows)
    for id in (0, 16_383, 16_384, 19_999):
        assert [one for one, _ in found.search(f"word{id}", 5)] == [id]


def test_equal_scores_come_by_rising_id() -> None:
    found = Found(
        dict.fromkeys((5, 3, 9, 1), ("Title", "the storm came"))
        | dict.fromkeys(range(20, 60), ("Other", "a quiet day passed"))
    )
    assert [id for id, _ in found.search("storm", 3)] == [1, 3, 5]


def test_a_word_of_the_title_finds_the_passage() -> None:
    found = Found({1: ("Kursk incursion", "It began at dawn."), 2: ("Other", "Nothing.")})
    assert [id for id, _ in found.search("Kursk", 5)] == [1]


def test_in_a_large_collection_the_commonest_words_are_not_searched() -> None:
    found = Found({id: ("Title", f"war word{id % 40}") for id in range(1, 401)})
    assert found.lexicon.terms("war word7") == ["word7"]
    assert len(found.search("war word7", 400)) == 10


def test_the_rarest_word_is_searched_even_if_it_is_common() -> None:
    found = Found({id: ("Title", "war peace" if id % 9 else "war") for id in range(1, 401)})
    assert found.lexicon.terms("war peace") == ["peac"]
    assert len(found.search("peace war", 400)) == 356


def test_in_a_small_collection_every_word_counts() -> None:
    found = Found(
        {
            1: ("Talks", "Storm Shadow was used in the war."),
            2: ("Talks", "The storm went on."),
            3: ("Talks", "A shadow fell over the war."),
        }
    )
    assert set(found.lexicon.terms("Storm Shadow war")) == {"storm", "shadow", "war"}
    assert found.search("Storm Shadow war", 5)[0][0] == 1


def test_a_question_of_stop_words_only_is_searched_by_its_words() -> None:
    found = Found({1: ("The Who", "They were a band."), 2: ("Other", "Nothing here.")})
    assert [id for id, _ in found.search("Who?", 5)] == [1]


@pytest.mark.parametrize("question", ["", "?!", "zebra", "-", '"', "\0"])
def test_nothing_to_search_finds_nothing(question: str) -> None:
    assert Found({1: ("Title", "text")}).search(question, 5) == []


@pytest.mark.parametrize("question", ["", "text"])
def test_without_passages_nothing_is_found(question: str) -> None:
    assert Found().search(question, 5) == []
    assert Found({}).search(question, 5) == []
    assert Found({1: ("Title", "text")}, removed=[1]).search(question, 5) == []
    assert Found({1: ("Title", "text")}, removed=[1], merged=True).search(question, 5) == []


@pytest.mark.parametrize("k", [0, -1])
def test_no_hits_wanted_gives_none(k: int) -> None:
    assert Found({1: ("Title", "text")}).search("text", k) == []


@pytest.mark.parametrize(
    "question",
    [
        'text" OR title:',
        "text AND NOT",
        "NEAR(text, 5)",
        "title : text*",
        "{title} ^text + (",
        "'); DROP TABLE term; --text",
        "text " * 3_000,
        " ".join(f"text{number}" for number in range(3_000)) + " text",
    ],
)
def test_a_question_is_words_and_never_syntax(question: str) -> None:
    found = Found({1: ("Title", "some text"), 2: ("Title", "nothing")}).search(question, 5)
    assert found[0][0] == 1


@given(st.text(max_size=60))
def test_any_question_is_searched_and_any_text_found_by_its_own_words(text: str) -> None:
    found = Found({1: ("Title", text.encode("utf-8", "replace").decode()), 2: ("A", "b")})
    assert {id for id, _ in found.search(text, 5)} <= {1, 2}


def test_a_word_more_often_than_can_be_counted_still_counts() -> None:
    found = Found({1: ("", "storm " * 1_000), 2: ("", "storm " * 10 + "calm " * 990)})
    assert [id for id, _ in found.search("storm", 5)] == [1, 2]
