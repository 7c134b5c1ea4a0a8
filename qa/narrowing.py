"""Words of a question that narrow what is searched: "only the Reuters ones", "in this article",
"only articles from last week"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from index.terms import words
from index.types import Filter
from qa.articles import Articles
from qa.candidates import NO_TERMS
from qa.mentions import base
from qa.naming import Named, Names, named
from qa.retriever import narrowed
from qa.timeframe import time_frame
from qa.types import Turn

_PLACES = ("first", "second", "third", "fourth", "fifth", "last")
_ARTICLE = re.compile(
    r"(?P<whole>(?<![\s,])[\s,]*\b(?:only\s+)?(?:in|from|of|according\s+to)\s+)?"
    rf"\b(?P<which>this|that|the\s+same|the\s+(?:{'|'.join(_PLACES)}))\s+"
    r"(?:article|report|piece|story)\b(?!\s+(?:of|by)\b)",
    re.IGNORECASE,
)
# Words that ask nothing by themselves: "And what about only the Reuters ones?".
_NOTHING = frozenset("show give list find see answer question everything".split())
# What stands before a time of publication: "only articles from last week", "…, just those of 2023".
_ARTICLES = r"(?:the\s+)?(?:articles|reports|stories|pieces|coverage)"
_PUBLISHED = (
    r"(?:\s+(?:(?:that|which)\s+)?(?:(?:are|were)\s+)?(?:published|written|dated|printed))?"
)
_BEFORE_TIME = re.compile(
    r"(?P<comma>(?<![\s,])[\s,]*)(?:\b(?:and|but)\s+)?(?:what\s+about\s+)?(?:"
    rf"(?P<only>\b(?:only|just)\s+)?(?P<in>(?:in|from|of)\s+)?{_ARTICLES}{_PUBLISHED}"
    rf"|(?P<ones>\b(?:only|just)\s+(?:the\s+ones|those){_PUBLISHED})"
    r"|(?P<alone>\b(?:only|just)(?:\s+published)?))\s+$",
    re.IGNORECASE,
)
# What is said of publication without a word for articles: "only from last week".
_OF_PUBLICATION = re.compile(r"(?:from|since|before|after|until|up|between|prior)\b", re.IGNORECASE)
_NEWEST = re.compile(
    r"^\W*(?:(?:and|but)\s+)?(?:only|just)\s+the\s+(?:latest|newest|(?:most\s+)?recent)\s+"
    r"(?:articles|reports|stories|pieces|coverage|ones)\W*$",
    re.IGNORECASE,
)


class Narrowing(NamedTuple):
    """The question without the words that narrow (the one before, where nothing is left), what is
    to be searched, and a sentence that says so."""

    question: str
    filter: Filter
    remark: str


def narrowing(
    question: str,
    history: Sequence[Turn],
    articles: Articles,
    filter: Filter | None,
    today: date | None = None,
) -> Narrowing | None:
    """What the question's words leave of `filter`; None if they narrow nothing.

    A source or an author counts if an article has it; where only one was asked for that none has,
    the remark says so. "This article" is the first one that was quoted last; "the second article"
    the second. Times of publication are as seen from `today`; without that day they narrow nothing.
    """
    known, question = filter or Filter(), " ".join(question.split())
    found = (
        _of_article(question, history, known)
        or _of_name(question, history, articles, known)
        or (_of_time(question, history, known, today) if today else None)
    )
    if found and question[:1].isupper():  # what is left of it begins so, too
        found = found._replace(question=found.question[:1].upper() + found.question[1:])
    return found


def _of_name(
    question: str, history: Sequence[Turn], articles: Articles, filter: Filter
) -> Narrowing | None:
    found = named(question, Names(articles))
    if found is None:
        return None
    rest = _rest(found.rest, history)
    if not rest:
        return None
    if not found.values:
        if not history or rest != base(history[-1]):
            return None
        told = f"No article has “{found.name}” as its source: all were searched."
        return Narrowing(rest, filter, told)
    return Narrowing(rest, _narrowed(filter, found), _told(found))


def _narrowed(filter: Filter, found: Named) -> Filter:
    match found.kind:
        case "author":
            return replace(filter, authors=found.values)
        case "excluded":
            both = dict.fromkeys([*filter.excluded_sources, *found.values])
            return replace(filter, excluded_sources=tuple(both))
    return replace(filter, sources=found.values)


def _told(found: Named) -> str:
    names = " and ".join(found.values)
    match found.kind:
        case "author":
            return f"Only articles by {names} were searched."
        case "excluded":
            return f"Articles of {names} were not searched."
    return f"Only articles of {names} were searched."


def _of_time(
    question: str, history: Sequence[Turn], filter: Filter, today: date
) -> Narrowing | None:
    """Where it is all that is asked, or stands at the end after "only". The newest come first, but
    no article is left out."""
    if _NEWEST.match(question):
        return Narrowing(base(history[-1]), filter, "") if history else None
    frame = time_frame(question, today)
    if frame is None or frame.newest or not question.rstrip(" ?.!").endswith(frame.words):
        return None
    at = question.rindex(frame.words)
    match = _BEFORE_TIME.search(question[:at])
    if not match:
        return None
    before = question[: match.start()]
    if match["alone"] and not _is_of_publication(match, frame.words, before):
        return None
    only = match["only"] or match["ones"] or match["alone"]
    limits = only and ("," in match["comma"] or match["in"])
    if not limits and any(word not in NO_TERMS | _NOTHING for word in words(before)):
        return None  # "Who wrote the articles of last week?"
    rest = _rest(f"{before}{question[at + len(frame.words) :]}", history)
    published = replace(frame, only=True)
    told = f"Only articles {published} were searched."
    return Narrowing(rest, narrowed(filter, published), told) if rest else None


def _is_of_publication(match: re.Match[str], time: str, before: str) -> bool:
    """ "only from last week", and neither "only in May" nor "Why only since March?"."""
    said = "published" in match.group().lower() or _OF_PUBLICATION.match(time)
    return bool(said) and ("," in match["comma"] or not before.strip())


def _of_article(question: str, history: Sequence[Turn], filter: Filter) -> Narrowing | None:
    match = _ARTICLE.search(question)
    quoted = [turn.answer for turn in history if turn.answer is not None and turn.answer.citations]
    if not match or not quoted:
        return None
    ids = list(dict.fromkeys(one.article_id for one in quoted[-1].citations))
    place = match["which"].split()[-1].lower()
    at = _PLACES.index(place) if place in _PLACES else 0
    at = len(ids) - 1 if place == "last" else at
    if at >= len(ids):
        return None
    left = question
    if match["whole"]:
        left = f"{question[: match.start()]} {question[match.end() :]}"
    rest = _rest(left, history)
    if not rest:
        return None
    title = next(one.title for one in quoted[-1].citations if one.article_id == ids[at])
    remark = f"Only “{title}” was searched."
    return Narrowing(rest, replace(filter, article_ids=(ids[at],)), remark)


def _rest(question: str, history: Sequence[Turn]) -> str:
    """What is left to be asked; "" if that is nothing."""
    rest = re.sub(r"\s+(?=[?.!,])", "", " ".join(question.split())).strip(" ,")
    rest = re.sub(r"^(and|but|so),\s+", r"\1 ", rest, flags=re.IGNORECASE)
    asks = [word for word in words(rest) if word not in NO_TERMS | _NOTHING]
    if asks:
        return rest
    return base(history[-1]) if history else ""
