"""The form of answer that a question asks for, by its words alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from qa.questions import CHANGED, asks_for_course, asks_for_several, without_time
from qa.types import TimeFrame

# "Do the articles agree on …?", and what follows.
_COMPARED = re.compile(
    r"""^\W*(?:
        (?:do|does|did)\s+(?:(?:all|the|my|these|those|your|different|other|various|both)\s+)*
        (?:of\s+)?(?:them|they|articles?|sources?|reports?|(?:news)?papers?|media|outlets|stories)\s+
        (?:(?:all|really|actually|also)\s+)?
        (?:agree|differ|disagree|contradict\s+(?:each\s+other|one\s+another)|say\s+the\s+same)
      | (?:is|are)\s+there\s+(?:an?\s+|any\s+)?
        (?:agreement|disagreements?|contradictions?|consensus)
        (?:\s+(?:between|among)\s+(?:the|my|these)\s+(?:articles|sources|reports))?
      | are\s+(?:(?:all|the|my|these)\s+)*(?:articles|sources|reports)\s+
        (?:consistent|at\s+odds|in\s+agreement|unanimous)
      )\s+(?:on|about|over|in|as\s+to|regarding|concerning)\s+(?P<what>\S.*?)[\s?.]*$""",
    re.IGNORECASE | re.VERBOSE,
)
# "when the mill was closed", "how many boats there are": in a question the verb stands first.
_INDIRECT = re.compile(
    r"""^(?P<asks>when|where|why|how(?:\s+(?:high|far|long|old|tall|deep|fast|big|large|heavy))?
        |what|who|how\s+(?:many|much)\s+(?:\w+\s+){1,3}?(?=there\s))\s*
    (?P<subject>(?:the|an?|there|its?|his|her|their|he|she|they|[A-Z][\w’'-]*)(?:\s+[\w’'-]+){0,5}?)\s+
    (?P<verb>is|are|was|were|has|have|had|will|would|can|could)\b(?P<rest>.*)$""",
    re.VERBOSE,
)
# "how much land Peru holds"
_HOLDS = re.compile(
    r"^(?P<asks>when|where|why|what|how(?:\s+(?:often|far|long)"
    r"|\s+(?:many|much)(?:\s+[a-z][\w’'-]*){0,4})?)\s+"
    r"(?P<subject>(?:the\s+)?[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*){0,3})\s+"
    r"(?P<verb>[a-z]+(?<![su])s)\b(?P<rest>.*)$"
)
_ASKS = re.compile(r"^(?:who|what|when|where|why|how|which|whose|whom)\b", re.IGNORECASE)
_PLURAL = re.compile(r"^(?:the\s+)?\w+(?<![su])s\b(?!\s+of\b.*\bis\b)", re.IGNORECASE)

_SAY = (
    r"(?:say|said|saying|think|thought|argue[ds]?|want(?:ed)?|demand(?:ed)?|propose[ds]?"
    r"|claim(?:ed)?)"
)
_ABOUT = r"(?:about|on|of|to|towards?|regarding|over|concerning)"
_VIEW = (
    r"(?:positions?|stances?|views?|opinions?|reactions?|responses?|attitudes?|criticisms?"
    r"|comments?|polic(?:y|ies)|demands?|goals|aims|concerns|arguments?)"
)
_POSITIONS = tuple(
    re.compile(rf"^\W*{source}[\s?.]*$", re.IGNORECASE)
    for source in (
        rf"who\s+(?:says?|said|thinks?|thought)\s+what\s+{_ABOUT}\s+(?P<topic>.+?)",
        rf"what\s+(?:is|was|has\s+been|have\s+been|is\s+being)\s+said\s+{_ABOUT}\s+(?P<topic>.+?)",
        rf"what\s+(?:do|does|did|have|has|had)\s+(?P<speaker>.+?)\s+{_SAY}"
        rf"(?:\s+(?:{_ABOUT})\s+(?P<topic>.+?))?",
        r"what\s+(?:is|are|was|were)\s+(?P<speaker>[^?]+?)['’]s?\s+(?P<topic>demands?|goals|aims)",
        rf"what\s+(?:is|are|was|were)\s+(?P<speaker>[^?]+?)['’]s?\s+{_VIEW}"
        rf"(?:\s+{_ABOUT}\s+(?P<topic>.+?))?",
        rf"what\s+(?:is|are|was|were)\s+(?:the\s+)?(?-i:(?P<speaker>[A-Z][\w.]*(?:\s+[A-Z][\w.]*)*))"
        rf"\s+{_VIEW}\s+{_ABOUT}\s+(?P<topic>.+?)",
        rf"where\s+(?:do|does|did)\s+(?P<speaker>.+?)\s+stand\s+{_ABOUT}\s+(?P<topic>.+?)",
        rf"what\s+(?:is|are|was|were)\s+the\s+{_VIEW}\s+(?:of|by|from)\s+(?P<speaker>.+?)"
        rf"\s+{_ABOUT}\s+(?P<topic>.+?)",
        rf"what\s+(?:is|are|was|were)\s+(?:the|their)\s+{_VIEW}\s+(?!of\b){_ABOUT}\s+(?P<topic>.+?)",
        rf"what\s+{_VIEW}\s+(?:are|were|is|was)\s+there\s+{_ABOUT}\s+(?P<topic>.+?)",
        r"how\s+(?:do|does|did|have|has)\s+(?P<speaker>.+?)\s+(?:react|respond)(?:ed)?"
        r"\s+to\s+(?P<topic>.+?)",
    )
)
# Who is meant by these may be anyone.
_ANYONE = frozenset(
    """people politicians critics experts analysts others everyone everybody they we commentators
    observers countries leaders officials speakers sides parties different various articles sources
    reports article authors author papers newspapers media press world political public
    you""".split()
)
_HOW_MANY_OF = frozenset("the a an most many some several all any other few these those".split())
# Sentences seldom say that somebody is one of these.
_KINDS = frozenset("critics experts analysts observers commentators politicians others".split())
# "the price of insulin", "the death toll", but not "the debt ceiling dispute".
_MEASURED = re.compile(
    r"""^(?:(?!\b(?:of|over|in|for|on|about|at|with)\b).)*
    \b(?:numbers?|toll|prices?|costs?|rates?|shares?|populations?|figures?|counts?|levels?|size
    |amounts?|percentages?|salar(?:y|ies)|wages?|taxe?s?|inflation|temperatures?|unemployment
    |turnout|revenues?|profits?|sales|budgets?|debts?|deficits?|deaths|cases|votes)
    (?:\s+(?:of|in|for|from|on|at|among|to)\b|\s*$)""",
    re.IGNORECASE | re.VERBOSE,
)
_HOW_CHANGED = re.compile(
    rf"^\W*how\s+(?:do|does|did|have|has)\s+(?P<what>.+?)\s+{CHANGED}\b(?P<rest>.*?)[\s?.]*$",
    re.IGNORECASE,
)
_COURSE_OF = tuple(
    re.compile(source, re.IGNORECASE)
    for source in (
        r"(?:timeline|chronology|course\s+of\s+events|history)\s+(?:of|in)\s+(?P<what>.+?)[\s?.]*$",
        r"happened\s+(?:to|with|in)\s+(?P<what>.+?)\s+(?:since|over|after|until|so\s+far|between)\b",
        r"(?:developments?|events)\s+(?:of|in|around|on)\s+(?P<what>.+?)"
        r"(?:\s+(?:since|over|so\s+far)\b.*|[\s?.]*)$",
    )
)
# What a follow-up took over from the questions before.
_TAKEN_OVER = re.compile(r"\s*\((?P<words>[^()]*)\)(?=[\s?.]*$)")

# "What is the latest on …?": what was said last, whatever it is.
_LATEST = re.compile(
    r"""^\W*(?:(?:what(?:\s+is|\s+are|['’]s|\s+was)|give\s+me|tell\s+me|any|is\s+there(?:\s+any)?)\s+)?
    (?:(?:the|latest|newest|recent|most\s+recent|new)\s+)*
    (?:latest|new(?=\s)|news|updates?|developments?|headlines)\s+
    (?:on|about|with|in|from|regarding|around|of)\s+(?P<what>.+?)[\s?.]*$""",
    re.IGNORECASE | re.VERBOSE,
)

# "the death toll of the storm": how many died is what sentences tell.
_TOLL = re.compile(
    r"^(?:the\s+)?death\s+toll\s+(?P<where>of|from|in|after)\s+(?P<what>.+)$",
    re.IGNORECASE,
)

Form = Literal["one", "several", "course", "latest", "positions", "comparison"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for.

    `question` is what is searched and read: of "Do the articles agree on how many died?" only "How
    many died?". `topic` is what a development or a position is about, `speaker` whose position is
    asked, "" if anyone's; `kind` the word that says what those are who may be anyone ("critics").
    `measured` if a figure developed.
    """

    question: str
    form: Form = "one"
    topic: str = ""
    speaker: str = ""
    measured: bool = False
    kind: str = ""


def what_is_asked(question: str, frame: TimeFrame | None = None) -> Asked:
    """The form that the answer should have, by the question's words; those about time that `frame`
    tells of are no part of what a position is about."""
    untimed = without_time(question, frame)
    if untimed != question and (of_it := _what_is_asked(untimed)).form == "positions":
        return replace(of_it, question=question)
    return _what_is_asked(question)


def _what_is_asked(question: str) -> Asked:
    if match := _COMPARED.search(question):
        return Asked(_as_question(match["what"]), "comparison")
    if match := _LATEST.search(_TAKEN_OVER.sub("", question)):
        return Asked(question, "latest", match["what"])
    if asks_for_course(question):
        return _course(question)
    over = _TAKEN_OVER.search(question)
    for pattern in _POSITIONS:
        if match := pattern.search(_TAKEN_OVER.sub("", question)):
            named = match.groupdict()
            topic = named["topic"] or (over["words"] if over else "")
            who = named.get("speaker") or ""
            kind = next((word for word in who.lower().split() if word in _KINDS), "")
            return Asked(question, "positions", topic, _whose(who), kind=kind)
    return Asked(question, "several" if asks_for_several(question) else "one")


def _course(question: str) -> Asked:
    """A figure is asked for as it is, so that it is found on every day."""
    if match := _HOW_CHANGED.search(question):
        what, over = match["what"], _TAKEN_OVER.search(question)
        if _MEASURED.search(what):
            asked = _as_question(what).rstrip("?") + (over[0] if over else "") + "?"
            toll = _TOLL.match(what)
            return Asked(asked, "course", toll["what"] if toll else what, measured=True)
        return Asked(question, "course", what)
    found = (match["what"] for pattern in _COURSE_OF if (match := pattern.search(question)))
    return Asked(question, "course", next(found, question))


def _as_question(what: str) -> str:
    """ "how many died", "the number of dead" as questions of their own."""
    if match := _TOLL.match(what):
        return f"How many people died {match['where'].replace('of', 'in')} {match['what']}?"
    if match := _INDIRECT.search(what):
        said = match.group("asks", "verb", "subject", "rest")
        what = " ".join(" ".join(said).split())
    elif match := _HOLDS.search(what):
        verb = re.sub(r"(?<=(?:ch|sh|ss))e?s$|(?<=x)e?s$|(?<=o)es$|s$", "", match["verb"])
        verb = re.sub(r"ie$", "y", verb) if len(verb) > 3 else verb
        what = f"{match['asks']} does {match['subject']} {verb}{match['rest']}"
    if _ASKS.search(what):
        return f"{what[0].upper()}{what[1:]}?"
    return f"What {'are' if _PLURAL.search(what) else 'is'} {what}?"


def _whose(speaker: str) -> str:
    """What of it tells one speaker from another: "Biden", "the ministry", not "most people"."""
    kept = [word for word in speaker.split() if word.lower() not in _ANYONE]
    return " ".join(kept) if any(word.lower() not in _HOW_MANY_OF for word in kept) else ""
