"""What the program itself says of an answer, in a sentence: never part of a quote."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from index.types import Filter, Hit
from qa.questions import asks_of_the_present, unmentioned
from qa.types import Citation, Part, Shape, TimeFrame, Turn, day

# The languages that are met most often in other people's articles; others are named by their code.
LANGUAGES = dict(
    pair.split("=")
    for pair in (
        "ar=Arabic bg=Bulgarian bn=Bengali ca=Catalan cs=Czech da=Danish de=German el=Greek "
        "en=English es=Spanish et=Estonian fa=Persian fi=Finnish fr=French he=Hebrew hi=Hindi "
        "hr=Croatian hu=Hungarian id=Indonesian is=Icelandic it=Italian ja=Japanese ko=Korean "
        "lt=Lithuanian lv=Latvian nl=Dutch no=Norwegian pl=Polish pt=Portuguese ro=Romanian "
        "ru=Russian sk=Slovak sl=Slovenian sr=Serbian sv=Swedish ta=Tamil th=Thai tr=Turkish "
        "uk=Ukrainian ur=Urdu vi=Vietnamese zh=Chinese"
    ).split()
)
# From so many days on a source is called old: where a question has words for the present ("now",
# "this year"), and where it is only put in the present tense.
OLD_DAYS, VERY_OLD_DAYS = 180, 365


MOST_NAMED = 10  # sources or authors

OUT_OF_TIME = "Time was short"


def how_they_agree(shape: Shape, parts: Sequence[Part], citations: Sequence[Citation]) -> str:
    """Whether the articles agree, and how many of them are independent; empty if only one speaks,
    unless it was asked how they compare."""
    if shape == "comparison" and len(parts) > 1:
        if len({citation.article_id for citation in citations}) == 1:
            return "One article gives all of these."
        dated = any(part.published for part in parts)
        several = [
            f"“{part.claim}”: {_counted(part)}."
            for part in parts
            if part.claim and part.articles > 1
        ]
        order = "; the newest comes first" if dated else ""
        return " ".join([f"The articles differ{order}.", *several])
    if len(parts) != 1:
        return ""
    (part,) = parts
    if part.articles == 1:
        return "Only one article says so." if shape == "comparison" else ""
    agree = part.articles == part.independent
    return f"{_counted(part)} agree." if agree else f"{_counted(part)}."


def _counted(part: Part) -> str:
    """How many articles say so, and how many of them are independent, if that is fewer."""
    articles = f"{part.articles} article{'' if part.articles == 1 else 's'}"
    if part.articles == part.independent:
        return articles
    return f"{articles}, {part.independent} independent"


def who_is_shown(shape: Shape, kind: str) -> str:
    """That whoever speaks is shown, where only `kind` was asked for: "critics", "experts"."""
    if shape != "positions" or not kind:
        return ""
    return f"Shown is whoever speaks of it: that they are {kind}, the sentences need not say."


def in_other_languages(hits: Sequence[Hit], languages: Collection[str]) -> str:
    """That passages among the hits were not read, and in which languages they are."""
    found = dict.fromkeys(
        hit.passage.language
        for hit in hits
        if hit.passage.language and hit.passage.language not in languages
    )
    if not found:
        return ""
    return f"Not read, because the reader does not know the language: passages in {_named(found)}."


def out_of_time(left: int) -> str:
    """That so many of the passages that were found were not read; empty for none."""
    if not left:
        return ""
    passages = "one passage was" if left == 1 else f"{left} passages were"
    return (
        f"{OUT_OF_TIME}: {passages} found but not read. Ask again to have more read, or allow more "
        "time (ARTICLE_QA_SECONDS)."
    )


def _named(codes: Iterable[str]) -> str:
    return _listed([LANGUAGES.get(code, f"“{code}”") for code in codes], "and")


def _listed(names: Sequence[str], joined: str) -> str:
    return f" {joined} ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def how_old(
    question: str, citations: Sequence[Citation], frame: TimeFrame | None, asked_on: date
) -> str:
    """Of when the newest source is, if the question is about the present and that is long past."""
    days = [citation.published for citation in citations if citation.published]
    if not days or (frame is not None and not frame.about_now(asked_on)):
        return ""
    age = (asked_on - max(days)).days
    if age > (OLD_DAYS if frame else VERY_OLD_DAYS) and (frame or asks_of_the_present(question)):
        return f"The newest source is old: {day(max(days))}."
    return f"The newest source is of {day(max(days))}." if frame and frame.newest else ""


def nothing_left(filter: Filter, sources: Sequence[str], authors: Sequence[str]) -> str:
    """Why no article could be searched: what it was narrowed to, and what there is instead."""
    for asked, there, word in ((filter.sources, sources, "of"), (filter.authors, authors, "by")):
        known = {name.casefold() for name in there}
        unknown = [name for name in asked if name.casefold() not in known]
        if unknown:
            named = f"No article is {word} {_listed([f'“{name}”' for name in unknown], 'or')}"
            return f"{named}; there are: {_some(there)}." if there else f"{named}."
    first, last = filter.published_from, filter.published_to
    if first and last and first > last:
        return f"No day is from {day(first)} until {day(last)}."
    return "No article is left to search: it was narrowed too far."


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join([*names[:MOST_NAMED], *([f"and {more} more"] if more > 0 else [])])


def of_an_article(history: Sequence[Turn]) -> str:
    """Where title, source and date of an article are to be seen; and of those quoted last."""
    said = "Title, source and date of an article stand beside every quote."
    quoted = (turn.answer.citations for turn in reversed(history) if turn.answer)
    bylines = dict.fromkeys(citation.byline for citation in next(filter(None, quoted), ()))
    return f"{said} Quoted last: {'; '.join(bylines)}." if bylines else said


def why_not_found(
    question: str,
    hits: Sequence[Hit],
    frame: TimeFrame | None = None,
    days: Iterable[date] = (),
    *,
    filtered: str = "",
) -> str:
    """What the nearest passages lack; where there are none, why.

    `days` are those of their articles. Words about time are no name that a passage lacks. Where a
    filter left nothing to search, `filtered` says so, and the `frame` is not to blame.
    """
    if not hits:
        only = frame is not None and frame.only
        return filtered or (f"No article was {frame}." if only else "")
    asked = question.replace(frame.words, " ") if frame else question
    missing = unmentioned(asked, (hit.passage.text for hit in hits))
    if missing:
        return (
            f"None of the nearest passages mentions {', '.join(f'“{name}”' for name in missing)}."
        )
    if frame and not frame.newest and not any(frame.tells_of(one) for one in days):
        return "None of the nearest passages is from an article of that time."
    return "The nearest passages come close, but no sentence in them answers with enough certainty."
