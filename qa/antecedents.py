"""Which of what was spoken of a word that points back means."""

from __future__ import annotations

from collections.abc import Sequence

from index.terms import STOP_WORDS, stems
from qa.mentions import PEOPLE, Kind, Mention
from qa.nations import nations
from qa.phrases import NAME
from qa.pronouns import Pointer
from qa.resolver import Term

# Words that only say what is asked for.
_FORMAL = frozenset("name kind type sort part number amount percentage share way".split())
_OTHER: dict[str, Kind] = {
    "he": "woman", "him": "woman", "his": "woman", "she": "man", "her": "man",
}  # fmt: skip
# Nobody lives in them.
_WATERS = frozenset("river sea lake street port coast border bridge".split())
_CLEARLY, _TYPED = 0.5, 1.2
_LONGEST = 8  # words


def meant(
    pointer: Pointer, found: Sequence[Mention], terms: Sequence[Term], asked: str
) -> Mention | None:
    """The likeliest of them; None if none fits.

    What kind of thing it is counts, what the resolver says, whether it was asked about last, and
    in the end what was named first.
    """
    known, countries = set(stems(asked)), nations(asked)
    best: tuple[float, Mention] | None = None
    for place, one in enumerate(found):
        words = {stem for stem in stems(one.text) if stem not in STOP_WORDS} or {*stems(one.text)}
        named = words <= known or (pointer.kind == "thing" and not words.isdisjoint(known))
        if not words or named or len(one.text.split()) > _LONGEST:
            continue
        fits, share = _fits(pointer, one), _marked(words, terms)
        focus = 0.4 * one.asked + _TYPED * one.typed - 0.4 * one.age - 0.01 * place
        if _OTHER.get(pointer.word) in one.kinds or not countries.isdisjoint(nations(one.text)):
            continue
        if not (one.asked or one.answers or one.kinds) and share < _CLEARLY:
            continue  # a name that only stands in a quote
        if fits > 0 or (fits > -2 and share > 0):
            score = fits + 2 * share + focus
            if best is None or score > best[0]:
                best = score, one
    return best[1] if best else None


def _marked(words: set[str], terms: Sequence[Term]) -> float:
    """How likely the resolver finds them meant, a little more with every word that it marks and
    less with every other."""
    shares = [0.0]
    for term in terms:
        if common := words & set(stems(term.text)):
            shares.append(term.probability + 0.1 * (2 * len(common) - len(words)))
    return max(shares)


def _fits(pointer: Pointer, one: Mention) -> float:
    """How well it fits: more than 0 if it surely does, less than -1 if it surely does not."""
    kind, is_name = pointer.kind, bool(NAME.fullmatch(one.text))
    if is_name and kind == "person" and nations(one.text):
        return -2.0
    if is_name and pointer.word == "they" and nations(one.text):
        return 1.0
    if pointer.acts and not is_name and one.text.split()[-1].lower() not in PEOPLE:
        return -2.0  # "What weapons did they use?": not the bridges
    if kind == "place" and one.text.split()[-1].lower() in _WATERS:
        return 0.1
    if kind in one.kinds:
        named = is_name or any(word[:1].isupper() for word in one.text.split())
        return (1.5 if named or kind != "place" else 0.5) + 1.5 * one.answers
    match kind:
        case "person":
            maybe = is_name and not one.kinds and not one.text.startswith("the ")
            return 0.5 if maybe and not one.text.isupper() else -2.0
        case "place":
            maybe = is_name and one.asked and one.kinds <= {"thing"}
            return -0.5 if maybe else -2.0
        case "several":  # a team, perhaps, or a country
            if one.answers and "person" in one.kinds:
                return 2.5
            return -2.0 if "person" in one.kinds or not is_name else -1.5
        case _:
            return _fits_it(one, is_name)


def _fits_it(one: Mention, is_name: bool) -> float:
    words = one.text.split()
    # A name of two words that was only quoted is a person's more often than not.
    if "person" in one.kinds or (is_name and not one.asked and len(words) == 2):
        return -2.0
    if "several" in one.kinds and words[-1].islower():
        return -2.0  # "Where is the missiles?"
    if "several" in one.kinds or words[-1] in _FORMAL:
        return -1.0
    if one.kinds == {"place"} or nations(one.text):
        # "And in Peru?": what is asked about is still the storm.
        return 0.1 - (_TYPED if one.typed and "place" in one.kinds else 0.0)
    return 0.5 if any(word[:1].isupper() for word in words) else 0.2
