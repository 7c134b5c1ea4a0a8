"""What can be read of a damaged collection, what checking says of it, and what repairing makes."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from index import ArticleQAError, Collection
from index.errors import DamageError, NotFoundError
from index.repair import repair
from index.types import Article
from index.verification import verify
from tests.doubles import WordEmbedder
from tests.faults import operations
from tests.faults.answers import Answers, Problem, answers, differences, made_anew
from tests.faults.operations import Library, held_by, library, made, texts

State = tuple[Library, Answers]


def read(root: Path, states: list[State], may_refuse: bool) -> list[Problem]:
    """All that can be read, each part right or, if it may be, refused; of one state throughout."""
    found = list[Problem]()
    refused = list[str]()
    state = states[-1]

    def part(check: Callable[[], Iterator[Problem]]) -> None:
        try:
            found.extend(check())
        except ArticleQAError as error:
            refused.append(str(error))

    def parts() -> Iterator[Problem]:
        nonlocal state
        with operations.opened(root) as collection:
            if len(states) > 1:
                shown = held_by(collection)
                state = next((one for one in states if one[0] == shown), state)
            held, expected = state
            part(lambda: _articles(collection, held))
            part(lambda: _list(collection, held))
            part(lambda: iter(differences(answers(collection), expected)))
        yield from ()

    try:
        part(parts)
        if refused and not may_refuse:
            found.append(Problem("lost", f"refused without need: {refused[0]}"))
        if not found and not refused and not may_refuse:
            found += _goes_on(root, state[0])
        if may_refuse:
            found += _checked_and_repaired(root, [held for held, _ in states], refused)
    except Exception:
        return [Problem("crashes", traceback.format_exc())]
    return found


def _articles(collection: Collection, held: Library) -> Iterator[Problem]:
    for id, one in held.items():
        # It stands under one of the origins in which the very same was found.
        same = [other for other in held.values() if other.at(one.origin) == one]
        try:
            found = _first(collection, [other.id for other in same])
            if library([found.at(one.origin)])[id] != one:
                yield Problem("silent damage", f"{id} is read as another text")
        except NotFoundError:
            yield Problem("silent damage", f"{id} is said never to have been there")
        except ArticleQAError:
            pass


def _first(collection: Collection, ids: list[str]) -> Article:
    """The article with one of these ids."""
    for id in ids[:-1]:
        with suppress(NotFoundError):
            return collection.article(id)
    return collection.article(ids[-1])


def _list(collection: Collection, held: Library) -> Iterator[Problem]:
    if held_by(collection) != held:
        yield Problem("silent damage", "the list of articles is another one")
    if collection.count() != texts(held):
        yield Problem("silent damage", f"{collection.count()} articles, not {texts(held)}")


def _goes_on(root: Path, held: Library) -> Iterator[Problem]:
    """With only a cache or a lock damaged, the next add is as any other."""
    new = made(99)
    with operations.opened(root) as collection:
        collection.add_articles([new])
        now = held | library([new])
        yield from differences(answers(collection), made_anew(now))
        if not collection.verify().is_sound:
            yield Problem("wrong answers", f"verify: {collection.verify().problems}")


def _checked_and_repaired(
    root: Path, states: list[Library], refused: list[str]
) -> Iterator[Problem]:
    """What is refused is named by a check; after a repair all is right, and the rest is named."""
    path = root / "collection"
    try:
        if verify(path).is_sound and refused:
            yield Problem("silent damage", f"verify finds nothing, but {refused[0]}")
        report = repair(path, WordEmbedder())
    except (DamageError, NotFoundError):
        return  # nothing of it can be read, and that is what it says
    with operations.opened(root) as collection:
        now = held_by(collection)
        for id, one in now.items():
            if one not in [held.get(id) for held in states]:
                yield Problem("silent damage", f"{id} was repaired to another text")
        missing = min((held.keys() - now.keys() for held in states), key=len)
        if missing and not report.quarantined:
            yield Problem("lost", f"{len(missing)} articles are gone after a repair: {report}")
        yield from differences(answers(collection), made_anew(now))
        for problem in collection.verify().problems:
            yield Problem("silent damage", f"after a repair: {problem}")
