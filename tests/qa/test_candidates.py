"""Which words may be terms, and what is told of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa.candidates import FEATURES, NETWORK_ALONE, Vector, Weights, candidates
from qa.tokens import WordPieces
from qa.turns import Earlier, told

TURNS = [
    Earlier("Tell me about the Tarn End lighthouse.", asked=True),
    Earlier("It was built in 1871. A storm took its lamp.", asked=False),
    Earlier("Who lit the lamp?", asked=True),
    Earlier("A keeper lit it. The keeper was Edda Stroll.", asked=False),
]


def found(pieces: WordPieces, question: str, turns: list[Earlier]) -> dict[str, Vector]:
    shown = told(pieces, question, [turn.text for turn in turns])
    return candidates(question, turns, shown, np.arange(len(shown.pair.ids), dtype=np.float32))


def feature(candidate: Vector, name: str) -> float:
    return float(candidate[FEATURES.index(name)])


def test_where_a_word_was_said_is_told(pieces: WordPieces) -> None:
    all_of_them = found(pieces, "Was it tall?", TURNS)
    lighthouse, lamp, keeper = (all_of_them[stem] for stem in ("lighthous", "lamp", "keeper"))
    assert [feature(lighthouse, name) for name in ("first", "last", "ago", "times")] == [1, 0, 1, 1]
    assert [feature(lamp, name) for name in ("first", "last", "ago", "answered before")] == [
        0, 1, 0, 1,
    ]  # fmt: skip
    assert [feature(keeper, name) for name in ("asked", "answered", "beginning")] == [0, 1, 1]
    assert feature(keeper, "often") == np.log1p(np.float32(2))
    assert feature(all_of_them["stroll"], "name") == 1
    assert feature(all_of_them["1871"], "number") == 1


def test_stop_words_and_what_the_question_names_itself_are_no_candidates(
    pieces: WordPieces,
) -> None:
    stems = found(pieces, "Is the lighthouse tall?", TURNS)
    assert not {"lighthous", "tell", "the", "it", "wa"} & stems.keys()
    assert {"tarn", "end", "lamp"} <= stems.keys()


def test_the_network_alone_says_the_highest_of_all_places(pieces: WordPieces) -> None:
    lamp = found(pieces, "Was it tall?", TURNS)["lamp"]
    assert NETWORK_ALONE.log_odds(lamp) == feature(lamp, "highest") > feature(lamp, "mean")


def test_weights_count_each_feature(pieces: WordPieces) -> None:
    weights = Weights(0.25, tuple(float(name == "times") * 2 for name in FEATURES))
    assert weights.log_odds(found(pieces, "Was it tall?", TURNS)["lamp"]) == 2.25


@given(
    st.text(max_size=100),
    st.lists(st.builds(Earlier, st.text(max_size=200), st.booleans()), max_size=8),
)
def test_all_features_are_numbers_whatever_was_said(
    pieces: WordPieces, question: str, turns: list[Earlier]
) -> None:
    for candidate in found(pieces, question, turns).values():
        assert candidate.shape == (len(FEATURES),)
        assert np.isfinite(candidate).all()
