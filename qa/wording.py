"""What was composed and proved -> the text of the answer, and its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from qa.composer import Composition, Statement
from qa.types import Citation, Part, Shape, day

Clusters = Callable[[Iterable[str]], Mapping[str, str]]


def parts(
    composition: Composition, citations: Sequence[Citation], clusters: Clusters
) -> tuple[Part, ...]:
    """Of every statement what was proved, in the order in which it is shown.

    Copies of one text, by their `clusters`, and articles that only repeat a cited sentence are
    counted, but are not independent.
    """
    return tuple(
        _part(statement, cited, clusters)
        for statement in composition.statements
        if (cited := _proved(statement, citations))
    )


def text(shape: Shape, said: Sequence[Part], citations: Sequence[Citation]) -> str:
    """The first sentence of each part, with all its markers.

    In a plain answer one follows the other. In any other each stands on a line of its own, after
    who says it, where that is asked, and its date.
    """
    shown = {citation.marker: citation.quote for citation in citations}
    lines = []
    for part in said:
        head = [part.speaker] if shape == "positions" and part.speaker else []
        head += [day(part.published)] if shape != "plain" else []
        markers = " ".join(f"[{marker}]" for marker in part.markers)
        lines.append(f"{', '.join(head)}{': ' if head else ''}{shown[part.markers[0]]} {markers}")
    return (" " if shape == "plain" else "\n").join(lines)


def _proved(statement: Statement, citations: Sequence[Citation]) -> list[Citation]:
    places = {(one.article_id, one.start, one.end): one for one in citations}
    found = ((quote.article_id, quote.start, quote.end) for quote in statement.quotes)
    return [places[place] for place in found if place in places]


def _part(statement: Statement, cited: Sequence[Citation], clusters: Clusters) -> Part:
    first, ids = cited[0], [one.article_id for one in cited]
    place = first.article_id, first.start, first.end
    quote = next(q for q in statement.quotes if (q.article_id, q.start, q.end) == place)
    return Part(
        markers=tuple(one.marker for one in cited),
        published=first.published,
        speaker=first.speaker,
        claim=quote.short,
        articles=len({*ids, *statement.repeated_in}),
        independent=len(set(clusters(ids).values())),
    )
