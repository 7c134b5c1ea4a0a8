"""Folding of characters for search. What is stored and quoted is never folded."""

import re
import unicodedata

# NFKC leaves quotation marks and dashes alone; people type the plain ones.
_PLAIN = str.maketrans("‘’‚‛“”„‟′″‐‑‒–—―", "''''\"\"\"\"'\"------")


# U.S. and US are one word, and so are U.N. and UN.
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")


def fold(text: str) -> str:
    """`text` with ligatures, width variants, quotation marks, dashes and initials made plain.

    Case is left to the tokenizers, which fold it themselves.
    """
    if not text.isascii():  # most sentences are, and this takes most of the time
        text = unicodedata.normalize("NFKC", text).translate(_PLAIN)
    return _DOTTED.sub(lambda match: match.group().replace(".", ""), text)
