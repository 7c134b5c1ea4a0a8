"""The command line of the shell: which commands there are, and what they take."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from index.embedder import PACKAGED
from index.loaders import SUPPORTED
from qa import chatting, commands, history_options, mcp_server, settings, upkeep

Command = Callable[[argparse.Namespace], int]

_MOST_HITS = 1_000


def parser(serve: Command, password: Command) -> argparse.ArgumentParser:
    """All commands; a parsed one is `run(options)`. `serve` and `password` need the chat."""
    parser = argparse.ArgumentParser(
        prog="article-qa",
        description="Answers from your own articles, word for word, with proved citations.",
        epilog="Exit codes: 0 done, 1 the collection is damaged, 2 an error of use.",
        parents=[_shared(None)],
    )
    made = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _filling_and_asking(made)
    history_options.add(made, _command)
    _serving(made, serve, password)
    _upkeep(made)
    return parser


Commands = argparse._SubParsersAction  # argparse has no public name for it


def _command(
    made: Commands[argparse.ArgumentParser], name: str, run: Command, help: str, json: bool = True
) -> argparse.ArgumentParser:
    machine = argparse.ArgumentParser(add_help=False)
    if json:
        machine.add_argument("--json", action="store_true", help="print JSON")
    # What was given before the command stays, unless it is given after it too.
    shared = _shared(argparse.SUPPRESS)
    command = made.add_parser(name, parents=[shared, machine], help=help, description=help)
    command.set_defaults(run=run)
    return command


def _filling_and_asking(made: Commands[argparse.ArgumentParser]) -> None:
    command = _command(
        made, "add", commands.add, f"add files, and all files of folders ({SUPPORTED})"
    )
    command.add_argument("paths", metavar="PATH", nargs="+", type=_path)
    _command(made, "list", commands.list_articles, "list the articles")
    command = _command(made, "remove", commands.remove, "remove articles")
    command.add_argument("names", metavar="ARTICLE", nargs="+", help="an id, a file or a folder")
    _command(made, "stats", commands.stats, "count articles and passages")
    command = _command(
        made, "retrieve", commands.retrieve, "show the passages most likely to answer"
    )
    command.add_argument("question", metavar="QUESTION")
    command.add_argument("-k", type=_hit_count, default=5, help="how many (default: 5)")
    _narrowing(command)
    command = _command(made, "ask", commands.ask, "answer a question with cited sentences")
    command.add_argument("question", metavar="QUESTION", nargs="?")
    command.add_argument(
        "--questions", metavar="FILE", type=_path, help="a JSON object a line, answered in order"
    )
    _narrowing(command)
    _keeping(command)
    command = _command(made, "chat", chatting.chat, "ask question after question")
    _narrowing(command)
    _keeping(command)


def _keeping(command: argparse.ArgumentParser) -> None:
    """What is asked before counts, and what is asked is kept."""
    command.add_argument(
        "-c",
        "--continue",
        dest="go_on",
        action="store_true",
        help="go on with the last conversation over this collection",
    )
    command.add_argument(
        "--no-history", action="store_true", help="do not keep what is asked and answered"
    )


def _narrowing(command: argparse.ArgumentParser) -> None:
    """Which articles are searched, and how words about time are taken."""
    command.add_argument(
        "--source", action="append", default=[], help="only of this publisher (may be repeated)"
    )
    command.add_argument(
        "--not-source", action="append", default=[], metavar="SOURCE", help="of all but this one"
    )
    command.add_argument(
        "--author", action="append", default=[], help="only by this author (may be repeated)"
    )
    command.add_argument(
        "--article", action="append", default=[], help="only this article, by id, file or folder"
    )
    command.add_argument(
        "--from", dest="published_from", metavar="DATE", type=_date, help="published on or after"
    )
    command.add_argument(
        "--to", dest="published_to", metavar="DATE", type=_date, help="published on or before"
    )
    command.add_argument(
        "--asked-on", metavar="DATE", type=_date, help="the day that “this week” refers to"
    )
    command.add_argument(
        "--ignore-time", action="store_true", help="take “last week”, “latest” for mere words"
    )


def _serving(made: Commands[argparse.ArgumentParser], serve: Command, password: Command) -> None:
    command = _command(made, "serve", serve, "open the chat for the browser", json=False)
    command.add_argument(
        "folder",
        metavar="FOLDER",
        nargs="?",
        type=_path,
        help="articles to add first; without --collection they get a collection of their own "
        f"in {settings.COLLECTIONS}",
    )
    command.add_argument("--host", default="127.0.0.1", help="address (default: 127.0.0.1)")
    command.add_argument("--port", type=int, help="port (default: 7860, or the next free one)")
    command.add_argument(
        "--closed", action="store_true", help="nobody can add or remove articles from the page"
    )
    command.add_argument(
        "--password",
        metavar="FILE",
        type=_path,
        help="ask for a password of this file; without, only this computer is served",
    )
    command.add_argument(
        "--no-history", action="store_true", help="do not keep what is asked and answered"
    )
    command.add_argument("--log", metavar="FILE", help="write events as lines of JSON (-: here)")
    command.add_argument(
        "--log-questions", action="store_true", help="with the questions, which are left out else"
    )
    _command(
        made, "mcp", mcp_server.run, "serve the collection over MCP (stdin, stdout)", json=False
    )
    command = _command(
        made, "password", password, "set the password of a served chat in a file", json=False
    )
    command.add_argument("file", metavar="FILE", type=_path)
    command.add_argument(
        "--editors",
        action="store_true",
        help="of those who may add and remove articles; readers may no longer, then",
    )


def _upkeep(made: Commands[argparse.ArgumentParser]) -> None:
    command = _command(
        made, "sync", upkeep.sync, "add and update a folder's files, remove what has left it"
    )
    command.add_argument("folder", metavar="FOLDER", type=_path)
    _command(made, "verify", upkeep.verify, "check every article, passage and word")
    _command(made, "repair", upkeep.repair, "rebuild what is damaged, put aside what cannot be")
    _command(made, "compact", upkeep.compact, "give back the room of what was removed")
    command = _command(made, "backup", upkeep.backup, "copy the collection to one file")
    command.add_argument("target", metavar="TARGET", type=_path, help="a file; replaced when done")
    command = _command(made, "restore", upkeep.restore, "make the collection what a backup is")
    command.add_argument("source", metavar="SOURCE", type=_path, help="a file that backup wrote")
    command.add_argument(
        "--replace", action="store_true", help="also where the collection has articles"
    )
    command = _command(made, "reembed", upkeep.reembed, "make all vectors anew with another model")
    command.add_argument(
        "--model", metavar="MODEL", required=True, help="a sentence-transformers name or folder"
    )


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
        "--reader",
        metavar="DIR",
        type=_path,
        help="the folder of a trained reader (default: $ARTICLE_QA_READER, else the packaged one)",
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
