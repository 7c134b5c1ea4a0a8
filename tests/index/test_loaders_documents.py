"""Office documents and books: their text in order, and only the dates that say something."""

from __future__ import annotations

import contextlib
import io
import zipfile
from datetime import date, datetime

import pytest

from index.errors import LoadError
from tests.index.office import docx, epub, odt, zipped
from tests.index.test_loaders import load, refusal
from tests.index.test_loaders_text import FIRST, LAST, SECOND, THIRD, TITLE

BODY = [("", FIRST), ("", SECOND), ("", THIRD), ("", LAST)]
TEXT = "\n\n".join((FIRST, SECOND, THIRD, LAST))

# Word


def test_a_word_document_is_its_body() -> None:
    data = docx(
        [("Title", TITLE), *BODY],
        author="Ann Ek; Bo Aas",
        modified=datetime(2024, 2, 9, 12),
        header="The Sound Herald, confidential",
    )
    article = load(data, "ferry.docx")
    assert (article.title, article.text) == (TITLE, TEXT)
    assert article.authors == ("Ann Ek", "Bo Aas")
    assert (article.published, article.modified) == (None, date(2024, 2, 9))


def test_a_word_document_is_known_by_its_content() -> None:
    assert load(docx(BODY), "ferry.txt").text == TEXT


def test_when_a_word_file_was_created_is_not_when_the_article_appeared() -> None:
    dated = docx([("Title", TITLE), ("", "By Ann Ek, 6 February 2024"), *BODY])
    assert load(dated, "a.docx").published == date(2024, 2, 6)
    assert load(docx(BODY), "a.docx").published is None


def test_a_title_or_author_that_a_program_wrote_is_none() -> None:
    data = docx([("Heading 1", TITLE), *BODY], title="Document1", author="python-docx")
    article = load(data, "a.docx")
    assert (article.title, article.authors) == (TITLE, ())


def test_tables_of_a_word_document_are_read_row_by_row() -> None:
    article = load(docx(BODY, table=[["Winter", "Days of ice"], ["1987", "74"]]), "a.docx")
    assert article.text == f"{TEXT}\n\nWinter | Days of ice\n\n1987 | 74"


def test_deleted_and_hidden_text_of_a_word_document_is_not_read() -> None:
    with zipfile.ZipFile(io.BytesIO(docx(BODY))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    run = b"<w:r><w:t>%s</w:t></w:r>"
    changed = (
        b"<w:p><w:ins>" + run % b"The sledges came " + b"</w:ins>"
        b"<w:del><w:r><w:delText>at noon, as he said, </w:delText></w:r></w:del>"
        b"<w:r><w:rPr><w:vanish/></w:rPr><w:t>SECRET</w:t></w:r>" + run % b"in the evening.</w:t>"
        b"</w:r><w:r><w:t>" + b"</w:p>"
    )
    name = "word/document.xml"
    files[name] = files[name].replace(b"<w:sectPr", changed + b"<w:sectPr", 1)
    text = load(zipped(files), "a.docx").text
    assert text.endswith("The sledges came in the evening.")


# OpenDocument


def odt_body(*paragraphs: str) -> str:
    return "".join(f"<text:p>{text}</text:p>" for text in paragraphs)


def test_an_open_document_is_its_body() -> None:
    heading = f'<text:h text:outline-level="1">{TITLE}</text:h>'
    skipped = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Deleted.</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
    )
    note = (
        '<text:note text:note-class="footnote"><text:note-body><text:p>A note.</text:p>'
        "</text:note-body></text:note>"
    )
    body = skipped + heading + odt_body(FIRST + note, SECOND, THIRD, LAST)
    meta = (
        "<dc:title>Other</dc:title><meta:initial-creator>Ann Ek</meta:initial-creator>"
        "<meta:creation-date>2019-01-01T10:00:00</meta:creation-date>"
        "<dc:date>2024-02-09T08:00:00</dc:date><dc:language>en-GB</dc:language>"
    )
    article = load(odt(body, meta), "ferry.odt")
    assert (article.title, article.text) == (TITLE, TEXT)
    assert (article.authors, article.language) == (("Ann Ek",), "en")
    assert (article.published, article.modified) == (None, date(2024, 2, 9))


def test_an_open_document_keeps_its_lists_tables_and_breaks() -> None:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    body = odt_body(FIRST) + (
        f"<text:list><text:list-item><text:p>{SECOND}</text:p></text:list-item></text:list>"
        f"<table:table><table:table-row>{cell.format('Winter')}{cell.format('1987')}"
        "</table:table-row></table:table>"
        "<text:p>Ice<text:s/>on<text:tab/>the<text:line-break/>sound.</text:p>"
    )
    assert load(odt(body), "a.odt").text == (
        f"{FIRST}\n\n{SECOND}\n\nWinter | 1987\n\nIce on the sound."
    )


def test_a_spreadsheet_is_refused_by_name() -> None:
    sheet = zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"})
    assert "spreadsheet" in refusal(sheet, "a.ods")


# Rich text


def test_rich_text_keeps_its_letters_and_properties() -> None:
    quoted = SECOND
    for letter, word in (("“", "ldblquote"), ("”", "rdblquote"), ("’", "rquote")):
        quoted = quoted.replace(letter, f"\\{word} ")
    data = (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Times;}}{\info{\title Caf\'e9 on the ice}"
        r"{\author Zo\u235?  Aas}{\revtim\yr2024\mo2\dy9\hr8}}\f0 "
        rf"The ferry\par {quoted}\par \u8220?Ice,\u8221? he said on the quay of the island.\par"
        "}"
    )
    article = load(data, "a.rtf")
    assert article.title == "Café on the ice"
    assert article.authors == ("Zoë Aas",)
    assert article.text == f"The ferry\n\n{SECOND}\n\n“Ice,” he said on the quay of the island."
    assert (article.published, article.modified) == (None, date(2024, 2, 9))


# Books


def test_a_book_is_its_chapters_in_the_order_of_the_spine() -> None:
    chapters = {
        "b.xhtml": f"<h1>Second</h1><p>{THIRD}</p><p>{LAST}</p>",
        "a.xhtml": f"<h1>First</h1><p>{FIRST}</p><p>{SECOND}</p>",
        "toc.xhtml": "<nav><ol><li>First</li></ol></nav>",
    }
    facts = (
        "<dc:title>Ice on the Sound</dc:title><dc:creator>Ann Ek</dc:creator>"
        "<dc:publisher>Sound Press</dc:publisher><dc:language>en</dc:language>"
        '<dc:date opf:event="modification">2024-03-01</dc:date><dc:date>2024-02-06</dc:date>'
    )
    article = load(epub(chapters, facts, ["a.xhtml", "b.xhtml", "toc.xhtml"]), "ice.epub")
    assert article.text == f"First\n\n{FIRST}\n\n{SECOND}\n\nSecond\n\n{THIRD}\n\n{LAST}"
    assert (article.title, article.source) == ("Ice on the Sound", "Sound Press")
    assert (article.published, article.modified) == (date(2024, 2, 6), date(2024, 3, 1))


def test_a_book_that_lacks_a_chapter_is_read_without_it() -> None:
    article = load(epub({"a.xhtml": f"<p>{FIRST}</p>"}, spine=["a.xhtml", "b.xhtml"]), "a.epub")
    assert article.text == FIRST


@pytest.mark.parametrize("format", ["docx", "odt", "epub"])
def test_a_damaged_document_is_refused(format: str) -> None:
    whole = {
        "docx": docx(BODY),
        "odt": odt(odt_body(FIRST)),
        "epub": epub({"a.xhtml": f"<p>{FIRST}</p>"}),
    }[format]
    assert "damaged" in refusal(whole[: len(whole) // 2], f"a.{format}")
    for place in range(60, len(whole), len(whole) // 7):
        broken = whole[:place] + bytes(40) + whole[place + 40 :]
        with contextlib.suppress(LoadError):
            load(broken, f"a.{format}")
