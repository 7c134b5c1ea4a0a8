import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.folding import fold
from index.terms import STOP_WORDS, content_words, stems, words


def test_words_are_runs_of_letters_and_digits_in_lower_case() -> None:
    assert words("Storm Shadow: a £2m (2024) missile!") == [
        "storm",
        "shadow",
        "a",
        "2m",
        "2024",
        "missile",
    ]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("the US army", "the U.S. army"),
        ("UN", "U.N."),
        ("don't", "don’t"),
        ("co-operate", "co‑operate"),
        ("finance", "ﬁnance"),
        ("cafe", "CAFÉ"),
        ("Zelenskyy", "zelenskyy"),
        ("Odesa 2024", "Odesa ２０２４"),
        ("attack", "attacks"),
        ("running", "runs"),
    ],
)
def test_a_word_is_the_same_term_however_it_is_written(typed: str, stored: str) -> None:
    assert stems(typed) == stems(stored) != []


def test_a_full_stop_between_initials_goes_but_not_one_that_ends_a_sentence() -> None:
    assert fold("He left the U.S. She stayed.") == "He left the US She stayed."
    assert fold("It ended. It began.") == "It ended. It began."


def test_stop_words_are_no_content() -> None:
    assert content_words("What is the UK's position on Storm Shadow?") == [
        "uk",
        "position",
        "storm",
        "shadow",
    ]
    assert content_words("What is it?") == []


def test_stop_words_are_written_as_words_are() -> None:
    assert all(words(stop) == [stop] for stop in STOP_WORDS)


@given(st.text(max_size=80))
def test_the_terms_of_any_text_are_those_of_its_words(text: str) -> None:
    assert stems(text) == [stem for word in words(text) for stem in stems(word)]


def test_stems_are_the_same_in_every_thread() -> None:
    found: list[list[str]] = []
    texts = [f"running attacks {number}" for number in range(50)]

    def stem_all() -> None:
        found.append([stem for text in texts for stem in stems(text)])

    threads = [threading.Thread(target=stem_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [found[0]] * 4
    assert found[0][:3] == ["run", "attack", "0"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("暴風雨使港口關閉", ["暴風", "風雨", "雨使", "使港", "港口", "口關", "關閉"]),
        ("嵐で 9 日間", ["嵐で", "9", "日間"]),
        ("서울에서 왔다", ["서울", "울에", "에서", "왔다"]),
        ("Буря закрыла порт", ["буря", "закрыла", "порт"]),
        ("port 港 open", ["port", "港", "open"]),
    ],
)
def test_words_are_found_in_scripts_that_do_not_part_them(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_vowel_signs_do_not_end_a_word() -> None:
    assert len(words("हिन्दी में लिखा")) == len(stems("हिन्दी में लिखा")) == 3
    assert words("कमल") != words("कमाल")
    assert words("العَرَبِيَّة") == words("العربية")


@given(st.text(st.characters(min_codepoint=0x0590, max_codepoint=0xD7FF), max_size=40))
def test_the_terms_of_any_script_are_those_of_its_words(text: str) -> None:
    assert stems(text) == [stem for word in words(text) for stem in stems(word)]
    assert words(" ".join(words(text))) == words(text)
