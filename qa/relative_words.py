"""Words for a time that counts from the day of asking: "last week", "three days ago"."""

from __future__ import annotations

from qa import time_meanings as meanings
from qa.time_terms import ANY_YEAR, BC, COUNT, ENDS, GAP, PART, SPAN, UNIT, WEEKDAY, Sources

# "his last year" is no year of the one who asks; but a company's last quarter may be.
_OURS = (
    r"(?:(?<!\bhis )(?<!\bher )(?<!\bits )(?<!\btheir )(?<!\bmy )(?<!\bour )(?<!\byour )"
    r"|(?=\w+ quarter))"
)
# Not of what follows: "the last week of July", "the last week before the vote".
_NOT_OF = rf"(?! of| in (?:office|power|history)){BC}"
_NOT_BEFORE = r"(?!(?<=\bthe )\w+ \w+ before)"
_S = rf"s?{_NOT_OF}"

# Of which year the bounds are is not asked.
_KIND = r"(?:full|whole|entire|calendar|financial|fiscal)"

# The longer before what they begin with.
RELATIVE: Sources = (
    (
        r"the day before yesterday|the day after tomorrow|yesterday|(?:late )?last night|tomorrow"
        r"|today|tonight|(?:early |late )?this (?:morning|afternoon|evening)|(?:earlier|later)"
        r" today",
        meanings.named_day,
    ),
    (rf"(?:so far|earlier) this (?P<unit>{UNIT})", meanings.so_far),
    (rf"this (?P<unit>{UNIT}) so far", meanings.so_far),
    (rf"(?:the )?(?P<unit>{UNIT})[- ]to[- ]date|ytd", meanings.so_far),
    (
        rf"later this (?P<unit>{UNIT})|the (?:rest|remainder) of (?:the|this) (?P<of>{UNIT})",
        meanings.rest,
    ),
    (rf"the (?:(?P<unit>{UNIT})|(?P<weekday>{WEEKDAY})) before last", meanings.before_last),
    (
        r"(?:this|the same) (?:time|(?P<smaller>day|week|month|quarter|period)) (?:of |in )?last"
        r" (?P<unit>week|month|year)",
        meanings.this_time,
    ),
    (rf"this (?P<unit>day|week|month) in (?P<year>{ANY_YEAR})", meanings.this_in_a_year),
    (rf"half an? (?P<unit>{SPAN}) ago(?P<count>)?", meanings.half_ago),
    (
        rf"(?P<count>{COUNT})(?: and a half (?P<units>{SPAN})s|{GAP}(?P<unit>{SPAN})s? and a half)"
        r" ago",
        meanings.half_ago,
    ),
    (
        rf"(?:the |these |this )?(?:last|past) (?:half (?:an? )?|half-)(?P<unit>{SPAN})"
        r"(?P<count>)?",
        meanings.half_rolling,
    ),
    (
        rf"(?:the |these |this )?(?:last|past) (?:(?P<count>{COUNT}) and a half (?P<units>{SPAN})s"
        rf"|(?P<unit>{SPAN}) and a half)",
        meanings.half_rolling,
    ),
    (
        rf"{PART}the (?P<unit>week|month|quarter|year|decade|century)(?P<which>)?(?! of)",
        meanings.whole,
    ),
    (rf"(?P<count>{COUNT}) (?P<weekday>{WEEKDAY})s ago", meanings.weekdays_ago),
    (
        rf"{_OURS}{_NOT_BEFORE}(?:{PART}(?:the )?)?(?P<which>last|previous|this|current|next)"
        rf"(?: very| {_KIND})? (?P<unit>{UNIT}){_NOT_OF}",
        meanings.whole,
    ),
    (
        r"(?P<part>)?(?:the )?(?P<which>last|this|next|this past|past|this coming|coming)"
        r" (?P<unit>weekend)(?! of)",
        meanings.whole,
    ),
    (r"the weekend(?! of)", meanings.last_weekend),
    (
        rf"(?:the|these|this) (?P<which>last|past|next|coming|recent)"
        rf" (?:(?P<count>{COUNT}){GAP})?(?:{_KIND} )?(?P<unit>{SPAN})(?P<several>s)?{_NOT_OF}"
        r"(?! before)",
        meanings.rolling,
    ),
    (
        rf"{_OURS}(?P<which>last|past|previous|next|coming) (?P<count>{COUNT}){GAP}"
        rf"(?P<unit>{SPAN}){_S}",
        meanings.rolling,
    ),
    (
        rf"{_OURS}(?P<which>past|recent|coming) (?P<count>)?(?P<unit>{SPAN})(?P<several>s)",
        meanings.rolling,
    ),
    (rf"{_OURS}(?P<which>past) (?P<count>)?(?P<unit>{SPAN}){_NOT_OF}", meanings.rolling),
    (
        rf"the (?:(?P<count>{COUNT}){GAP})?(?P<unit>{SPAN})(?P<several>s)? (?P<which>ahead)",
        meanings.rolling,
    ),
    (
        rf"(?:the )?(?:last|past) (?P<count>{COUNT}){GAP}(?P<unit>hour|minute){_S}",
        meanings.hours,
    ),
    (rf"(?P<count>{COUNT}){GAP}(?P<unit>hour|minute)s? ago", meanings.hours),
    (r"the other (?P<unit>day|week)", meanings.the_other),
    (
        rf"(?P<weekday>{WEEKDAY})(?:,? of|,)? (?P<which>last|this|next) week"
        rf"|(?P<week>last|this|next) week,? on (?P<on>{WEEKDAY})",
        meanings.weekday_of,
    ),
    (
        rf"(?P<count>{COUNT}){GAP}(?P<unit>{UNIT})s? ago,? (?:(?P<exact>today)"
        rf"|this (?P<smaller>week|month)|on (?P<weekday>{WEEKDAY}))",
        meanings.ago,
    ),
    (
        rf"(?P<count>{COUNT}){GAP}(?P<unit>{UNIT})s? ago(?P<exact>)?(?P<smaller>)?(?P<weekday>)?",
        meanings.ago,
    ),
    (rf"in (?P<count>{COUNT}){GAP}(?P<unit>{SPAN})s?['’]? time", meanings.hence),
    (rf"(?P<count>{COUNT}){GAP}(?P<unit>{SPAN})s? from (?:now|today)", meanings.hence),
    (
        rf"(?P<which>last|this past|past|previous|this coming|this|next|coming)"
        rf" (?P<weekday>{WEEKDAY})(?! of\b)",
        meanings.weekday,
    ),
    (
        rf"(?:his|her|its|their|our) (?P<which>)?(?P<weekday>(?=\w+day){WEEKDAY})(?= [a-z])"
        rf"(?!{ENDS})",
        meanings.weekday,
    ),
    (rf"(?:early|late) (?P<which>)?(?P<weekday>{WEEKDAY}){ENDS}", meanings.weekday),
    (rf"(?P<which>)?(?-i:(?=[A-Z]))(?P<weekday>(?=\w+day){WEEKDAY})(?=['’]s\b)", meanings.weekday),
)
