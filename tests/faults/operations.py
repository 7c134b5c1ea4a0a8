"""What is done to a collection, and what must be in it afterwards.

A library is what a plain dictionary would hold: the article of each origin, by its id. An action
is one call of a collection that is open at `root/collection`; it returns the ids of the articles
that it acknowledged, that is, named in what the call returned.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from index import Collection, generations
from index.errors import EmbedderError, NotFoundError
from index.loaders import load
from index.types import AddReport, Article
from tests.articles import READ_AT, article, paragraph
from tests.doubles import WordEmbedder

Library = dict[str, Article]
Possible = dict[str, set[Article | None]]  # what each article may be; None where it may be absent


@dataclass(frozen=True)
class Action:
    """Both parts can be sent to another process."""

    do: Callable[[Collection], set[str]]
    after: Callable[[Library, Path], Library]  # of the library before, and of the root


@dataclass(frozen=True)
class Operation:
    """`prepare` makes the root and says what the collection holds; `actions` are then done.

    One that is not `sound` before need not be so afterwards if the operation failed.
    """

    prepare: Callable[[Path], Library]
    actions: tuple[Action, ...]
    sound: bool = True


# Of the embedder of all collections here, that of a re-embedding, and that of format 1.
_DIMENSIONS = (256, 96, 8)


def opened(root: Path, *, create: bool = True) -> Collection:
    """The collection, with the embedder it has now."""
    for dimensions in _DIMENSIONS:
        embedder = WordEmbedder(dimensions=dimensions)
        try:
            return Collection.open(root / "collection", embedder=embedder, create=create)
        except EmbedderError as error:
            refusal = error
    raise refusal


def library(articles: Iterable[Article]) -> Library:
    """The time of reading is the only fact of an article that is not the same in every run."""
    return {one.id: replace(one, fetched=READ_AT) for one in articles}


def held_by(collection: Collection) -> Library:
    """What a collection holds; an article that was found in several places, at each of them."""
    return library(
        article.at(origin)
        for article in collection.articles()
        for origin in collection.origins(article.id)
    )


def texts(held: Library) -> int:
    """How many articles a collection makes of it: one of those that say the very same."""
    return len({replace(one, id="", origin="") for one in held.values()})


# Where `made` articles lie: the same number at another place is a copy, or nearly one.
PLACES = ("articles", "mirror")


def made(number: int, version: int = 0, passages: int = 2, place: str = PLACES[0]) -> Article:
    """Article `number`; its versions share all passages but the first, and may differ in title."""
    first = f"The harbour of town{number} saw version{version} of the storm."
    parts = [f"{first} {paragraph(number * 100)}"]
    parts += [paragraph(number * 100 + part) for part in range(1, passages)]
    return article(
        "\n\n".join(parts),
        origin=f"/{place}/{number:03}.txt",
        title=f"Harbour {number}" if version % 3 else f"Storm {number}",
        source=f"Paper {number % 3}",
    )


def libraries(actions: Iterable[Action], before: Library, root: Path) -> list[Library]:
    """What is held before the actions, and after each of them."""
    held = [before]
    for action in actions:
        held.append(action.after(held[-1], root))
    return held


def possible(
    actions: tuple[Action, ...], before: Library, root: Path, acknowledged: list[set[str]]
) -> Possible:
    """What may be there when the actions have acknowledged so much, the next being under way."""
    held = libraries(actions, before, root)
    may = Possible({id: {before.get(id)} for one in held for id in one})
    for old, new, ids in zip(held, held[1:], [*acknowledged, set[str]()], strict=False):
        for id in may:
            if id in ids:
                may[id] = {new.get(id)}
            elif old.get(id) != new.get(id):
                may[id].add(new.get(id))
    return may


# --- actions ---


def add(*articles: Article) -> Action:
    return Action(partial(_add, articles), partial(_added, articles))


def _add(articles: tuple[Article, ...], collection: Collection) -> set[str]:
    return acknowledged(collection.add_articles(articles))


def _added(articles: tuple[Article, ...], before: Library, root: Path) -> Library:
    return before | library(articles)


def acknowledged(report: AddReport) -> set[str]:
    origins = {*report.added, *report.updated, *report.unchanged, *report.removed}
    moved = {origin for move in report.moved for origin in (move.before, move.origin)}
    copies = {duplicate.origin for duplicate in report.duplicates}
    return {article("", origin=origin).id for origin in origins | moved | copies}


def remove(number: int) -> Action:
    """From all places: an article is removed with all its origins."""
    ids = {made(number, place=place).id for place in PLACES}
    return Action(partial(_remove, ids), partial(_removed, ids))


def _remove(ids: set[str], collection: Collection) -> set[str]:
    for id in sorted(ids):
        with suppress(NotFoundError):  # a copy of another one, or done again after a fault
            collection.remove(id)
    return ids


def _removed(ids: set[str], before: Library, root: Path) -> Library:
    return {id: one for id, one in before.items() if id not in ids}


def _add_files(collection: Collection) -> set[str]:
    return acknowledged(collection.add(collection.path.parent / "articles"))


def _files_added(before: Library, root: Path) -> Library:
    return before | from_files(root)


def from_files(root: Path) -> Library:
    """The articles in the folder beside the collection."""
    files = (root / "articles").iterdir()
    return library(load(f.read_bytes(), str(f), f.name, READ_AT) for f in files)


ADD_FILES = Action(_add_files, _files_added)


def _search(collection: Collection) -> set[str]:
    collection.search_dense("the harbour storm", 1_000)
    collection.search_lexical("the harbour storm", 1_000)
    return {one.id for one in collection.articles()}


def same(before: Library, root: Path) -> Library:
    return before


SEARCH = Action(_search, same)


# --- what is there before ---

FEW = tuple(made(number) for number in range(4))
_COPIES = (made(1, place="mirror"), made(2, 1, place="mirror"), made(3, 3, place="mirror"))
FEW_AND_COPIES = library([*FEW, *_COPIES])


def nothing(root: Path) -> Library:
    return {}


def few(root: Path) -> Library:
    with opened(root) as collection:
        collection.add_articles(FEW)
    return library(FEW)


@contextmanager
def small_segments() -> Iterator[None]:
    """Few passages make several segments, which are merged as those of large collections are."""
    usual, generations._LITTLE = generations._LITTLE, SMALL
    try:
        yield
    finally:
        generations._LITTLE = usual


SMALL = 4


def several_segments(root: Path) -> Library:
    """Three files, the last one as small as what is added next, and some of each removed."""
    sizes = {10: 30, 11: 9, 12: 9, 13: 5, 14: 2, 15: 2}
    several = {number: made(number, passages=sizes[number]) for number in sizes}
    with small_segments(), opened(root) as collection:
        for numbers in ((10,), (11, 12), (13,), (14, 15)):
            collection.add_articles([several[number] for number in numbers])
        collection.remove(several.pop(15).id)
        assert len(list((root / "collection").glob("segment-*.index"))) > 1
    return library(several.values())


def few_and_copies(root: Path) -> Library:
    """One text at two places, another nearly so, and one at two places that are one cluster."""
    with opened(root) as collection:
        collection.add_articles(FEW_AND_COPIES.values())
    return FEW_AND_COPIES


def few_and_files(root: Path) -> Library:
    folder = root / "articles"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.txt").write_text(f"Report {number}\n\n{paragraph(number)}\n")
    return few(root)


def few_without_cache(root: Path) -> Library:
    held = few(root)
    for cache in (root / "collection").glob("segment-*"):
        cache.write_bytes(b"not what was written")
    return held


# Each is one transaction further than the one before.
WAL_STATES = [
    library(FEW),
    library([*FEW, made(1, version=1)]),
    library([FEW[0], made(1, version=1), FEW[3]]),
]


def few_and_a_wal(root: Path) -> Library:
    """As a killed process leaves it: the last changes stand in the WAL alone."""
    few(root)
    path = root / "collection"
    with opened(root) as collection:
        collection.add_articles([made(1, version=1)])
        collection.remove(FEW[2].id)
        shutil.copytree(path, root / "killed")
    shutil.rmtree(path)
    (root / "killed").rename(path)
    return WAL_STATES[-1]


OPERATIONS: dict[str, Operation] = {
    "create": Operation(nothing, ()),
    "create and add": Operation(nothing, (add(*FEW),)),
    "open and search": Operation(few, (SEARCH,)),
    "search without cache": Operation(few_without_cache, (SEARCH,)),
    "recover from a WAL": Operation(few_and_a_wal, (SEARCH,)),
    "add": Operation(few, (add(made(10), made(11, passages=4)),)),
    "add files": Operation(few_and_files, (ADD_FILES,)),
    # more than index.intake.BATCH_PASSAGES, so more than one transaction
    "add in batches": Operation(few, (add(*(made(n, passages=25) for n in range(20, 32))),)),
    "update": Operation(few, (add(made(1, version=1), made(2, version=3)),)),
    "remove": Operation(few, (remove(1),)),
    "add, update, remove": Operation(
        few, (add(made(10)), add(made(10, version=1)), remove(10), remove(0))
    ),
    "add copies": Operation(few, (add(made(1, place="mirror"), made(2, 1, place="mirror")),)),
    # one whose text stays at the other place, one that becomes a copy, one that is no longer near
    "update copies": Operation(
        few_and_copies, (add(made(1, 1), made(2, place="mirror"), made(30, place="mirror")),)
    ),
    "remove copies": Operation(few_and_copies, (remove(1), remove(2))),
    "add to segments": Operation(several_segments, (add(made(20), made(21, passages=4)),)),
    "remove from segments": Operation(several_segments, (remove(11), remove(10))),
    "search segments": Operation(several_segments, (SEARCH,)),
}
