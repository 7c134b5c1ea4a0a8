"""A follow-up -> a stand-alone question, from the questions before it.

Only what is certain: a question that names nothing of its own ("Why?", "And Germany?", "When did
they?") is asked together with the question before it. Any other is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.terms import content_words
from qa.types import Turn

_CONTINUES = re.compile(r"^\s*(?:and|but|or|so|what about|how about)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"\b(?:he|she|it|they|him|them|his|their|its|there|that)\b", re.IGNORECASE
)
# A question with more words of its own than this stands alone even if it points somewhere.
_FEW = 2
# Characters; also of a question that a long conversation has joined together.
LONGEST_QUESTION = 2_000


def stand_alone(question: str, history: Sequence[Turn]) -> str:
    """`question` so that it can be searched without `history`; unchanged if it stands alone."""
    if not history:
        return question
    own = content_words(question)
    follows = bool(_CONTINUES.search(question) or _POINTS_BACK.search(question))
    if own and not (follows and len(own) <= _FEW):
        return question
    joined = f"{history[-1].asked_as} {question}"
    return joined if len(joined) <= LONGEST_QUESTION else question
