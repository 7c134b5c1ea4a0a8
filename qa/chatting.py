"""The command of the shell that asks question after question."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import suppress

from index.errors import HistoryError, QuestionError
from qa.commands import collection, narrowed, talk
from qa.printing import DONE, show, told_answer
from qa.records_types import Verdict
from qa.talk import Talk

HELP = """\
A question a line; a follow-up (“And in August?”) is understood from those before it.
/new  begin another conversation    /right, /wrong, /wrong-source  rate the last answer
/help  this    an empty line, or Ctrl-D, ends"""

_VERDICTS: dict[str, Verdict] = {
    "/right": "right",
    "/wrong": "wrong",
    "/wrong-source": "wrong source",
}


def chat(options: argparse.Namespace) -> int:
    """Answers to questions as they are typed, or read from a pipe."""
    typed = sys.stdin.isatty() and sys.stdout.isatty()
    if typed:
        with suppress(ImportError):  # not on every system; with it, arrow keys work
            import readline  # noqa: F401
        print(HELP)
    with collection(options) as opened:
        talking = talk(options, opened, narrowed(options, opened))
        for line in _typed() if typed else filter(None, map(str.strip, sys.stdin)):
            if line.startswith("/"):
                print(_commanded(line, talking), file=sys.stderr)
                continue
            try:
                answer = talking.ask(line)
            except QuestionError as error:
                print(error, file=sys.stderr)
                continue
            told = told_answer(answer, opened)
            show(options, answer, f"\n{told}\n" if typed else f"{line}\n{told}\n", indent=None)
    return DONE


def _typed() -> Iterator[str]:
    """Lines until an empty one, or the end."""
    with suppress(EOFError):
        while line := input("> ").strip():
            yield line


def _commanded(line: str, talking: Talk) -> str:
    """What is said to a line that is a command."""
    if line == "/new":
        talking.begin_anew()
        return "A new conversation."
    if line in _VERDICTS:
        try:
            return "Noted." if talking.rate(_VERDICTS[line]) else "No answer is kept to rate."
        except HistoryError as error:
            return str(error)
    return HELP
