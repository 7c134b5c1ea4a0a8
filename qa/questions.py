"""What a question asks for, by its words alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from index.terms import STOP_WORDS, stems, words
from qa.parties import Party
from qa.speaker_words import SPEAKERS
from qa.types import TimeFrame

# Reasons, positions, lists: what one sentence seldom tells whole.
_SEVERAL = re.compile(
    r"""\bwhy\b | \bhow\s+come\b
    | \b(?:reasons|causes|arguments|consequences|effects|positions|stances|views|opinions|reactions
        |responses|criticisms?|concerns|demands|conditions|plans|proposals|measures|risks|benefits
        |advantages|disadvantages|differences)\b
    | ['’]s?\s+(?:position|stance|view|opinion|reaction|response|policy)\b
    | \b(?:position|stance|view|opinion|reaction|response)s?\s+(?:on|to|towards?|about)\b
    | \bwhat\s+(?:do|does|did|have|has)\b .* \b(?:say|said|think|want|argue|demand|propose)\b
    | \bhow\s+(?:do|does|did|have|has)\b .* \b(?:react|respond|reacted|responded)\b
    | ^\s*(?:what|who|which)\s+(?:\w+\s+){0,3}(?:are|were)\s+the\b
    | ^\s*who\s+(?:all\s+)?(?:supports?|oppos(?:es?|ed)|criticis(?:es|ed)|criticiz(?:es|ed)
        |supported|backs|backed|(?:is|are|was|were)\s+(?:for|against|in\s+favou?r))\b
    | ^\s*(?:list|name)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Whatever else they say, these ask for one thing.
_ONE = re.compile(
    r"\b(?:when|where|how\s+(?:many|much|old|long|far|high)"
    r"|(?:what|which)\s+(?:year|month|day|date|time|city|town|country|state|percentage|number))\b",
    re.IGNORECASE,
)
# "How has it …?"
CHANGED = (
    r"(?:changed?|develop(?:ed)?|evolved?|progressed|unfold(?:ed)?|grow|grown|spread|escalated?)"
)
_COURSE = re.compile(
    rf"""\bhow\s+(?:do|does|did|have|has)\b .* (?<!climate\s) \b{CHANGED}
        (?=\s*(?:[?,.(]|$) | \s+(?:since|over|from|in|during|between|until|after|under|so)\b)
    | \b(?:timeline|chronology|course\s+of\s+events|over\s+time|over\s+the\s+years)\b
    | ^\W*(?:(?:a|the|brief|short)\s+)*history\s+of\b
    | ^\W*what(?:\s+ha[sd]|['’]s|\s+have)?\s+happened\s+(?:to|with|in)\s+.*\b(?:since|so\s+far)\b
    | ^\s*(?:what\s+is|what['’]s|give|tell|show|describe)\b .* \bhistory\s+of\b""",
    re.IGNORECASE | re.VERBOSE,
)
# "Who wrote this article?": of an article, and not of what it tells.
_ARTICLE = r"(?:th(?:is|at|e|ese|ose)\s+(?:article|story|report|piece|text)s?)"
_OF_AN_ARTICLE = re.compile(
    rf"""^\W*(?:and\s+|so\s+)?(?:
        who\s+(?:wrote|published|is\s+the\s+author\s+of|are\s+the\s+authors\s+of)\s+{_ARTICLE}
      | (?:when|where|by\s+whom)\s+(?:was|were|did)\s+{_ARTICLE}\s+
        (?:published|written|posted|printed|appear|come\s+out)(?:\s+in)?
      | (?:what|which)\s+(?:is|are|was)\s+(?:the\s+)?(?:title|date|author|source)\s+of\s+{_ARTICLE}
      | what(?:\s+is|\s+are|['’]s|\s+was)\s+{_ARTICLE}\s+(?:all\s+)?about
      | how\s+old\s+(?:is|are)\s+{_ARTICLE}
    )[\s?.]*$""",
    re.IGNORECASE | re.VERBOSE,
)
# "Who is the speaker of the House now?"
_WHO_IS = re.compile(
    r"^\W*who(?:\s+is|['’]s|\s+are)\s+(?:now\s+|currently\s+)?(?:the\s+|our\s+)?"
    r"(?:(?:current|present|new)\s+)?(?P<office>(?:[\w’'-]+\s+){0,3}?(?P<head>[\w-]+))"
    r"(?:\s+(?:now|currently|today|of|in|at|for)\b.*)?[\s?.]*$",
    re.IGNORECASE,
)
_OFFICES = frozenset("speaker ceo pm captain champion king queen head leader boss".split())
_LIMIT = re.compile(r"as\s+(?:of|at)\b", re.IGNORECASE)
_FIRST_VERB = re.compile(
    r"\b(?:(?P<present>is|are|am|do|does|has|have|can)|was|were|did|had|could|would|will|been"
    r"|happened|died|won|killed|said|took|began|ended|became|made|came|went|caused|\w+ed)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<!^)(?<![.\w])[A-Z0-9][\w’'-]+")


def asks_for_several(question: str) -> bool:
    """Whether several sentences, each with a part of it, may be the answer."""
    return bool(_SEVERAL.search(question)) and not _ONE.search(question)


def asks_for_course(question: str) -> bool:
    """Whether it asks how something developed: dated sentences, one after the other."""
    return bool(_COURSE.search(question))


def asks_of_an_article(question: str) -> bool:
    """Whether it asks who wrote an article, when it appeared, or what it is about: no sentence of
    it tells."""
    return bool(_OF_AN_ARTICLE.search(question))


def asks_of_the_present(question: str) -> bool:
    """Whether its first verb stands in the present tense: "Who is …?", "How many … are …?"."""
    verb = _FIRST_VERB.search(question)
    return bool(verb and verb["present"])


def is_of_a_former_one(question: str, sentence: str) -> bool:
    """Whether it asks who is in an office, and the sentence tells who was ("former Speaker …")."""
    former = _former(question)
    return bool(former and former.search(sentence))


@lru_cache(64)  # each sentence that was read is looked at
def _former(question: str) -> re.Pattern[str] | None:
    match = _WHO_IS.search(question)
    if not match or not (SPEAKERS.search(match["head"]) or match["head"].lower() in _OFFICES):
        return None
    office = r"\s+".join(map(re.escape, match["office"].split()))
    former = rf"\b(?:former|ex|outgoing|late|then)[\s-]+(?:[\w’'-]+\s+){{0,2}}{office}\b"
    return re.compile(former, re.IGNORECASE)


def without_a_limit(question: str, frame: TimeFrame | None) -> str:
    """Without "as of May 2022", where that limits which articles are searched: no sentence of
    them says it."""
    limits = frame and frame.only and _LIMIT.match(frame.words)
    return without_time(question, frame) if limits else question


def without_time(question: str, frame: TimeFrame | None) -> str:
    """Without the words about time, if it has others."""
    if frame is None:
        return question
    before, _, behind = question.partition(frame.words)
    left = " ".join(f"{before.rstrip(' ,')} {behind.lstrip(' ,')}".split())
    left = re.sub(r"\s+(?=[?.!])", "", left)
    return f"{left[0].upper()}{left[1:]}" if words(left) else question


def unmentioned(question: str, texts: Iterable[str]) -> list[str]:
    """The names and figures of the question that stand in none of the texts, in order.

    A capital tells a name; the first word has one anyway and does not count. A country or an
    office may stand there by another name, and a name in another spelling.
    """
    read = [*texts]
    there = {stem for text in read for stem in stems(text)}
    named = [re.sub(r"['’]s?$", "", found) for found in _NAME.findall(question.lstrip())]
    return [
        name
        for name in dict.fromkeys(named)
        if not set(words(name)) <= STOP_WORDS
        and there.isdisjoint(stems(name))
        and not any(Party(name).is_named(text) for text in read)
    ]
