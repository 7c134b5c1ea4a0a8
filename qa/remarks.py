"""What the program itself says of an answer, in a sentence: never part of a quote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from index.types import Hit
from qa.composer import Composition
from qa.questions import unmentioned
from qa.types import Citation, TimeFrame, day

# From so many days on a source is called old.
OLD_DAYS = 180


def how_they_agree(composition: Composition, citations: Sequence[Citation]) -> str:
    """Whether the cited articles agree; empty if only one speaks."""
    proved = {(one.article_id, one.start, one.end) for one in citations}
    counts = [
        sum((quote.article_id, quote.start, quote.end) in proved for quote in said.quotes)
        for said in composition.statements
    ]
    told = [count for count in counts if count]
    if composition.at_odds and len(told) > 1:
        dated = any(citation.published for citation in citations)
        return f"The articles differ{'; the newest comes first' if dated else ''}."
    return f"{told[0]} articles agree." if len(told) == 1 and told[0] > 1 else ""


def how_old(citations: Sequence[Citation], frame: TimeFrame | None, asked_on: date) -> str:
    """Of when the newest source is, if the question is about the present and that is long past."""
    days = [citation.published for citation in citations if citation.published]
    if not days or frame is None or not frame.about_now(asked_on):
        return ""
    if (asked_on - max(days)).days > OLD_DAYS:
        return f"The newest source is old: {day(max(days))}."
    return f"The newest source is of {day(max(days))}." if frame.newest else ""


def why_not_found(question: str, hits: Sequence[Hit], frame: TimeFrame | None = None) -> str:
    """What the nearest passages lack; empty if there are none."""
    if not hits:
        return f"No article was {frame}." if frame is not None and frame.only else ""
    missing = unmentioned(question, (hit.passage.text for hit in hits))
    if missing:
        return (
            f"None of the nearest passages mentions {', '.join(f'“{name}”' for name in missing)}."
        )
    return "The nearest passages come close, but no sentence in them answers with enough certainty."
