"""Terms: the words of a text, folded and stemmed, the same for the index and for the reader."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import apsw
import apsw.fts5

from index.folding import fold

# SQLite's tokenizer of the lexical index, by its name and its arguments.
TOKENIZER = ("porter", "unicode61", "remove_diacritics", "2")

# Words that no question is about, whatever the collection; small collections have no statistics.
STOP_WORDS = frozenset(
    """a about after all also am an and any are as at be because been before being but by can could
    did do does doing done for from had has have having he her him his how i if in into is it its
    me my no not of on or our s said say says she should so some such t than that the their them
    then there these they this those to was we were what when where which while who whom whose why
    will with would you your""".split()
)

# Letters, digits, and what stands for marks (below).
_WORD = re.compile(r"(?:[^\W_]|[\ue000-\uf8ff])+")
# Scripts that are written without spaces, or with few: Thai and Lao, Burmese, Khmer (and their
# marks, as below), Chinese, Japanese, Korean.
_UNSPACED = re.compile(
    "[\u0e01-\u0eff\ue501-\ue5ff\u1000-\u109f\ue700-\ue79f\u1780-\u17dd\uee80-\ueedd"
    "\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff]+"
)
# The tokenizer ends a word at every mark. Those that are letters in all but name (the vowels of
# India and its neighbours) become letters for private use; points that only help to read Hebrew
# and Arabic are left out.
_TABLE = {
    code: None if code < 0x0900 else 0xE000 + code - 0x0900
    for code in (*range(0x0591, 0x06EE), *range(0x0900, 0x1B00))
    if unicodedata.category(chr(code)) in ("Mn", "Mc")
}
# Any text that is more than folded has one of these.
_AFFECTED = re.compile(
    "[\u0591-\u06ed\u0900-\u1aff\u3041-\u31ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)

_local = threading.local()


def words(text: str) -> list[str]:
    """Runs of letters and digits, folded and in lower case, in order.

    Where words are not parted by spaces, every two letters that follow each other are one.
    """
    return _WORD.findall(searchable(text).lower())


def searchable(text: str) -> str:
    """`text` as the lexical index takes it: folded, its words parted by spaces in any script."""
    folded = fold(text)
    if not _AFFECTED.search(folded):
        return folded
    return _UNSPACED.sub(_in_pairs, folded).translate(_TABLE)


def _in_pairs(run: re.Match[str]) -> str:
    # As Lucene's CJKBigramFilter does.
    letters = run.group()
    pairs = (letters[at : at + 2] for at in range(max(1, len(letters) - 1)))
    return f" {' '.join(pairs)} "


def terms(text: str) -> list[str]:
    """What the lexical index holds of `text`: the same as `stems`, for whole texts at once."""
    found = _tokenizer()(
        searchable(text).encode(),
        apsw.FTS5_TOKENIZE_DOCUMENT,
        None,
        include_offsets=False,
        include_colocated=False,
    )
    return [str(term) for term in found]


def stems(text: str) -> list[str]:
    """The terms of `text` in order, word by word: fast for words that were met before."""
    return [stem for word in words(text) for stem in _stem(word)]


def content_words(text: str) -> list[str]:
    """The words of `text` that are not stop words, in order."""
    return [word for word in words(text) if word not in STOP_WORDS]


@lru_cache(maxsize=65_536)
def _stem(word: str) -> tuple[str, ...]:
    tokens = _tokenizer()(word.encode(), apsw.FTS5_TOKENIZE_DOCUMENT, None, include_offsets=False)
    return tuple(str(forms[0]) for forms in tokens)


def _tokenizer() -> apsw.FTS5Tokenizer:
    tokenizer: apsw.FTS5Tokenizer | None = getattr(_local, "tokenizer", None)
    if tokenizer is None:
        # A connection only to reach SQLite's own tokenizer; nothing is stored in it.
        _local.connection = apsw.Connection(":memory:")
        tokenizer = _local.connection.fts5_tokenizer(TOKENIZER[0], list(TOKENIZER[1:]))
        _local.tokenizer = tokenizer
    return tokenizer
