from __future__ import annotations

from collections import Counter
from pathlib import Path

from training import data

TITLES = [f"Article {n}" for n in range(35)]


def test_every_article_of_the_split_is_in_one_part() -> None:
    parts = data.parts(TITLES)
    assert set(parts) == set(TITLES)
    assert Counter(parts.values()) == {"train": 21, "development": 4, "untouched": 10}


def test_the_split_does_not_depend_on_the_order_of_the_articles() -> None:
    assert data.parts(TITLES) == data.parts(TITLES[::-1])


def test_no_paragraph_of_the_other_parts_is_trained_on(data_folder: Path) -> None:
    trained = {paragraph.text for paragraph in data.training(data_folder).paragraphs}
    parts = {
        part: {paragraph.text for paragraph in data.squad2(data_folder, part).paragraphs}
        for part in ("train", "development", "untouched")
    }
    assert parts["train"] <= trained
    assert all(parts.values())
    assert not trained & (parts["development"] | parts["untouched"])
    assert not parts["development"] & parts["untouched"]


def test_trick_questions_have_no_answer_and_no_span(data_folder: Path) -> None:
    tricks = [q for q in data.training(data_folder).questions if q.text.endswith("bridge down?")]
    assert tricks
    assert all(not question.answers and question.span is None for question in tricks)


def test_spans_hold_the_answer(data_folder: Path) -> None:
    reading = data.training(data_folder)
    for question in reading.questions:
        if question.span:
            text = reading.paragraphs[question.paragraph].text
            assert text[question.span.start : question.span.end] in question.answers


def test_an_ambiguous_answer_stands_in_the_sentence_nearest_to_the_question() -> None:
    text = "In 1903 a school opened. The mill burned down in 1903 too. Rain fell in 1903."
    at = data.occurrence("When did the mill burn down?", text, "1903", 3)
    assert at == text.index("1903 too")


def test_equal_sentences_give_the_first_occurrence() -> None:
    text = "Ten ships came. Ten ships left."
    assert data.occurrence("How many were painted?", text, "Ten", 0) == 0


def test_an_occurrence_inside_a_word_gives_way_to_a_word_of_its_own() -> None:
    text = "The 1903 list has the lamps. It took 3 years."
    assert data.occurrence("What has lamps on the list?", text, "3", 7) == text.index("3 years")
