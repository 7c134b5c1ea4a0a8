"""What the shell prints: lines for people, JSON for programs."""

from __future__ import annotations

import argparse
import dataclasses
import io
import json
import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from index.collection import Collection, Stats
from index.types import AddReport, Article, Hit
from qa.remarks import LANGUAGES
from qa.types import Answer, day

DONE, DAMAGED, USER_ERROR = 0, 1, 2
# Of more duplicates only the number is told.
_MOST_DUPLICATES = 20
# A hundred notices after one pattern are copies of each other.
_MOST_COPIES = 5
# The program's own bookkeeping inside hits and citations.
_NOT_PRINTED = frozenset({"sentences", "article_sha256"})


def show(options: argparse.Namespace, value: object, text: str, indent: int | None = 2) -> None:
    """`value` as JSON if that was asked for, else `text`."""
    if options.json:
        print_json(value, indent)
    else:
        print(text, flush=True)


def print_json(value: object, indent: int | None = 2) -> None:
    """`value` with the same fields as in Python."""
    # Of a lone surrogate, UTF-8 with backslashreplace makes just the escape that JSON has for it.
    readable = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(value, default=_plain, ensure_ascii=not readable, indent=indent), flush=True)


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: getattr(value, field.name)
            for field in dataclasses.fields(value)
            if field.name not in _NOT_PRINTED
        }
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def fail(message: str, code: int) -> int:
    """Say on standard error what is wrong; returns `code`."""
    print(f"article-qa: {message}", file=sys.stderr)
    return code


def report_refused(report: AddReport) -> None:
    """One line on standard error for each file that made no article, and why."""
    for refusal in report.refused:
        print(f"refused {visible(refusal.origin)}: {refusal.reason}", file=sys.stderr)
    for one in report.duplicates[:_MOST_DUPLICATES]:
        told = f"duplicate {visible(one.origin)}: the same as {visible(one.of)}"
        print(told, file=sys.stderr)
    more = len(report.duplicates) - _MOST_DUPLICATES
    if more > 0:
        print(f"and {more:,} duplicates more (--json names all)", file=sys.stderr)


def visible(name: str) -> str:
    """A file's name without the power to move the cursor or to begin a line."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)


def count(number: int, noun: str) -> str:
    """The number with its noun, in the plural where there is not one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def megabytes(size: int) -> str:
    """A size in bytes, for people."""
    return f"{size / 1e6:,.1f} MB"


def byline(article: Article) -> str:
    """Title, source and day of an article in one line."""
    about = [article.title, article.source or "", day(article.published)]
    return " · ".join(part for part in about if part)


def told_article(article: Article, origins: Sequence[str], copies: Sequence[Article]) -> str:
    """An article as it is listed: its id, where it was found, and its copies."""
    lines = [f"{article.id}  {byline(article)}{told_language(article.language)}"]
    lines += [f"{'':16}  {visible(origin)}" for origin in origins]
    lines += [f"{'':16}  a copy of {copy.id}  {byline(copy)}" for copy in copies[:_MOST_COPIES]]
    if more := len(copies[_MOST_COPIES:]):
        lines.append(f"{'':16}  and of {more:,} more (--json names all)")
    return "\n".join(lines)


def told_removed(article: Article, origins: Sequence[str]) -> str:
    """An article that is there no longer, and where it was found."""
    return f"{article.title} ({', '.join(map(visible, origins))})"


def told_language(language: str | None) -> str:
    """The language, unless it is English or not known."""
    return f" · {LANGUAGES.get(language, language)}" if language not in (None, "en") else ""


def told_variety(stats: Stats) -> str:
    """How many different texts there are, where they were found, and in which languages."""
    languages = ", ".join(
        f"{number:,} {LANGUAGES.get(code or '', code) or 'of unknown language'}"
        for code, number in stats.languages.items()
    )
    told = f"{count(stats.independent, 'independent text')}, {count(stats.origins, 'origin')}"
    return f"{told}; {languages}" if languages else told


def without_text(article: Article) -> dict[str, Any]:
    """All fields of an article but the longest."""
    return {
        field.name: getattr(article, field.name)
        for field in dataclasses.fields(article)
        if field.name != "text"
    }


def told_answer(answer: Answer, collection: Collection) -> str:
    """An answer with its sources, or the passages nearest to one."""
    lines = [str(answer)]
    if answer.asked_as != answer.question.strip():
        lines.insert(0, f"(asked as: {answer.asked_as})")
    if answer.status == "not_found" and answer.hits:
        nearest = "\n\n".join(told_hit(hit, collection) for hit in answer.hits[:3])
        lines.append(f"\nNearest passages, which do not answer:\n\n{nearest}")
    return "\n".join(lines)


def told_hit(hit: Hit, collection: Collection) -> str:
    """A passage with its score and where it stands."""
    article = collection.article(hit.passage.article_id)
    language = told_language(article.language)
    return f"{hit.score:.3f}  {byline(article)}{language}\n{hit.passage.text}"


def print_anything() -> None:
    """Characters that the terminal's encoding lacks are printed as escapes."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def drop_output() -> None:
    """If standard output cannot be written: Python would complain of it once more when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
