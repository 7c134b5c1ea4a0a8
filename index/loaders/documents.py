"""What documents of every office format have in common: paragraphs and properties -> a draft."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from index.errors import LoadError
from index.loaders.boilerplate import split_source, without_notices, without_title
from index.loaders.bylines import without_head
from index.loaders.datelines import printed_dates
from index.loaders.draft import Draft
from index.loaders.metadata import language_code
from index.loaders.normalising import one_line
from index.loaders.text import MAX_CHARACTERS, titled

# What programs write where nobody has written anything.
_NO_TITLE = re.compile(
    r"(?:untitled|document|microsoft word|word document|unbenannt|sans titre|new document|title"
    r"|\(?anonymous\)?|\(?unspecified\)?)(?!\w)"
    r"[\s\d]*(?:-.*)?|.*\.(?:docx?|odt|rtf|pdf|indd|qxd|tex|pages|dvi|pmd|html?)|[\W\d_]*",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(?:python-docx|microsoft(?: office)?(?: user)?|windows[ -]user|user\d*|admin(?:istrator)?"
    r"|author|unknown|\(?anonymous\)?|owner|office|default|root|hp|dell|lenovo|acer|asus|\W*)",
    re.IGNORECASE,
)
_AUTHORS = re.compile(r"\s*[;|]\s*|\s+and\s+|\s*,\s*(?=[^\s,]+ [^\s,]+)")


def of_document(
    found: list[str],
    name: str,
    *,
    title: str = "",
    heading: str = "",
    author: str = "",
    published: date | None = None,
    modified: date | None = None,
    language: str = "",
) -> Draft:
    """A draft of paragraphs on one line each, and of what the document says of itself.

    `heading` is the title as it is printed, which goes before the one in the properties. So do
    printed dates: properties are those of the file, and files are made from others.
    Raises LoadError if there is too much text.
    """
    if sum(map(len, found)) > MAX_CHARACTERS:
        raise LoadError(f"longer than {MAX_CHARACTERS:,} characters of text")
    printed, changed = printed_dates(found)
    head = without_head(without_notices(found))
    found, source = split_source(head.paragraphs)
    source = source or head.source
    named = one_line(heading) or usable_title(title)
    if named:
        found = without_title(found, named)
    else:
        named, found = titled(found, name)
    return Draft(
        title=named,
        paragraphs=found,
        source=source,
        authors=head.authors or usable_authors([author]),
        published=printed or published,
        modified=changed or modified,
        language=language_code(language),
    )


def usable_title(title: str) -> str:
    """A title from the properties, "" if a program wrote it."""
    line = one_line(title)
    return "" if _NO_TITLE.fullmatch(line) else line


def usable_authors(names: Iterable[str]) -> tuple[str, ...]:
    """The people among what stands in the properties as authors."""
    people = [person for name in names for person in _AUTHORS.split(one_line(name))]
    return tuple(dict.fromkeys(one for one in people if one and not _NO_AUTHOR.fullmatch(one)))
