"""Office documents as archives of XML: what is checked before a library unpacks them."""

from __future__ import annotations

import io
import re
import zipfile

from index.errors import LoadError
from index.loaders.limits import DAMAGE, Budget, inflated

# The XML of one long book is 10 MB; its tree in memory takes fifteen times that.
MAX_XML = 25_000_000
MAX_MEMBERS = 20_000
# No program writes them into a document; all that they are good for is to blow up or to fetch.
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def checked(data: bytes) -> zipfile.ZipFile:
    """The archive, of which no member is a bomb and no XML declares entities.

    Raises LoadError if it is damaged, encrypted or hostile.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
        if len(members) > MAX_MEMBERS:
            raise LoadError(f"{len(members):,} files in one document")
        budget = Budget(len(data))
        for member in members:
            budget.spend(member.file_size)
            if member.filename.endswith((".xml", ".opf", ".ncx", ".rels")):
                _check(read(archive, member.filename), member.filename)
    except DAMAGE as error:
        raise LoadError("a damaged document") from error
    return archive


def read(archive: zipfile.ZipFile, name: str, limit: int = MAX_XML) -> bytes:
    """One member. Raises LoadError if it is missing, damaged, encrypted or too large."""
    try:
        with archive.open(name) as file:
            return inflated(file, Budget(limit), limit)
    except KeyError as error:
        raise LoadError(f"a damaged document: {name} is missing") from error
    except DAMAGE as error:
        raise LoadError("a damaged document") from error
    except RuntimeError as error:
        raise LoadError("a document that needs a password") from error


def _check(xml: bytes, name: str) -> None:
    # In two bytes a letter a declaration would not be seen; no program writes that either.
    if xml.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
        raise LoadError(f"a document whose {name} is in an unusual encoding")
    if name.endswith((".ncx", ".opf")):  # old books name their document type, without entities
        xml = re.sub(rb"<!DOCTYPE[^\[>]*>", b"", xml, count=1)
    if _DECLARATION.search(xml):
        raise LoadError(f"a document whose {name} declares entities")
