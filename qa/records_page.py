"""A kept conversation as a page of its own, without script and without anything to load."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, StrictUndefined

from qa.records_export import about, is_web, nearest, place
from qa.records_types import Conversation, DamagedTurn, KeptTurn

_PAGE = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(
    """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ conversation.title }}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.15rem; }
p, blockquote { white-space: pre-line; overflow-wrap: anywhere; }
blockquote { margin: .25rem 0; padding-left: .8rem; border-left: 3px solid #999; }
.about, .proof { color: #555; font-size: .85rem; margin: .2rem 0; }
.quote { white-space: pre-wrap; }
@media (prefers-color-scheme: dark) {
  body { background: #161616; color: #eee; } .about, .proof { color: #aaa; } a { color: #9cf; }
}
</style></head><body>
<h1>{{ conversation.title }}</h1>
<p class="about">Asked of {{ conversation.collection }}</p>
{% for one in damaged %}
<p><strong>{{ one }}</strong></p>
{% endfor %}
{% for turn in turns %}
<section><h2>{{ turn.number }}. {{ turn.answer.question }}</h2>
{% for line in about(turn) %}
<p class="about">{{ line }}</p>
{% endfor %}
<p>{{ turn.answer.text }}</p>
{% if turn.answer.remark %}
<p><em>{{ turn.answer.remark }}</em></p>
{% endif %}
{% for one in turn.answer.citations %}
<p><strong>[{{ one.marker }}] {{ one.byline }}</strong>
{%- if is_web(one.url) %} <a href="{{ one.url }}" rel="noreferrer">{{ one.url }}</a>{% endif %}</p>
<blockquote class="quote">{{ one.quote }}</blockquote>
<p class="proof">Article {{ one.article_id }}, characters {{ place(one) }},
SHA-256 {{ one.article_sha256 }}</p>
{% endfor %}
{% for row in nearest(turn) %}
<p><strong>Nearest passage {{ loop.index }}, which does not answer:
{{ row.title or "" }}</strong></p>
<blockquote class="quote">{{ row.text }}</blockquote>
{% endfor %}
</section>
{% endfor %}
</body></html>
"""
)


def page(
    conversation: Conversation, turns: Sequence[KeptTurn], damaged: Sequence[DamagedTurn] = ()
) -> str:
    """All in one file; whatever the articles hold is escaped."""
    return _PAGE.render(
        conversation=conversation,
        turns=turns,
        damaged=damaged,
        about=about,
        place=place,
        is_web=is_web,
        nearest=nearest,
    )
