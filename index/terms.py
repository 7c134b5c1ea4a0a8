"""Terms: the words of a text, folded and stemmed, the same for the index and for the reader."""

from __future__ import annotations

import threading
from functools import lru_cache

import apsw
import apsw.fts5

from index.folding import fold

# FTS5's tokenizer of the lexical index, by its name and its arguments.
TOKENIZER = ("porter", "unicode61", "remove_diacritics", "2")

# Words that no question is about, whatever the collection; small collections have no statistics.
STOP_WORDS = frozenset(
    """a about after all also am an and any are as at be because been before being but by can could
    did do does doing done for from had has have having he her him his how i if in into is it its
    me my no not of on or our s said say says she should so some such t than that the their them
    then there these they this those to was we were what when where which while who whom whose why
    will with would you your""".split()
)

_local = threading.local()


def words(text: str) -> list[str]:
    """Runs of letters and digits, folded and in lower case, in order."""
    return "".join(c if c.isalnum() else " " for c in fold(text).lower()).split()


def stems(text: str) -> list[str]:
    """The terms of `text` in order, just as the lexical index holds them."""
    return [stem for word in words(text) for stem in _stem(word)]


def content_words(text: str) -> list[str]:
    """The words of `text` that are not stop words, in order."""
    return [word for word in words(text) if word not in STOP_WORDS]


@lru_cache(maxsize=65_536)
def _stem(word: str) -> tuple[str, ...]:
    tokenizer = getattr(_local, "tokenizer", None)
    if tokenizer is None:
        # A connection only to reach SQLite's own tokenizer; nothing is stored in it.
        _local.connection = apsw.Connection(":memory:")
        tokenizer = _local.connection.fts5_tokenizer(TOKENIZER[0], list(TOKENIZER[1:]))
        _local.tokenizer = tokenizer
    tokens = tokenizer(word.encode(), apsw.FTS5_TOKENIZE_DOCUMENT, None, include_offsets=False)
    return tuple(str(forms[0]) for forms in tokens)
