"""The articles of the collection as the page lists them, and what may be done with them."""

from __future__ import annotations

import os
from collections.abc import Mapping

from chat.adding import Adding
from chat.catalogue import Catalogue, Entry, Wanted
from chat.markup import render
from chat.types import Keeper, Person
from index.errors import ArticleQAError, CollectionError, LockedError, NotFoundError
from index.locking import doing
from index.types import Article

SHOWN = 60  # articles in the list at first; more when asked for
MOST_SHOWN = 3_000
SOURCES = 500  # in the menu of sources


class ArticleList:
    """The list, and the changes that people make from it. Without a `keeper` it only lists."""

    def __init__(
        self, catalogue: Catalogue, keeper: Keeper | None = None, adding: Adding | None = None
    ) -> None:
        self._catalogue = catalogue
        self._keeper = keeper
        self._adding = adding

    def listed(self, event: Mapping[str, object], person: Person) -> str:
        """The articles that an event of the page wants to see, as HTML. Raises nothing."""
        wanted, shown = Wanted.of(event), _shown(event)
        try:
            found, total, problem = (
                self._catalogue.listed(wanted),
                len(self._catalogue.entries()),
                "",
            )
            sources = self._catalogue.sources()[:SOURCES]
        except ArticleQAError as error:
            found, total, problem, sources = [], 0, str(error), []
        return render(
            "articles.html",
            articles=found[:shown],
            found=len(found),
            total=total,
            shown=shown,
            problem=problem,
            standing=self.standing(),
            sources=sources,
            can_add=self.may_change(person),
        )

    def may_change(self, person: Person) -> bool:
        """Whether this person can add and remove articles now."""
        keeper = self._keeper
        return person.may_change and keeper is not None and os.access(keeper.path, os.W_OK)

    def wanted(self, wanted: Wanted) -> list[Entry]:
        """The articles that are wanted, in their order. Raises CollectionError."""
        return self._catalogue.listed(wanted)

    def article(self, article_id: str) -> Article:
        """One of them. Raises CollectionError in words for people elsewhere, who have no business
        with the names of folders here."""
        try:
            return self._catalogue.article(article_id)
        except NotFoundError:
            raise CollectionError(
                f"There is no article {article_id[:100]} here: it may have been removed."
            ) from None

    def remove(self, article_id: str, person: Person) -> str:
        """Forget an article; its title. Raises CollectionError, in words for the page."""
        if self._keeper is None or not person.may_change:
            raise CollectionError("Articles cannot be removed from here.")
        self.article(article_id)
        try:
            origins = self._keeper.origins(article_id)
            title = self._keeper.remove(article_id).title
        except LockedError as error:
            if self._adding is not None and self._adding.busy():
                raise CollectionError(
                    "Not removed: articles are being added just now. Try again when that is done."
                ) from error
            raise CollectionError(f"Not removed: {error}.") from error
        if self._adding is not None:
            self._adding.forget(origins)
        return title

    def standing(self) -> str:
        """What keeps articles from being added or removed just now, in plain words; else empty."""
        if self._keeper is None:
            return ""
        path = self._keeper.path
        if not os.access(path, os.W_OK):
            return (
                f"This collection can only be read: the folder {path} may not be written. "
                "Asking works as always."
            )
        if self._adding is not None and self._adding.busy():
            return ""
        now = doing(path)
        return (
            f"Another program is at work on this collection ({now}). Asking works." if now else ""
        )


def _shown(event: Mapping[str, object]) -> int:
    try:
        return min(max(int(str(event.get("shown", SHOWN))), 1), MOST_SHOWN)
    except ValueError:
        return SHOWN
