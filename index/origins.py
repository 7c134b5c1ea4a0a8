"""Articles and the places where they were found: what a change at one of them does to the others.

All but `catch_up` inside a transaction of the only writer.
"""

from __future__ import annotations

from contextlib import suppress

from index import clusters, copies, rows
from index.copies import Copy
from index.entries import NewArticle
from index.errors import DamageError, NotFoundError
from index.store import Store
from index.types import Article

# Articles of one transaction.
_COMPARED_AT_ONCE = 200


def put(store: Store, new: NewArticle) -> None:
    """Store an article; see Store.put.

    Its further origins stay with it as long as its text and title do. Otherwise what was there
    stays under them.
    """
    article = new.article
    if _is_another(store, article):
        leave(store, article.origin)
    others = [*store.copies(article.id), *store.copies(new.moved_from)]
    copies.forget(store.connection, article.origin)
    store.put(new)
    for copy in others:
        if copy.origin != article.origin:
            copies.put(store.connection, copy._replace(article_id=article.id))


def _is_another(store: Store, article: Article) -> bool:
    """Whether it is not what the further origins of the article with its id hold."""
    if not store.copies(article.id):
        return False
    stored = store.article(article.id)
    return (stored.sha256, stored.title) != (article.sha256, article.title)


def put_copy(store: Store, copy: Copy) -> None:
    """Note that a file holds the very same as an article that is there."""
    leave(store, copy.origin)
    copies.put(store.connection, copy)


def leave(store: Store, origin: str) -> None:
    """Forget what was read from `origin`; an article that has others is there under them."""
    copies.forget(store.connection, origin)
    known = store.known(origin)
    if known is None:
        return
    others = store.copies(known.article.id)
    passages = store.new_passages(known.article.id) if others else ()
    store.remove(known.article.id)
    if others:
        first, *rest = others
        heir = known.article.at(first.origin)
        store.put(NewArticle(heir, first.file_sha256, passages))
        for copy in rest:
            copies.put(store.connection, copy._replace(article_id=heir.id))


def twin(store: Store, article: Article) -> Article | None:
    """An article of another origin that says all that this one does, or None."""
    found = store.connection.execute(
        f"SELECT {rows.ARTICLE} FROM article WHERE sha256 = ? AND id <> ? ORDER BY rowid",
        (article.sha256, article.id),
    )
    stored = (rows.article(store.proved("article", row)) for row in found)
    return next((one for one in stored if copies.adds_nothing(article, one)), None)


def are_due(store: Store) -> bool:
    """Whether there is something for `catch_up` to do."""
    with store.transaction():
        return not clusters.is_current(store.connection) and (
            store.connection.execute("SELECT 1 FROM article LIMIT 1").get is not None
        )


def catch_up(store: Store) -> None:
    """Compare the articles that an older program has added. Outside a transaction."""
    with store.transaction():
        due = clusters.due(store.connection)
    if due is None:
        return
    for start in range(0, len(due), _COMPARED_AT_ONCE):
        with store.transaction():
            for id in due[start : start + _COMPARED_AT_ONCE]:
                with suppress(DamageError, NotFoundError):  # as verify will tell
                    clusters.note(store.connection, id, store.article(id).text)
    with store.transaction():
        clusters.done(store.connection)
