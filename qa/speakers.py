"""Who says it, where a sentence names its speaker.

Rules on the sentence alone, for English news: "X said …", "“…,” said X", "according to X", "X: …".
They would rather find nothing than the wrong one: "he said" names nobody, and a sentence in which
two people speak names no single one. What is found stands in the sentence, word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from index.types import Span
from qa.speaker_words import (
    BETWEEN,
    BREAKS,
    DETERMINERS,
    JOINS,
    NOBODY,
    PLURAL,
    SAID,
    SPEAKERS,
    TITLE,
)

_AFTER_A_NAME = re.compile(rf",?\s+{BETWEEN}(?:{SAID}|(?P<plural>{PLURAL}))(?![\w’'-])")
_AFTER_A_QUOTE = re.compile(rf"[”\"]\s*{SAID}\s+")
_AFTER_A_COMMA = re.compile(r",\s+(?:said|says|tweeted|wrote)\s+")
# "Brandt praised the bridge, saying that …": who does the first also says the second.
_GOES_ON = re.compile(r",\s+(?:saying|arguing|insisting|claiming|warning)\s")
_FIRST_NAME = re.compile(
    r"[A-Z][\w.’-]*(?:\s+[A-Z][\w.’-]*)*(?=\s+(?:[a-z]+ed|took|met|went|spoke|hit)\s)"
)
_GOES_ON_SAYING = re.compile(
    rf"\b(?:[Hh]e|[Ss]he|[Tt]hey)\s+{BETWEEN}(?:{SAID}|{PLURAL})\b|[”\"]\s*{SAID}\s+(?:he|she|they)\b"
)
_ENDS_THERE = re.compile(r"\s*(?:[,.;(–—]|$)")
_ACCORDING = re.compile(r"\b[Aa]ccording\s+to\s+")
# A heading in capitals has no title of a person in it.
_IN_A_TRANSCRIPT = re.compile(
    r"((?:[A-Z][A-Z.’'-]*\s+)*(?:PRESIDENT|MINISTER|SECRETARY|SENATOR|SEN\.|REP\.|GOVERNOR|GOV\."
    r"|MAYOR|JUDGE|JUSTICE|AMBASSADOR|GENERAL|DR\.|MRS?\.|MS\.)(?:\s+[A-Z][A-Z.’'-]*){1,4}):\s"
)
_NAME_AND_COLON = re.compile(r"(?:[A-Z][\w.’'-]+\s+){1,4}[A-Z][\w.’'-]+:\s")
# ", R-Oster.,", with its last comma only where the verb follows.
_PARTY = re.compile(rf",\s[RDI]-[A-Z][\w.]*(?:,(?=\s+{BETWEEN}{SAID}\b)|(?=,))")
_ASIDE = re.compile(r"\([^()]*\)(?=,?\s+[a-z])")  # "Madrid (CNN) Brandt said" has none
_QUOTED = re.compile(r"[“\"][^“”\"]*(?:[”\"]|$)")
_TOKEN = re.compile(r"[\w.’'&-]*[\w’'&-]\.?|[^\s\w]")

_MONTHS = (
    r"(?:Jan(?:uary|\.)|Feb(?:ruary|\.)|March|April|May|June|July|Aug(?:ust|\.)|Sept(?:ember|\.)"
    r"|Oct(?:ober|\.)|Nov(?:ember|\.)|Dec(?:ember|\.))"
)
_OPENERS = re.compile(
    rf"^(?:On|In|By|Since)\s+(?:\d{{1,2}}\s+)?{_MONTHS}(?:\s+\d{{1,2}}\b)?(?:,?\s+\d{{4}})?,?\s+"
    r"|^(?:(?:On|Last|This|Late|Early)\s+)?"
    r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Yesterday|Today|Meanwhile|Later"
    r"|Earlier|However|Still|But|And|Also|Then|Now|Even|Separately|Instead|week|month|year)\s+"
)
# "The ministry in a statement on Friday said".
_WHEN = re.compile(r"\s+(?:on\s+\w+day|(?:late\s+)?\w+day|in\s+an?\s+[a-z].*)$")
_VERB_FIRST = re.compile(
    r"(?:do|does|did|has|have|had|is|are|was|were|been|will|would|can|could)\s"
)
_LONGEST = 12  # words
_LONGEST_SENTENCE = 2_000  # characters; what is longer is no sentence


@lru_cache(512)  # a sentence is looked at when it is chosen, quoted and shown
def speaker(sentence: str) -> str:
    """Who says it, as the sentence has it; "" if it names nobody for sure."""
    if len(sentence) > _LONGEST_SENTENCE:
        return ""
    if match := _IN_A_TRANSCRIPT.match(sentence):
        return match[1]
    if _NAME_AND_COLON.match(sentence):  # of an interview, or a heading
        return ""
    # What is quoted tells of no speaker; it keeps its length, so that places stay.
    bare = _QUOTED.sub(lambda found: _blank(found[0]), sentence)
    bare = _ASIDE.sub(lambda found: " " * len(found[0]), bare)
    bare = _PARTY.sub(lambda found: " " * len(found[0]), bare)
    saying = {sentence[slice(*span)] for span in (*_before_verbs(bare), *_after_quotes(bare))}
    if len(saying) > 1:
        return ""
    said = saying or {
        sentence[slice(*span)]
        for match in _ACCORDING.finditer(bare)
        if (span := _rightwards(bare, match.end()))
    }
    if not said and _GOES_ON.search(bare) and (match := _FIRST_NAME.match(bare)):
        span = _phrase(bare, [*_TOKEN.finditer(bare, 0, match.end())], match.end())
        said = {sentence[slice(*span)]} if span else set()
    return said.pop() if len(said) == 1 else ""


def says_on(sentence: str) -> bool:
    """Whether somebody says it whom an earlier sentence names: "he said"."""
    bare = _QUOTED.sub(lambda found: _blank(found[0]), sentence[:_LONGEST_SENTENCE])
    return bool(_GOES_ON_SAYING.search(bare))


def untitled(name: str) -> str:
    """Without the words that say what somebody is: "Brandt" of "Mayor Brandt"."""
    return " ".join(
        word for word in name.split() if not SPEAKERS.search(word) and not TITLE.search(word)
    )


def _blank(quote: str) -> str:
    """The quote without its words, its marks kept."""
    closed = len(quote) > 1 and quote[-1] in '”"'
    return f"{quote[0]}{' ' * (len(quote) - 2)}{quote[-1]}" if closed else " " * len(quote)


def _before_verbs(text: str) -> Iterator[Span]:
    for match in _AFTER_A_NAME.finditer(text):
        span = _leftwards(text, match.start(), match.group().startswith(","))
        if span and not (match["plural"] and not _is_plural(text[slice(*span)])):
            yield span


def _after_quotes(text: str) -> Iterator[Span]:
    for match in _AFTER_A_QUOTE.finditer(text):
        if span := _rightwards(text, match.end()):
            yield span
    for match in _AFTER_A_COMMA.finditer(text):
        span = _rightwards(text, match.end())
        if span and _ENDS_THERE.match(text, span.end):
            yield span


def _leftwards(text: str, end: int, after_comma: bool) -> Span | None:
    """The phrase that ends at `end`; before a comma it may be one that explains the real one."""
    if after_comma:
        comma = text.rfind(",", 0, end)
        before = _leftwards(text, comma, False) if comma > 0 else None
        between = _phrase(text, [*_TOKEN.finditer(text, comma + 1, end)], end)
        if before is None or between is None or not _is_name(text[slice(*between)]):
            return before  # "Karl Brandt, who owns the mill, said"
        described = text[slice(*before)]  # "The mayor, Karl Brandt, said"
        is_one = _is_name(described) and not SPEAKERS.search(described.split()[-1])
        return before if is_one else between
    tokens = [*_TOKEN.finditer(text, 0, end)]
    first = len(tokens)
    while first > 0 and not _ends_phrase(tokens[first - 1][0]):
        first -= 1
    return _phrase(text, tokens[first:], end)


def _rightwards(text: str, start: int) -> Span | None:
    """The phrase that begins at `start`."""
    taken: list[re.Match[str]] = []
    for match in _TOKEN.finditer(text, start):
        word = match[0]
        late = taken and word.lower() in ("in", "on", "at", "to", "with", "from", "by", "is", "was")
        if _ends_phrase(word) or late:
            break
        taken.append(match)
        if word.endswith(".") and not _is_initial(word):
            break
    return _phrase(text, taken, taken[-1].end() if taken else start)


def _phrase(text: str, tokens: list[re.Match[str]], end: int) -> Span | None:
    """The tokens as a span, if they are one who speaks."""
    if not tokens:
        return None
    start = tokens[0].start()
    opener = _OPENERS.match(text[start:end]) if start == 0 else None
    start += opener.end() if opener else 0
    found = _WHEN.sub("", text[start:end].rstrip(" ,;:"))
    if found.endswith(".") and "." not in found.split()[-1][:-1]:  # but "the U.N."
        found = found[:-1]
    words = found.split()
    if (
        _VERB_FIRST.match(found)
        or len(words) > _LONGEST
        or {word.lower() for word in words} & NOBODY
    ):
        return None
    if len(found) < 2 or re.search(r"['’]s?$", found):
        return None
    return Span(start, start + len(found)) if _is_name(found) or _is_speaker(found) else None


def _is_name(phrase: str) -> bool:
    """Whether all of it is a name: capitals, with "of", "de" and the like between."""
    words = phrase.split()
    if words[0].lower() == "the":
        words = words[1:]
    return (
        bool(words)
        and all(_has_capital(word) for word in (words[0], words[-1]))
        and all(_has_capital(word) or word.lower() in JOINS for word in words)
        and not (len(words) == 1 and words[0].lower() in DETERMINERS | JOINS)
    )


def _is_speaker(phrase: str) -> bool:
    """Whether it describes one who speaks: "a spokesman for the ministry", "officials"."""
    words = phrase.split()
    if words[0].lower() in JOINS - {"the"} or words[-1].lower() in JOINS:
        return False
    for place, word in enumerate(words):
        if SPEAKERS.search(word) and (
            place == len(words) - 1
            or words[place + 1].lower() in JOINS
            or _is_name(" ".join(words[place + 1 :]))
        ):
            return all(_has_capital(one) or one.lower() not in JOINS for one in words[1:place])
    return False


def _is_plural(phrase: str) -> bool:
    words = phrase.split()
    return (
        " and " in phrase
        or words[-1].lower() == "police"
        or any(word.endswith("s") and SPEAKERS.search(word) for word in words)
    )


def _has_capital(word: str) -> bool:
    return word.lstrip("“\"’'(")[:1].isupper()


def _ends_phrase(token: str) -> bool:
    is_mark = not token[0].isalnum() and token not in ("&", "’", "'")
    return is_mark or token.lower() in BREAKS


def _is_initial(word: str) -> bool:
    """Whether the full stop belongs to the word: "J.", "Sen.", "U.S."."""
    return len(word) <= 5 and word[0].isupper()
