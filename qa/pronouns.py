"""The word of a question that points back, and something in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from index.passages import sentences
from qa.mentions import Kind
from qa.nations import nations
from qa.phrases import NAME, things
from qa.speaker_words import SAID
from qa.speakers import untitled
from qa.types import Turn

_POINTERS = re.compile(
    r"""\b(?:
      (?P<owner>its|his|her(?=\s+\w)|their)(?=\s+\w)
    | (?P<person>he|him|she|her)
    | (?P<several>they|them|(?:these|those)(?=\s*(?:are|were|do|did|have|had|[?.!,]|$)))
    | (?P<thing>it|(?<!before\s)(?<!after\s)(?<!since\s)(?:this|that)
       (?=\s*(?:is|was|does|did|has|had|mean|work|happen|[?.!,]|$)))
    | (?P<place>(?<!\bis\s)(?<!\bare\s)(?<!\bwas\s)(?<!\bwere\s)(?<!\bbe\s)(?<!\bbeen\s)there
       (?!\s+(?:is|are|was|were|be|been)\b))
    )\b(?!['’-])""",
    re.IGNORECASE | re.VERBOSE,
)
# "Is it true that …", "What time is it?", "How long does it take to …"
_EMPTY = re.compile(
    r"\b(?:is|was)\s+it\s+(?:\w+\s+(?:or\s+\w+\s+)?)?(?:that|to|for)\b"
    r"|\b(?:what time|who) (?:is|was) it\b|\b(?:what|which) \w+ (?:is|was) (?:it|that|this)\W*$"
    r"|\bit\s+(?:is|was|rains?|snows?|takes?\s+to)\b|\bdoes\s+it\s+(?:take|cost|feel)\s+to\b"
    r"|\bit\s+(?:true|possible|likely|legal|safe|necessary|raining|snowing)\b",
    re.IGNORECASE,
)
_THAT_TIME = re.compile(
    r"\b(?:(?P<link>in|on|during|at|since|until|before|after|from|by)\s+)?"
    r"(?:that|the same)\s+(?P<unit>year|day|month)\b",
    re.IGNORECASE,
)
_TIMES = {
    "year": re.compile(r"\b(?:1[5-9]|20)\d\d\b"),
    "month": re.compile(
        r"\b(?:January|February|March|April|May|June|July|August|September|October|November"
        r"|December)(?: (?:1[5-9]|20)\d\d)?\b"
    ),
    "day": re.compile(
        r"\b(?:\d{1,2} (?:January|February|March|April|May|June|July|August|September|October"
        r"|November|December)|(?:January|February|March|April|May|June|July|August|September"
        r"|October|November|December) \d{1,2})(?:,? (?:1[5-9]|20)\d\d)?\b"
    ),
}
_DEFINITE = re.compile(r"\b(?:the|a|an)\s+\w+\s", re.IGNORECASE)
_SAYS = re.compile(rf"\b(?:{SAID}|think|believe|claim|say)\s+(?:that\s+)?$", re.IGNORECASE)
_SAID = re.compile(
    r"\b(?:(?:said|says?|claimed|announced|thinks?|thought)|(?:told|tells?)\s+(?:\w+\s+){1,2})\s*$",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\b(?:which|what|how|who|whom|where|when|why)\b", re.IGNORECASE)
_JOINS = re.compile(r"\b(?:that|because|if|when|after|before|while|why|how)\s+$", re.IGNORECASE)
# Up to the sentence, or the last main clause, that the word stands in.
_SAID_BEFORE = re.compile(r".*(?:[.!]\s|\b(?:and|but)\s)", re.IGNORECASE | re.DOTALL)
_ACTS = re.compile(
    rf"\s+(?:\w+ly\s+)?(?:{SAID}|say|said|use|used|want|think|thought|plan|decide|fear|worry|hope|demand|agree|deny"
    r"|admit|accuse|know|believe|buy|sell|pay|try|ask)\b",
    re.IGNORECASE,
)
_TO_DO = re.compile(r"\bto\s+\w+\s+$", re.IGNORECASE)
_OF_ONE = {"are": "is", "were": "was", "have": "has", "do": "does"}
_SEVERAL_BEFORE = re.compile(r"\b(?P<verb>are|were|have|do)\s+$", re.IGNORECASE)
_SEVERAL_AFTER = re.compile(r"^\s+(?P<verb>are|were|have|do)\b", re.IGNORECASE)


class Pointer(NamedTuple):
    """A word that points back: where it stands, what it can mean, whether as its owner, and
    whether it does what only people do."""

    start: int
    end: int
    kind: Kind
    owner: bool
    word: str
    acts: bool = False


def pointer(question: str) -> Pointer | None:
    """The first one that means nothing in the question itself."""
    if _EMPTY.search(question):
        return None
    asking = [one for one in sentences(question) if question[: one.end].endswith("?")]
    for match in _POINTERS.finditer(question):
        # "I doubt it. Who owns the mill?"
        if asking and not any(one.start <= match.start() < one.end for one in asking):
            continue
        if _is_answered_before(question, match):
            return None
        word, kind = match.group().lower(), match.lastgroup
        kinds: dict[str, Kind] = {"its": "thing", "their": "several"}
        found: Kind = kinds.get(word, "person") if kind == "owner" else kind  # type: ignore[assignment]
        acts = word == "they" and bool(_ACTS.match(question, match.end()))
        return Pointer(*match.span(), found, kind == "owner", word, acts)
    return None


def _is_answered_before(question: str, match: re.Match[str]) -> bool:
    """Whether the question names before it whom it means: "What did Peru say of its boats?"."""
    before = question[: match.start()]
    said = _SAID_BEFORE.match(before)
    if said and not match["person"] and any(things(said.group())):
        return True  # "What is a weir and where is it?", "I read about a weir. Who built it?"
    named = [m for m in NAME.finditer(before) if m.start() > 0 or len(m.group().split()) > 1]
    if match["owner"] and (named or _DEFINITE.search(before)):
        return True
    if (match["person"] and _SAYS.search(before)) or (match["thing"] and _SAID.search(before)):
        return True  # "Who said he would come?", "Who said it?"
    # "When the Rhine leaves the lake, which way does it flow?"
    asked_after = any(_ASKS.search(before, m.end()) for m in named)
    wanted = match["person"] and _TO_DO.search(before)  # "Whom did Kublai want to follow him?"
    return bool(named) and bool(asked_after or _JOINS.search(before) or wanted)


def _as_one(match: re.Match[str]) -> str:
    """The verb of one: "are" of a country is "is"."""
    verb = match["verb"]
    one = _OF_ONE[verb.lower()]
    return match.group().replace(verb, one.capitalize() if verb[0].isupper() else one)


def in_its_place(question: str, where: Pointer, text: str) -> str:
    """`text` in the place of the pointer."""
    before, after = question[: where.start], question[where.end :]
    if where.word == "they" and nations(text) and not text.endswith("s"):
        before = _SEVERAL_BEFORE.sub(_as_one, before)
        after = _SEVERAL_AFTER.sub(_as_one, after)
    if where.kind == "person":
        text = untitled(text) or text
    if where.owner:
        text += "’" if text.endswith("s") else "’s"
    elif where.kind == "place" and not re.search(
        r"\b(?:from|to|in|near|over|around)\s+$", before, re.I
    ):
        text = f"in {text}"
    elif re.search(r"\bof\s+$", before, re.IGNORECASE) and where.kind == "several":
        plain = text.split()[0].lower() not in ("the", "these", "those")
        text = f"the {text}" if plain and text.split()[-1].islower() else text
    if not before.strip():
        text = text[:1].upper() + text[1:] if question[:1].isupper() else text
    return f"{before}{text}{after}"


def with_time(question: str, history: Sequence[Turn]) -> str:
    """With the year, month or day that "that year" and the like mean, if the last turns name it."""
    match = _THAT_TIME.search(question)
    if not match:
        return question
    unit = match["unit"].lower()
    for text in _dated(history):
        if found := _TIMES[unit].findall(text):
            said = found[-1]
            link = match["link"] or ("on" if unit == "day" else "in")
            link = link.capitalize() if match.group()[0].isupper() else link
            return f"{question[: match.start()]}{link} {said}{question[match.end() :]}"
    return question


def _dated(history: Sequence[Turn]) -> list[str]:
    texts: list[str] = []
    for turn in reversed(history[-2:]):
        if turn.answer is not None:
            texts += [turn.answer.short_answer, turn.asked_as]
            texts += [one.quote for one in turn.answer.citations[:1]]
        else:
            texts.append(turn.asked_as)
    return texts
