"""Bytes to text: byte order marks, UTF-8, a declared encoding, then a guess; never binary data."""

from __future__ import annotations

import codecs
import re

from index.errors import LoadError

# Formats that people rename or mix in; most are caught by their control characters as well, but
# some (PDF, RTF, PostScript) can be pure ASCII, and a name helps more than "binary".
MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "PostScript"),
    (b"PK\x03\x04", "a zip archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ", "xz data"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "an SQLite database"),
)

# UTF-32 first: its little-endian mark begins with that of UTF-16.
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# What text files and web pages are really written in. Left to all of Python's codecs, the guess
# for a short Western text falls on Icelandic Macintosh or Baltic Windows.
LIKELY = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("koi8_r", "iso8859_2", "iso8859_5", "iso8859_7", "mac_roman"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
]

# One stray control character in a long text is cleaned away; more than this share is binary data.
MAX_CONTROL_SHARE = 0.005
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
BINARY = "binary data, not text"


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of a file. `declared` is an encoding that the file names itself (HTML).

    A declared encoding is asked only when the bytes are not UTF-8: text that happens to be valid
    UTF-8 beyond ASCII is UTF-8, whatever an old template says.

    Raises LoadError when the file is empty, binary, or in no encoding that can be recognised.
    """
    for magic, name in MAGIC:
        if data.startswith(magic):
            raise LoadError(f"{BINARY} ({name})")
    text = _decoded(data, declared)
    if len(CONTROLS.findall(text)) > MAX_CONTROL_SHARE * len(text):
        raise LoadError(BINARY)
    if not text.strip("\ufeff \t\r\n\f\v\xa0"):
        raise LoadError("empty file")
    return text


def _decoded(data: bytes, declared: str | None) -> str:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, errors="replace")
    # Before UTF-8: in two bytes a letter, plain English is valid UTF-8 that is half NULs.
    if (wide := _utf16_without_mark(data)) is not None:
        return wide
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if _is_damaged_utf8(data):
        return data.decode("utf-8", errors="replace")
    if b"\x00" in data:
        raise LoadError(BINARY)
    if declared is not None:
        try:
            # The web's rule: a page that says latin-1 means its superset, Windows-1252.
            name = codecs.lookup(declared).name
            return data.decode("cp1252" if name in ("iso8859-1", "ascii") else name)
        except (LookupError, ValueError):
            pass
    return _guessed(data)


def _is_damaged_utf8(data: bytes) -> bool:
    """UTF-8 with a few bad bytes (a truncated or patched file): hardly any other encoding makes
    valid multi-byte sequences by chance, and one curly quote must not turn the rest to mojibake.
    """
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return 2 * broken <= len(NOT_ASCII.findall(text)) - broken


def _utf16_without_mark(data: bytes) -> str | None:
    """Mostly Latin UTF-16 has a NUL in every second byte, all on one side."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    half = len(data) / 2
    try:
        if odd > 0.4 * half and even < 0.1 * half:
            return data.decode("utf-16-le")
        if even > 0.4 * half and odd < 0.1 * half:
            return data.decode("utf-16-be")
    except UnicodeDecodeError:
        pass
    return None


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    matches = from_bytes(data, cp_isolation=LIKELY)
    best = matches.best()
    # On equal evidence the commonest encoding wins: 0.1 of the library's measure of mess keeps
    # short French out of Baltic Windows and still leaves Polish and Russian to theirs.
    if best is None or any(
        "cp1252" in (match.encoding, *match.could_be_from_charset)
        and match.chaos <= best.chaos + 0.1
        for match in matches
    ):
        mostly_ascii = sum(byte > 127 for byte in data[:100_000]) < 0.25 * len(data[:100_000])
        if best is not None or mostly_ascii:
            return data.decode("cp1252", errors="replace")
        raise LoadError("text in an unknown encoding; save it as UTF-8")
    return str(best)
