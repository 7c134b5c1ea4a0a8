"""Raw text to the paragraphs that are stored.

The source's characters are kept: quote marks, ligatures, case and ellipses stay. Only white
space, invisible characters and words hyphenated at a line break are repaired.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

MAX_TITLE = 300

NEWLINES = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
ODD_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
SPACES = re.compile(" {2,}")
# A soft hyphen is where a word may be broken; at a line end it is where it was.
SOFT_BREAK = re.compile("\u00ad *\n *")
INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters (line ends and tabs are handled before)
    "\u00ad\u034f\u180e\u200b\u2060-\u2064\ufeff"  # soft hyphen, zero-width spaces and joiners
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # direction marks, embeddings and overrides
    "\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff"  # surrogates, non-characters
    "\U000e0000-\U000e007f"  # tags: text that no reader sees
    "]"
)
# Zero-width (non-)joiners shape Persian, Indic scripts and emoji, and mean nothing beside Latin.
IDLE_JOINER = re.compile(
    "(?<![^\x00-\u024f\u2000-\u206f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\u024f\u2000-\u206f])"
)

SENTENCE_END = re.compile(r"""[.!?…。！？]['"’”»)\]*_]*$""")
LIST_ITEM = re.compile(r"\s*(?:[-*•‣–]|\d{1,3}[.)])\s")
BLANK_LINES = re.compile(r"\n[ \n]*\n")

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
BROKEN_WORD = re.compile(r"([^\W\d_]+)-\n *([^\W\d_]+)")
# First parts that keep their hyphen although the rest of the article cannot tell.
HYPHENATED_FIRSTS = frozenset(
    "all anti co cross ex far full half high long low mid multi non non- post pre pro re self semi "
    "short so still then two three four five six well".split()
)
SUSPENDED = frozenset(("and", "or", "to", "und", "oder", "et", "y"))


def ends_sentence(text: str) -> bool:
    """Whether the last visible mark, quotes and brackets aside, ends a sentence."""
    return SENTENCE_END.search(text[-12:]) is not None


def clean(text: str) -> str:
    """The same text with plain spaces, "\\n" line ends and nothing invisible.

    Runs of spaces stay: indentation still tells paragraphs apart.
    """
    text = NEWLINES.sub("\n", text)
    text = SOFT_BREAK.sub("", text)
    text = INVISIBLE.sub("", text.expandtabs(4))
    return ODD_SPACE.sub(" ", IDLE_JOINER.sub("", text))


def one_line(text: str) -> str:
    """Clean text on a single line, without space at its ends; may be empty."""
    return SPACES.sub(" ", clean(text).replace("\n", " ")).strip()


def shortened(text: str, limit: int) -> str:
    """A line of at most `limit` characters, cut at a word where there is one, with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    cut = head.rpartition(" ")[0] if not text[limit].isspace() else head
    return (cut or head[:-1]).rstrip(" ,;:–—-") + "…"


def paragraphs(text: str) -> list[str]:
    """The paragraphs of plain text, each on one line; blank lines always separate them.

    Whether a single line end separates too depends on the text: lines broken at one width inside
    paragraphs are joined again, and otherwise each line is a paragraph.
    """
    text = clean(text)
    blocks = [block.split("\n") for block in BLANK_LINES.split(text.strip("\n"))]
    blocks = [[line.rstrip() for line in block if line.strip()] for block in blocks]
    width = _wrap_width(blocks)
    if width is None:
        lines = [line for block in blocks for line in block]
    else:
        hyphens = _Hyphens(text)
        lines = [line for block in blocks for line in _unwrapped(block, width, hyphens)]
    return _stored(lines)


def rejoined(text: str) -> list[str]:
    """The paragraphs of text in which blank lines separate and single line ends only wrap."""
    text = clean(text)
    hyphens = _Hyphens(text)
    return _stored(
        hyphens.joined([line.strip() for line in block.split("\n")])
        for block in BLANK_LINES.split(text.strip("\n"))
    )


def _stored(lines: Iterable[str]) -> list[str]:
    return [line for line in (SPACES.sub(" ", line).strip() for line in lines) if line]


def _wrap_width(blocks: list[list[str]]) -> int | None:
    """The width at which lines were broken inside paragraphs, None when they were not.

    A line that was broken for width had no room for the first word of the next line, and most
    next lines go on in the middle of a sentence; captions, counts and one-line paragraphs that
    follow each other do neither.
    """
    pairs = [
        (line, following.strip())
        for block in blocks
        for line, following in itertools.pairwise(block)
        if not LIST_ITEM.match(following)
    ]
    if not pairs:
        return None
    lengths = sorted(len(line) for line, _ in pairs)
    width = lengths[int(0.9 * (len(lengths) - 1))]
    # Narrow columns exist (newspapers), but need more lines to tell them from verse and captions.
    if not (30 if len(pairs) >= 8 else 45) <= width <= 120:
        return None
    sizes = [len(line) for block in blocks for line in block]
    if sum(size for size in sizes if size > 1.3 * width) > 0.2 * sum(sizes):
        return None
    full = sum(_room(line, following, width) < 0 for line, following in pairs)
    running_on = sum(following[0].islower() for _, following in pairs)
    return width if full >= 0.7 * len(pairs) and running_on >= 0.25 * len(pairs) else None


def _room(line: str, following: str, width: int) -> int:
    """Characters that were left on the line had it taken the next word too."""
    if BROKEN_WORD.search(f"{line[-60:]}\n{following[:60]}"):
        return -1
    return width - (len(line) + 1 + len(following.split(maxsplit=1)[0]))


def _unwrapped(block: list[str], width: int, hyphens: _Hyphens) -> list[str]:
    """The paragraphs of one block of lines that were broken at `width`."""
    found: list[list[str]] = []
    for number, line in enumerate(block):
        if number == 0 or _starts_paragraph(block[number - 1], line, width):
            found.append([line.strip()])
        else:
            found[-1].append(line.strip())
    return [hyphens.joined(lines) for lines in found]


def _starts_paragraph(previous: str, line: str, width: int) -> bool:
    if LIST_ITEM.match(line):
        return True
    indent = len(line) - len(line.lstrip())
    if indent >= len(previous) - len(previous.lstrip()) + 2 and not LIST_ITEM.match(previous):
        return True
    room = _room(previous, line, width)
    return room > 0.4 * width or (room > 0 and ends_sentence(previous))


class _Hyphens:
    """Joins broken lines; the article's own words tell a broken word from a compound."""

    def __init__(self, text: str) -> None:
        self._words = (
            {word.casefold() for word in WORD.findall(BROKEN_WORD.sub(" ", text))}
            if BROKEN_WORD.search(text)
            else set()
        )

    def joined(self, lines: list[str]) -> str:
        parts = [lines[0]]
        for line in lines[1:]:
            last = parts[-1]
            broken = BROKEN_WORD.search(f"{last[-60:]}\n{line[:60]}")
            if broken and broken[2].casefold() in SUSPENDED:
                parts.append(" ")
            elif broken and broken[2][0].islower():
                if not self._is_compound(broken[1].casefold(), broken[2].casefold()):
                    parts[-1] = last[:-1]
            elif not (last[-1:] in "-–—" and last[-2:-1].isalnum()):
                parts.append(" ")
            parts.append(line)
        return "".join(parts)

    def _is_compound(self, first: str, rest: str) -> bool:
        if f"{first}-{rest}" in self._words:
            return True
        if first + rest in self._words:
            return False
        return first in HYPHENATED_FIRSTS or (first in self._words and rest in self._words)
