"""Words that stand beside a printed date: what they say that it is, and the names of months.

In the languages of `metadata.DATE_LANGUAGES`, and in Chinese, Japanese and Korean.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from index.loaders.metadata import DATE_LANGUAGES

PUBLISHED = re.compile(
    r"\b(?:(?:first |originally )?(?:published|posted|written|issued|released|aired|filed)"
    r"|(?:release|publication|issue|posting|publish) date|date (?:published|posted)"
    r"|date of (?:publication|issue)|pubdate)\b",
    re.IGNORECASE,
)
MODIFIED = re.compile(
    r"\b(?:updated?|modified|edited|changed|revised|reviewed|corrected|amended)\b", re.IGNORECASE
)
# Where these stand, 06/02/2024 is in February: only English knows the month in the first place.
PUBLISHED_ELSEWHERE = re.compile(
    r"\b(?:veröffentlicht|erschienen|publiziert|online seit|publiée?s?|parue?|mise? en ligne"
    r"|publicad[oa]s?|postado|pubblicat[oa]|gepubliceerd|geplaatst|publicera[dt]|publiceret"
    r"|publisert|offentliggjort|julkaistu|opublikowan[oey]|data publikacji|publikováno|vydáno"
    r"|zveřejněno|опубликован\w*|дата публикации|опубліковано|yayın(?:lan\w+| tarihi))\b"
    r"|发布|發佈|發布|发表|發表|刊登|公開|掲載|投稿|配信|입력|등록|게재|발행",
    re.IGNORECASE,
)
MODIFIED_ELSEWHERE = re.compile(
    r"\b(?:aktualisiert|geändert|überarbeitet|stand|letzte(?:s)? (?:änderung|update)"
    r"|mise? à jour|modifiée?|actualisée?|actualizad[oa]|modificad[oa]|(?:última )?actualización"
    r"|atualizad[oa]|aggiornat[oa]|modificat[oa]|(?:ultimo )?aggiornamento|bijgewerkt|gewijzigd"
    r"|aangepast|laatste update|uppdatera[dt]|ändrad|opdateret|oppdatert|(?:sist )?endret|ændret"
    r"|päivitetty|muokattu|aktualizacja|z?aktualizowan[oey]|aktualizováno|upraveno|обновл[её]н\w*"
    r"|изменен\w*|оновлено|змінено|(?:son )?güncelle\w+)\b"
    r"|更新|修改|修正|수정|업데이트",
    re.IGNORECASE,
)
# What is neither: a licence, an event, when somebody looked.
OTHER = re.compile(
    r"\b(?:copyright|accessed|retrieved|archived|printed|saved|downloaded|born|died|due|expires?"
    r"|valid|deadline|birth|death|since|until|event|starts?|ends?|joined|access date|abgerufen"
    r"|consulté|consultado|geboren|gestorben)\b|©",
    re.IGNORECASE,
)
# What may stand beside the date in a line of its own, other than names.
CLOCK = re.compile(
    r"\b\d{1,2}[:.h]\d\d(?:[:.]\d\d)?\b|\b\d{1,2}h\b"
    r"|\b(?:gmt|utc)[+-]\d{1,2}|(?:updated )?\d+ (?:minute|hour|day)s? ago\b"
    r"|\b(?:[ap]\.?m\b\.?|utc|gmt|[ecmp][sd]?t|cest|cet|bst|ist|uhr)(?!\w)"
    r"|\b(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|\b\d{1,2}[ -]min(?:ute)?s?(?: read)?\b",
    re.IGNORECASE,
)
SMALL_WORDS = re.compile(
    r"\b(?:at|on|date|dated|by|um|den|vom|am|von|le|à|par|el|a las|por|il|alle|ore|di|em|às|op|om"
    r"|door|kl|klo|dne|в|г)(?!\w)",
    re.IGNORECASE,
)
# "This article was published …": a sentence, but about itself.
ABOUT_ITSELF = re.compile(
    r"\bthis (?:article|story|post|page|piece|entry|interview|column|essay|item|blog|version)\b"
    r"|\b(?:artikel|beitrag|cet article|este artículo|(?:este|questo) (?:artigo|articolo))\b",
    re.IGNORECASE,
)
# What may stand before a label that is no sentence.
BEFORE = frozenset("and last first originally on at by date am zuletzt and/or".split())


# "2024年2月6日 更新": there the label comes after the date.
MODIFIED_AFTER = re.compile(
    r"[\s\d:时時分点點시분(]*(?:最終|最后|最後|최종)?\s?(?:更新|修改|修正|수정)"
)

_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()


@cache
def months() -> dict[str, int]:
    """The months by their names and abbreviations in all the languages, in lower case."""
    found: dict[str, int] = {}
    for known in _languages():
        for number, name in enumerate(_MONTHS, start=1):
            for form in known.get(name, ()):
                # Of two languages that mean two months by one word, the first in the list counts.
                found.setdefault(_bare(form), number)
    return found


@cache
def weekdays() -> frozenset[str]:
    """The days of the week, likewise."""
    return frozenset(
        _bare(form) for known in _languages() for day in _WEEKDAYS for form in known.get(day, ())
    )


def _languages() -> list[dict[str, Any]]:
    from dateparser.languages.loader import default_loader

    return [default_loader.get_locale(code).info for code in DATE_LANGUAGES]


def _bare(form: str) -> str:
    return form.casefold().rstrip(".")
