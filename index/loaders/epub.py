"""Electronic books (EPUB): the chapters in the order of their spine, as one article.

The one library of this field is under a licence that would bind this project's users (AGPL), so
the two small files that say what the book consists of are read with defusedxml.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from index.errors import LoadError
from index.loaders.boilerplate import without_notices, without_title
from index.loaders.decoding import decode
from index.loaders.draft import Draft
from index.loaders.fragments import fragment_paragraphs
from index.loaders.metadata import language_code, parse_date, web_address
from index.loaders.normalising import one_line
from index.loaders.office_zip import checked, read
from index.loaders.text import MAX_CHARACTERS, titled

MAX_CHAPTERS = 3_000
_CONTAINER = "META-INF/container.xml"
# Pages about the book, by the names that programs give to their files.
_FRAME = re.compile(r"(?:^|[/_-])(?:nav|toc|cover|titlepage|title_page|copyright)\.x?html?$", re.I)
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*>", re.IGNORECASE)


def draft(data: bytes, name: str) -> Draft:
    """Raises LoadError for what is no readable book."""
    with checked(data) as archive:
        root = _xml(read(archive, _CONTAINER), _CONTAINER)
        path = next((e.get("full-path") for e in root.iter() if _tag(e) == "rootfile"), None)
        if not path:
            raise LoadError("a damaged book: nothing says what it consists of")
        book = _xml(read(archive, path), path)
        found = without_notices(list(_chapters(archive, book, posixpath.dirname(path))))
    facts = _facts(book)
    title = one_line(facts.get("title", [""])[0])
    if title:
        found = without_title(found, title)
    else:
        title, found = titled(found, name)
    published, modified = _dates(book)
    return Draft(
        title=title,
        paragraphs=found,
        source=one_line(facts.get("publisher", [""])[0]) or None,
        url=next(filter(None, map(web_address, facts.get("source", []))), None),
        authors=tuple(dict.fromkeys(filter(None, map(one_line, facts.get("creator", []))))),
        published=published,
        modified=modified,
        language=language_code(facts.get("language", [""])[0]),
    )


def _xml(data: bytes, name: str) -> Any:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        return fromstring(_DOCTYPE.sub(b"", data, count=1), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise LoadError(f"a damaged book: {name} cannot be read") from error


def _chapters(archive: zipfile.ZipFile, book: Any, folder: str) -> Iterator[str]:
    files = {
        element.get("id"): (element.get("href") or "", element.get("properties") or "")
        for element in book.iter()
        if _tag(element) == "item" and "html" in (element.get("media-type") or "")
    }
    spine = [element for element in book.iter() if _tag(element) == "itemref"]
    if len(spine) > MAX_CHAPTERS:
        raise LoadError(f"a book of more than {MAX_CHAPTERS:,} chapters")
    total = 0
    for element in spine:
        href, properties = files.get(element.get("idref"), ("", ""))
        place = posixpath.normpath(posixpath.join(folder, unquote(href)))
        if not href or "nav" in properties.split() or _FRAME.search(place.lower()):
            continue
        if place not in archive.NameToInfo:
            continue  # a book that lacks a chapter is still a book
        for paragraph in fragment_paragraphs(decode(read(archive, place))):
            total += len(paragraph)
            if total > MAX_CHARACTERS:
                raise LoadError(f"longer than {MAX_CHARACTERS:,} characters of text")
            yield paragraph


def _facts(book: Any) -> dict[str, list[str]]:
    facts: dict[str, list[str]] = {}
    for element in book.iter():
        if element.text and element.text.strip():
            facts.setdefault(_tag(element), []).append(element.text)
    return facts


def _dates(book: Any) -> tuple[Any, Any]:
    """The day of publication, and that of the last change of the file."""
    published = modified = None
    for element in book.iter():
        text = (element.text or "").strip()
        if _tag(element) == "date":
            event = next((v for k, v in element.items() if k.endswith("event")), "publication")
            if event in ("publication", "original-publication", "issued"):
                published = published or parse_date(text)
            elif event == "modification":
                modified = modified or parse_date(text)
        elif _tag(element) == "meta" and element.get("property") == "dcterms:modified":
            modified = modified or parse_date(text)
    return published, modified


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
