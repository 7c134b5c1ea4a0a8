"""Words for saying, and for those who say."""

import re

_VERBS = """
    said says told tells argued argues warned warns insisted insists claimed stated announced
    explained explains noted tweeted acknowledged acknowledges admitted admits denied denies
    confirmed confirms declared declares suggested urged urges vowed vows promised pledged
    stressed stresses emphasised emphasises emphasized emphasizes replied replies demanded
    testified testifies predicts concluded concludes complained complains boasted
    remarked describes rejects accuses condemns""".split()
# "He has added a room" is no speech.
_ADDED = r"(?:added|adds)(?=\s+(?:that|in|on|at|during)\b|\s*[.,:;\"“]|$)"
# Nor is "three men accused of theft", "the oysters recalled after it" or "she wrote a novel".
_PASSIVE = (
    r"(?:accused|described|rejected|condemned|critici[sz]ed|reported|estimated|predicted)"
    r"(?!\s+(?:of|as|for|missing|to)\b)"
)
_RECALLED = r"recall(?:ed|s)(?=\s+(?:that|how|when|what|in|on|at|to)\b|\s*[.,:;\"“]|$)"
_WROTE = r"(?:wrote|writes)(?!\s+(?:an?|the|his|her|its|their|books?|songs?|novels?)\b)"
SAID = (
    rf"(?:{'|'.join(_VERBS)}|calls\s+for|called\s+for|{_ADDED}|{_PASSIVE}|{_RECALLED}|{_WROTE})"
    r"(?!\s+by\b)"
)
PLURAL = r"(?:say|tell|argue|warn|insist|believe|think|urge)"
# May stand between who speaks and the verb; "is said to" and "would not say" tell of no speech.
BETWEEN = (
    r"(?:(?:has|have|had|also|later|then|again|repeatedly|earlier|recently|previously|publicly"
    r"|reportedly|rightly|once|already|often|himself|herself|themselves)\s+)*"
)
# A word of these at the end of a phrase, or before "of …", is one who speaks.
SPEAKERS = re.compile(
    r"""(?:spokes(?:man|woman|person|people|men|women)|officials?|police|prosecutors?|authorit(?:y|ies)
    |minist(?:ry|ries|ers?)|governments?|department|agency|agencies|office|officers?|campaign|army
    |military|navy|company|companies|firms?|union|court|judges?|council|committee|commission|party
    |group|organi[sz]ations?|institute|university|bank|report|study|survey|poll|newspaper|magazine
    |statement|researchers?|scientists?|analysts?|experts?|economists?|critics?|supporters?|opponents?
    |activists?|advocates?|lawyers?|attorneys?|doctors?|residents?|witnesses|survivors?|lawmakers?
    |senators?|governors?|mayors?|president|chancellor|king|queen|prince|pope|bishop|leaders?
    |chief|chair(?:man|woman|person)?|director|secretary|ambassador|envoy|diplomats?|general|aides?
    |advis[eo]rs?|chairs?|founder|owner|manager|coach|head|deputy|representatives?|delegates?
    |republicans?|democrats?|conservatives?|liberals?|sources?|investigators?|engineers?|historians?
    |author|editor|journalists?|reporters?|farmers?|teachers?|workers?|families|relatives|parents?
    |county|city|state|town|school|district|hospital|airline|members?|rebels|militants|troops
    |soldiers|commanders?)$""",
    re.IGNORECASE | re.VERBOSE,
)
TITLE = re.compile(
    r"^(?:mr|mrs|ms|dr|sen|rep|gov|prof|gen|lt|col|sir|lady|vice|former)\.?$", re.IGNORECASE
)
JOINS = frozenset(
    "of for the and de del della der den van von bin ibn al el la le du da dos di y e & in at from"
    " with to on".split()
)
# Before these a phrase has ended, or has not begun.
BREAKS = frozenset(
    """that when while as but because after before where if though although since who which whom
    whose until so or than then during amid despite following earlier later when whether how what
    why""".split()
)
NOBODY = frozenset(
    """he she it they we i you this that these those there one some many most others both all each
    another any everyone everybody someone somebody anyone nobody none who which what""".split()
)
DETERMINERS = frozenset(
    "the a an his her its their our my some many several other one two three four five most".split()
)
