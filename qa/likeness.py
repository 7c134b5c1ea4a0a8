"""How two sentences that were read stand to each other: the same, agreeing, on one matter."""

from __future__ import annotations

from functools import lru_cache

from index.terms import content_words, stems
from qa.agreement import figures, same_answer
from qa.quoting import short_answer
from qa.reader import Reading

# Two sentences that share this much of the shorter one's words say the same; two of different
# articles that share so much are copies of one text, and not independent. Two that share less than
# this do not speak of one matter, and neither agree nor differ.
SAME_SHARE = 0.7
COPY_SHARE = 0.9
MATTER_SHARE = 0.25


def agree(one: Reading, other: Reading) -> bool:
    """Whether they give the same answer."""
    if one.short and other.short:
        return same_answer(short_answer(one), short_answer(other))
    return _shared(one, other) >= SAME_SHARE and figures(one.text) == figures(other.text)


def is_repeated(one: Reading, other: Reading) -> bool:
    """Whether one is (nearly) the other; never with other figures, which a new count has."""
    same_article = one.hit.passage.article_id == other.hit.passage.article_id
    if same_article and one.sentence == other.sentence:
        return True
    return figures(one.text) == figures(other.text) and (
        _shared(one, other) >= (SAME_SHARE if same_article else COPY_SHARE)
    )


def on_one_matter(one: Reading, other: Reading) -> bool:
    """Whether they share words beside their answers."""
    answers = set(stems(f"{short_answer(one)} {short_answer(other)}"))
    return _share(_terms(one) - answers, _terms(other) - answers) >= MATTER_SHARE


def _shared(one: Reading, other: Reading) -> float:
    return _share(_terms(one), _terms(other))


def _share(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """The share of the fewer terms that the others have too."""
    fewer = min(len(mine), len(theirs))
    return len(mine & theirs) / fewer if fewer else 0.0


def _terms(reading: Reading) -> frozenset[str]:
    """Of the sentence, figures left out."""
    return _stems(reading.text)


@lru_cache(512)  # each of some two hundred sentences is compared with several
def _stems(text: str) -> frozenset[str]:
    return frozenset(stem for stem in stems(" ".join(content_words(text))) if not stem.isdigit())
