"""The commands of the shell about conversations that were kept."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

from index import files
from index.errors import CollectionError, HistoryError, NotFoundError
from qa import settings
from qa.commands import collection
from qa.printing import DAMAGED, DONE, USER_ERROR, count, fail, print_json, show, visible
from qa.records import Records
from qa.records_check import check, evaluation_set
from qa.records_export import about, as_json, nearest
from qa.records_rows import plain
from qa.records_types import Checked, Conversation, KeptTurn, Verdict

Command = Callable[[argparse.Namespace], int]


def records() -> Records:
    """The history that the environment names. Raises HistoryError if there is to be none."""
    file = settings.history_file()
    if file is None:
        raise HistoryError("nothing is kept: ARTICLE_QA_HISTORY is “off”")
    return Records(file)


def chosen(options: argparse.Namespace, kept: Records) -> Conversation:
    """The conversation that was named, or the last one. Raises NotFoundError."""
    if options.conversation is not None:
        return kept.conversation(options.conversation)
    last = kept.conversations()[:1]
    if not last:
        raise NotFoundError(f"there are no conversations in {kept.path} yet")
    return last[0]


def list_conversations(options: argparse.Namespace) -> int:
    """Two lines for each."""
    kept = records()
    found = kept.conversations(options.search)
    shown = found[: max(options.most, 0)]
    lines = [
        f"{one.id:>5}  {visible(one.title) or '(no title)'}\n{'':5}  {one.changed:%Y-%m-%d %H:%M} "
        f"UTC · {count(one.turns, 'answer')} · {visible(one.collection)}"
        f"{f' · {visible(one.owner)}' if one.owner else ''}"
        for one in shown
    ]
    if len(shown) < len(found):
        lines.append(f"and {len(found) - len(shown):,} more: -n {len(found)} shows them all")
    if not found:
        lines.append(f"there are no such conversations in {kept.path}")
    show(options, shown, "\n".join(lines))
    return DONE


def show_conversation(options: argparse.Namespace) -> int:
    """Every answer as it was shown, and what became of its quotes."""
    kept = records()
    conversation = chosen(options, kept)
    turns, damaged = kept.turns(conversation.id), kept.damaged(conversation.id)
    checked, problem = _checked(options, conversation, turns)
    if options.json:
        whole = as_json(conversation, turns, damaged)
        for row, turn in zip(whole["turns"], turns, strict=True):
            row["id"] = turn.id
            row["checked"] = plain(checked[turn.id]) if turn.id in checked else None
        print_json(whole)
        return DONE
    print(f"{conversation.title}\n{visible(conversation.collection)}")
    if problem:
        print(f"(quotes not proved again: {problem})")
    for one in damaged:
        print(one)
    for turn in turns:
        print(f"\n{turn.number}. {turn.answer.question}")
        print("".join(f"   {line}\n" for line in about(turn)))
        print(turn.answer)
        for row in nearest(turn):
            print(f"    near, but no answer: {visible(row['title'] or row['article_id'])}")
        if checked.get(turn.id):
            print(f"\n{_told_checks(checked[turn.id])}")
    return DONE


def check_conversations(options: argparse.Namespace) -> int:
    """One line for each quote that does not stand any more; 1 if there is one."""
    kept = records()
    named = options.conversations
    found = [kept.conversation(id) for id in named] if named else kept.conversations()
    rows, proved, failed = list[object](), 0, 0
    for conversation in found:
        turns, damaged = kept.turns(conversation.id), kept.damaged(conversation.id)
        checked, problem = _checked(options, conversation, turns)
        failed += bool(problem) + len(damaged)
        rows += [plain(one) for one in damaged]
        if damaged and not options.json:
            print("\n".join(f"{conversation.id}: {one}" for one in damaged))
        if problem and not options.json:
            print(f"{conversation.id}: {problem}")
        for turn in turns:
            for one in checked.get(turn.id, ()):
                rows.append({"conversation": conversation.id, "number": turn.number, **plain(one)})
                proved += one.standing == "same"
                failed += one.standing != "same"
                if one.standing != "same" and not options.json:
                    print(f"{conversation.id}.{turn.number} {_told_check(one)}")
    show(options, rows, f"{count(proved, 'quote')} proved again")
    return DAMAGED if failed else DONE


def _checked(
    options: argparse.Namespace, conversation: Conversation, turns: Iterable[KeptTurn]
) -> tuple[dict[int, tuple[Checked, ...]], str]:
    """By the ids of turns; or why nothing can be checked."""
    place = argparse.Namespace(**vars(options))
    place.collection = options.collection or Path(conversation.collection)
    try:
        with collection(place, any_embedder=True) as opened:
            return {turn.id: check(turn.answer, opened) for turn in turns}, ""
    except CollectionError as error:
        return {}, str(error)


def _told_check(one: Checked) -> str:
    return f"[{one.citation.marker}] {one}: {visible(one.citation.title)}"


def _told_checks(checked: tuple[Checked, ...]) -> str:
    if all(one.standing == "same" for one in checked):
        return f"Proved again: {count(len(checked), 'quote')}, as quoted."
    return "\n".join(map(_told_check, checked))


def export(options: argparse.Namespace) -> int:
    """To a file or to standard output."""
    kept = records()
    text = kept.export(chosen(options, kept).id, options.format)
    if options.output is None:
        print(text, end="")
    else:
        files.write(options.output, text.encode())
    return DONE


def rate(options: argparse.Namespace) -> int:
    """The last answer, or the one that was named."""
    kept = records()
    conversation = chosen(options, kept)
    turns = {turn.number: turn for turn in kept.turns(conversation.id)}
    number = options.answer or max(turns, default=0)
    if number not in turns:
        raise NotFoundError(
            f"conversation {conversation.id} has {count(len(turns), 'answer')}, and no {number}"
        )
    said = options.verdict.replace("-", " ")
    verdict = None if said == "none" else cast(Verdict, said)
    kept.rate(turns[number].id, verdict, options.note)
    print(f"{said}: {turns[number].answer.question}")
    return DONE


def rated(options: argparse.Namespace) -> int:
    """A JSON object a line."""
    for row in evaluation_set(records().rated()):
        print(json.dumps(row))
    return DONE


def rename(options: argparse.Namespace) -> int:
    """Another title."""
    records().rename(options.conversation, options.title)
    return DONE


def delete(options: argparse.Namespace) -> int:
    """Those that were named, or all; all are found before any is deleted."""
    kept = records()
    if bool(options.conversations) == options.all:
        return fail("name conversations by their numbers, or give --all", USER_ERROR)
    if options.all:
        print(f"deleted {count(kept.delete_all(), 'conversation')}")
        return DONE
    found = [kept.conversation(id) for id in dict.fromkeys(options.conversations)]
    for one in found:
        kept.delete(one.id)
        print(f"deleted {one.id}: {one.title}")
    return DONE
