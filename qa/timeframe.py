"""When what a question asks about happened, as far as its words tell."""

from __future__ import annotations

import re
from datetime import date

from qa.time_forms import Found, expressions
from qa.types import TimeFrame

_NEWEST = re.compile(
    r"\b(?:(?<!\ba )(?:latest|newest)|what(?: is|['’]s) new(?=\W*$| (?:about|at|for|in|on|with)\b)"
    r"|(?<!until )(?<!\bthe )(?<!\ba )(?<!\bmost )(?:most )?recently(?! as\b)"
    r"|(?<!until )(?:most )?recent|lately|nowadays|currently|still"
    r"|now(?! and then)|at (?:(?:the|this) moment|present|this point)|these days"
    r"|of late(?=\W*$|[,;:])"
    r"|(?:most )?up[ -]to[ -](?:date|now)"
    r"|(?<!week )(?<!month )(?<!quarter )(?<!year )to date|as things stand"
    r"|(?<=\bany )(?:news|updates?)"
    r"|(?:(?<=\bis the )|(?<=\bare the )|(?<=\bdoes the )|(?<=\bdo the )|(?<=['’]s ))"
    r"(?:current|present)(?= (?-i:[a-z]))"
    r"(?! (?:and|at|from|in|of|on|that|to|is|day|week|weekend|month|quarter|year|decade|century)\b)"
    r"|(?<!week )(?<!month )(?<!year )so far(?! this)|(?:as of|until) (?:now|today))\b",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(r"\s*(?:is|are|does|do|has|have|can)\b", re.IGNORECASE)
# Words before a period that make it one of publication, and not of what happened.
_ARTICLES = r"\b(?:articles?|stories|coverage|headlines|news(?: items?)?)"
_PUBLISHED = re.compile(
    rf"{_ARTICLES}(?: (?:that|which))?(?: (?:was|were))?"
    r" (?:published|written|dated|appeared|came out)\s*$",
    re.IGNORECASE,
)
_FROM_THEN = re.compile(rf"{_ARTICLES}\s*$", re.IGNORECASE)
_OF_THEN = re.compile(r"\b(?:articles?|headlines)\s*$", re.IGNORECASE)
_ITS_ARTICLES = re.compile(rf"['’]s {_ARTICLES}", re.IGNORECASE)
_FROM_WORDS = frozenset("from since before after between until".split())
# A month or "Today" with a capital may be a name; a weekday after such a word is one.
_LOOKS_LIKE_A_NAME = re.compile(r"(?-i:[A-Z])(?:oday|onight|esterday|omorrow|ast|his|ext|he|ow)\b",
                                re.IGNORECASE)  # fmt: skip
# What lies ahead is asked for if these come before any word for what has been.
_AHEAD = re.compile(
    r"\b(?:(?P<ahead>will|shall|won['’]t|must|going to|due|upcoming|scheduled|planned"
    r"|(?:is|are) (?:set|expected|likely|planning)|plans? to|when (?:is|are|does|do)"
    r"|(?:is|are) (?!being\b)\w+ing|happens?|takes? place|begins?|starts?)"
    r"|did|was|were|had|has|have|(?-i:[a-z]+ed)|said|told)\b",
    re.IGNORECASE,
)


def time_frame(question: str, today: date) -> TimeFrame | None:
    """What the question says of time, asked on the day `today`; None if it says nothing.

    The first expression counts that the rules know. "as of" and "articles since" and the like
    speak of publication and make a filter; others say what is preferred. Words for the newest
    count more than a period, unless they speak of it ("the latest figure of 2023").
    """
    question = " ".join(question.split())
    verb = _AHEAD.search(question)
    known = expressions(question, today, ahead=bool(verb and verb["ahead"]))
    found = next((one for one in known if not _is_name(one, question)), None)
    frame = _frame(found, question) if found and (found.first or found.last) else None
    newest = _newest(question)
    if newest and found and found.start < newest.start() < found.end:
        newest = None  # "from March to now"
    if newest and not (frame and frame.only and frame.last != today):
        until = today
        if frame and frame.last and frame.first and _is_of(newest, found, question):
            until = min(frame.last, today)
        return TimeFrame(newest.group(), last=until, newest=True)
    return frame


def _newest(question: str) -> re.Match[str] | None:
    """A word for the newest; not "Now" in a name, nor a "still" that is no question."""
    for match in _NEWEST.finditer(question):
        if match.group().lower() == "still" and not _YES_OR_NO.match(question):
            continue
        if match.start() == 0 or not match.group()[0].isupper():
            return match
    return None


def _is_of(newest: re.Match[str], found: Found | None, question: str) -> bool:
    """Whether the period narrows what the newest is sought of: "the latest figure of 2023"."""
    if found is None or not newest.group().lower().startswith(("latest", "newest", "most recent")):
        return False
    between = question[newest.end() : found.start]
    return newest.end() <= found.start and len(between.split()) <= 3 and "that" not in between


def _is_name(found: Found, question: str) -> bool:
    """Whether it has a capital inside a sentence that has others, too."""
    looks = _LOOKS_LIKE_A_NAME.match(question, found.period)
    return found.period > 0 and bool(looks) and not question.isupper()


def _frame(found: Found, question: str) -> TimeFrame:
    before = question[: found.start]
    only = (
        question[found.start : found.period].lower() in ("as of ", "as at ")
        or bool(_PUBLISHED.search(before))
        or (found.word in _FROM_WORDS and bool(_FROM_THEN.search(before)))
        or (found.word == "of" and bool(_OF_THEN.search(before)))
        or bool(_ITS_ARTICLES.match(question, found.end))
    )
    return TimeFrame(question[found.start : found.end], found.first, found.last, only)
