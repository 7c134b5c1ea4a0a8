"""News quiz questions to train on: those of 2022, with the passages that the retriever finds.

What is marked is not where the answer stands but which articles have it, so a passage of these
that holds the answer's words counts as answering: with several passages of several articles for
each question, seldom wrongly. Passages without these words are the negatives, the best first (more
often wrongly: "Roberts" answers where "John Roberts" is sought): the very ones that a user's
question is read with. Later years choose and confirm (calibrate.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from bench import news, squad
from index.types import Hit, Span
from qa.retriever import Retriever
from training.data import NEWS, Paragraph, Question, Reading, occurrence

# Hits that are looked at, and of them how many that answer (at most so many of one article, which
# says the same twice) and how many that do not.
FOUND, ANSWERING, OF_ONE_ARTICLE, LACKING = 40, 6, 2, 6


def append(reading: Reading, folder: Path, cache: Path) -> None:
    """Add the questions that are trained on and their passages; `cache` keeps the collection."""
    asked = news.questions(folder / "news" / "questions-2022-2023.jsonl")
    places: dict[int, int] = {}
    with news.collection(folder, cache) as collection:
        articles = {article.id: article for article in collection.articles()}
        origins = {article.id: article.origin for article in articles.values()}
        retriever = Retriever(collection)
        for question in tqdm(asked, "finding passages", disable=None):
            if question.asked_on.year > news.TRAINED_UNTIL:
                continue
            for hit, span in _chosen(question, news.found(retriever, question, FOUND), origins):
                passage = hit.passage
                if passage.id not in places:
                    places[passage.id] = len(reading.paragraphs)
                    # A passage is an article of its own here: another of the same one may answer.
                    reading.paragraphs.append(
                        Paragraph(
                            f"{NEWS}/{passage.id}", articles[passage.article_id].title, passage.text
                        )
                    )
                reading.questions.append(
                    Question(
                        question.question,
                        places[passage.id],
                        (passage.text[span.start : span.end],) if span else (),
                        span,
                        NEWS,
                    )
                )


def answer_in(question: str, text: str, answers: Sequence[str]) -> Span | None:
    """Where one of the answers stands, in any case; the first of the answers that does."""
    for answer in answers:
        if found := re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text, re.IGNORECASE):
            at = occurrence(question, text, found.group(), found.start())
            return Span(at, at + len(found.group()))
    return None


def _chosen(
    question: news.QuizQuestion, hits: Sequence[Hit], origins: dict[str, str]
) -> list[tuple[Hit, Span | None]]:
    answering: list[tuple[Hit, Span | None]] = []
    lacking: list[tuple[Hit, Span | None]] = []
    per_article: Counter[str] = Counter()
    for hit in hits:
        article = hit.passage.article_id
        if not squad.holds(hit.passage.text, question.answers):
            lacking.append((hit, None))
        elif origins[article] in question.relevant | question.gold:
            span = answer_in(question.question, hit.passage.text, question.answers)
            if span and per_article[article] < OF_ONE_ARTICLE:
                per_article[article] += 1
                answering.append((hit, span))
    return answering[:ANSWERING] + lacking[:LACKING]
