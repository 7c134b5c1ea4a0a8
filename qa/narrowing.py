"""Words of a question that narrow what is searched: "only the Reuters ones", "in this article"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from index.errors import DamageError, NotFoundError
from index.terms import words
from index.types import Filter
from qa.articles import Articles
from qa.candidates import NO_TERMS
from qa.mentions import base
from qa.types import Turn

_ONES = r"(?:ones?|articles?|reports?|pieces?|stories|coverage|sources?)"
_ONLY = re.compile(
    r"[\s,]*(?:\b(?:and|but)\s+)?\b(?:only|just)\s+(?:(?:in|from|by|of|according\s+to)\s+)?"
    rf"(?:the\s+)?(?P<name>(?:(?!{_ONES}\b)[\w.&’'-]+\s+){{1,4}}?){_ONES}\b"
    r"(?!\s+(?:about|on|of|that|which|with)\b)",
    re.IGNORECASE,
)
_ONLY_NAME = re.compile(
    r"^\W*(?:(?:and|but)\s+)?(?:only|just)\s+(?:(?:in|from|by|of|according\s+to)\s+)?"
    r"(?:the\s+)?(?P<name>[\w.&’'-]+(?:\s+[\w.&’'-]+){0,3}?)\s*[?.!]*$",
    re.IGNORECASE,
)
_PLACES = ("first", "second", "third", "fourth", "fifth")
_ARTICLE = re.compile(
    r"(?P<whole>[\s,]*\b(?:only\s+)?(?:in|from|of|according\s+to)\s+)?"
    rf"\b(?P<which>this|that|the\s+same|the\s+(?:{'|'.join(_PLACES)}))\s+"
    r"(?:article|report|piece|story)\b",
    re.IGNORECASE,
)
# Words that ask nothing by themselves: "And what about only the Reuters ones?".
_NOTHING = frozenset("show give list find see answer question".split())


class Narrowing(NamedTuple):
    """The question without the words that narrow (the one before, where nothing is left), what is
    to be searched, and a sentence that says so."""

    question: str
    filter: Filter
    remark: str


def narrowing(
    question: str, history: Sequence[Turn], articles: Articles, filter: Filter | None
) -> Narrowing | None:
    """What the question's words leave of `filter`; None if they narrow nothing.

    A source counts if an article has it; where only one was asked for that none has, the remark
    says so. "This article" is the first one that was quoted last; "the
    second article" the second.
    """
    return _of_article(question, history, articles, filter or Filter()) or _of_source(
        question, history, articles, filter or Filter()
    )


def _of_source(
    question: str, history: Sequence[Turn], articles: Articles, filter: Filter
) -> Narrowing | None:
    match = _ONLY.search(question) or _ONLY_NAME.match(question)
    if not match:
        return None
    name = re.sub(r"['’]s?$", "", match["name"].strip())
    sources = _named(name, history, articles)
    if not sources and articles.search_dense(name, 1, replace(filter, sources=(name,))):
        sources = (name,)
    rest = _rest(f"{question[: match.start()]} {question[match.end() :]}", history)
    if not rest:
        return None
    if not sources:
        if not history or rest != base(history[-1]) or match.re is not _ONLY:
            return None
        return Narrowing(rest, filter, f"No article has “{name}” as its source: all were searched.")
    remark = f"Only articles of {' and '.join(sources)} were searched."
    return Narrowing(rest, replace(filter, sources=sources), remark)


def _named(name: str, history: Sequence[Turn], articles: Articles) -> tuple[str, ...]:
    """The sources with this name, or with it in theirs, among the articles that were read last."""
    wanted = name.casefold()
    found = dict[str, None]()
    for turn in history[-1:]:
        ids = [hit.passage.article_id for hit in turn.answer.hits] if turn.answer else []
        for id in dict.fromkeys(ids):
            try:
                source = articles.article(id).source or ""
            except (NotFoundError, DamageError):
                continue
            if wanted in source.casefold():
                found[source] = None
    exact = tuple(source for source in found if source.casefold() == wanted)
    return exact or tuple(found)


def _of_article(
    question: str, history: Sequence[Turn], articles: Articles, filter: Filter
) -> Narrowing | None:
    match = _ARTICLE.search(question)
    quoted = [turn.answer for turn in history if turn.answer is not None and turn.answer.citations]
    if not match or not quoted:
        return None
    ids = list(dict.fromkeys(one.article_id for one in quoted[-1].citations))
    place = match["which"].split()[-1].lower()
    at = _PLACES.index(place) if place in _PLACES else 0
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
    asks = [word for word in words(rest) if word not in NO_TERMS | _NOTHING]
    if asks:
        return rest
    return base(history[-1]) if history else ""
