"""Passages that do not answer a question, the hard ones first."""

from __future__ import annotations

import random
from collections.abc import Sequence

from index.lexical import LexicalIndex, Lexicon, Part
from index.passages import sentences
from index.types import Span
from training.data import Question, Reading
from training.swaps import Names, Swap, swaps

# Best paragraphs by BM25 that are kept of each question; an epoch draws one of them.
KEPT = 3
# Of the questions that allow it, how many are negated: few, or "n't" alone would mean "no answer".
_NEGATED_SHARE = 0.06


def hard(reading: Reading) -> list[tuple[int, ...]]:
    """For every question, other paragraphs of its article without any of its answers.

    The best by BM25, best first, by the project's own lexical index; at most KEPT.
    """
    asked: dict[str, list[int]] = {}
    for position, question in enumerate(reading.questions):
        asked.setdefault(reading.paragraphs[question.paragraph].article, []).append(position)
    found: list[tuple[int, ...]] = [()] * len(reading.questions)
    for article, members in reading.articles().items():
        if article not in asked:
            continue
        index = LexicalIndex.build(("", reading.paragraphs[n].text) for n in members)
        words = Lexicon([Part(index)])
        for position in asked[article]:
            question = reading.questions[position]
            rows, _ = words.search(question.text, 10)
            best = (members[row] for row in rows.tolist())
            foreign = (n for n in best if _foreign(reading, question, n))
            found[position] = tuple(n for n, _ in zip(foreign, range(KEPT), strict=False))
    return found


def swapped(reading: Reading, seed: int) -> list[tuple[Swap, ...]]:
    """For every answered question, changed ones that its own paragraph does not answer."""
    names = {
        article: Names.of([reading.paragraphs[n].text for n in members])
        for article, members in reading.articles().items()
    }
    taken = {question.text for question in reading.questions}
    draw = random.Random(seed)
    made: list[tuple[Swap, ...]] = []
    for question in reading.questions:
        if question.span is None:
            made.append(())
            continue
        paragraph = reading.paragraphs[question.paragraph]
        possible = swaps(question.text, paragraph.text, names[paragraph.article], draw)
        made.append(
            tuple(
                swap
                for swap in possible
                if swap.question not in taken
                and (swap.kind != "negation" or draw.random() < _NEGATED_SHARE)
            )
        )
    return made


def cut(question: Question, text: str) -> Span | None:
    """The sentences of `text` that hold the answer, to be left out.

    None if an answer would still be there, or hardly any text.
    """
    if question.span is None:
        return None
    start, end = question.span
    spans = [s for s in sentences(text) if s.start < end and s.end > start]
    if not spans:
        return None
    left_out = Span(spans[0].start, spans[-1].end)
    rest = text[: left_out.start] + " " + text[left_out.end :]
    return left_out if len(rest.split()) >= 25 and _lacks(rest, question.answers) else None


def another(reading: Reading, question: Question, draw: random.Random) -> int | None:
    """A paragraph of another article without any of the answers; None if chance finds none."""
    own = reading.paragraphs[question.paragraph]
    for _ in range(100):
        position = draw.randrange(len(reading.paragraphs))
        other = reading.paragraphs[position]
        if other.article != own.article and _lacks(other.text, question.answers):
            return position
    return None


def _foreign(reading: Reading, question: Question, position: int) -> bool:
    return position != question.paragraph and _lacks(
        reading.paragraphs[position].text, question.answers
    )


def _lacks(text: str, answers: Sequence[str]) -> bool:
    lower = text.lower()
    return not any(answer.lower().strip(" .,\"'") in lower for answer in answers)
