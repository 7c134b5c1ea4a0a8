"""Saved web pages: text and metadata by trafilatura."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from index.errors import LoadError
from index.loaders.boilerplate import without_notices, without_title
from index.loaders.bylines import without_head
from index.loaders.decoding import decode
from index.loaders.draft import Draft
from index.loaders.html_dates import page_dates
from index.loaders.html_limits import check_size
from index.loaders.metadata import language_code, web_address
from index.loaders.normalising import one_line, paragraphs
from index.loaders.text import titled

NO_TEXT = "no article text found"

# A heading that shares this part of its words with the page's title is the headline; tuned on the
# 114 titles of `python -m bench extraction`.
SAME_HEADLINE = 0.3
HEADLINE_WORDS = 4

log = logging.getLogger(__name__)

_WORD = re.compile(r"\w+")

_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^<>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE
)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^<>]*\?>")
# What browsers and their extensions write into a page that they save.
_SAVED_FROM = re.compile(
    r"<!-- saved from url=\(\d+\)(\S+)|Page saved with SingleFile\s+url: (\S+)", re.IGNORECASE
)
_SPACE = re.compile(r"[ \t\r\n]+")
_BLANK_LINES = re.compile(r"\n[ \t\r]*\n")
_SITE = re.compile(r"\s[|–—:·-]+\s")
_BLOCKS = frozenset("p head item quote list table row div".split())
_AUTHORS = re.compile(r"\s*[;|]\s*")


def draft(data: bytes, name: str) -> Draft:
    """Raises LoadError when the page has no article text, or too much of it to be one."""
    declared = _DECLARED.search(data[:4096])
    return of_page(decode(data, declared[1].decode("ascii", "replace") if declared else None), name)


def of_page(text: str, name: str, address: str = "") -> Draft:
    """The same of a page's markup; `address` is where it was, if its file says so."""
    check_size(text)
    if not address and (saved := _SAVED_FROM.search(text[:5_000])):
        address = saved[1] or saved[2]
    tree, page = _read(_XML_DECLARATION.sub("", text, count=1))
    head = without_head(without_notices(paragraphs("".join(_flow(page.body)))))
    found = head.paragraphs
    title = _headline(one_line(page.title or ""), tree, page.sitename)
    if title:
        found = without_title(found, title)
    else:
        title, found = titled(found, name)
    published, modified = page_dates(tree, address)
    url = web_address(page.url) or web_address(address)
    host = urlsplit(url).hostname if url else None
    return Draft(
        title=title,
        paragraphs=found,
        source=page.sitename or page.hostname or host,
        url=url,
        authors=tuple(filter(None, map(one_line, _AUTHORS.split(page.author or ""))))
        or head.authors,
        published=published,
        modified=modified,
        language=language_code(tree.get("lang") or tree.get("xml:lang")),
    )


def _read(text: str) -> tuple[Any, Any]:
    """The parsed page, and what trafilatura makes of it."""
    # Pages without text are refused below; the libraries would also say so on stderr.
    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    import trafilatura
    from trafilatura.settings import Document

    try:
        tree = trafilatura.load_html(text)
        page = (
            None
            if tree is None
            else trafilatura.bare_extraction(
                tree,
                with_metadata=True,
                include_comments=False,
                # Its date may come from any number in the text; ours is found by `page_dates`.
                date_extraction_params={"extensive_search": False, "original_date": True},
            )
        )
    except Exception as error:  # broken pages find the libraries' assertions, among others
        log.debug("extracting text", exc_info=True)
        raise LoadError(f"too broken to be read as a web page ({type(error).__name__})") from error
    if not isinstance(page, Document) or page.body is None:
        raise LoadError(NO_TEXT)
    return tree, page


def _headline(title: str, tree: Any, site: str | None) -> str:
    """The headline as the page prints it: what pages call themselves elsewhere is often another,
    written for search engines, or has the site's name after it, as browsers' tabs show it.
    """
    headings = [[one_line(part) for part in heading.itertext()] for heading in tree.iter("h1")]
    lines = [one_line(" ".join(parts)) for parts in headings]
    bare = _without_site(title, lines, site)
    words = set(_WORD.findall(bare.casefold()))
    for parts, line in zip(headings, lines, strict=True):
        printed = set(_WORD.findall(line.casefold()))
        if min(len(words), len(printed)) < HEADLINE_WORDS or _is_part(bare, parts):
            continue
        if len(words & printed) >= SAME_HEADLINE * min(len(words), len(printed)):
            return line
    return bare


def _is_part(title: str, parts: list[str]) -> bool:
    """Whether a category or a subtitle stands in the heading beside the title."""
    ends = range(len(parts) + 1)
    beginnings = {one_line(" ".join(parts[:end])) for end in ends}
    return title in beginnings | {one_line(" ".join(parts[end:])) for end in ends}


def _without_site(title: str, headings: list[str], site: str | None) -> str:
    """The title without the site's name after it."""
    starts = list(headings)
    if site:
        starts.append(re.sub(rf"\s[|–—:·-]+\s{re.escape(site)}$", "", title, flags=re.IGNORECASE))
    for start in starts:
        if start and _SITE.match(title.removeprefix(start)):
            return start
    return title


def _flow(element: Any, *, in_cell: bool = False) -> Iterator[str]:
    """The text of an extracted tree: blank lines between blocks, line ends at line breaks.

    The parser lets no tree grow deeper than 256, so that recursion is safe.
    """
    in_cell = in_cell or element.tag == "cell"
    edge = (" " if in_cell else "\n\n") if element.tag in _BLOCKS else ""
    if element.tag == "cell" and element.getprevious() is not None:
        yield " | "
    elif element.tag == "lb":
        yield " " if in_cell else "\n"
    yield edge
    # White space in a page's source means nothing, but blank lines do in preformatted text,
    # which comes as a quote.
    blank = "\n\n" if element.tag == "quote" and not in_cell else " "
    yield blank.join(_SPACE.sub(" ", part) for part in _BLANK_LINES.split(element.text or ""))
    for child in element:
        yield from _flow(child, in_cell=in_cell)
        yield _SPACE.sub(" ", child.tail or "")
    yield edge
