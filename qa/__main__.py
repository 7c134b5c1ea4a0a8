"""The shell: `article-qa`, or `python -m qa`."""

from __future__ import annotations

import argparse
import dataclasses
import io
import json
import logging
import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from index.collection import Collection
from index.embedder import PACKAGED, SentenceTransformerEmbedder
from index.errors import ArticleQAError, DamageError, NotFoundError
from index.types import AddReport, Article, Hit
from qa import settings
from qa.batch import read_questions
from qa.factory import assistant
from qa.types import Answer, day

DONE, DAMAGED, USER_ERROR = 0, 1, 2
# The program's own bookkeeping inside hits and citations.
_NOT_PRINTED = frozenset({"sentences", "article_sha256"})
_MOST_HITS = 1_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 when done, 1 for a damaged collection, 2 for a user error."""
    _print_anything()
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO if options.verbose else logging.ERROR, format="%(name)s: %(message)s"
    )
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except DamageError as error:
        return _fail(str(error), DAMAGED)
    except ArticleQAError as error:
        return _fail(str(error), USER_ERROR)
    except KeyboardInterrupt:
        return _fail("stopped; what was finished is kept", 130)
    except BrokenPipeError:  # the reader of our output has gone, as with `| head`
        _drop_output()
        return DONE
    except OSError as error:
        _drop_output()
        return _fail(str(error), USER_ERROR)


def add(options: argparse.Namespace) -> int:
    """Add files and folders."""
    with _collection(options, create=True) as collection:
        report = collection.add(*options.paths, progress=True)
    _report_refused(report)
    _show(options, report, str(report))
    taken = report.added or report.updated or report.unchanged
    if not taken:
        return _fail(
            "nothing could be added: name .txt, .md or .html files, or a folder with some",
            USER_ERROR,
        )
    return DONE


def list_articles(options: argparse.Namespace) -> int:
    """One line for each article."""
    with _collection(options) as collection:
        if options.json:
            _print_json([_without_text(article) for article in collection.articles()])
        else:
            if not collection.count():
                print(f"{collection.path} has no articles yet: `article-qa add` adds some")
            for article in collection.articles():
                about = [article.title, article.source or "", day(article.published)]
                print(f"{article.id}  {' · '.join(part for part in about if part)}")
                print(f"{'':16}  {_visible(article.origin)}")
    return DONE


def remove(options: argparse.Namespace) -> int:
    """Remove articles by id, file or folder; all are found before any is removed."""
    with _collection(options) as collection:
        found: dict[str, Article] = {}
        for name in options.names:
            matches = collection.find(name) if name else []  # "" is the current folder as a path
            if not matches:
                raise NotFoundError(
                    f"no article {name!r} in {collection.path}: `article-qa list` shows them all"
                )
            found |= {article.id: article for article in matches}
        removed = [collection.remove(article_id) for article_id in found]
    _show(
        options,
        [_without_text(article) for article in removed],
        "\n".join(f"removed {article.title} ({_visible(article.origin)})" for article in removed),
    )
    return DONE


def stats(options: argparse.Namespace) -> int:
    """Counts, model, size."""
    with _collection(options) as collection:
        found = collection.stats()
        _show(
            options,
            found,
            f"{collection.path}: {_count(found.articles, 'article')}, "
            f"{_count(found.passages, 'passage')}, "
            f"{found.bytes / 1e6:,.1f} MB, embedder {found.embedder}",
        )
    return DONE


def retrieve(options: argparse.Namespace) -> int:
    """The best passages."""
    with _collection(options) as collection:
        hits = assistant(collection).retrieve(options.question, options.k)
        _show(options, hits, "\n\n".join(_hit(hit, collection) for hit in hits) or "nothing found")
    return DONE


def ask(options: argparse.Namespace) -> int:
    """An answer, or one for each line of a file."""
    if (options.question is None) == (options.questions is None):
        return _fail("give one question, or --questions FILE", USER_ERROR)
    asked_on = options.asked_on
    if options.questions is not None:
        questions = read_questions(options.questions)
        with _collection(options) as collection:
            # Where the answers go to the terminal themselves, they show the progress.
            bar = True if sys.stdout.isatty() else None
            for one in tqdm(questions, "answering", unit=" questions", disable=bar):
                answer = assistant(collection).ask(
                    one.question, history=one.history, asked_on=one.asked_on or asked_on
                )
                _show(options, answer, f"{one.question}\n{answer}\n", indent=None)
        return DONE
    with _collection(options) as collection:
        answer = assistant(collection).ask(options.question, asked_on=asked_on)
        _show(options, answer, _answer(answer, collection))
    return DONE


def serve(options: argparse.Namespace) -> int:
    """The chat in the browser."""
    folder: Path | None = options.folder
    if folder is not None and not folder.exists():
        return _fail(f"{folder}: no such file or folder", USER_ERROR)
    if folder is not None and options.collection is None:
        options.collection = settings.collection_of(folder)
    import app  # Gradio takes seconds to import, and only this command needs it

    app.check_address(options.host, options.port)  # now, not after a long add
    with _collection(options, create=True) as collection:
        if folder is not None:
            report = collection.add(folder, progress=True)
            _report_refused(report)
            print(f"{folder}: {report}", flush=True)
        app.serve(assistant(collection), collection, host=options.host, port=options.port)
    return DONE


def _collection(options: argparse.Namespace, *, create: bool = False) -> Collection:
    folder = options.collection or settings.default_collection()
    embedder = SentenceTransformerEmbedder(options.embedder or settings.embedder_name())
    try:
        return Collection.open(folder, embedder=embedder, create=create)
    except NotFoundError as error:
        raise NotFoundError(
            f"{error}: `article-qa add` makes one, `--collection` names another"
        ) from error


def _print_anything() -> None:
    """Characters that the terminal's encoding lacks are printed as escapes."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    """If standard output cannot be written: Python would complain of it once more when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report_refused(report: AddReport) -> None:
    for refusal in report.refused:
        print(f"refused {_visible(refusal.origin)}: {refusal.reason}", file=sys.stderr)


def _visible(name: str) -> str:
    """A file's name without the power to move the cursor or to begin a line."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)


def _answer(answer: Answer, collection: Collection) -> str:
    lines = [str(answer)]
    if answer.asked_as != answer.question.strip():
        lines.insert(0, f"(asked as: {answer.asked_as})")
    if answer.status == "not_found" and answer.hits:
        nearest = "\n\n".join(_hit(hit, collection) for hit in answer.hits[:3])
        lines.append(f"\nNearest passages, which do not answer:\n\n{nearest}")
    return "\n".join(lines)


def _hit(hit: Hit, collection: Collection) -> str:
    article = collection.article(hit.passage.article_id)
    about = [article.title, article.source or "", day(article.published)]
    byline = " · ".join(part for part in about if part)
    return f"{hit.score:.3f}  {byline}\n{hit.passage.text}"


def _without_text(article: Article) -> dict[str, Any]:
    return {
        field.name: getattr(article, field.name)
        for field in dataclasses.fields(article)
        if field.name != "text"
    }


def _show(options: argparse.Namespace, value: object, text: str, indent: int | None = 2) -> None:
    if options.json:
        _print_json(value, indent)
    else:
        print(text, flush=True)


def _print_json(value: object, indent: int | None = 2) -> None:
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
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _fail(message: str, code: int) -> int:
    print(f"article-qa: {message}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    machine = argparse.ArgumentParser(add_help=False)
    machine.add_argument("--json", action="store_true", help="print JSON")

    parser = argparse.ArgumentParser(
        prog="article-qa",
        description="Answers from your own articles, word for word, with proved citations.",
        epilog="Exit codes: 0 done, 1 the collection is damaged, 2 an error of use.",
        parents=[_shared(None)],
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: object, help: str, *, json: bool = True) -> argparse.ArgumentParser:
        # What was given before the command stays, unless it is given after it too.
        shared = _shared(argparse.SUPPRESS)
        parents = [shared, machine] if json else [shared]
        made = commands.add_parser(name, parents=parents, help=help, description=help)
        made.set_defaults(run=run)
        return made

    made = command("add", add, "add files, and all files of folders (.txt, .md, .html)")
    made.add_argument("paths", metavar="PATH", nargs="+", type=_path)
    command("list", list_articles, "list the articles")
    made = command("remove", remove, "remove articles")
    made.add_argument("names", metavar="ARTICLE", nargs="+", help="an id, a file or a folder")
    command("stats", stats, "count articles and passages")
    made = command("retrieve", retrieve, "show the passages most likely to answer")
    made.add_argument("question", metavar="QUESTION")
    made.add_argument("-k", type=_hit_count, default=5, help="how many (default: 5)")
    made = command("ask", ask, "answer a question with cited sentences")
    made.add_argument("question", metavar="QUESTION", nargs="?")
    made.add_argument(
        "--questions", metavar="FILE", type=_path, help="a JSON object a line, answered in order"
    )
    made.add_argument(
        "--asked-on", metavar="DATE", type=_date, help="the day that “this week” refers to"
    )
    made = command("serve", serve, "open the chat for the browser", json=False)
    made.add_argument(
        "folder",
        metavar="FOLDER",
        nargs="?",
        type=_path,
        help="articles to add first; without --collection they get a collection of their own "
        f"in {settings.COLLECTIONS}",
    )
    made.add_argument("--host", default="127.0.0.1", help="address (default: 127.0.0.1)")
    made.add_argument("--port", type=int, help="port (default: 7860, or the next free one)")
    return parser


def _shared(default: str | None) -> argparse.ArgumentParser:
    """The options that may stand before the command and after it."""
    shared = argparse.ArgumentParser(add_help=False, argument_default=default)
    shared.add_argument(
        "--collection",
        metavar="DIR",
        type=_path,
        help="the collection's folder (default: $ARTICLE_QA_COLLECTION, "
        f"else {settings.COLLECTIONS / 'default'} in the current folder)",
    )
    shared.add_argument(
        "--embedder",
        metavar="MODEL",
        help="a sentence-transformers model by name or folder "
        f"(default: $ARTICLE_QA_EMBEDDER, else {PACKAGED}); it stays with the collection",
    )
    shared.add_argument(
        "--verbose", action="store_true", default=default, help="log what is being done"
    )
    return shared


def _path(value: str) -> Path:
    # Path("") is the current folder; what was meant is a variable that has no value.
    if not value:
        raise argparse.ArgumentTypeError("a path is empty")
    return Path(value)


def _hit_count(value: str) -> int:
    if not (value.isdecimal() and len(value) <= 4 and 1 <= int(value) <= _MOST_HITS):
        raise argparse.ArgumentTypeError(f"{value:.20} is not a number from 1 to {_MOST_HITS:,}")
    return int(value)


def _date(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{value!r} is not a date like 2024-08-18") from error


if __name__ == "__main__":
    sys.exit(main())
