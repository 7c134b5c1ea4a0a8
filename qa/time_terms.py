"""The terms of which words about time are made: patterns without groups, and what they count."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from qa.periods import Period, part

# What a match of such words means, asked on a day; and patterns, each with what it means.
Meaning = Callable[[re.Match[str], date], Period | None]
Sources = tuple[tuple[str, Meaning], ...]

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WEEKDAYS = "mon tue wed thu fri sat sun".split()
_ONES = "one two three four five six seven eight nine".split()
_TEENS = """ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_FIRSTS = "first second third fourth fifth sixth seventh eighth ninth".split()
_TENTHS = """tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth
    eighteenth nineteenth twentieth""".split()
_NUMBERS = {
    word: number for number, word in enumerate([*_ONES, *_TEENS], 1)
} | {
    f"{ten}{'-' + one if one else ''}": 10 * tens + ones
    for tens, ten in enumerate(_TENS, 2)
    for ones, one in enumerate(["", *_ONES])
}  # fmt: skip
# What is told by a vague word.
FEW = 3
_VAGUE = {"a": 1, "an": 1, "couple of": 2, "few": FEW, "several": FEW, "dozen": 12, "hundred": 100}
_ORDINALS = (
    {word: number for number, word in enumerate([*_FIRSTS, *_TENTHS], 1)}
    | {f"twenty-{word}": 20 + number for number, word in enumerate(_FIRSTS, 1)}
    | {"thirtieth": 30, "thirty-first": 31}
)

# "may" and "march" are verbs too, and months only with a capital or after a word like "in".
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|(?-i:Mar|March|May|MARCH|MAY)|apr(?:il)?|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
ANY_MONTH = MONTH.replace("(?-i:", "(?:")
WEEKDAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?-i:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b\.?(?! (?-i:[A-Z])(?!\w* \d)))"
)
DAY = r"(?:3[01]|[12]\d|0?[1-9])(?: ?(?:st|nd|rd|th)\b)?(?!\d)"
NTH = r"\d\d?(?:st|nd|rd|th)"
# "the fifth of May"; "the second May election" is of no second of May.
DAY_IN_WORDS = rf"(?:{'|'.join(sorted(_ORDINALS, key=len, reverse=True)).replace('-', '[- ]')})"
UNIT = r"(?:day|weekend|week|fortnight|month|quarter|year|decade|century)"
SPAN = UNIT.replace("weekend|", "")
_NUMBER = (
    rf"(?:\d{{1,3}}|(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES)}))?"
    rf"|{'|'.join([*reversed(_TEENS), *_ONES])})"
)
# Of "two or three" the larger counts.
COUNT = (
    rf"(?:{_NUMBER}(?:(?: or | to | ?[–-] ?){_NUMBER})?"
    r"|(?:a )?couple of|(?:a )?few|several|(?:a )?dozen|(?:a |one |(?<=past |last ))hundred|an?)"
)
# Between a count and its unit: "2weeks" is typed, too.
GAP = r"(?:(?<=\d) ?| )"
YEAR = r"(?:1[5-9]|20)\d\d"
SHORT_YEAR = r"['’‘]\d\d"
ANY_YEAR = (
    rf"(?:{YEAR}(?!\d)|{SHORT_YEAR}(?!\d|s\b)|(?:the )?(?:last|this|next|previous|current) year"
    rf"|the year before last|{COUNT}{GAP}years? ago)"
)
OF_YEAR = rf"(?:(?:,? |,)(?:of |in )?(?P<year>{ANY_YEAR}))"
PLAIN_OF_YEAR = OF_YEAR.replace("?P<year>", "?:")
ORDINAL = rf"(?:last|final|latter|{NTH}|{DAY_IN_WORDS})"
SEASON = r"(?:spring|summer|autumn|fall|winter)"
# Early, in the middle or late.
PART = (
    r"(?:the )?(?:very )?(?P<part>(?:early|mid)[ -]to[ -](?:mid|late)|(?:early|late)(?: (?:in|on))?"
    r"|mid|end(?=-)"
    r"|(?:beginning|start|middle|end|early part|latter part) of)[ -]"
)
_THIRDS = {"mid": 1, "middle": 1, "late": 2, "latter": 2, "end": 2}
PLAIN_PART = PART.replace("?P<part>", "?:")

# What follows a number that is no year: "2000 houses", but "2022 was".
COUNTED = (
    r" (?:people|men|women|children|feet|percent|per cent|million|billion"
    r"|(?!(?:was|is|has|does|as|its|this|us|his|hers|towards|across|perhaps|versus|onwards"
    r"|afterwards)\b)"
    r"(?-i:[a-z])+s)\b"
)
FUNCTION = (
    "about|after|again|against|alone|also|and|are|as|at|because|before|between|but|by|can|could|despite|did|do|does"
    "|during|for|from|had|has|have|he|how|if|in|into|is|it|near|on|only|or|over|regarding|she|should|so"
    "|than|that|the|there|they|through|to|too|under|until|was|we|were|what|when|where|whether|which"
    "|while|who|whom|whose|why|will|with|within|without|would|according|you"
)
# What is a name by itself, and no part of another: "in summer", not "in summer camps".
ENDS = rf"(?=\s*(?:[?.!,;:()\"”]|$)| (?-i:{FUNCTION})\b)"
BC = r"(?! ?(?:BCE?|B\.C)\b)"


def month_number(words: str) -> int:
    """1 for January, by its first three letters."""
    return _MONTHS.index(words[:3].lower()) + 1


def weekday_number(words: str) -> int:
    """0 for Monday, by its first three letters."""
    return _WEEKDAYS.index(words[:3].lower())


def count(words: str) -> int:
    """How many; of "two or three" three. Raises ValueError for none."""
    last = re.split(r" or | to |(?<=\d) ?[–-] ?(?=\d)", words.strip().lower())[-1]
    if last.isdigit() and int(last):
        return int(last)
    if last.isdigit():
        raise ValueError("no time is so short")
    bare = re.sub(r"^(?:a|one) (?=\D)", "", last)
    number = _NUMBERS.get(bare.replace(" ", "-"))
    return number if number is not None else _VAGUE[bare]


def ordinal(words: str) -> int:
    """Which one in a row, from 1; -1 for the last."""
    if digits := re.sub(r"\D", "", words):
        return int(digits)
    return _ORDINALS.get(words.lower().replace(" ", "-"), -1)


def year_number(words: str, today: date) -> int:
    """Of “2023”, “'23”, “last year”, “two years ago”."""
    lower = words.lower()
    if re.fullmatch(YEAR, words):
        return int(words)
    if re.fullmatch(SHORT_YEAR, words):
        short = int(words[1:])
        return short + (2000 if 2000 + short <= today.year + 10 else 1900)
    if ago := re.fullmatch(rf"(.+?){GAP}years? ago", lower):
        return today.year - count(ago[1])
    if lower.endswith("before last"):
        return today.year - 2
    step = {"last": -1, "previous": -1, "next": 1}
    return today.year + step.get(lower.removeprefix("the ").split()[0], 0)


def parted(whole: Period, words: str | None) -> Period:
    """The early, middle or late part of it, where one is named; “mid to late”: from one to the
    other."""
    if not words:
        return whole
    names = re.split(r"[ -]to[ -]", words.lower())
    thirds = [_THIRDS.get(re.split(r"[ -]", name)[0], 0) for name in names]
    return Period(part(whole, thirds[0]).first, part(whole, thirds[-1]).last)
