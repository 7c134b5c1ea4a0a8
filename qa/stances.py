"""Whether a sentence that names somebody tells what they think, or only speaks of them.

It does if it speaks of something of theirs ("the UK’s refusal to …"), or if they
are its subject, or that of a part of it, and the verb is one of thinking ("Britain still refuses
to …"). Rules on the sentence alone, for English news; rather none than a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.types import Span
from qa.speaker_words import NOBODY, SAID, SPEAKERS, TITLE

_STANCE = r"""
    (?:positions?|polic(?:y|ies)|stances?|views?|opinions?|attitudes?|refusals?|rejections?
    |opposition|support|backing|approval|permission|demands?|goals?|aims?|plans?|proposals?
    |claims?|statements?|remarks|comments?|warnings?|threats?|promises?|pledges?|vows?|calls?
    |appeals?|responses?|reactions?|repl(?:y|ies)|decisions?|objections?|criticisms?|concerns?
    |fears?|hopes?|conditions|denials?|limits|bans?|insistence|arguments?|commitments?
    |intentions?|wish(?:es)?|message)\b"""
_THEIRS = re.compile(
    r"['’]s?\s+(?:(?!(?:of|on|in|to|and|for|from|with|by|at|over|as|that)\b)[\w’-]+\s+){0,3}?"
    + _STANCE,
    re.VERBOSE,
)
# "British policy", where it is what the sentence speaks of.
_NATIONAL = re.compile(
    rf"\s+(?:(?:government|foreign|defen[cs]e|trade|official)\s+)?{_STANCE}", re.VERBOSE
)
_OF_MIND = r"""
    ask(?:s|ed)\s+(?:whether|if|why|how|what|who|\w+ly) | answer(?:s|ed) | voic(?:es|ed) |
    express(?:es|ed) | repeat(?:s|ed) | reiterat(?:es|ed) | maintain(?:s|ed) | tout(?:s|ed) |
    threaten(?:s|ed) | demands? | propos(?:es?|ed) | offer(?:s|ed) | want(?:s|ed)? |
    oppos(?:es?|ed) | support(?:s|ed)? | back(?:s|ed) | call(?:s|ed) | critici[sz](?:es?|ed) |
    defend(?:s|ed) | blam(?:es?|ed) | reject(?:s|ed)? | refus(?:es?|ed) | hop(?:es?|ed) |
    fear(?:s|ed)? | believ(?:es?|ed) | thinks? | thought | consider(?:s|ed)? | sees? |
    regard(?:s|ed)? | deem(?:s|ed)? | prais(?:es?|ed) | welcom(?:es?|ed) | hail(?:s|ed) |
    mock(?:s|ed) | appeal(?:s|ed) | signal(?:s|led|ed) | indicat(?:es|ed) | hint(?:s|ed) |
    argu(?:es?|ed) | slam(?:s|med) | object(?:s|ed) | favou?r(?:s|ed)? | dis(?:agree|approve)[sd]?
    | agree[sd]? | prefer(?:s|red)? | insist | say | tell | warn | claim | accuse | urge | deny |
    admit | reply
"""
# What those do who have decided; asked what somebody says, it is no answer.
_OF_DEED = r"""
    let(?:s)? | allow(?:s|ed)? | permit(?:s|ted)? | forbid(?:s)? | forbade | ban(?:s|ned)?
    | pays? | paid | gives? | gave | sends? | sent | provid(?:es?|ed) | suppl(?:y|ies|ied)
    | impos(?:es?|ed) | veto(?:es|ed)? | recogni[sz](?:es?|ed) | join(?:s|ed)? | block(?:s|ed)?
    | drop(?:s|ped)? | keeps? | kept | vot(?:es?|ed) | seeks? | sought | pushe[sd] | order(?:s|ed)
    | approv(?:es?|ed) | lift(?:s|ed)? | withdr(?:aws?|ew) | suspend(?:s|ed)? | commit(?:s|ted)
    | tr(?:y|ies|ied) | intend(?:s|ed)? | plan(?:s|ned)? | fight(?:s)? | fought | aims?
"""
_MINDED = r"""
    (?:is|are|was|were|remains?|remained)\s+(?:\w+ly\s+|still\s+|not\s+)*(?:against|opposed|for
    |in\s+favou?r|ready|willing|unwilling|committed|prepared|determined|convinced|worried|concerned
    |afraid|s[ck]eptical|cautious|open\s+to)
"""
_BEFORE_THE_VERB = r"""
    (?:(?:still|also|later|again|now|then|already|only|even|just|once|earlier|not|never|has|have|had
    |will|would|does|did|do|cannot|always|\w+n['’]t|\w+ly)\s+)*
"""
_THINKS, _ACTS = (
    re.compile(rf"[,)]?\s+{_BEFORE_THE_VERB}(?:(?:{verbs})\b|{_MINDED}\b)", re.VERBOSE)
    for verbs in (rf"{_OF_MIND}|{SAID}", rf"{_OF_MIND}|{SAID}|{_OF_DEED}")
)
# Between the name and its verb: more of the name, what they are, or something about them.
_OFFICES = re.compile(r"^(?:administration|camp|side|allies|team|delegation)$")
_APPOSED = re.compile(r"\s*\([^()]*\)|,\s[^,]{1,80},(?=\s)|\s+[-–—]+\s[^–—]{1,80}?\s[-–—]+(?=\s)")
_WORD = re.compile(r"\s+([\w.’'-]+)")
# Where a part of a sentence begins.
_BREAK = re.compile(
    r"""[;:“"(]\s* | [,—–]\s+(?:and\s+|but\s+|while\s+|as\s+)?
    | \b(?:that|but|while|because|although|though|if|as|when|whether|where|and|since)\s+""",
    re.VERBOSE | re.IGNORECASE,
)
_NO_SUBJECT = (
    frozenset("under for with against about without between over from by of".split()) | NOBODY
)
_BEFORE_A_NAME = frozenset("the a an both former then even many most some other".split())


def takes_a_stand(places: Iterable[Span], sentence: str, *, says: bool) -> bool:
    """Whether one that stands at these `places` thinks so; with `says`, only if it is spoken."""
    verb = _THINKS if says else _ACTS
    return any(
        _THEIRS.match(sentence, place.end)
        or (_is_subject(sentence, place.start) and _NATIONAL.match(sentence, place.end))
        or _does(verb, place, sentence)
        for place in places
    )


def speaks_up(places: Iterable[Span], sentence: str) -> bool:
    """Whether one that stands there is the subject of a verb of thinking or saying."""
    return any(_does(_THINKS, place, sentence) for place in places)


def is_subject(places: Iterable[Span], sentence: str) -> bool:
    """Whether the sentence is about one that stands there: nothing but a title stands before."""
    return any(not sentence[: place.start].strip() or _opens(sentence, place) for place in places)


def _opens(sentence: str, place: Span) -> bool:
    return not _BREAK.search(sentence, 0, place.start) and _is_subject(sentence, place.start)


def _does(verb: re.Pattern[str], place: Span, sentence: str) -> bool:
    return _is_subject(sentence, place.start) and any(
        verb.match(sentence, end) for end in _ends(sentence, place.end)
    )


def _is_subject(sentence: str, start: int) -> bool:
    """Whether nothing but a title stands before it in its part of the sentence."""
    breaks = [found.end() for found in _BREAK.finditer(sentence, 0, start)]
    before = sentence[max(breaks, default=0) : start].split()
    return all(
        word.lower() in _BEFORE_A_NAME
        or SPEAKERS.search(word)
        or TITLE.search(word)
        or (
            word[0].isupper()
            and word.lower() not in _NO_SUBJECT
            and not word.endswith(("’s", "'s"))
        )
        for word in before
    )


def _ends(sentence: str, end: int) -> list[int]:
    """Where the name may end: there, after further words of it, and after what explains it."""
    ends = [end]
    while match := _WORD.match(sentence, ends[-1]):
        word = match[1]
        if not (word[0].isupper() or SPEAKERS.search(word) or _OFFICES.search(word)):
            break
        ends.append(match.end())
    return ends + [found.end() for one in ends if (found := _APPOSED.match(sentence, one))]
