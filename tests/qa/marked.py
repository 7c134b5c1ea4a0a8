"""Articles of a sentence or two, and a reader that knows how sure each of them is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.types import Article, Hit, Span
from qa.assistant import Assistant
from qa.reader import Reading
from qa.retriever import Retriever
from qa.types import Answer
from tests.qa.library import Library, article

THRESHOLD = 0.5


@dataclass(frozen=True)
class Marked:
    """A Reader that knows how sure each sentence is, and the words in it that answer."""

    known: dict[str, tuple[str, float]]
    threshold: float = THRESHOLD

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        readings = []
        for hit in hits:
            for span in hit.passage.sentences:
                sentence = hit.passage.text_at(span)
                short, score = self.known.get(sentence, ("", 0.0))
                at = span.start + sentence.index(short)
                found = Span(at, at + len(short)) if short else None
                readings.append(Reading(hit, span, score / 2, found, score))
        return sorted(readings, key=lambda reading: -reading.score)


def ask(question: str, *told: tuple[Article, str, float], day: date = date(2024, 6, 1)) -> Answer:
    """Of articles of one sentence each, the words that answer and how sure that is."""
    articles = Library(*(one for one, _, _ in told))
    reader = Marked({one.text: (short, score) for one, short, score in told})
    answer = Assistant(articles, Retriever(articles), reader).ask(question, asked_on=day)
    for citation in answer.citations:
        text = articles.article(citation.article_id).text
        assert text[citation.start : citation.end] == citation.quote
        assert citation.speaker in citation.quote
    return answer


def on(day: int, title: str, text: str) -> Article:
    return article(title, text, published=date(2024, 5, day))


LOW = 0.3  # less than an answer would need
