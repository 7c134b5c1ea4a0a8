"""Which articles are asked: the filter as chips that can be removed, and as a part of a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from chat.catalogue import day_of
from chat.reading import shorten
from chat.types import Library
from index.errors import CollectionError
from index.types import Filter
from qa.types import day

MOST = 20  # sources or articles in one filter
LENGTH = 48  # characters of a title in a chip


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition of a filter: its `kind` and `value` name it, `words` say it."""

    kind: str
    value: str
    words: str


def chips(filter: Filter, library: Library) -> list[Chip]:
    """Every condition of a filter."""
    made = [Chip("source", source, source) for source in filter.sources]
    made += [Chip("author", author, f"by {author}") for author in filter.authors]
    if filter.published_from:
        made.append(Chip("first", "", f"from {day(filter.published_from)}"))
    if filter.published_to:
        made.append(Chip("last", "", f"until {day(filter.published_to)}"))
    made += [Chip("article", id, _title(id, library)) for id in filter.article_ids]
    return made


def narrowed(filter: Filter, event: Mapping[str, object]) -> Filter:
    """The filter with the condition that `event` names; as it is if that says nothing."""
    value = str(event.get("value", ""))[:500].strip()
    if not value:
        return filter
    match event.get("kind"):
        case "source":
            return replace(filter, sources=_with(filter.sources, value))
        case "author":
            return replace(filter, authors=_with(filter.authors, value))
        case "article":
            return replace(filter, article_ids=_with(filter.article_ids, value))
        case "first":
            return replace(filter, published_from=day_of(value) or filter.published_from)
        case "last":
            return replace(filter, published_to=day_of(value) or filter.published_to)
    return filter


def widened(filter: Filter, event: Mapping[str, object]) -> Filter:
    """The filter without the condition that `event` names; kind `all` takes away every one."""
    value = str(event.get("value", ""))
    match event.get("kind"):
        case "all":
            return Filter()
        case "source":
            return replace(filter, sources=_without(filter.sources, value))
        case "author":
            return replace(filter, authors=_without(filter.authors, value))
        case "article":
            return replace(filter, article_ids=_without(filter.article_ids, value))
        case "first":
            return replace(filter, published_from=None)
        case "last":
            return replace(filter, published_to=None)
    return filter


def address(question: str, filter: Filter) -> str:
    """The part of a link to the chat that asks this question of these articles."""
    parts = [("q", question)]
    parts += [("source", source) for source in filter.sources]
    parts += [("author", author) for author in filter.authors]
    parts += [("article", id) for id in filter.article_ids]
    if filter.published_from:
        parts.append(("first", filter.published_from.isoformat()))
    if filter.published_to:
        parts.append(("last", filter.published_to.isoformat()))
    return "?" + urlencode(parts, errors="replace")


def from_address(link: str) -> Filter:
    """The filter of such a link, of which `link` is what stands behind the question mark."""
    filter = Filter()
    for kind, value in parse_qsl(link[:20_000], errors="replace")[: 4 * MOST]:
        filter = narrowed(filter, {"kind": kind, "value": value})
    return filter


def _title(article_id: str, library: Library) -> str:
    try:
        return f"“{shorten(library.article(article_id).title, LENGTH)}”"
    except CollectionError:
        return "an article that is gone"


def _with(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return values if value in values else (*values, value)[:MOST]


def _without(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(one for one in values if one != value)
