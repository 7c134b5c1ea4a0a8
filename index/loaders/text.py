"""Plain text, often pasted from a web page."""

from __future__ import annotations

import re

from index.errors import LoadError
from index.loaders.boilerplate import split_source, without_notices, without_title
from index.loaders.bylines import without_head
from index.loaders.datelines import printed_dates
from index.loaders.decoding import decode
from index.loaders.draft import Draft
from index.loaders.normalising import ends_sentence, paragraphs, shortened

# Beyond any book; four times as much, in short lines, takes 25 s.
MAX_CHARACTERS = 5_000_000
# A first line longer than this is text and not a title.
TITLE_CHARACTERS = 200
# A repeated first line is a title even if it ends like a sentence, but not a whole paragraph.
REPEATED_TITLE_CHARACTERS = 120
# A title made from the first sentence is cut here; shorter first sentences stay whole.
MADE_TITLE_CHARACTERS = 80
# Beyond a "Mr." or "U.S." near the beginning.
_FIRST_SENTENCE = re.compile(r".{30,}?[.!?…][\"'”’»)\]]*(?=\s)")


def draft(data: bytes, name: str) -> Draft:
    """Raises LoadError when there is no text, or too much of it to be an article."""
    text = decode(data)
    if len(text) > MAX_CHARACTERS:
        raise LoadError(f"longer than {MAX_CHARACTERS:,} characters of text")
    lines = paragraphs(text)
    published, modified = printed_dates(lines)
    head = without_head(without_notices(lines))
    found, source = split_source(head.paragraphs)
    source = source or head.source
    title, found = titled(found, name)
    return Draft(
        title=title,
        paragraphs=found,
        source=source,
        authors=head.authors,
        published=published,
        modified=modified,
    )


def titled(found: list[str], name: str) -> tuple[str, list[str]]:
    """A title for paragraphs that come without one, and the paragraphs without it.

    It is the first line if that looks like a title, else made from the first sentence (which
    stays), else from the file's `name`.
    """
    if found and _is_title(found):
        return found[0], without_title(found, found[0])
    return _made_title(found, name), found


def _made_title(found: list[str], name: str) -> str:
    for text in found:
        sentence = _FIRST_SENTENCE.match(text[: 2 * MADE_TITLE_CHARACTERS])
        title = shortened(sentence[0] if sentence else text, MADE_TITLE_CHARACTERS)
        if any(character.isalpha() for character in title):
            return title
    return _readable(name)


def _readable(name: str) -> str:
    """ "kursk-incursion_2024.txt" -> "Kursk incursion 2024"."""
    stem = name.rpartition(".")[0] or name
    words = re.sub(r"[\s_+-]+", " ", stem).strip()
    return words[:1].upper() + words[1:] or "Untitled"


def _is_title(found: list[str]) -> bool:
    first = found[0]
    if len(first) > TITLE_CHARACTERS or not any(character.isalpha() for character in first):
        return False
    repeated = len(found) > 1 and first.casefold() == found[1].casefold()
    if repeated and len(first) <= REPEATED_TITLE_CHARACTERS:
        return True
    # A question can be a headline; a quoted one is speech.
    return not ends_sentence(first) or (first.endswith("?") and first[0] not in "\"'“‘«")
