"""Text, title and date of real web pages, beside plain trafilatura on the same pages."""

from __future__ import annotations

import argparse
import json
import re
import tarfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tqdm import tqdm

from index import loaders
from index.errors import LoadError

# Read with nothing but an expression, so that it favours neither side.
_DECLARED = re.compile(
    r"(?:\"datePublished\"\s*:\s*|\bproperty=\"article:published_time\"\s+content=)"
    r"\"(\d{4}-\d\d-\d\d)"
)


@dataclass(frozen=True, slots=True)
class Page:
    """A saved page and what people say of it; `dated` if they looked for title and date."""

    name: str
    data: bytes
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    dated: bool
    title: str | None
    published: date | None


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was made of a page; all empty if it was refused."""

    title: str = ""
    text: str = ""
    published: date | None = None


@dataclass(slots=True)
class Tally:
    """Tokens of segments, and pages, counted."""

    found: int = 0  # tokens of wanted segments that stand in the text
    missed: int = 0
    intruding: int = 0  # tokens of unwanted segments that stand in the text
    titles: int = 0
    titles_right: int = 0
    dates: int = 0
    dates_right: int = 0
    dates_wrong: int = 0
    dates_made_up: int = 0  # where people found none
    declared: int = 0  # pages whose markup declares a day of publication
    declared_otherwise: int = 0  # … and another date, or none, was taken
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of wanted tokens among the tokens of all segments found."""
        return self.found / max(self.found + self.intruding, 1)

    @property
    def recall(self) -> float:
        """Share of the tokens of wanted segments that were found."""
        return self.found / max(self.found + self.missed, 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the measurement is told."""
    parser.add_argument("--data", type=Path, required=True, help="folder with html/")
    parser.add_argument(
        "--notes", action="store_true", help="also list what is wrong, page by page"
    )


def run(options: argparse.Namespace) -> int:
    """Print one row for each way of extracting."""
    pages = list(read(options.data / "html"))
    print(f"{len(pages)} pages, {sum(page.dated for page in pages)} with title and date\n")
    print(
        "| | precision | recall | F1 | titles | dates right | wrong | none in the page but given "
        "| not the day declared | pages/s |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, extract in {"plain trafilatura": by_trafilatura, "Article QA": by_loader}.items():
        tally = measured(pages, extract)
        print(_row(name, tally, len(pages)))
        for note in tally.notes if options.notes else ():
            print("   ", note)
    return 0


def read(folder: Path) -> Iterable[Page]:
    """The pages of pages.tar.gz, in the order of expected.jsonl."""
    with tarfile.open(folder / "pages.tar.gz") as archive:
        for line in (folder / "expected.jsonl").read_text("utf-8").splitlines():
            row: dict[str, Any] = json.loads(line)
            member = archive.extractfile(f"pages/{row['file']}")
            if member is None:
                raise FileNotFoundError(f"{row['file']} is not in pages.tar.gz")
            yield Page(
                name=row["file"],
                data=member.read(),
                wanted=tuple(row["with"]),
                unwanted=tuple(row["without"]),
                dated="title" in row or "date" in row,
                title=row.get("title"),
                published=date.fromisoformat(row["date"]) if row.get("date") else None,
            )


def by_loader(page: Page) -> Extracted:
    """As `article-qa add` reads it."""
    try:
        now = datetime.now(UTC)
        article = loaders.load(page.data, f"/{page.name}", page.name, now)
    except LoadError:
        return Extracted()
    return Extracted(article.title, article.text, article.published)


def by_trafilatura(page: Page) -> Extracted:
    """As trafilatura reads it when nothing is set."""
    import trafilatura
    from trafilatura.settings import Document

    found = trafilatura.bare_extraction(page.data, with_metadata=True)
    if not isinstance(found, Document):
        return Extracted()
    published = date.fromisoformat(found.date) if found.date else None
    return Extracted(found.title or "", found.text or "", published)


def measured(pages: Iterable[Page], extract: Callable[[Page], Extracted]) -> Tally:
    """One way of extracting over all pages."""
    tally = Tally()
    for page in tqdm(pages, disable=None):
        started = time.perf_counter()
        extracted = extract(page)
        tally.seconds += time.perf_counter() - started
        _count_text(page, extracted, tally)
        _count_declared(page, extracted, tally)
        if page.dated:
            _count_facts(page, extracted, tally)
    return tally


def _count_text(page: Page, extracted: Extracted, tally: Tally) -> None:
    # The title belongs to what can be read of an article, wherever it is kept.
    text = _squeezed(f"{extracted.title}\n{extracted.text}")
    for wanted, segments in ((True, page.wanted), (False, page.unwanted)):
        for segment in segments:
            tokens = len(_tokens(segment))
            stands = _squeezed(segment) in text
            tally.found += tokens * (wanted and stands)
            tally.missed += tokens * (wanted and not stands)
            tally.intruding += tokens * (not wanted and stands)
            if wanted != stands:
                what = "missing" if wanted else "not the article's"
                tally.notes.append(f"{page.name}: {what}: {segment}")


def _count_facts(page: Page, extracted: Extracted, tally: Tally) -> None:
    if page.title:
        right = _tokens(page.title) == _tokens(extracted.title)
        tally.titles += 1
        tally.titles_right += right
        if not right:
            tally.notes.append(f"{page.name}: title: {extracted.title} (is: {page.title})")
    right = extracted.published == page.published
    if page.published:
        tally.dates += 1
        tally.dates_right += right
        tally.dates_wrong += not right and extracted.published is not None
    else:
        tally.dates_made_up += not right
    if not right:
        tally.notes.append(f"{page.name}: date: {extracted.published} (is: {page.published})")


def _count_declared(page: Page, extracted: Extracted, tally: Tally) -> None:
    """Against what the markup says; a day more or less is a matter of time zones."""
    days = {
        date.fromisoformat(day) for day in _DECLARED.findall(page.data.decode("utf-8", "replace"))
    }
    if days:
        given = extracted.published
        near = any(given and abs(given - day) <= timedelta(days=1) for day in days)
        tally.declared += 1
        tally.declared_otherwise += not near
        if not near:
            tally.notes.append(f"{page.name}: declared {sorted(map(str, days))}, taken {given}")


def _tokens(text: str) -> list[str]:
    """Words and numbers in lower case; marks and spaces do not count."""
    return re.findall(r"\w+", text.casefold())


def _squeezed(text: str) -> str:
    """Words and numbers only, since some segments begin in the middle of a word."""
    return "".join(_tokens(text))


def _row(name: str, tally: Tally, pages: int) -> str:
    cells = [
        name,
        *(f"{share:.3f}" for share in (tally.precision, tally.recall, tally.f1)),
        f"{tally.titles_right} of {tally.titles}",
        f"{tally.dates_right} of {tally.dates}",
        str(tally.dates_wrong),
        str(tally.dates_made_up),
        f"{tally.declared_otherwise} of {tally.declared}",
        f"{pages / tally.seconds:.1f}",
    ]
    return f"| {' | '.join(cells)} |"
