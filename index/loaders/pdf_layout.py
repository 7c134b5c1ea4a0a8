"""Pieces of text on pages -> lines and paragraphs, without what repeats on every page.

A piece is some words with their place; coordinates are points from the lower left corner.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.loaders.normalising import LIST_ITEM

# A gap this many times the height of the letters ends a piece of a line: columns stand apart.
COLUMN_GAP = 1.2
# Where the library ends a line, and another one begins beside it, less tells columns: they can be
# set as close as that, and the words of justified lines farther apart.
LINE_GAP = 0.6
# A space between words is at least this wide; between letters of two fonts there is less.
WORD_GAP = 0.18
# Space between lines beyond the usual that begins a paragraph.
PARAGRAPH_SPACE = 1.35
# Parts of the page's height in which headers and footers stand.
MARGIN = 0.12

_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"\W*(?:page\s*)?#(?:\s*(?:of|/|\|)\s*#)?\W*", re.IGNORECASE)
# What browsers print around a page: the address with the number of the page, and the time.
_PRINTED = re.compile(
    r"(?:https?|file)://\S+(?:\s+\d+\s?(?:/|of)\s?\d+)?"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? +\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Words on one line, and their place."""

    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def height(self) -> float:
        """Of its letters, in points."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """Height of its middle on the page."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Page:
    """The pieces of a page in any order, and how high it is."""

    pieces: Sequence[Piece]
    height: float


def lines(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces from top to bottom, those of one height from left to right.

    Pieces that stand side by side become one, unless a column's gap is between them.
    """
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: (-one.middle, one.left)):
        row = rows[-1] if rows else None
        if row and is_level(row[0], piece):
            row.append(piece)
        else:
            rows.append([piece])
    return [line for row in rows for line in _joined(sorted(row, key=lambda one: one.left))]


def _joined(row: list[Piece]) -> Iterator[Piece]:
    current = row[0]
    for piece in row[1:]:
        if is_gap(current, piece, LINE_GAP):
            yield current
            current = piece
            continue
        is_apart = piece.left - current.right > WORD_GAP * max(current.height, piece.height)
        space = " " if is_apart and not current.text.endswith((" ", "-")) else ""
        current = together(current, piece, space)
    yield current


def is_gap(one: Piece, other: Piece, least: float = COLUMN_GAP) -> bool:
    """Whether the space between two that stand side by side may be that of columns."""
    return other.left - one.right > least * max(one.height, other.height)


def is_level(one: Piece, other: Piece) -> bool:
    """Whether two pieces stand on one line."""
    return abs(one.middle - other.middle) < 0.5 * min(one.height, other.height)


def together(one: Piece, other: Piece, space: str) -> Piece:
    """Two that stand side by side as one."""
    return Piece(
        one.left,
        min(one.bottom, other.bottom),
        max(one.right, other.right),
        max(one.top, other.top),
        f"{one.text}{space}{other.text}",
    )


def without_margins(pages: Sequence[Page]) -> list[list[Piece]]:
    """The lines of each page without page numbers, and headers and footers that repeat."""
    read = [_placed_lines(page) for page in pages]
    places = [{place for _, place in found if place[0]} for found in read]
    kept: list[list[Piece]] = []
    for number, found in enumerate(read):
        # Those of a chapter stand on its pages only, those of left and right pages on every other.
        near = places[max(number - 2, 0) : number] + places[number + 1 : number + 3]
        elsewhere = set[tuple[str, str]]().union(*near)
        stays = [
            line
            for line, place in found
            if place not in elsewhere and not (place[0] and _PAGE_NUMBER.fullmatch(place[1]))
        ]
        # A short word of a line may stand at the edge of two pages; a header is all of its line.
        kept.append(
            [line for line, _ in found if any(line is one or is_level(line, one) for one in stays)]
        )
    return kept


def _placed_lines(page: Page) -> list[tuple[Piece, tuple[str, str]]]:
    """The lines with their places, but those that a browser has printed around the page."""
    found = [(line, _place(line, page)) for line in lines(page.pieces)]
    return [
        (line, place)
        for line, place in found
        if not (place[0] and _PRINTED.fullmatch(line.text.strip()))
    ]


def _place(line: Piece, page: Page) -> tuple[str, str]:
    """(margin, words without their numbers); the margin is "" inside the page."""
    share = line.middle / page.height if page.height else 0.5
    margin = "top" if share > 1 - MARGIN else "bottom" if share < MARGIN else ""
    return margin, _NUMBER.sub("#", line.text.casefold()).strip()


def flowing(found: Sequence[Piece]) -> Iterator[str]:
    """The lines in order, with an empty one before each that begins a paragraph."""
    if not found:
        return
    steps = sorted(
        above.middle - below.middle
        for above, below in itertools.pairwise(found)
        if 0 < above.middle - below.middle < 4 * above.height
    )
    # Where paragraphs have two lines each, half of the steps are those between paragraphs.
    usual = steps[len(steps) // 4] if steps else 0
    yield found[0].text
    for above, line in itertools.pairwise(found):
        if _begins_paragraph(above, line, usual):
            yield ""
        yield line.text


def _begins_paragraph(above: Piece, line: Piece, usual: float) -> bool:
    if LIST_ITEM.match(line.text):
        return True
    step = above.middle - line.middle
    if step <= 0 or step > 4 * max(above.height, usual):  # the next column, or page
        return not _goes_on(above.text, line.text)
    if step > PARAGRAPH_SPACE * usual or abs(above.height - line.height) > 0.3 * above.height:
        return True
    indented = line.left - above.left
    return 0.8 * line.height < indented < 6 * line.height and above.text.rstrip()[-1:] in '.!?”"’'


def _goes_on(above: str, below: str) -> bool:
    """Whether a paragraph goes on from one column or page to the next."""
    return above.rstrip()[-1:] not in tuple('.!?:”"’)') or below[:1].islower()
