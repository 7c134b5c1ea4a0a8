"""Office documents, books and messages, made from our own words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime

ODT = "application/vnd.oasis.opendocument.text"
_ODT_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "meta")
)


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """An archive of these files, in this order."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def docx(
    paragraphs: Sequence[tuple[str, str]],
    *,
    title: str = "",
    author: str = "",
    modified: datetime | None = None,
    table: Sequence[Sequence[str]] = (),
    header: str = "",
) -> bytes:
    """A Word document of (style, text) paragraphs, and a table after them."""
    from docx import Document

    document = Document()
    properties = document.core_properties
    properties.title, properties.author = title, author
    if modified:
        properties.modified = modified
    for style, text in paragraphs:
        document.add_paragraph(text, style=style or None)
    if table:
        rows = document.add_table(len(table), len(table[0])).rows
        for row, cells in zip(rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def odt(body: str, meta: str = "") -> bytes:
    """An OpenDocument text with this XML as its body and its properties."""

    def part(root: str, inside: str) -> str:
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><office:{root} {_ODT_NAMES} '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3">{inside}'
            f"</office:{root}>"
        )

    return zipped(
        {
            "mimetype": ODT,
            "content.xml": part(
                "document-content", f"<office:body><office:text>{body}</office:text></office:body>"
            ),
            "styles.xml": part("document-styles", "<office:styles/>"),
            "meta.xml": part("document-meta", f"<office:meta>{meta}</office:meta>"),
            "META-INF/manifest.xml": (
                "<m:manifest "
                'xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
                f'<m:file-entry m:full-path="/" m:media-type="{ODT}"/>'
                '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/>'
                '<m:file-entry m:full-path="styles.xml" m:media-type="text/xml"/>'
                '<m:file-entry m:full-path="meta.xml" m:media-type="text/xml"/></m:manifest>'
            ),
        }
    )


def epub(chapters: Mapping[str, str], facts: str = "", spine: Sequence[str] = ()) -> bytes:
    """A book of chapters in XHTML; `spine` is their order, if it is not that of `chapters`."""
    items = "".join(
        f'<item id="{name}" href="text/{name}" media-type="application/xhtml+xml"/>'
        for name in chapters
    )
    order = "".join(f'<itemref idref="{name}"/>' for name in spine or chapters)
    page = (
        '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">'
        "<head><title>x</title></head><body>{}</body></html>"
    )
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": (
                '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
                '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
            ),
            "OEBPS/book.opf": (
                '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
                'xmlns:dc="http://purl.org/dc/elements/1.1/" '
                f'xmlns:opf="http://www.idpf.org/2007/opf">{facts}'
                f"</metadata><manifest>{items}</manifest><spine>{order}</spine></package>"
            ),
            **{f"OEBPS/text/{name}": page.format(body) for name, body in chapters.items()},
        }
    )
