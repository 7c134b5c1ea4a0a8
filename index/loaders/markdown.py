"""Markdown with optional YAML front matter."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from index.errors import LoadError
from index.loaders.boilerplate import split_source, without_notices, without_title
from index.loaders.bylines import without_head
from index.loaders.datelines import printed_dates
from index.loaders.decoding import decode
from index.loaders.draft import Draft
from index.loaders.metadata import language_code, parse_date, web_address
from index.loaders.normalising import NEWLINES, one_line, rejoined
from index.loaders.text import titled

if TYPE_CHECKING:
    from markdown_it.token import Token

# For 1 MB the parser takes 1 s if it is prose, but 12 s and 400 MB if it is rows of tables.
MAX_CHARACTERS = 1_000_000
MAX_FRONT_MATTER = 64 * 1024

# Directly after a rule, a blank line follows; front matter begins at once.
_OPENING = re.compile(r"-{3,}[ \t]*\n(?=[ \t]*\S)")
_CLOSING = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)
_FIELD = re.compile(r"\s*[\w-]+[ \t]*:(?:\s|$)")
_HIDDEN_HTML = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_BREAK = re.compile(r"<(?:br|/?p|/?div|/?li|/?tr|/?h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_AUTHORS = re.compile(r"\s*(?:[;,&]|\band\b)\s*")


def draft(data: bytes, name: str) -> Draft:
    """Raises LoadError when there is no text, or its front matter cannot be read."""
    text = NEWLINES.sub("\n", decode(data)).lstrip("\ufeff\n")
    if len(text) > MAX_CHARACTERS:
        raise LoadError(f"longer than {MAX_CHARACTERS:,} characters of Markdown")
    fields, body = _split_front_matter(text)
    title = _text(fields, "title")
    heading, found = _plain(body, take_heading=not title)
    printed, changed = printed_dates(found)
    head = without_head(without_notices(found))
    found, source = split_source(head.paragraphs)
    source = source or head.source
    title = title or heading
    if title:
        found = without_title(found, title)
    else:
        title, found = titled(found, name)
    return Draft(
        title=title,
        paragraphs=found,
        source=_text(fields, "source") or source,
        url=web_address(_text(fields, "url")),
        authors=_authors(fields) or head.authors,
        published=parse_date(_text(fields, "published", "date")) or printed,
        modified=parse_date(_text(fields, "modified", "updated")) or changed,
        language=language_code(_text(fields, "language", "lang")),
    )


def _split_front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """The fields by their names in lower case, and the text after them."""
    opening = _OPENING.match(text)
    if not opening:
        return {}, text
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        if _FIELD.match(text, opening.end()):
            raise LoadError("malformed front matter: no --- line closes it")
        return {}, text
    if closing.start() > MAX_FRONT_MATTER:
        raise LoadError(f"malformed front matter: longer than {MAX_FRONT_MATTER:,} characters")
    fields = _parsed(text[opening.end() : closing.start()])
    if not isinstance(fields, dict):  # a rule, a paragraph and another rule
        return {}, text
    return (
        {key.strip().lower(): value for key, value in fields.items() if isinstance(key, str)},
        text[closing.end() :],
    )


def _parsed(front_matter: str) -> object:
    """Every value as text, as it is written: a title may be 1984 or No, and no date can fail."""
    import yaml

    try:
        return yaml.load(front_matter, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        # Lines are counted from 0 there, and the file begins with the line of ---.
        line = f" in line {error.problem_mark.line + 2}" if error.problem_mark else ""
        raise LoadError(f"malformed front matter: {error.problem}{line}") from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise LoadError("malformed front matter: not readable as YAML") from error


def _text(fields: Mapping[str, Any], *names: str) -> str:
    """The first of the fields that holds a single value, on one line; "" if there is none."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and (line := one_line(value)) not in ("", "~", "null"):
            return line
    return ""


def _authors(fields: Mapping[str, Any]) -> tuple[str, ...]:
    for name in ("authors", "author"):
        value = fields.get(name)
        if isinstance(value, list):
            entries = [item.get("name") if isinstance(item, dict) else item for item in value]
            names = [one_line(entry) for entry in entries if isinstance(entry, str)]
        else:
            names = _AUTHORS.split(_text(fields, name))
        if found := tuple(dict.fromkeys(name for name in names if name)):
            return found
    return ()


def _plain(body: str, *, take_heading: bool) -> tuple[str, list[str]]:
    """The first heading of the first level if it is to be taken, and the rest's paragraphs."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    blocks: list[str] = []
    heading, level = "", ""
    cells: list[str] | None = None  # of the table row that is open
    for token in parser.parse(body):
        if token.type == "inline":
            text = "".join(_inline(token.children or ()))
            if level == "h1" and take_heading and not heading:
                heading = one_line(text)
            elif cells is not None:
                cells.append(one_line(text))
            else:
                blocks.append(text)
        elif token.type in ("heading_open", "heading_close"):
            level = token.tag if token.type == "heading_open" else ""
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            blocks.append(" | ".join(filter(None, cells or ())))
            cells = None
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content.replace("\n", "\n\n"))
        elif token.type == "html_block":
            blocks.append(_without_tags(token.content))
    return heading, rejoined("\n\n".join(blocks))


def _inline(tokens: Iterable[Token]) -> Iterator[str]:
    """Readable text: a blank line where the author broke a line, a line end where it wraps."""
    for token in tokens:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type == "softbreak":
            yield "\n"
        elif token.type == "hardbreak" or (
            token.type == "html_inline" and _BREAK.match(token.content)
        ):
            yield "\n\n"


def _without_tags(block: str) -> str:
    text = _BREAK.sub("\n\n", _HIDDEN_HTML.sub(" ", block))
    return html.unescape(_TAG.sub("", text))
