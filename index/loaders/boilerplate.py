"""What stands in pasted web text and is not the article: removed, so that it is never quoted.

What matches nothing is kept; subheadings stay as paragraphs of their own.
"""

from __future__ import annotations

import re

from index.loaders.normalising import ends_sentence
from index.loaders.notices import MARKS, READ_ELSEWHERE, is_notice, is_sentence

HEADLINE_CHARACTERS = 150
HEADLINE_WORDS = 4

# The headline and perhaps the caption of another story stand before these, or one after them …
_AFTER_HEADLINES = re.compile(r"read (?:more|also|next)", re.IGNORECASE)
# … and the headlines of others after these, or after these with a colon.
_BEFORE_HEADLINES = re.compile(
    r"(?:related|recommended|more) (?:stories|articles|posts|coverage|news|reading)"
    r"|more on this(?: story| topic)?|most (?:read|viewed|popular)|you (?:may|might) also like"
    rf"|editors?['’]?s? picks?|explore more(?: on these topics)?|{READ_ELSEWHERE}",
    re.IGNORECASE,
)
_WITH_COLON = re.compile(r"read (?:more|also|next)|also read|related|see also", re.IGNORECASE)
_ONE_AFTER = re.compile(r"related (?:article|story|post|video)", re.IGNORECASE)
_SOURCE = re.compile(
    r"(?:source|via|originally published (?:by|in|on))\s?[:–—-]\s*(.{2,60})", re.IGNORECASE
)
_SMALL_WORDS = frozenset("of the and for de la le el der die das et y in".split())
# A word that the names of publishers have and those of people hardly ever.
PUBLISHER = re.compile(
    r"\b(?:guardian|times|post|news|herald|tribune|journal|telegraph|independent|observer|gazette"
    r"|chronicle|mail|mirror|globe|daily|weekly|press|broadcasting|radio|tv|magazine|review"
    r"|courier|standard|economist|spiegel|monde|figaro|país|reuters|bbc|cnn|ap|afp|npr|abc|cbs|nbc"
    r"|itv|dw|dpa|al jazeera|bloomberg|politico|axios|euronews|ukrinform|interfax|tass|xinhua"
    r"|kyodo|ansa|pravda|today|newspaper|agency)\b",
    re.IGNORECASE,
)


def without_notices(paragraphs: list[str]) -> list[str]:
    """The paragraphs that are the article's, in order; may be empty."""
    gone = {number for number, text in enumerate(paragraphs) if is_notice(text)}
    gone |= _related(paragraphs, gone)
    return [text for number, text in enumerate(paragraphs) if number not in gone]


def without_title(paragraphs: list[str], title: str) -> list[str]:
    """Without the paragraphs that only repeat the title, unless there are no others."""
    wanted = _words(title)
    return [text for text in paragraphs if _words(text) != wanted] or paragraphs


def split_source(paragraphs: list[str]) -> tuple[list[str], str | None]:
    """Take away a trailing line that names where the article came from.

    Returns the other paragraphs and the publisher. A name that is not plainly a publisher's (it
    may be the author's) is taken away as well, since it is no sentence, and the publisher is None.
    """
    if len(paragraphs) < 2:
        return paragraphs, None
    last, before = paragraphs[-1], paragraphs[-2]
    labelled = _SOURCE.fullmatch(last)
    if labelled and not ends_sentence(last):
        return paragraphs[:-1], None if "//" in labelled[1] else labelled[1].strip()
    words = last.strip(MARKS).split()
    is_name = 1 <= len(words) <= 5 and all(
        word[0].isupper() or word in _SMALL_WORDS for word in words
    )
    if not is_name or ends_sentence(last) or not is_sentence(before):
        return paragraphs, None
    name = " ".join(words)
    is_publisher = PUBLISHER.search(name) and not re.search(r"[,;:/@]", name)
    return paragraphs[:-1], name if is_publisher else None


def _related(paragraphs: list[str], gone: set[int]) -> set[int]:
    """Captions and headlines of other stories, found by the label that they stand beside."""
    found: set[int] = set()

    def take(numbers: range) -> None:
        for number in numbers:
            # The first paragraph is the article's own title, or its beginning.
            if number <= 0 or number in gone or not _is_headline(paragraphs[number]):
                break
            found.add(number)

    for label in sorted(gone):
        bare, has_colon = paragraphs[label].strip(MARKS), paragraphs[label].endswith(":")
        if _BEFORE_HEADLINES.fullmatch(bare) or (has_colon and _WITH_COLON.fullmatch(bare)):
            take(range(label + 1, min(label + 6, len(paragraphs))))
        elif _ONE_AFTER.fullmatch(bare):
            take(range(label + 1, min(label + 2, len(paragraphs))))
        elif _AFTER_HEADLINES.fullmatch(bare):
            # A headline has some words; the names in a list before the label are no headlines.
            before = len(found)
            if label and _words_in(paragraphs[label - 1]) >= HEADLINE_WORDS:
                take(range(label - 1, label - 3, -1))
            if len(found) == before and any(
                _words_in(after) > HEADLINE_WORDS for after in paragraphs[label + 1 : label + 2]
            ):
                take(range(label + 1, label + 2))
    return found


def _is_headline(text: str) -> bool:
    """Short, and not closed by a full stop or a colon: a headline may well be a question."""
    if len(text) > HEADLINE_CHARACTERS or text.endswith(":"):
        return False
    return not ends_sentence(text) or text.endswith("?")


def _words_in(text: str) -> int:
    return text.count(" ") + 1


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
