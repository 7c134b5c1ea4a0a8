"""Whether a collection holds what it must, and answers as one made anew from its articles."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping
from typing import Literal, NamedTuple

from index import Collection, origins
from index.types import Filter
from tests.articles import article
from tests.doubles import WordEmbedder
from tests.faults.operations import Library, Possible, held_by, texts

Column = Literal["lost", "half-written", "wrong answers", "silent damage", "crashes"]
COLUMNS: tuple[Column, ...] = (
    "lost",
    "half-written",
    "wrong answers",
    "silent damage",
    "crashes",
)

# With words of a title, of one article, of some versions, and of one passage each; two, because
# they are asked some hundred thousand times.
QUESTIONS = ("the harbour of town1", "version1 of the storm word100x3 word1000x5")
FILTER = Filter(sources=("paper 1",))
# More than any collection here has passages, so that an answer is all of them.
ALL = 10_000


class Problem(NamedTuple):
    """What went wrong, and under which heading of the table it is counted."""

    column: Column
    what: str


Answers = Mapping[tuple[object, ...], float]

_made_anew: dict[tuple[int, frozenset[tuple[str, ...]]], Answers] = {}


def answers(collection: Collection) -> Answers:
    """Score of every passage for every question, by stage, article and place; and the clusters."""
    found: dict[tuple[object, ...], float] = {}
    names = dict[str, str]()  # the least of an article's ids: it may stand under any of its origins
    for question, filter in ((QUESTIONS[0], None), (QUESTIONS[1], None), (QUESTIONS[0], FILTER)):
        hits = collection.search_dense(question, ALL, filter)
        hits += collection.search_lexical(question, ALL, filter)
        for hit in hits:
            passage = hit.passage
            id = passage.article_id
            if id not in names:
                names[id] = min(article("", origin=one).id for one in collection.origins(id))
            place = (names[id], passage.start, passage.text, passage.sentences)
            key = (question, filter is None, hit.stage, *place)
            found[key] = found.get(key, 0) + hit.score  # one found twice is seen
    return found | dict.fromkeys(_clusters(collection, names), 1.0)


def _clusters(collection: Collection, names: Mapping[str, str]) -> set[tuple[object, ...]]:
    members: dict[str, set[str]] = {}
    for id, cluster in collection.clusters(names).items():
        members.setdefault(cluster, set()).add(names[id])
    return {("", True, "copies", *sorted(one)) for one in members.values()}


def made_anew(held: Library, dimensions: int = 256) -> Answers:
    """The answers of a new collection of the same articles, with vectors of so many dimensions."""
    key = _key(held, dimensions)
    if key not in _made_anew:
        embedder = WordEmbedder(dimensions=dimensions)
        with (
            tempfile.TemporaryDirectory() as folder,
            Collection.open(folder, embedder=embedder) as collection,
        ):
            collection.add_articles(held.values())
            _made_anew[key] = answers(collection)
    return _made_anew[key]


def remember(held: Library, answers: Answers) -> None:
    """Spare a new process from making them again."""
    _made_anew[_key(held, 256)] = answers


def _key(held: Library, dimensions: int) -> tuple[int, frozenset[tuple[str, ...]]]:
    facts = ((one.id, one.title, one.source or "", one.sha256) for one in held.values())
    return dimensions, frozenset(facts)


def problems(collection: Collection, possible: Possible) -> list[Problem]:
    """What is wrong with `collection`, where each article is what it may be."""
    held = held_by(collection)
    found = list[Problem]()
    for id in possible.keys() | held.keys():
        allowed = possible.get(id, {None})
        one = held.get(id)
        if one in allowed:
            continue
        if one is None:
            found.append(Problem("lost", f"{id} is gone"))
        elif allowed == {None}:
            found.append(Problem("wrong answers", f"{one.origin} is there, but was removed"))
        else:
            found.append(Problem("half-written", f"{one.origin} is none of its versions"))
    if found:
        return found
    assert isinstance(collection.embedder, WordEmbedder)
    expected = made_anew(held, collection.embedder.dimensions)
    # A fault may have kept those of an old format from being compared.
    if origins.are_due(collection._store):
        expected = {key: score for key, score in expected.items() if key[2] != "copies"}
        expected |= dict.fromkeys({("", True, "copies", key[3]) for key in expected}, 1.0)
    return differences(answers(collection), expected) + counts(collection, held, expected)


def differences(found: Answers, expected: Answers) -> list[Problem]:
    """Passages missing, added or scored otherwise."""
    missing, added = expected.keys() - found.keys(), found.keys() - expected.keys()
    other = [
        key
        for key in found.keys() & expected.keys()
        if not math.isclose(found[key], expected[key], rel_tol=1e-4, abs_tol=1e-5)
    ]
    if not (missing or added or other):
        return []
    examples = [(*key[:5], found.get(key), expected.get(key)) for key in (*missing, *added, *other)]
    return [
        Problem(
            "wrong answers",
            f"{len(missing)} missing, {len(added)} added, {len(other)} scored otherwise, "
            f"such as {examples[0]}",
        )
    ]


def counts(collection: Collection, held: Library, expected: Answers) -> list[Problem]:
    passages = len({key[3:5] for key in expected if key[2] == "dense"})
    said = collection.stats()
    if (collection.count(), said.passages, said.origins) == (texts(held), passages, len(held)):
        return []
    return [Problem("half-written", f"{collection.stats()} for {len(held)} articles")]
