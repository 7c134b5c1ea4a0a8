"""Lexical search against BM25 in plain Python, by the formula in FTS5's documentation."""

import math
from collections import Counter
from collections.abc import Iterator

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import lexical
from index.terms import stems

K1, B = 1.2, 0.75
Rows = dict[int, tuple[str, str]]  # passage id: title, text


@pytest.fixture
def connection() -> Iterator[apsw.Connection]:
    opened = apsw.Connection(":memory:")
    opened.execute(lexical.SCHEMA)
    yield opened
    opened.close()


def index(connection: apsw.Connection, rows: Rows) -> None:
    lexical.insert(connection, ((id, title, text) for id, (title, text) in rows.items()))


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
            frequency = lexical.TITLE_WEIGHT * titles[id][term] + texts[id][term]
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


@given(ROWS, st.sets(st.integers(1, 60)), ROWS, TEXT, st.integers(1, 40))
def test_scores_and_ranks_are_those_of_bm25_after_any_changes(
    before: Rows, removed: set[int], after: Rows, question: str, k: int
) -> None:
    connection = apsw.Connection(":memory:")
    connection.execute(lexical.SCHEMA)
    index(connection, before)
    lexical.delete(connection, removed | after.keys())
    index(connection, after)
    rows = {id: row for id, row in before.items() if id not in removed} | after
    found = lexical.search(connection, question, k, passages=len(rows))
    terms = [
        stem for term in lexical.terms(connection, question, len(rows)) for stem in stems(term)
    ]
    content = set(stems(question)) - {"the"} or {"the"}
    assert set(terms) == content & {stem for row in rows.values() for stem in stems(" ".join(row))}
    assert_same(found, bm25(rows, terms)[:k])


def test_many_segments_and_removals_leave_the_scores_right(connection: apsw.Connection) -> None:
    rows = {
        id: (f"title {id % 7}", f"word{id % 11} storm{id % 5} " + "shadow " * (id % 4))
        for id in range(1, 800)
    }
    for id, row in rows.items():  # a transaction each
        index(connection, {id: row})
    gone = [id for id in rows if id % 3]
    lexical.delete(connection, gone)
    rows = {id: row for id, row in rows.items() if id not in gone}
    question = "word3 storm2 shadow"
    found = lexical.search(connection, question, 50, passages=len(rows))
    wanted = lexical.terms(connection, question, len(rows))
    assert_same(found, bm25(rows, [stem for word in wanted for stem in stems(word)])[:50])


def test_equal_scores_come_by_rising_id(connection: apsw.Connection) -> None:
    index(connection, dict.fromkeys((5, 3, 9, 1), ("Title", "the storm came")))
    index(connection, dict.fromkeys(range(20, 60), ("Other", "a quiet day passed")))
    found = lexical.search(connection, "storm", 3, passages=44)
    assert [id for id, _ in found] == [1, 3, 5]


def test_a_word_of_the_title_finds_the_passage(connection: apsw.Connection) -> None:
    index(connection, {1: ("Kursk incursion", "It began at dawn."), 2: ("Other", "Nothing.")})
    assert [id for id, _ in lexical.search(connection, "Kursk", 5, passages=2)] == [1]


def test_in_a_large_collection_the_commonest_words_are_not_searched(
    connection: apsw.Connection,
) -> None:
    index(connection, {id: ("Title", f"war word{id % 40}") for id in range(1, 401)})
    assert lexical.terms(connection, "war word7", 400) == ["word7"]
    assert len(lexical.search(connection, "war word7", 400, passages=400)) == 10


def test_the_rarest_word_is_searched_even_if_it_is_common(connection: apsw.Connection) -> None:
    index(connection, {id: ("Title", "war peace" if id % 9 else "war") for id in range(1, 401)})
    assert lexical.terms(connection, "war peace", 400) == ["peace"]
    assert len(lexical.search(connection, "peace war", 400, passages=400)) == 356


def test_in_a_small_collection_every_word_counts(connection: apsw.Connection) -> None:
    rows = {
        1: ("Talks", "Storm Shadow was used in the war."),
        2: ("Talks", "The storm went on."),
        3: ("Talks", "A shadow fell over the war."),
    }
    index(connection, rows)
    assert set(lexical.terms(connection, "Storm Shadow war", 3)) == {"storm", "shadow", "war"}
    assert lexical.search(connection, "Storm Shadow war", 5, passages=3)[0][0] == 1


def test_a_question_of_stop_words_only_is_searched_by_its_words(
    connection: apsw.Connection,
) -> None:
    index(connection, {1: ("The Who", "They were a band."), 2: ("Other", "Nothing here.")})
    assert [id for id, _ in lexical.search(connection, "Who?", 5, passages=2)] == [1]


@pytest.mark.parametrize("question", ["", "?!", "zebra", "-", '"', "\0"])
def test_nothing_to_search_finds_nothing(connection: apsw.Connection, question: str) -> None:
    index(connection, {1: ("Title", "text")})
    assert lexical.search(connection, question, 5, passages=1) == []


@pytest.mark.parametrize("k", [0, -1])
def test_no_hits_wanted_gives_none(connection: apsw.Connection, k: int) -> None:
    index(connection, {1: ("Title", "text")})
    assert lexical.search(connection, "text", k, passages=1) == []


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
def test_a_question_is_words_and_never_syntax(connection: apsw.Connection, question: str) -> None:
    index(connection, {1: ("Title", "some text"), 2: ("Title", "nothing")})
    assert next(id for id, _ in lexical.search(connection, question, 5, passages=2)) == 1


@given(st.text(max_size=60))
def test_any_question_is_searched_without_an_error(question: str) -> None:
    connection = apsw.Connection(":memory:")
    connection.execute(lexical.SCHEMA)
    index(connection, {1: ("Title", question.encode("utf-8", "replace").decode()), 2: ("A", "b")})
    lexical.search(connection, question, 5, passages=2)
