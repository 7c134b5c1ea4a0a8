"""A source or an author that a question names: "according to the BBC", "articles by Jane Doe"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from qa.articles import Articles

Kind = Literal["source", "author", "excluded"]

# Of a name that many sources have in theirs, so many are searched.
_MOST = 20

_ARTICLES = r"(?:articles?|reports?|reporting|pieces?|stories|story|coverage|headlines)"
_ONES = rf"(?:ones?|sources?|{_ARTICLES})"
_ONLY = r"(?:only|just|solely|exclusively)"
_IN = r"(?:in|from|by|of|using|according\s+to)"
_OF = r"(?:from|by|of|according\s+to)"
_WORD = r"[\w.&’'-]+"
# No name begins so: "only the latest ones", "just those articles".
_NO_NAME = (
    r"(?:the|those|these|all|any|some|it|that|first|second|third|fourth|fifth|last|latest|newest"
    r"|recent|oldest|newer|older|(?-i:new|old)|other|same|next|two|three|four|five)\s"
)
# A name, as short as what follows it in the pattern allows.
_NAME = rf"(?P<name>(?!{_NO_NAME}){_WORD}(?:\s+{_WORD}){{0,4}}?)"
_LONG = _NAME.replace("{0,4}?", "{0,4}")
_END = r"\s*(?=[?.!]*\s*$)"
# All commas and spaces before it: not looked for from each of them.
_GAP = r"(?<![\s,])[\s,]*"
_OWN = r"(?:['’]s?)?"
# What a sentence goes on with of which articles are the subject.
_TELL = (
    r"(?=\s+(?:say|said|tell|told|mention|name|claim|describe|agree|differ|give|write|report)\b)"
)


class _Form(NamedTuple):
    """`kept` is what is left of the match in the question. With `trimmed`, words at one end of the
    name that belong to no known one stay in the question. A name that is `part` of a known one will
    do. With `told`, a name that no article has is told. With `cased`, the name has a capital where
    other words inside the question have one: "according to people" is not of the source “People”.
    """

    pattern: re.Pattern[str]
    kinds: tuple[Kind, ...] = ("source",)
    trimmed: Literal["", "left", "right"] = ""
    part: bool = False
    kept: str = ""
    told: bool = False
    cased: bool = True


def _form(source: str, *kinds: Kind, **how: object) -> _Form:
    pattern = re.compile(source, re.IGNORECASE)
    return _Form(pattern, kinds or ("source",), **how)  # type: ignore[arg-type]


_AND = r"(?:(?:and|but)\s+)?"
_WRITTEN = r"(?:(?:that|which)\s+(?:are|is|were|was)\s+)?(?:published\s+|written\s+)?"
_LEAVING_OUT = r"(?:excluding|except(?:\s+for)?|leaving\s+out|ignoring)"
# Of what is asked as often as of articles: "a company other than Reuters".
_APART = r"(?:apart\s+from|other\s+than)"
_FORMS = (
    # "everything except Reuters", "…, not from the BBC?", "without the Guardian articles"
    _form(
        rf"{_GAP}\b{_AND}{_LEAVING_OUT}\s+(?:{_IN}\s+)?(?:the\s+)?{_NAME}{_OWN}"
        rf"(?:\s+{_ONES})?{_END}",
        "excluded",
    ),
    _form(
        rf"^\W*{_AND}(?:everything\s+|all\s+)?{_APART}\s+(?:the\s+)?{_NAME}{_OWN}{_END}",
        "excluded",
    ),
    _form(
        rf"{_GAP}\b{_AND}{_APART}\s+(?:{_IN}\s+)?(?:the\s+)?{_NAME}{_OWN}\s+{_ONES}{_END}",
        "excluded",
    ),
    _form(
        rf"{_GAP}\b{_AND}not\s+(?:in|from|by|of)\s+(?:the\s+)?{_NAME}{_OWN}(?:\s+{_ONES})?{_END}",
        "excluded",
    ),
    _form(rf"{_GAP}\b{_AND}(?:not|without)\s+(?:the\s+)?{_NAME}{_OWN}\s+{_ONES}{_END}", "excluded"),
    # "articles by Jane Doe", "only the ones from Reuters"
    _form(
        rf"(?P<in>{_GAP}\b{_AND}(?:{_ONLY}\s+)?{_IN}\s+(?:{_ONLY}\s+)?|^\W*{_AND}{_ONLY}\s+)"
        rf"(?:the\s+)?{_ONES}\s+{_WRITTEN}(?:by|from|in|of)\s+(?:the\s+)?{_LONG}",
        "source",
        "author",
        trimmed="right",
    ),
    _form(
        rf"(?P<kept>{_ARTICLES})\s+{_WRITTEN}(?:by|from)\s+(?:the\s+)?{_LONG}",
        "source",
        "author",
        trimmed="right",
        kept="kept",
    ),
    # "only the Reuters ones"
    _form(
        rf"{_GAP}(?:\b(?:and|but)\s+)?\b{_ONLY}\s+(?:{_IN}\s+)?(?:the\s+)?{_NAME}{_OWN}\s+{_ONES}\b"
        r"(?!\s+(?:about|on|of|that|which|with|by|from|in)\b)",
        "source",
        "author",
        part=True,
        told=True,
        cased=False,
    ),
    # "Only from the Valley Post", "Reuters only"
    _form(
        rf"^\W*{_AND}{_ONLY}\s+(?:{_IN}\s+)?(?:the\s+)?{_NAME}{_OWN}{_END}", part=True, cased=False
    ),
    _form(rf"^\W*{_AND}(?:the\s+)?{_NAME}(?:\s+{_ONES})?\s+only{_END}", part=True, cased=False),
    _form(rf"{_GAP}\b{_ONLY}\s+{_IN}\s+(?:the\s+)?{_NAME}{_END}"),
    _form(rf"^\W*{_ONLY}\s+{_IN}\s+(?:the\s+)?{_NAME}\s*,"),
    # "only by Jane Doe", and never "only in May"
    _form(rf"{_GAP}\b{_ONLY}\s+{_OF}\s+{_NAME}{_END}", "author"),
    _form(rf"^\W*{_ONLY}\s+{_OF}\s+{_NAME}\s*,", "author"),
    # "According to the BBC, …"
    _form(rf"^\W*{_AND}according\s+to\s+(?:the\s+)?{_NAME}\s*,"),
    _form(rf"{_GAP}\baccording\s+to\s+(?:the\s+)?{_NAME}{_END}"),
    # "in the BBC's reports", "What do Reuters articles say?"
    _form(
        rf"{_GAP}\b(?:in|from|according\s+to|using)\s+(?:the\s+)?{_LONG}{_OWN}\s+(?:own\s+)?"
        rf"{_ARTICLES}\b",
        "source",
        "author",
    ),
    _form(
        rf"\b{_LONG}{_OWN}\s+(?:own\s+)?(?P<kept>{_ARTICLES}\b){_TELL}",
        "source",
        "author",
        trimmed="left",
        kept="kept",
    ),
)


class Named(NamedTuple):
    """What a question names: `values` as articles have it, none if no article does; `rest` is the
    question without the words that name it."""

    kind: Kind
    name: str
    values: tuple[str, ...]
    rest: str


class Names:
    """The sources and authors of the articles, looked up when a question may name one."""

    def __init__(self, articles: Articles) -> None:
        self._articles = articles

    @cached_property
    def _sources(self) -> dict[str, str]:
        return {source: _plain(source) for source in self._articles.sources()}

    @cached_property
    def _authors(self) -> dict[str, str]:
        return {author: _letters(author) for author in self._articles.authors()}

    def like(self, name: str, kind: Kind, *, part: bool) -> tuple[str, ...]:
        """Those that are named so; with `part`, else those with the name in theirs. An author may
        be named by the last name."""
        if kind == "author":
            known, asked = self._authors, _letters(name)
            # "articles by Law", but not "by law"
            same = [
                one
                for one, plain in known.items()
                if plain == asked or (not name.islower() and plain.endswith(f" {asked}"))
            ]
        else:
            known, asked = self._sources, _plain(name)
            exact = [one for one in known if one.casefold() == name.casefold()]
            same = exact or [one for one, plain in known.items() if plain == asked]
        if part and not same and asked:
            same = [one for one, plain in known.items() if f" {asked} " in f" {plain} "]
        return tuple(same[:_MOST]) if asked else ()


def named(question: str, names: Names) -> Named | None:
    """The first form of words that name a known source or author; where none does, one that
    names another and nothing else. None if there is none."""
    untold: Named | None = None
    for form in _FORMS:
        for match in form.pattern.finditer(question):
            found = _known(form, match, names)
            if found:
                return found
            if form.told and not untold:
                untold = Named("source", _bare(match["name"]), (), _without(match, form, 0, 0))
    return untold


def _known(form: _Form, match: re.Match[str], names: Names) -> Named | None:
    """The longest part of the name that is known, where it may be trimmed."""
    spoken = match["name"].split()
    cased = form.cased and any(word[0].isupper() for word in match.string.split()[1:])
    for left, right in _trims(form.trimmed, spoken):
        if spoken[left].lower() == "the":
            continue  # it stays in the question
        name = _bare(" ".join(spoken[left : len(spoken) - right]))
        if cased and name.islower():
            continue
        for kind in form.kinds:
            values = names.like(name, kind, part=form.part)
            if values and (form.trimmed != "right" or _is_over(match, right)):
                return Named(kind, name, values, _without(match, form, left, right))
    return None


def _trims(trimmed: str, spoken: Sequence[str]) -> list[tuple[int, int]]:
    """How many words may be cut at its ends, fewest first."""
    if not trimmed:
        return [(0, 0)]
    return [(cut, 0) if trimmed == "left" else (0, cut) for cut in range(len(spoken))]


def _is_over(match: re.Match[str], cut: int) -> bool:
    """Whether a name ends where it is cut: "by Ann Lee say", and not "by the Post Office"."""
    spoken = match["name"].split()
    return not cut or not spoken[-cut][:1].isupper()


def _without(match: re.Match[str], form: _Form, left: int, right: int) -> str:
    """The question without what names, but for the words that were trimmed and what is kept."""
    spoken = match["name"].split()
    before, after = spoken[:left], spoken[len(spoken) - right :] if right else []
    kept = [match[form.kept]] if form.kept else []
    middle = " ".join([*before, *kept, *after])
    return f"{match.string[: match.start()]} {middle} {match.string[match.end() :]}"


def _bare(name: str) -> str:
    return re.sub(r"['’]s?$", "", name.strip(" ,."))


def _letters(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold()))


def _plain(source: str) -> str:
    """What people call it: "guardian" for “The Guardian” and “www.theguardian.com”, "bbc" for “BBC
    News”."""
    name = source.casefold().strip()
    if host := re.fullmatch(r"(?:www\.)?([\w-]+)(?:\.[\w-]+)+", name):
        return re.sub(r"^the(?=\w)", "", host[1])
    return re.sub(r"^the | (?:news|online)$", "", _letters(name))
