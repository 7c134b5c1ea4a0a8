"""One thing in the place of another: "And Germany?", "In 2023?", "the military ones"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from index.terms import stems
from index.types import Span
from qa.mentions import ADDED, base
from qa.nations import nations, with_capitals
from qa.phrases import NAME, names, things
from qa.time_words import AFTER_A_WORD, ANYWHERE, period
from qa.types import Turn

LINK = r"(?:in|for|of|on|by|from|at|with|since|after|before|during|under|near)"
AUXILIARY = (
    r"(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should|may|might|must)"
)
# "And Russia's aims?"
_OWNED = re.compile(rf"(?P<owner>{NAME.pattern})['’]s?\s+(?P<owned>[\w-]+(?:\s+[\w-]+)?)")
# "Who makes Storm Shadow?": no country is made.
_OF_A_THING = re.compile(r"\W*(?:who|what|which)\b", re.IGNORECASE)
# "What did X say?", and what about.
_SPOKEN = re.compile(
    rf"^\W*(?:(?:and|but|so|or)\s+)?(?P<asked>what\s+{AUXILIARY}\s+(?P<who>[^?,]+?)\s+"
    r"(?:say|said|think|thought|argued?|want(?:ed)?|claim(?:ed)?|demand(?:ed)?|proposed?|answer)"
    r"(?!\w))"
    r"(?P<of>\s+(?:about|to|on|of|over|regarding|concerning)\s+.+?)?[\s?.!]*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\b\d[\d.,]*\b")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_MONTH_OR_DAY = re.compile(r"(?!.*\b(?:1[5-9]|20)\d\d\b)(?=.*[^\W\d]).*", re.DOTALL)
# A day for words that mean no other time on another one.
_ANY_DAY = date(2024, 7, 1)


def said_by_another(question: str, before: str) -> str | None:
    """ "And what did Y say?" after "What did X say about the strike?"."""
    now, then = _SPOKEN.match(question), _SPOKEN.match(before)
    if not now or now["of"] or not then or not then["of"] or not NAME.fullmatch(now["who"]):
        return None
    asked = now["asked"]
    return f"{asked[0].upper()}{asked[1:]}{then['of']}?"


def instead(question: str, link: str, new: str, history: Sequence[Turn]) -> str | None:
    """The last question with `new` (after `link`, if there is one) in the place of what is like it:
    a time, a number, what somebody owns, a name. Together with `question` if nothing is; None if
    `new` is none of these.
    """
    last = history[-1]
    before = _without_quoted(base(last), history)
    if period(new, _ANY_DAY):
        return _at_another_time(link, new, before)
    if _NUMBER.fullmatch(new):
        numbers = [m for m in _NUMBER.finditer(before) if len(m.group()) == len(new)]
        if not numbers:
            return None
        return before[: numbers[0].start()] + new + before[numbers[0].end() :]
    if owned := _OWNED.fullmatch(new):
        return _owned_by_another(owned, before)
    if not NAME.fullmatch(new):
        named = "" if _has_capitals(new) else _as_named(new, _said(history)) or with_capitals(new)
        if not named:
            return None
        new = named
    if new.lower() in before.lower():
        return None
    spoken = _SPOKEN.match(ADDED.sub("", before))
    alike = [span for span in names(before) if span.start > 0]
    bracket = ADDED.search(before)
    if bracket:  # what was put after it is meant only if there is nothing else
        asked = [span for span in alike if span.start < bracket.start()]
        alike = asked or ([] if spoken else alike)
    if link:  # of those after the same word, if any is
        same = [m for m in alike if re.search(rf"\b{link}\s+$", before[: m.start], re.IGNORECASE)]
        if not same:
            return with_more(before, f"{link} {new}") if link in ("in", "at", "near") else None
        alike = same
    # Of countries one takes the place of another, where there is one; others, of no country.
    same = [m for m in alike if bool(nations(before[slice(*m)])) == bool(nations(new))]
    of_a_thing = _OF_A_THING.match(before) and not spoken
    alike = same or ([] if nations(new) and of_a_thing else alike)
    if not alike and spoken:  # of those who type without capitals: "what did peru say"
        alike = [Span(*spoken.span("who"))]
    people = bool(alike) and all(nations(before[slice(*m)]) for m in alike) and not nations(new)
    if people and not spoken and (place := _as_a_place(new, history)):
        return with_more(before, place)
    if not alike or (people and not spoken):
        return f"{before} {question}"
    # What the last question put there is what the next one puts another in the place of.
    start, end = next((m for m in alike if before[slice(*m)] in last.question), alike[0])
    rest = before[end:]
    if new.endswith("s") and (owner := re.match(r"['’]s\b", rest)):
        rest = rest[0] + rest[owner.end() :]
    return before[:start] + new + rest


def of_another_kind(match: re.Match[str], before: str) -> str | None:
    """ "the military ones" in the place of "the diplomatic means"."""
    for span in reversed([*things(before)]):
        said = before[slice(*span)].split()
        if len(said) > 1 and said[-1].islower() and not NAME.fullmatch(" ".join(said[:-1])):
            the = "the " if match["the"] or said[0] == "the" else ""
            return f"{before[: span.start]}{the}{match['kind']} {said[-1]}{before[span.end :]}"
    return None


def _owned_by_another(match: re.Match[str], before: str) -> str | None:
    """ "Russia's aims" in the place of "the aims of Ukraine" or of "Ukraine's aims"; of "the aims
    of the strike", "Russia's aims of the strike"."""
    owned = re.escape(match["owned"])
    same = re.search(rf"(?:{NAME.pattern})['’]s?\s+{owned}\b", before) or re.search(
        rf"\b(?:the\s+)?{owned}\b", before
    )
    if not same:
        return None
    end = same.end()
    if of := re.match(r"\s+of\s+(?:the\s+)?", before[end:]):
        whole = [span.end for span in things(before) if span.start in (end + 4, end + of.end())]
        name = before[end + 4 : max(whole, default=end)]
        end = max(whole) if whole and (nations(name) and NAME.fullmatch(name)) else end
    return before[: same.start()] + match.group() + before[end:]


def _without_quoted(before: str, history: Sequence[Turn]) -> str:
    """Without what was put after it and no question had named: it was said of the other one."""
    bracket = ADDED.search(before)
    if not bracket:
        return before
    asked = {stem for turn in history for stem in stems(turn.question)}
    kept = [one for one in bracket.group()[2:-1].split(", ") if not asked.isdisjoint(stems(one))]
    inside = f" ({', '.join(kept)})" if kept else ""
    return before[: bracket.start()] + inside + before[bracket.end() :]


def _has_capitals(text: str) -> bool:
    """Whether whoever typed it uses capitals."""
    return text != text.lower()


@lru_cache(1)
def _time() -> re.Pattern[str]:
    """Compiled when it is needed: it takes as long as a module to import."""
    one = rf"(?P<link>{LINK})\s+(?P<after>{AFTER_A_WORD})|(?P<time>{ANYWHERE})"
    return re.compile(rf"(?<![\w-])(?:{one})(?![\w-])", re.IGNORECASE)


def _as_a_place(name: str, history: Sequence[Turn]) -> str | None:
    """ "in Kursk", if the last turns say so of it."""
    for text in _said(history):
        if re.search(rf"\b(?:in|near|into|from|across)\s+{re.escape(name)}\b", text):
            return f"in {name}"
    return None


def _at_another_time(link: str, new: str, before: str) -> str:
    times = [m for m in _time().finditer(before) if period(m["after"] or m["time"], _ANY_DAY)]
    said = f"{link} {new}".strip()
    if not times and _YEAR.fullmatch(new) and (years := [*_YEAR.finditer(before)]):
        return before[: years[-1].start()] + new + before[years[-1].end() :]  # "the 2022 Cup"
    if not times:
        return with_more(before, said)
    old = times[-1]
    year = _YEAR.search(old.group())
    if year and _MONTH_OR_DAY.fullmatch(new) and re.search(r"[^\W\d]{3}", new):
        said += f" {year.group()}" if _is_date(new) else ""
    if not link and old["link"] and period(new, _ANY_DAY) and _YEAR.fullmatch(new):
        said = f"{old['link']} {said}"
    return before[: old.start()] + said + before[old.end() :]


def with_more(before: str, words: str) -> str:
    """`before` with `words` at its end."""
    ending = re.search(r"(?:\s\([^()]*\))?[\s?.!]*$", before)  # before what was put after it
    assert ending is not None
    return f"{before[: ending.start()]} {words}{ending.group().rstrip()}"


def _is_date(words: str) -> bool:
    return bool(
        re.search(
            r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b"
            r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b",
            words,
            re.IGNORECASE,
        )
    ) and bool(period(words, _ANY_DAY))


def _as_named(words: str, texts: Iterable[str]) -> str | None:
    """As earlier turns write it, if it has a capital there inside a sentence."""
    article = re.match(r"the\s+", words, re.IGNORECASE)
    bare = words[article.end() :] if article else words
    pattern = re.compile(rf"(?<=[a-z,] )(?:the )?(?<!\w){re.escape(bare)}(?!\w)", re.IGNORECASE)
    for text in texts:
        for match in pattern.finditer(text):
            found = match.group()
            if NAME.fullmatch(found):
                return (
                    found
                    if found.lower().startswith("the ") == bool(article)
                    else (f"the {found}" if article else re.sub(r"^[Tt]he ", "", found))
                )
    return None


def _said(history: Sequence[Turn]) -> Iterable[str]:
    """All texts of the last turns: questions, quotes, and the passages that were read."""
    for turn in reversed(history[-2:]):
        yield turn.asked_as
        if turn.answer is not None:
            yield from (one.quote for one in turn.answer.citations)
            yield from (hit.passage.text for hit in turn.answer.hits)
