"""Old answers against the articles as they are now, and what was thought of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.errors import DamageError, NotFoundError
from index.types import Span
from qa.citations import stands
from qa.records import Shelf
from qa.records_types import Checked, KeptTurn
from qa.types import Answer, Citation


def check(answer: Answer, articles: Shelf) -> tuple[Checked, ...]:
    """Prove every quote of an answer again; one for each citation, in their order."""
    return tuple(_checked(citation, articles) for citation in answer.citations)


def _checked(citation: Citation, articles: Shelf) -> Checked:
    try:
        article = articles.article(citation.article_id)
    except NotFoundError:
        return Checked(citation, "removed")
    except DamageError:
        return Checked(citation, "damaged")
    if stands(citation, article):
        return Checked(citation, "same", Span(citation.start, citation.end))
    start = article.text.find(citation.quote)
    found = Span(start, start + len(citation.quote)) if start >= 0 else None
    return Checked(citation, "changed", found)


def evaluation_set(turns: Iterable[KeptTurn]) -> Iterator[dict[str, object]]:
    """Rated turns as questions with known answers, in the layout of the news questions that
    `python -m bench` reads.

    An answer called right gives its words and its articles; one with the wrong source only its
    words. One called wrong gives neither, and says what was answered.
    """
    for turn in turns:
        if turn.rating is None:
            continue
        answer, verdict = turn.answer, turn.rating.verdict
        short = answer.short_answer or (answer.citations[0].quote if answer.citations else "")
        relevant = sorted(
            {
                turn.references[one.article_id].origin
                for one in answer.citations
                if one.article_id in turn.references
            }
        )
        yield {
            "question_id": f"history-{turn.id}",
            "date": turn.asked_on.isoformat(),
            "question": answer.asked_as,
            "answers": [short] if short and verdict != "wrong" else [],
            "relevant": relevant if verdict == "right" else [],
            "gold": relevant if verdict == "right" else [],
            "verdict": verdict,
            "note": turn.rating.note,
            "given": short,
            "given_from": relevant,
            "confidence": answer.confidence,
        }
