import itertools

import numpy as np
import pytest

from index.passages import sentences
from index.terms import content_words, stems
from index.types import Article, Hit, Passage
from qa.similarity import BIAS, WEIGHTS, Features, SimilarityReader, probability
from tests.doubles import WordEmbedder
from tests.qa.library import article, passage

DAM = article(
    "Dam",
    "The dam at Karst was finished in 1931. It holds back 40 metres of water. "
    "Engineers built it because the valley flooded every spring. "
    "Visitors can walk along the top near Lake Oru. Anna Virtanen drew the plans.",
)
HERRING = article("Herring", "Herring is salted on the quay. The season ends in March.")


def hit(of: Article, id: int = 1, score: float = 0.5) -> Hit:
    return Hit(passage(of, id), score, "fused")


def features_by_text(question: str, *hits: Hit) -> dict[str, Features]:
    found = SimilarityReader(WordEmbedder()).features(question, hits)
    texts = {(h.passage.id, span): (h.passage, span) for h in hits for span in h.passage.sentences}
    assert texts.keys() == found.keys()
    return {at.text_at(span): found[key] for key, (at, span) in texts.items()}


def test_every_sentence_of_every_hit_is_judged_once_best_first() -> None:
    hits = [hit(DAM, 1), hit(HERRING, 2)]
    readings = SimilarityReader(WordEmbedder()).read("Who built the dam at Karst?", hits)
    judged = sorted((reading.hit.passage.id, reading.sentence) for reading in readings)
    assert judged == [(h.passage.id, span) for h in hits for span in h.passage.sentences]
    assert all(0 <= reading.score <= 1 for reading in readings)
    assert all(one.score >= other.score for one, other in itertools.pairwise(readings))
    articles = {1: DAM, 2: HERRING}
    for reading in readings:
        span = reading.sentence
        assert reading.text == articles[reading.hit.passage.id].text[span.start : span.end]


def test_nothing_is_judged_without_hits() -> None:
    assert SimilarityReader(WordEmbedder()).read("Who built the dam?", []) == []


def test_the_same_question_is_judged_the_same_again_and_beside_other_hits() -> None:
    reader = SimilarityReader(WordEmbedder())
    alone = reader.read("When was the dam finished?", [hit(DAM)])
    beside = reader.read("When was the dam finished?", [hit(HERRING, 2), hit(DAM)])
    assert alone == reader.read("When was the dam finished?", [hit(DAM)])
    assert [r for r in beside if r.hit.passage.id == 1] == alone


def test_a_passage_inside_an_article_is_read_at_its_own_place() -> None:
    spans = tuple(sentences(DAM.text)[2:4])
    start, end = spans[0].start, spans[-1].end
    cut = Hit(Passage(7, DAM.id, start, end, DAM.text[start:end], spans), 0.5, "fused")
    readings = SimilarityReader(WordEmbedder()).read("Why was the dam built?", [cut])
    assert {r.text for r in readings} == {DAM.text[s.start : s.end] for s in spans}


def test_similarity_is_the_cosine_of_sentence_and_question() -> None:
    question, embedder = "When was the dam at Karst finished?", WordEmbedder()
    asked = embedder.embed_questions([question])[0]
    found = features_by_text(question, hit(DAM))
    cosines = dict(zip(found, embedder.embed_passages(list(found)) @ asked, strict=True))
    assert {text: f.similarity for text, f in found.items()} == pytest.approx(cosines)
    best = [pytest.approx(max(cosines.values()))] * len(found)
    assert [f.passage_similarity for f in found.values()] == best


def test_coverage_is_the_share_of_the_questions_terms() -> None:
    question = "When did engineers finish the dam?"
    terms = set(stems(" ".join(content_words(question))))
    for text, found in features_by_text(question, hit(DAM)).items():
        assert found.coverage == pytest.approx(len(terms & set(stems(text))) / len(terms))


def test_the_retrievers_score_is_a_feature_between_zero_and_one() -> None:
    for score, expected in ((0.25, 0.25), (-1.0, 0.0), (7.0, 1.0)):
        found = features_by_text("Who built the dam?", hit(DAM, score=score))
        assert {f.passage_score for f in found.values()} == {expected}


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("How many metres of water does the dam hold?", "40"),
        ("When was the dam finished?", "1931"),
        ("Why was the dam built?", "because"),
        ("Where can visitors walk?", "near Lake Oru"),
    ],
)
def test_a_sentence_with_what_the_question_word_asks_for_is_told_apart(
    question: str, word: str
) -> None:
    missing = {f.kind_missing for f in features_by_text(question, hit(DAM)).values()}
    assert 1 in missing
    for text, found in features_by_text(question, hit(DAM)).items():
        if word in text:
            assert found.kind_missing == 0, text


def test_what_the_question_says_itself_is_no_answer_to_it() -> None:
    page = article("Page", "Two dams were built.")
    (found,) = features_by_text("How many visitors came to the two dams?", hit(page)).values()
    assert found.kind_missing == 1


def test_a_question_without_a_question_word_asks_for_no_kind() -> None:
    for found in features_by_text("the dam at Karst", hit(DAM)).values():
        assert found.kind_missing == 0


def test_typographic_marks_make_no_difference() -> None:
    curly = article("Page", "The miller’s house — built in 1870 — isn’t old.")
    plain = article("Page", "The miller's house - built in 1870 - isn't old.")
    (one,) = features_by_text("How old is the miller's house?", hit(curly)).values()
    (other,) = features_by_text("How old is the miller’s house?", hit(plain)).values()
    assert one == pytest.approx(other)


def test_a_question_without_any_term_is_covered_by_nothing() -> None:
    assert {f.coverage for f in features_by_text("Why?", hit(DAM)).values()} == {0}


def test_the_score_is_the_logistic_of_the_weighted_features() -> None:
    features = Features(0.8, 0.9, 0.5, 0.6, 1.0)
    weighted = float(np.dot(WEIGHTS, features)) + BIAS
    assert probability(features) == pytest.approx(1 / (1 + np.exp(-weighted)))
