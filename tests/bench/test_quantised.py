"""`python -m bench quantised`: the same articles and questions for both."""

from __future__ import annotations

from pathlib import Path

from bench import quantised
from tests.doubles import WordEmbedder


def test_what_is_asked_is_answered_by_the_articles_that_are_taken(news_folder: Path) -> None:
    asked, articles = quantised.chosen(news_folder, 2)
    assert len(articles) == 2
    assert asked
    origins = {one.origin for one in articles}
    assert all(one.relevant & origins for one in asked)
    found = quantised.found(WordEmbedder(), asked, articles)
    assert found.dense.shape == found.hybrid.shape == (len(asked), len(quantised.DEPTHS))
    assert found.hybrid[:, -1].all()  # of two articles ten are wanted


def test_a_difference_is_told_in_points_and_with_its_sign() -> None:
    assert quantised.told("hit@1", 0.9, 0.894).split() == ["hit@1", "0.900", "0.894", "-0.60"]
