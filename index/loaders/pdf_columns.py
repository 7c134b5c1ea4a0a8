"""Lines of a page -> their order in columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from index.loaders.pdf_layout import Piece, is_level, together

# The longer quarter of the lines of a column of text are longer than the cells of a table, which
# are read row by row.
COLUMN_CHARACTERS = 22
COLUMN_LINES = 3
# Lines of a column begin as near to each other, in points; of those beside it fewer than this part
# go across the edge (headings, pictures' captions).
NEAR = 3
ACROSS = 0.25


def in_reading_order(found: Sequence[Piece]) -> list[Piece]:
    """Lines as `lines` gives them, column by column.

    One that goes across columns is read before those below it.
    """
    columns = _columns(found)
    if len(columns) < 2:
        return list(found)
    return _whole_lines(_by_column(found, columns))


def _by_column(found: Sequence[Piece], columns: Sequence[tuple[float, float]]) -> list[Piece]:
    ordered: list[Piece] = []
    band: list[list[Piece]] = [[] for _ in columns]
    for line in found:
        within = [n for n, (left, right) in enumerate(columns) if _lies(line, left, right)]
        if within:
            band[within[0]].append(line)
            continue
        ordered += (one for column in band for one in column)
        band = [[] for _ in columns]
        ordered.append(line)
    return [*ordered, *(one for column in band for one in column)]


def _whole_lines(ordered: Iterable[Piece]) -> list[Piece]:
    """With the parts of each line of a column as one: justified words can be far apart."""
    whole: list[Piece] = []
    for one in ordered:
        last = whole[-1] if whole else None
        if last and one.left >= last.right and is_level(last, one):
            whole[-1] = together(last, one, " ")
        else:
            whole.append(one)
    return whole


def _lies(line: Piece, left: float, right: float) -> bool:
    return left - NEAR <= line.left and line.right <= right + NEAR


def _columns(found: Sequence[Piece]) -> list[tuple[float, float]]:
    """Left and right edges of the columns, from left to right; one or none if it is plain text.

    Lines of a column begin at one edge, and where it stands beside another, those of that one end
    before it: indented lines begin at one edge too, but those around them go on beyond it.
    """
    edges = list[float]()
    for edge, own in _edges(found):
        bottom, top = min(one.bottom for one in own), max(one.top for one in own)
        beside = [
            one
            for one in found
            if (edges[-1] - NEAR if edges else 0) <= one.left < edge - NEAR
            and bottom <= one.middle <= top
        ]
        across = [one for one in beside if one.right > edge]
        if not edges or (_is_text(beside) and len(across) < ACROSS * len(beside)):
            edges.append(edge)
    if not edges:
        return []
    ends = [edge - NEAR for edge in edges[1:]] + [max(one.right for one in found)]
    return list(zip(edges, ends, strict=True))


def _edges(found: Sequence[Piece]) -> Iterator[tuple[float, list[Piece]]]:
    """Where several lines of text begin, from left to right, with these lines."""
    group = list[Piece]()
    for one in (*sorted(found, key=lambda one: one.left), None):
        if group and (one is None or one.left > group[0].left + NEAR):
            if _is_text(group):
                yield group[0].left, group
            group = []
        if one:
            group.append(one)


def _is_text(group: Sequence[Piece]) -> bool:
    """Whether they are lines of a text: some are full, as the cells of a table are not."""
    if len(group) < COLUMN_LINES:
        return False
    lengths = sorted(len(one.text) for one in group)
    return lengths[3 * len(lengths) // 4] >= COLUMN_CHARACTERS
