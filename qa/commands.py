"""The commands of the shell that fill a collection, show it and ask it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from index import packaged
from index.collection import Collection
from index.embedder import Embedder
from index.errors import NotFoundError
from index.loaders import SUPPORTED
from index.reading import unusable
from index.types import AddReport, Article, Filter
from qa import settings
from qa.batch import read_questions
from qa.factory import assistant, load
from qa.printing import (
    DONE,
    USER_ERROR,
    count,
    fail,
    megabytes,
    print_json,
    report_refused,
    show,
    told_answer,
    told_article,
    told_hit,
    told_removed,
    told_variety,
    without_text,
)
from qa.records import Records
from qa.talk import Talk


def folder_of(options: argparse.Namespace) -> Path:
    """The collection's folder."""
    folder: Path = options.collection or settings.default_collection()
    return folder


def embedder_of(options: argparse.Namespace) -> Embedder:
    """The embedder that was named, or the default one; not loaded yet."""
    return packaged.named(options.embedder or settings.embedder_name())


def collection(
    options: argparse.Namespace, *, create: bool = False, any_embedder: bool = False
) -> Collection:
    """The collection that was named, open. Raises as Collection.open does."""
    try:
        return Collection.open(
            folder_of(options),
            embedder=embedder_of(options),
            create=create,
            any_embedder=any_embedder,
        )
    except NotFoundError as error:
        raise NotFoundError(
            f"{error}: `article-qa add` makes one, `--collection` names another"
        ) from error


def add(options: argparse.Namespace) -> int:
    """Add files and folders; where nothing can be added, no collection is made."""
    folder, refused = folder_of(options), None
    if not (Collection.exists(folder) or folder.is_file()):
        refused = unusable(options.paths, folder)
    if refused is None:
        with collection(options, create=True) as opened:
            report = opened.add(*options.paths, progress=True)
    else:
        report = AddReport(refused=tuple(refused))
    return told(options, report)


def told(options: argparse.Namespace, report: AddReport) -> int:
    """Say what an add did; returns its exit code."""
    report_refused(report)
    show(options, report, str(report))
    done = (report.added, report.updated, report.unchanged, report.moved, report.removed)
    if any(done) or report.duplicates:
        return DONE
    return fail(
        f"nothing could be added: name files ({SUPPORTED}), or a folder with some", USER_ERROR
    )


def list_articles(options: argparse.Namespace) -> int:
    """Two lines for each article."""
    with collection(options, any_embedder=True) as opened:
        if not (options.json or opened.count()):
            print(f"{opened.path} has no articles yet: `article-qa add` adds some")
        rows = []
        for article in opened.articles():
            origins, copies = opened.origins(article.id), opened.copies(article.id)
            if options.json:
                also = {"origins": origins, "copies": [copy.id for copy in copies]}
                rows.append(without_text(article) | also)
            else:
                print(told_article(article, origins, copies))
        if options.json:
            print_json(rows)
    return DONE


def remove(options: argparse.Namespace) -> int:
    """Remove articles by id, file or folder; all are found before any is removed."""
    with collection(options, any_embedder=True) as opened:
        found: dict[str, Article] = {}
        for name in options.names:
            found |= {article.id: article for article in named(name, opened)}
        origins = [opened.origins(article_id) for article_id in found]
        removed = [opened.remove(article_id) for article_id in found]
    show(
        options,
        [without_text(article) for article in removed],
        "\n".join(f"removed {told_removed(*one)}" for one in zip(removed, origins, strict=True)),
    )
    return DONE


def named(name: str, opened: Collection) -> list[Article]:
    """The articles of that id, file or folder. Raises NotFoundError if there are none."""
    found = opened.find(name) if name else []  # "" is the current folder as a path
    if not found:
        raise NotFoundError(
            f"no article {name!r} in {opened.path}: `article-qa list` shows them all"
        )
    return found


def narrowed(options: argparse.Namespace, opened: Collection) -> Filter:
    """Which articles the options of the command leave. Raises NotFoundError."""
    ids = [article.id for name in options.article for article in named(name, opened)]
    return Filter(
        sources=tuple(options.source),
        excluded_sources=tuple(options.not_source),
        published_from=options.published_from,
        published_to=options.published_to,
        authors=tuple(options.author),
        article_ids=tuple(dict.fromkeys(ids)),
    )


def stats(options: argparse.Namespace) -> int:
    """Counts, model, size."""
    with collection(options, any_embedder=True) as opened:
        found = opened.stats()
        show(
            options,
            found,
            f"{opened.path}: {count(found.articles, 'article')}, "
            f"{count(found.passages, 'passage')}, "
            f"{megabytes(found.bytes)}, embedder {found.embedder}, index {found.index}\n"
            f"{told_variety(found)}",
        )
    return DONE


def retrieve(options: argparse.Namespace) -> int:
    """The best passages."""
    with collection(options) as opened:
        hits = assistant(opened, options.reader).retrieve(
            options.question,
            options.k,
            asked_on=options.asked_on,
            filter=narrowed(options, opened),
            heed_time=not options.ignore_time,
        )
        show(options, hits, "\n\n".join(told_hit(hit, opened) for hit in hits) or "nothing found")
    return DONE


def ask(options: argparse.Namespace) -> int:
    """An answer, or one for each line of a file."""
    if (options.question is None) == (options.questions is None):
        return fail("give one question, or --questions FILE", USER_ERROR)
    if options.questions is not None and options.go_on:
        return fail("a line of --questions FILE has a “history” of its own", USER_ERROR)
    asked_on, heed_time = options.asked_on, not options.ignore_time
    if options.questions is not None:
        from tqdm import tqdm  # a single question draws no bar

        questions = read_questions(options.questions)
        with collection(options) as opened:
            # Where the answers go to the terminal themselves, they show the progress.
            bar = True if sys.stdout.isatty() else None
            filter = narrowed(options, opened)
            for one in tqdm(questions, "answering", unit=" questions", disable=bar):
                answer = assistant(opened, options.reader).ask(
                    one.question,
                    history=one.history,
                    asked_on=one.asked_on or asked_on,
                    filter=filter,
                    heed_time=heed_time,
                )
                show(options, answer, f"{one.question}\n{answer}\n", indent=None)
        return DONE
    with collection(options) as opened:
        load(opened, options.reader)
        answer = talk(options, opened, narrowed(options, opened)).ask(options.question)
        show(options, answer, told_answer(answer, opened))
    return DONE


def talk(options: argparse.Namespace, opened: Collection, filter: Filter) -> Talk:
    """The conversation that the options begin or, with --continue, go on with."""
    kept_in = None if options.no_history else settings.history_file()
    begun = Talk(
        opened,
        Records(kept_in) if kept_in else None,
        asked_on=options.asked_on,
        filter=filter,
        heed_time=not options.ignore_time,
        reader=options.reader,
    )
    if options.go_on:
        title = begun.go_on()
        print(f"(going on with: {title})" if title else "(nothing to go on with)", file=sys.stderr)
    return begun
