"""Countries, as they are written with capitals: for those who ask without."""

from __future__ import annotations

import re

_SHORT = frozenset("us uk eu un usa uae nato".split())
_NAMES = frozenset(
    name.strip()
    for name in """afghanistan, albania, algeria, angola, argentina, armenia, australia, austria,
    azerbaijan, bahrain, bangladesh, belarus, belgium, bolivia, bosnia, brazil, britain, bulgaria,
    cambodia, cameroon, canada, chad, chile, china, colombia, congo, costa rica, croatia, cuba,
    cyprus, czech republic, denmark, dominican republic, ecuador, egypt, el salvador, england,
    eritrea, estonia, ethiopia, europe, finland, france, gaza, georgia, germany, ghana, greece,
    greenland, guatemala, guinea, haiti, honduras, hong kong, hungary, iceland, india, indonesia,
    iran, iraq, ireland, israel, italy, ivory coast, jamaica, japan, jordan, kazakhstan, kenya,
    kosovo, kuwait, kyrgyzstan, laos, latvia, lebanon, liberia, libya, lithuania, luxembourg,
    madagascar, malawi, malaysia, mali, malta, mauritania, mexico, moldova, mongolia, montenegro,
    morocco, mozambique, myanmar, namibia, nepal, netherlands, new zealand, nicaragua, niger,
    nigeria, north korea, north macedonia, northern ireland, norway, oman, pakistan, palestine,
    panama, papua new guinea, paraguay, peru, philippines, poland, portugal, puerto rico, qatar,
    romania, russia, rwanda, saudi arabia, scotland, senegal, serbia, sierra leone, singapore,
    slovakia, slovenia, somalia, south africa, south korea, south sudan, spain, sri lanka, sudan,
    sweden, switzerland, syria, taiwan, tajikistan, tanzania, thailand, tunisia, turkey,
    turkmenistan, uganda, ukraine, united arab emirates, united kingdom, united nations,
    united states, uruguay, uzbekistan, venezuela, vietnam, wales, yemen, zambia,
    zimbabwe""".split(",")
)


def country(words: str) -> str:
    """With its capitals, and the article that it came with; "" if it is none."""
    match = re.fullmatch(r"(the\s+)?(.+)", " ".join(words.lower().split()))
    if match is None:
        return ""
    article, name = match[1] or "", match[2]
    if name in _SHORT:
        return article + ("Nato" if name == "nato" else name.upper())
    return article + name.title() if name in _NAMES else ""
