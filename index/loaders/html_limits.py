"""How large markup may be before it is given to a parser."""

from __future__ import annotations

import re

from index.errors import LoadError

# Extraction takes about 10 s for 100,000 tags; the largest of 145 real pages has 7,140.
MAX_TAGS = 60_000
# The parser's time grows with the square of a tag's attributes; 2 million took 19 s and 1.7 GB.
MAX_ATTRIBUTES = 200
MAX_ALL_ATTRIBUTES = 200_000

_TAG_START = re.compile(r"[A-Za-z][\w:-]*\s")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def check_size(text: str) -> None:
    """Raises LoadError for markup that would take a parser too long."""
    if (tags := text.count("<")) > MAX_TAGS:
        raise LoadError(f"{tags:,} tags in one page; at most {MAX_TAGS:,} are read")
    total = 0
    for part in text.split("<"):
        # An attribute takes two characters at least.
        if len(part) > 2 * MAX_ATTRIBUTES and _TAG_START.match(part):
            attributes = _QUOTED.sub("", part).partition(">")[0].split()
            if len(attributes) > MAX_ATTRIBUTES:
                raise LoadError(f"a tag with more than {MAX_ATTRIBUTES} attributes")
            total += len(attributes)
    if total > MAX_ALL_ATTRIBUTES:
        raise LoadError(f"more than {MAX_ALL_ATTRIBUTES:,} attributes")
