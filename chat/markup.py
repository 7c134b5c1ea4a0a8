"""HTML from templates that escape every value: the only way by which text becomes markup here."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from qa.types import day

_templates = Environment(
    loader=PackageLoader("chat"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["day"] = day


def render(template: str, **values: object) -> str:
    """The named template of `chat/templates`, with every value escaped."""
    return _templates.get_template(template).render(values)


def web_link(url: str | None) -> str | None:
    """The URL if a browser may be sent there (http or https), else None."""
    return url if url and url.lower().startswith(("http://", "https://")) else None
