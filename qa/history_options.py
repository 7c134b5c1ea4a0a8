"""The command line of `article-qa history`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Protocol, get_args

from qa import history
from qa.records_export import KINDS
from qa.records_types import Verdict

Commands = argparse._SubParsersAction  # argparse has no public name for it
_MOST = 20


class Makes(Protocol):
    """Makes a command with the options that all have."""

    def __call__(
        self,
        made: Commands[argparse.ArgumentParser],
        name: str,
        run: history.Command,
        help: str,
        json: bool = True,
    ) -> argparse.ArgumentParser:
        """The parser of the new command."""


def add(made: Commands[argparse.ArgumentParser], make: Makes) -> None:
    """`history` with commands of its own; without one it lists."""
    top = make(made, "history", history.list_conversations, "what was asked before, and answered")
    top.set_defaults(search="", most=_MOST)
    own = top.add_subparsers(title="commands", metavar="COMMAND")
    command = make(own, "list", history.list_conversations, "the conversations, newest first")
    command.add_argument("--search", metavar="WORDS", default="", help="only with all of them")
    command.add_argument(
        "-n", dest="most", type=int, default=_MOST, help=f"at most so many (default: {_MOST})"
    )
    command = make(own, "show", history.show_conversation, "a conversation, proved again")
    _one(command)
    command = make(own, "check", history.check_conversations, "which old quotes still stand")
    command.add_argument(
        "conversations", metavar="N", type=int, nargs="*", help="conversations (default: all)"
    )
    command = make(own, "export", history.export, "a conversation in a file", json=False)
    _one(command)
    command.add_argument("--format", choices=KINDS, default=KINDS[0], help="(default: markdown)")
    command.add_argument("--output", metavar="FILE", type=Path, help="instead of printing it")
    _rating(own, make)
    command = make(own, "rename", history.rename, "give a conversation another title", json=False)
    command.add_argument("conversation", metavar="N", type=int)
    command.add_argument("title", metavar="TITLE")
    command = make(own, "delete", history.delete, "delete conversations for good", json=False)
    command.add_argument("conversations", metavar="N", type=int, nargs="*")
    command.add_argument("--all", action="store_true", help="all of all collections")


def _rating(own: Commands[argparse.ArgumentParser], make: Makes) -> None:
    command = make(own, "rate", history.rate, "say what you think of an answer", json=False)
    command.add_argument(
        "verdict",
        metavar="VERDICT",
        choices=[*(verdict.replace(" ", "-") for verdict in get_args(Verdict)), "none"],
        help="right, wrong, wrong-source, or none",
    )
    _one(command)
    command.add_argument("--answer", metavar="K", type=int, help="its answer K (default: the last)")
    command.add_argument("--note", default="", help="why")
    make(own, "rated", history.rated, "rated answers as questions for measuring", json=False)


def _one(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "conversation", metavar="N", type=int, nargs="?", help="a conversation (default: the last)"
    )
