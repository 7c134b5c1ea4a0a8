"""PDF files: words and places by pypdfium2, lines by `pdf_layout`, their order by `pdf_columns`.

Of the dates, one that is printed goes first, then the publication date in the metadata (XMP), then
the day on which the file was made, which for a paper or report is the day it was issued. A page
that somebody printed into a PDF was made when it was saved, and a copy of something older when it
was copied: that says nothing, and is not used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from index.errors import LoadError
from index.loaders.datelines import DATELINE_CHARACTERS, dates_in
from index.loaders.documents import of_document, usable_title
from index.loaders.draft import Draft
from index.loaders.metadata import parse_date
from index.loaders.normalising import one_line, rejoined
from index.loaders.parsing import needing
from index.loaders.pdf_columns import in_reading_order
from index.loaders.pdf_layout import (
    Page,
    Piece,
    flowing,
    is_gap,
    together,
    without_margins,
)

# A page takes about 5 ms; the time limit would stop longer ones anyway, and say less.
MAX_PAGES = 2_000
MAX_WORDS = 20_000
# A heading is larger than the text around it by this.
HEADING = 1.25
HEADING_CHARACTERS = 250
# A file that was made later than this after a day that its first lines name is a new copy of
# something older: both manuals that this was tried on had been built years after they appeared.
MADE_LATER = timedelta(days=31)
FIRST_LINES = 12

# Programs that print or save what is on the screen, and libraries by which sites and people make
# PDFs of what has appeared elsewhere.
_PRINTERS = re.compile(
    r"skia/pdf|chrom(?:e|ium)|mozilla|firefox|safari|quartz pdfcontext|webkit|wkhtmltopdf"
    r"|print to pdf|pdfcreator|cutepdf|headless|weasyprint|cairo|edge|opera|ios version"
    r"|reportlab|fpdf|tcpdf|mpdf|dompdf|jspdf|pdf-lib|pdfkit|mupdf|pypdf|pikepdf|matplotlib",
    re.IGNORECASE,
)
_DAY = re.compile(r"D?:?(\d{4})(\d\d)(\d\d)")
# The library writes this for a hyphen at the end of a line, and no line end after it.
_LINE = re.compile(r"[^\n\x02\ufffe]+[\x02\ufffe]?")
_WORD = re.compile(r"\S+")
# Its own marks, and the hyphen with which some programs break words.
_HYPHENS = "\x02\ufffe\u2010"
_ISSUED = re.compile(
    rb"prism:(?:publicationDate|coverDate|onlineDate)(?:>|=[\"'])\s*([\dT:+Z.-]{8,30})"
)


def draft(data: bytes, name: str) -> Draft:
    """Raises LoadError for what is no readable PDF, is locked, or has no text but pictures."""
    try:
        import pypdfium2
    except ImportError as error:
        raise needing("pdf", "PDF files") from error
    try:
        document: Any = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise LoadError("a PDF that needs a password" if locked else "a damaged PDF") from error
    try:
        facts = document.get_metadata_dict()
        if len(document) > MAX_PAGES:
            raise LoadError(f"{len(document):,} pages in one PDF; at most {MAX_PAGES:,} are read")
        pages = [_page(document, number) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise LoadError("a damaged PDF") from error
    finally:
        document.close()
    if not any(page.pieces for page in pages):
        raise LoadError("no text in this PDF: its pages are pictures")
    read = [in_reading_order(found) for found in without_margins(pages)]
    found = rejoined("\n".join(flowing([line for lines in read for line in lines])))
    published, modified = _dates(facts, data, found)
    return of_document(
        found,
        name,
        title=facts.get("Title", ""),
        heading="" if usable_title(facts.get("Title", "")) else _heading(read[0]),
        author=facts.get("Author", ""),
        published=published,
        modified=modified,
    )


def _page(document: Any, number: int) -> Page:
    page = document[number]
    words = page.get_textpage()
    try:
        return Page(list(_pieces(words)), page.get_height())
    finally:
        words.close()
        page.close()


def _pieces(page: Any) -> Iterator[Piece]:
    """The words of each line that the library tells, up to a gap as wide as that of columns.

    Their boxes are those of the font, equally high for all its letters: where a program has put
    each letter in its place by itself, the letters' own boxes say nothing about lines.
    """
    text = page.get_text_range()
    if (count := len(text.split())) > MAX_WORDS:
        raise LoadError(f"{count:,} words on one page")
    place = _places(page, text)
    for line in _LINE.finditer(text):
        piece: Piece | None = None
        for found in _WORD.finditer(text, *line.span()):
            first, last = place(found.start()), place(found.end() - 1)
            if first < 0 or last < 0:
                continue
            left, bottom, right, top = page.get_charbox(first, loose=True)
            right = max(page.get_charbox(last, loose=True)[2], right)
            is_last = text[found.end() : line.end()].isspace() or found.end() == line.end()
            word = Piece(left, bottom, right, top, _with_hyphen(found[0]) if is_last else found[0])
            if piece and not is_gap(piece, word):
                piece = together(piece, word, " ")
                continue
            if piece:
                yield piece
            piece = word
        if piece:
            yield piece


def _places(page: Any, text: str) -> Callable[[int], int]:
    """Positions in the page's text -> its characters, of which some are not in the text; or -1."""
    if page.count_chars() == len(text):
        return lambda position: position
    from pypdfium2 import raw

    return lambda position: int(raw.FPDFText_GetCharIndexFromTextIndex(page, position))


def _with_hyphen(word: str) -> str:
    return f"{word[:-1]}-" if word[-1] in _HYPHENS else word


def _heading(found: list[Piece]) -> str:
    """The largest letters of the first page, if they are larger than its text."""
    if len(found) < 3:
        return ""
    sizes = sorted(one.height for one in found)
    largest = sizes[-1]
    if largest < HEADING * sizes[len(sizes) // 2]:
        return ""
    big = [one.text for one in found if one.height > 0.9 * largest]
    heading = one_line(" ".join(big))
    return heading if len(heading) <= HEADING_CHARACTERS else ""


def _dates(
    facts: Mapping[str, str], data: bytes, found: list[str]
) -> tuple[date | None, date | None]:
    """(published, modified) by the metadata of a file with these paragraphs."""
    issued = next(_issued(data), None)
    made_by = f"{facts.get('Producer', '')} {facts.get('Creator', '')}"
    if _PRINTERS.search(made_by):
        return issued, None
    created, changed = (_day(facts.get(key, "")) for key in ("CreationDate", "ModDate"))
    # Made today or yesterday: most likely by who adds it.
    is_new = created and created >= datetime.now(UTC).date() - timedelta(days=1)
    if created and (is_new or any(day < created - MADE_LATER for day in _named(found))):
        created = None
    published = issued or created
    return published, changed if changed and published and changed > published else None


def _named(found: list[str]) -> Iterator[date]:
    """Days that the first lines name, whatever they say of them."""
    for line in found[:FIRST_LINES]:
        if len(line) <= 2 * DATELINE_CHARACTERS:
            yield from (day for _, day in dates_in(line))


def _issued(data: bytes) -> Iterator[date]:
    # XMP is left uncompressed, so that it can be found like this.
    for value in _ISSUED.findall(data):
        if day := parse_date(value.decode("ascii").replace(".", "-")):
            yield day


def _day(value: str) -> date | None:
    found = _DAY.match(value.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
