"""Names and things in a text, as spans: rules on words alone, for English.

A thing is a run of words between those that cannot be part of one, without the verb at its end that
the question's auxiliary tells of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.passages import sentences
from index.terms import STOP_WORDS
from index.types import Span

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
NAME = re.compile(
    rf"(?:\bthe\s+)?\b{_CAPITAL}[\w.&-]*(?:\s+(?:(?:of|the|for|de|la)\s+)*{_CAPITAL}[\w.&-]*)*"
)
DETERMINERS = frozenset("the a an this that these those".split())
_AUXILIARY = (
    r"(?P<do>do|does|did|can|could|will|would|should|may|might|must)"
    r"|(?P<be>is|are|was|were|has|have|had|been)"
)
AUXILIARIES = re.compile(rf"(?:{_AUXILIARY})", re.IGNORECASE)
# Words between things, beside stop words.
_BETWEEN = frozenset(
    """about above across against along among around behind below beneath beside besides between
    beyond
    despite down during except inside like near onto over since than through throughout toward
    towards under until up upon via within without against may might must many much more most
    next still first ever else also just yet always never usually currently now one ones last
    new""".split()
)
_PARTICIPLE = re.compile(
    r"(?:\w+ed|\w+en|built|hit|made|found|sold|held|left|lost|won|sent|shot|cut|put|set|born|known"
    r"|shown|grown|drawn|flown|thrown|brought|bought|caught|taught|paid|laid|said|told|led|met|read"
    r"|begun|sung|sunk|struck|hurt|shut|spent|kept|old|tall|long|big|large|high|deep|far|heavy"
    r"|important|expensive|dangerous|famous|different|similar|better|worse|likely|able)"
)
DATED = re.compile(
    r"(?:\d|(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b)"
)
_WORD = re.compile(r"[^\W_](?:[\w&-]|[.](?=\w))*")
_WHO = re.compile(r"^\W*(?:who|what)\s+$", re.IGNORECASE)
WHICH = re.compile(r"^\W*(?:how\s+(?:many|much)|which|what(?=\s+\w+s\b))\s+$", re.IGNORECASE)
_VERB_FOLLOWS = re.compile(r"\s+(?:say|do|have|be)\b", re.IGNORECASE)
_TO_DO = re.compile(r"\bto\s+$", re.IGNORECASE)
_HOW = re.compile(r"\bhow\s+$", re.IGNORECASE)
# A verb comes after these, or another word that is no part of a thing.
_SUBJECTS = frozenset("i you we they he she it".split())
# What a sentence may begin with: "Describe the mill.", "Okay, and the weir?"
_BEGINS = frozenset(
    """actually alright awesome compare cool define describe discuss exactly explain fine find give
    good great hello hey hi hmm interesting let list name nice no oh ok okay outline perfect please
    really right show sorry summarise summarize sure tell thank thanks well wow yeah yes""".split()
)
# No verb after "did".
_PLURAL = re.compile(r"^[^\W\dA-Z].*(?<![sui])s$")
# "a 529 plan", not "100 people"
_ONE_OF_A_KIND = re.compile(r"\b(?:the|an?|this|that)\s+$", re.IGNORECASE)
_LONGEST = 6  # words


def things(question: str) -> Iterator[Span]:
    """Names and things in a question, in order; of a thing that begins with a name ("Storm Shadow
    use") without a determiner, the name and the whole."""
    for sentence in sentences(question):
        for one in _things(question[slice(*sentence)]):
            yield Span(sentence.start + one.start, sentence.start + one.end)


def _things(question: str) -> Iterator[Span]:
    """Those of a sentence."""
    named = list(names(question))
    words = _words(question, named)
    taken: list[Span] = []
    auxiliary: re.Match[str] | None = None
    at = 0
    while at < len(words):
        run, at = _run(question, words, at, named)
        if not run:
            word = question[words[at - 1].start : words[at - 1].end]
            auxiliary = AUXILIARIES.fullmatch(word) or (auxiliary if not taken else None)
            if word.lower() in _SUBJECTS and at < len(words) and words[at] not in named:
                verb = not _is_between(question[slice(*words[at])])
                at, auxiliary = at + verb, None if verb else auxiliary
            continue
        head = question[: run[0].start]
        if _HOW.search(head):  # "How old is the mill?"
            continue
        if _TO_DO.search(head) and run[0] not in named:
            run = run[1:]  # "Who threatened to close the mill?"
        counted = WHICH.search(head)
        inside = _verb_inside(question, run, named) if auxiliary and auxiliary["do"] else None
        if inside is not None:  # "Did Peru sell Velder Flame?"
            at, run = at - (len(run) - inside - 1), run[:inside]
        elif counted:
            run = _without_own_verb(question, run)
        elif run and run[0] not in named and (_WHO.search(head) or _doing(question, run, head)):
            run = run[1:]  # "Who owns the mill?", "Who is attacking Peru?"
        else:
            run = _without_verb(question, run, auxiliary) if run and run[-1] not in named else run
        auxiliary = None
        if not run or len(run) > _LONGEST:
            continue
        whole = _with_determiner(question, Span(run[0].start, run[-1].end))
        numbered = len(run) > 1 and _ONE_OF_A_KIND.search(question[: run[0].start])
        if DATED.match(question, run[0].start) and not numbered:
            continue
        name = question[run[0].start : run[0].end]
        if run[0] in named and whole.start == run[0].start and not name.startswith("the "):
            taken.append(run[0])
        if whole not in taken:
            taken.append(whole)
    yield from taken


def _words(text: str, names: Sequence[Span]) -> list[Span]:
    """Words in order, and each name as one."""
    found = [Span(*match.span()) for match in _WORD.finditer(text)]
    alone = [
        word
        for word in found
        if not any(name.start <= word.start and word.end <= name.end for name in names)
    ]
    return sorted([*alone, *names])


def _run(
    question: str, words: Sequence[Span], at: int, names: Sequence[Span]
) -> tuple[list[Span], int]:
    """The words from `at` on up to the next that is no part of a thing, and where that is."""
    run: list[Span] = []
    if at == 0 and question[slice(*words[0])].lower() in _BEGINS:
        return [], 1
    while at < len(words):
        word = question[words[at].start : words[at].end]
        apart = run and (
            bool(question[run[-1].end : words[at].start].strip()) or word.startswith("the ")
        )
        if apart or (words[at] not in names and _is_between(word)):
            return (run, at) if run else ([], at + 1)
        run.append(words[at])
        at += 1
    return run, at


def _is_between(word: str) -> bool:
    lower = word.lower()
    return (lower in STOP_WORDS or lower in _BETWEEN) and not (word.isupper() and len(word) > 1)


def _without_verb(question: str, run: list[Span], auxiliary: re.Match[str] | None) -> list[Span]:
    """Without the verb at its end: "When did [Danish ferries] reach", "When was [it] built"."""
    last = question[run[-1].start : run[-1].end]
    if auxiliary is None or last[:1].isupper():
        return run
    if auxiliary["do"] and _VERB_FOLLOWS.match(question, run[-1].end):
        return run  # "What did the company say?"
    if len(run) == 1 and _ONE_OF_A_KIND.search(question[: run[0].start]):
        return run  # "What did the report by Peru say?"
    if auxiliary["do"] or _PARTICIPLE.fullmatch(last):
        return run[:-1]
    return run


def _doing(question: str, run: Sequence[Span], head: str) -> bool:
    """Whether its first word says what is done: "is attacking Peru"."""
    return (
        len(run) > 1
        and question[slice(*run[0])].endswith("ing")
        and bool(re.search(r"\b(?:is|are|was|were|been|be)\s+$", head, re.IGNORECASE))
    )


def _verb_inside(question: str, run: Sequence[Span], named: Sequence[Span]) -> int | None:
    """Where the verb of "did" stands in a run that ends with its object: before a name, the last
    word that has no capital; before a plural ("Did the Fed raise rates?"), the word before it."""
    if len(run) > 2 and run[0] in named and _PLURAL.search(question[slice(*run[-1])]):
        return len(run) - 2
    if len(run) < 2 or run[-1] not in named:
        return None
    return next(
        (
            place
            for place in range(len(run) - 2, -1, -1)
            if run[place] not in named and question[run[place].start].islower()
        ),
        None,
    )


def _without_own_verb(question: str, run: list[Span]) -> list[Span]:
    """Without the verb of a question about its subject: "How many [people] live in Oskerby?"."""
    for place, word in enumerate(run[1:], 1):
        if _PARTICIPLE.fullmatch(question[word.start : word.end]):
            return run[:place]
    rest = question[run[-1].end :].split()
    last = question[run[-1].start : run[-1].end]
    if len(run) < 2 or not rest or last[:1].isupper():
        return run
    return run if any(AUXILIARIES.fullmatch(word.strip("?,.")) for word in rest) else run[:-1]


def _with_determiner(question: str, span: Span) -> Span:
    before = re.search(r"\b(?:the|this|that|these|those)\s+$", question[: span.start], re.I)
    if not before:
        return span
    is_the = before.group().strip().lower() == "the"
    return Span(before.start(), span.end) if is_the else span


def names(text: str, *, in_question: bool = True) -> Iterator[Span]:
    """Names in order, without words at the beginning that have a capital for that alone."""
    for sentence in sentences(text):
        for match in NAME.finditer(text, *sentence):
            if name := _name(text, match.span(), sentence.start, in_question=in_question):
                yield name


def _name(text: str, span: tuple[int, int], sentence: int, *, in_question: bool) -> Span | None:
    start, end = span
    while first := re.match(r"[\w.&-]+\s*", text[start:end]):
        word = first.group().strip()
        if start + len(first.group()) > end or not _only_begins(word, begins=start == sentence):
            break
        start += first.end()
    name = text[start:end].rstrip(".&-")
    # A word that begins a sentence may be any.
    alone = not in_question and start == sentence and len(name.split()) == 1
    if not name or alone or DATED.match(name) or name.lower() in STOP_WORDS:
        return None
    return Span(start, start + len(name))


def _only_begins(word: str, *, begins: bool) -> bool:
    lower = word.lower().rstrip(".")
    return (lower != "the" and lower in STOP_WORDS | _BETWEEN) or (
        begins and bool(AUXILIARIES.fullmatch(word) or word == "The" or lower in _BEGINS)
    )
