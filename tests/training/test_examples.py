from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from qa.tokens import WordPieces
from training import data, negatives
from training.examples import Examples, Kind, Mix, Rare, prepare

ALL = Mix(hard=1, swapped=1, cut=1, other=1, people=3, titles=0.5)


@pytest.fixture(scope="module")
def reading(data_folder: Path) -> data.Reading:
    return data.training(data_folder)


@pytest.fixture(scope="module")
def examples(reading: data.Reading, pieces: WordPieces) -> Examples:
    return prepare(reading, pieces, seed=1)


def test_hard_negatives_are_of_the_same_article_and_lack_the_answers(
    reading: data.Reading,
) -> None:
    found = negatives.hard(reading)
    assert any(found)
    for question, passages in zip(reading.questions, found, strict=True):
        for position in passages:
            passage = reading.paragraphs[position]
            assert position != question.paragraph
            assert passage.article == reading.paragraphs[question.paragraph].article
            assert not any(answer in passage.text for answer in question.answers)


def test_other_negatives_are_of_another_article(reading: data.Reading, examples: Examples) -> None:
    for choice in examples.choices:
        asked = reading.questions[choice.annotated.question]
        for example in choice.negatives.get(Kind.OTHER, ()):
            passage = reading.paragraphs[example.passage]
            assert passage.article != reading.paragraphs[asked.paragraph].article
            assert not any(answer in passage.text for answer in asked.answers)


def test_what_is_cut_holds_the_answer_and_nothing_left_does(
    reading: data.Reading, examples: Examples, pieces: WordPieces
) -> None:
    cut = [c for c in examples.choices if Kind.CUT in c.negatives]
    assert cut
    for choice in cut:
        (example,) = choice.negatives[Kind.CUT]
        passage = reading.paragraphs[example.passage].text
        (tokens,) = pieces.of([passage])
        start, end = tokens.starts[example.cut.start], tokens.ends[example.cut.end - 1]
        for answer in reading.questions[example.question].answers:
            assert answer in passage[start:end]
            assert answer not in passage[:start] + passage[end:]


def test_annotated_answers_are_the_answers_in_the_pair_and_negatives_have_none(
    reading: data.Reading, examples: Examples, pieces: WordPieces
) -> None:
    draw = random.Random(0)
    for example in examples.epoch(ALL, 1):
        made = examples.pair(example, draw, ALL, limit=64)
        assert len(made.ids) <= 64
        if example.kind is not Kind.ANSWERED:
            assert made.answer.start == 0
            continue
        question = reading.questions[example.question]
        (wanted,) = pieces.of(question.answers)
        assert made.ids[made.answer.start : made.answer.end].tolist() == wanted.ids.tolist()


def test_an_epoch_shows_every_question_and_the_share_of_negatives_asked_for(
    examples: Examples,
) -> None:
    counts = examples.counts()
    by_people = [choice for choice in examples.choices if choice.rare is Rare.PEOPLE]
    alone = Counter(e.kind for e in examples.epoch(Mix(0, 0, 0, 0, people=1), 0))
    assert alone == {Kind.ANSWERED: counts["answered"], Kind.TRICK: counts["trick"]}
    all_kinds = examples.epoch(ALL, 0)
    asked = Counter(e.question for e in all_kinds if e.kind in (Kind.ANSWERED, Kind.TRICK))
    assert all(asked[choice.annotated.question] == 3 for choice in by_people)
    assert Counter(e.kind for e in all_kinds)[Kind.HARD] >= counts["hard"]


def test_the_same_seed_gives_the_same_examples(
    reading: data.Reading, examples: Examples, pieces: WordPieces
) -> None:
    again = prepare(reading, pieces, seed=1)
    assert again.choices == examples.choices
    assert again.epoch(Mix(), 5) == examples.epoch(Mix(), 5)
    assert examples.epoch(Mix(), 5) != examples.epoch(Mix(), 6)
