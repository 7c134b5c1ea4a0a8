"""Which format a file has: by its content, and by its name only where content cannot tell."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import PurePath
from typing import Literal

from index.errors import LoadError
from index.loaders.decoding import BOMS
from index.loaders.limits import DAMAGE, MAX_BYTES, MAX_DOCUMENT, MAX_FILE

Format = Literal[
    "text", "markdown", "html", "mhtml", "mail", "pdf", "docx", "odt", "rtf", "epub",
    "json", "lines", "table", "mbox", "gzip", "zip",
]  # fmt: skip
# Files of which each may hold several articles.
CONTAINERS: frozenset[Format] = frozenset(("json", "lines", "table", "mbox", "gzip", "zip"))

# Formats that hold pictures beside the text.
_ILLUSTRATED: frozenset[Format] = frozenset(("pdf", "docx", "odt", "epub", "mhtml", "mail"))

# Words about an article's text are taken from the beginning of a file.
HEAD = 64 * 1024
# JSON under another name is known by all of it, up to this size.
MAX_LOOKED_AT = 2_000_000

# Plain text says nothing of itself: under a name that promises something else (a program, a style
# sheet) it is no article. No extension, or that of a document, promises nothing else.
TEXT_NAMES = frozenset(
    ".txt .text .md .markdown .html .htm .xhtml .mhtml .mht .eml .mbox .pdf .docx .doc .odt .rtf "
    ".epub .json .jsonl .ndjson .csv .tsv .gz .zip".split()
) | {""}
MARKDOWN_NAMES = frozenset((".md", ".markdown"))
HTML_NAMES = frozenset((".html", ".htm", ".xhtml"))
JSON_NAMES = frozenset((".json", ".gz"))
LINES_NAMES = frozenset((".jsonl", ".ndjson"))
TABLE_NAMES = frozenset((".csv", ".tsv"))

SUPPORTED = "txt, md, html, mhtml, pdf, docx, odt, rtf, epub, eml, mbox, json, jsonl, csv, zip, gz"

_PAGE = re.compile(
    rb"\s*(?:<\?xml[^<>]*>\s*|<!--.*?-->\s*){0,5}<(?:!doctype\s+html|html|head|body)\b",
    re.I | re.DOTALL,
)
_TAG = re.compile(rb"<[A-Za-z!/?]")
_HEADER = re.compile(rb"([!-9;-~]{1,70}):[ \t].*(?:\r?\n[ \t].*)*\r?\n")
_MAIL_HEADERS = frozenset(
    b"from to subject date message-id mime-version received return-path delivered-to".split()
)
_FROM_LINE = re.compile(rb"(?:\s*\n)?From \S.{0,200}\r?\n(?=[!-9;-~]{1,70}:)")
_FRONT_MATTER = re.compile(rb"-{3,}[ \t]*\r?\n[ \t]*[\w-]+[ \t]*:[ \t\r\n]")


def format_of(data: bytes, name: str) -> Format:
    """The format of a file's bytes. Raises LoadError if it is none that is read."""
    extension = PurePath(name).suffix.lower()
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(b"\x1f\x8b"):
        return "gzip"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_zip(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise LoadError("an old office document: save it as .docx, .odt or .pdf")
    head = _plain(data)
    if _PAGE.match(head):
        return "html"
    if mail := _of_mail(head):
        return mail
    if extension in LINES_NAMES and head.lstrip().startswith(b"{"):
        return "lines"
    rows = _of_json(head) if head.lstrip().startswith((b"{", b"[")) else None
    # Text may begin with brackets too: "[[toc]]".
    if rows and (rows == "lines" or extension not in TEXT_NAMES - JSON_NAMES or _is_json(data)):
        return rows
    return _by_name(head, extension)


def limit_of(kind: Format) -> int:
    """How large a file of this format may be, in bytes."""
    if kind in CONTAINERS:
        return MAX_FILE
    return MAX_DOCUMENT if kind in _ILLUSTRATED else MAX_BYTES


def _by_name(head: bytes, extension: str) -> Format:
    if extension in TABLE_NAMES:
        return "table"
    if extension in HTML_NAMES and _TAG.search(head):
        return "html"
    if extension in MARKDOWN_NAMES or _FRONT_MATTER.match(head.lstrip(b"\xef\xbb\xbf\r\n")):
        return "markdown"
    if extension in TEXT_NAMES:
        return "text"
    raise LoadError(f"unsupported format {extension} (supported: {SUPPORTED})")


def _plain(data: bytes) -> bytes:
    """The beginning of a text as ASCII or UTF-8, whatever the encoding; for looking only."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data[len(mark) : HEAD].decode(encoding, "ignore").encode("utf-8", "ignore")
    head = data[:HEAD]
    return head.replace(b"\x00", b"") if head[1:200:2].count(0) > 60 else head


def _of_zip(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.NameToInfo
            if "word/document.xml" in names:
                return "docx"
            if "mimetype" in names and names["mimetype"].file_size < 200:
                with archive.open("mimetype") as file:
                    kind = file.read(200).strip()
                if kind == b"application/epub+zip":
                    return "epub"
                if kind.startswith(b"application/vnd.oasis.opendocument.text"):
                    return "odt"
                if kind.startswith(b"application/vnd.oasis.opendocument."):
                    raise LoadError("a spreadsheet, drawing or presentation, not an article")
            if "META-INF/container.xml" in names:
                return "epub"
            if "[Content_Types].xml" in names:
                raise LoadError("a spreadsheet or presentation, not an article")
    except (*DAMAGE, RuntimeError) as error:
        raise LoadError("a damaged zip archive or office document") from error
    return "zip"


def _of_mail(head: bytes) -> Format | None:
    """A message, a web page saved as one (MHTML), or a mailbox of several."""
    if (line := _FROM_LINE.match(head)) and _of_mail(head[line.end() :]):
        return "mbox"
    names, end = set[bytes](), 0
    while header := _HEADER.match(head, end):
        names.add(header[1].lower())
        end = header.end()
    if not names or len(names & _MAIL_HEADERS) < 2:
        return None
    saved = b"snapshot-content-location" in names or b"multipart/related" in head[:end].lower()
    return "mhtml" if saved and not names & {b"to", b"received"} else "mail"


def _of_json(head: bytes) -> Format | None:
    """Lines of objects, or one value; None for text that only begins with a bracket."""
    first, _, rest = head.lstrip().partition(b"\n")
    if first.startswith(b"{") and rest.strip() and _is_object(first):
        return "lines"
    if first.startswith(b"{") and not rest.strip() and _is_object(first):
        return "json"
    # A first line too long to be looked at whole, or a value over several lines.
    return "json" if re.match(rb"[\[{]\s*(?:[\[{\"\]}]|$)", head.lstrip()) else None


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data[:MAX_LOOKED_AT])
    except (ValueError, RecursionError):
        return False
    return True


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
