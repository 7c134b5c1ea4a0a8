"""The language of an article: what its page says, unless the text plainly says otherwise.

Told by py3langid, a model of byte sequences for 140 languages (Lui and Baldwin 2012, "langid.py: An
Off-the-shelf Language Identification Tool") that comes with the package.
"""

from __future__ import annotations

import dataclasses
import threading
from functools import cache
from typing import TYPE_CHECKING

from index.types import Article

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# On 1,500 news articles, cut to 300 characters, all were told to be English, one with less
# than .9; of single sentences in 10 languages the least certain had .54.
_LOOKED_AT = 1_000
_SURE = 0.5
# Pages say "en" because their template does. Against that, a long text must leave no doubt.
_CONTRADICTS, _NO_DOUBT, _LONG = 0.9, 0.01, 200
# Written alike: forms of one language, or taken for it in short texts.
_KINDRED = {"wuu": "zh", "yue": "zh", "pcm": "en", "nn": "no", "nb": "no", "lzh": "zh"}
_NO_LANGUAGE = "zxx"

_loading = threading.Lock()


def with_language(article: Article, stored: Article | None) -> Article:
    """The article with the language of its text; None if it cannot be told.

    What was found out of the same text before (`stored`) is not found out again.
    """
    said = article.language
    told = stored.language if stored and stored.text == article.text else None
    if not told or said not in (None, told):
        told = language_of(article.text, said)
    return dataclasses.replace(article, language=told)


def language_of(text: str, said: str | None = None) -> str | None:
    """The code of the text's language (ISO 639: "en", "de"), `said` being what its page says."""
    if said and len(text) < _LONG:
        return said
    found = _probabilities(text[:_LOOKED_AT])
    best = max(found, key=lambda code: found[code], default=_NO_LANGUAGE)
    if best == _NO_LANGUAGE:
        return said
    if not said:
        return best if found[best] >= _SURE else None
    doubt = found.get(_KINDRED.get(said, said), 0.0)
    return best if found[best] >= _CONTRADICTS and doubt < _NO_DOUBT else said


def _probabilities(text: str) -> dict[str, float]:
    found = dict[str, float]()
    for code, probability in _identifier().rank(text):
        code = _KINDRED.get(code, code)
        found[code] = found.get(code, 0.0) + probability
    return found


def _identifier() -> LanguageIdentifier:
    with _loading:  # it takes a second
        return _loaded()


@cache
def _loaded() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
