"""What stands beside the answer: its citations in their surroundings, and whole articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chat.links import quote_link
from chat.markup import render, web_link
from chat.reading import Extract, extract, shorten
from chat.types import Exchange, Library
from index.errors import NotFoundError
from index.types import Article, Hit, Span
from qa.types import Citation

CARD_REACH = 400  # characters of surroundings on each side of a quote in a card
ARTICLE_REACH = 150_000  # and in the opened article: all of it, unless it is a book
NEAREST = 4  # passages shown where nothing answers

GONE = "This article has been removed from the collection since it was quoted."
CHANGED = "This article has changed since it was quoted."
CHANGED_WITHOUT_QUOTE = (
    "This article has changed since it was quoted, and the quoted sentence is no longer in it."
)
UNKNOWN = "This conversation is not known here any more (the program may have been restarted)."


@dataclass(frozen=True, slots=True)
class Place:
    """Where an opened article belongs: the turn and marker that cite it (0: none), of how many."""

    turn: int
    marker: int
    of: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """One piece of evidence as the page shows it; `link` is a web address or None, `quote_link`
    the same address at the quote."""

    marker: int
    numbered: bool
    title: str
    source: str | None
    published: date | None
    link: str | None
    quote_link: str | None
    body: Extract
    notice: str
    can_open: bool


def introduction() -> str:
    """What the panel shows before the first answer."""
    return render("introduction.html")


def unknown_conversation() -> str:
    """What the panel shows for a turn that is not in the conversation."""
    return notice(UNKNOWN)


def notice(text: str, *, good: bool = False) -> str:
    """A sentence of the program's own, about something that failed unless `good`."""
    return render("notice.html", text=text, good=good)


def article(shown: Article, *, may_remove: bool = False) -> str:
    """An article that was chosen from the list, whole."""
    return _article(Place(0, 0), shown, None, "", may_remove=may_remove)


def evidence(exchange: Exchange, library: Library, active: int = 0) -> str:
    """The evidence of one answer as HTML, the card of marker `active` standing out."""
    cards = _cards(exchange, library)
    answer = exchange.answer
    return render(
        "evidence.html",
        turn=exchange.number,
        question=shorten(exchange.question, 160),
        answered=answer is not None and answer.status == "answered",
        cards=cards,
        active=active,
    )


def opened(exchange: Exchange, marker: int, library: Library) -> str:
    """The article behind a card, whole, its quote marked; says so when the article has changed
    or is gone. An unknown marker shows the evidence again."""
    answer = exchange.answer
    if answer is not None and answer.status == "answered":
        for citation in answer.citations:
            if citation.marker == marker:
                place = Place(exchange.number, marker, len(answer.citations))
                return _article_of_citation(place, citation, library)
    elif answer is not None:
        for number, hit in enumerate(nearest(answer.hits), 1):
            if number == marker:
                place = Place(exchange.number, marker, len(nearest(answer.hits)))
                return _article_of_hit(place, hit, library)
    return evidence(exchange, library)


def nearest(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The passages to show where nothing answers, best first."""
    return tuple(hits[:NEAREST])


def _cards(exchange: Exchange, library: Library) -> list[Card]:
    answer = exchange.answer
    if answer is None:
        return []
    if answer.status == "answered":
        return [_citation_card(citation, library) for citation in answer.citations]
    numbered = enumerate(nearest(answer.hits), 1)
    return [card for n, hit in numbered if (card := _passage_card(n, hit, library))]


def _citation_card(citation: Citation, library: Library) -> Card:
    article = _stored(citation.article_id, library)
    place, notice = _proved(citation, article)
    if article is not None and place is not None:
        body = extract(article.text, place, CARD_REACH)
    else:
        body = extract(citation.quote, Span(0, len(citation.quote)), 0)
    return Card(
        marker=citation.marker,
        numbered=True,
        title=citation.title,
        source=citation.source,
        published=citation.published,
        link=web_link(citation.url),
        quote_link=quote_link(citation.url, citation.quote),
        body=body,
        notice=notice,
        can_open=article is not None,
    )


def _passage_card(number: int, hit: Hit, library: Library) -> Card | None:
    """A passage as a card, None when its article is gone: nothing is left to show of it."""
    article = _stored(hit.passage.article_id, library)
    if article is None:
        return None
    return Card(
        marker=number,
        numbered=False,
        title=article.title,
        source=article.source,
        published=article.published,
        link=web_link(article.url),
        quote_link=None,
        body=extract(hit.passage.text, None, 2 * CARD_REACH),
        notice="",
        can_open=True,
    )


def _article_of_citation(place: Place, citation: Citation, library: Library) -> str:
    stored = _stored(citation.article_id, library)
    if stored is None:
        return _gone(place, citation.title)
    span, said = _proved(citation, stored)
    return _article(place, stored, span, said, quote=citation.quote)


def _article_of_hit(place: Place, hit: Hit, library: Library) -> str:
    stored = _stored(hit.passage.article_id, library)
    if stored is None:
        return _gone(place, "")
    start = stored.text.find(hit.passage.text)
    span = Span(start, start + len(hit.passage.text)) if start >= 0 else None
    return _article(place, stored, span, "" if span else CHANGED)


def _article(
    place: Place,
    shown: Article,
    span: Span | None,
    said: str,
    *,
    quote: str = "",
    may_remove: bool = False,
) -> str:
    return render(
        "article.html",
        place=place,
        id=shown.id,
        title=shown.title,
        source=shown.source,
        published=shown.published,
        modified=shown.modified,
        authors=", ".join(shown.authors),
        link=web_link(shown.url),
        quote_link=quote_link(shown.url, quote) if quote else None,
        notice=said,
        may_remove=may_remove,
        body=extract(shown.text, span, ARTICLE_REACH),
    )


def _gone(place: Place, title: str) -> str:
    return render(
        "article.html",
        place=place,
        id="",
        title=title or "Article removed",
        link=None,
        quote_link=None,
        notice=GONE,
        may_remove=False,
        body=Extract((), before=False, after=False),
    )


def _stored(article_id: str, library: Library) -> Article | None:
    try:
        return library.article(article_id)
    except NotFoundError:
        return None


def _proved(citation: Citation, article: Article | None) -> tuple[Span | None, str]:
    """Where the quote stands in the article as it is stored now, and what to say about it."""
    if article is None:
        return None, GONE
    place = Span(citation.start, citation.end)
    if article.sha256 == citation.article_sha256:
        return place, ""
    start = article.text.find(citation.quote)
    if start < 0:
        return None, CHANGED_WITHOUT_QUOTE
    return Span(start, start + len(citation.quote)), CHANGED
