"""Answers for the tests of the history, made by the program over articles in memory."""

from __future__ import annotations

from datetime import date

from index.types import Article
from qa.assistant import Assistant
from qa.retriever import Retriever
from qa.types import Answer
from tests.qa.library import CoverageReader, Library, article

QUAY = article(
    "The quay at Verden",
    "The quay at Verden was built in 1871 <by hand> & widened later.\n\n"
    "Herring *boats* called “loggers” landed there until 1954.",
    url="https://example.org/quay?a=1&b=2",
)
FAIR = article("The fair", "The spring fair opened in sunshine.", published=date(2024, 6, 1))
BUILT = "When was the quay at Verden built?"
HERRING = "Which herring boats landed there until 1954?"
UNKNOWN = "Which quay sells bananas on Sundays to sailors?"


def shelf(*articles: Article) -> Library:
    """Articles that can be changed while a test runs."""
    return Library(*(articles or (QUAY, FAIR)))


def answer(question: str = BUILT, over: Library | None = None) -> Answer:
    """What the program says to it."""
    articles = over or shelf()
    return Assistant(articles, Retriever(articles), CoverageReader()).ask(question)
