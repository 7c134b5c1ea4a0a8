"""Imported once by the server that forks trials: what each of them would load again."""

from index.languages import language_of
from tests.articles import paragraph

language_of(paragraph(1), "en")
