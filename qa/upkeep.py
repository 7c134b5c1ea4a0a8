"""The commands of the shell that keep a collection in order."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from index import packaged
from index.backup import backup as write_backup
from index.backup import restore as restore_backup
from index.checking import Verdict
from index.collection import Collection
from index.errors import LoadError, NotFoundError
from index.repair import RepairReport
from index.repair import repair as repair_collection
from index.verification import verify as verify_collection
from qa.commands import collection, embedder_of, folder_of, told
from qa.printing import DAMAGED, DONE, count, fail, megabytes, report_refused, show, visible


def sync(options: argparse.Namespace) -> int:
    """Make a folder's articles those that are in it now."""
    if not options.folder.is_dir() and not Collection.exists(folder_of(options)):
        raise LoadError(f"{options.folder}: no such folder")
    with collection(options, create=True) as opened:
        report = opened.sync(options.folder, progress=True)
    if not any((report.added, report.updated, report.unchanged, report.refused)):
        # An empty folder is no mistake here, and neither is one that has lost its last article.
        report_refused(report)
        show(options, report, str(report))
        return DONE
    return told(options, report)


def verify(options: argparse.Namespace) -> int:
    """Say what is damaged, and exit with 1 if anything is."""
    verdict = verify_collection(folder_of(options), progress=True)
    show(options, verdict, _told_verdict(folder_of(options), verdict))
    if verdict.is_sound:
        return DONE
    return fail(
        f"{folder_of(options)} is damaged ({count(len(verdict.problems), 'problem')}): `article-qa "
        "repair` rebuilds what it can, `article-qa restore` puts a backup in its place",
        DAMAGED,
    )


def _told_verdict(folder: Path, verdict: Verdict) -> str:
    lines = [visible(str(problem)) for problem in verdict.problems]
    lines += [f"note: {visible(note)}" for note in verdict.notes]
    counts = f"{count(verdict.articles, 'article')}, {count(verdict.passages, 'passage')}"
    if verdict.is_sound:
        lines.append(f"{folder}: {counts}; everything is as it was written")
    return "\n".join(lines)


def repair(options: argparse.Namespace) -> int:
    """Rebuild what is damaged; exit with 1 if something could not be kept."""
    report = repair_collection(folder_of(options), embedder_of(options), progress=True)
    show(options, report, _told_repair(folder_of(options), report))
    if not report.quarantined:
        return DONE
    for problem in report.quarantined:
        print(f"not kept: {visible(str(problem))}", file=sys.stderr)
    return fail(
        f"all that can be read of what was not kept is in {report.file}; "
        "`article-qa add` adds an article again from its file",
        DAMAGED,
    )


def _told_repair(folder: Path, report: RepairReport) -> str:
    lines = [f"was damaged: {visible(str(problem))}" for problem in report.problems]
    lines += [f"rebuilt: {visible(origin)}" for origin in report.rebuilt]
    state = "repaired" if report.problems else "nothing was damaged"
    return "\n".join([*lines, f"{folder}: {state}; {count(report.kept, 'article')}"])


def compact(options: argparse.Namespace) -> int:
    """Give back the room of what was removed."""
    with collection(options, any_embedder=True) as opened:
        before, after = opened.compact()
    show(
        options,
        {"before": before, "after": after},
        f"{folder_of(options)}: {megabytes(before)} before, {megabytes(after)} now",
    )
    return DONE


def backup(options: argparse.Namespace) -> int:
    """Copy the collection to one file."""
    if not Collection.exists(folder_of(options)):
        raise NotFoundError(f"no collection at {folder_of(options)}")
    verdict = write_backup(folder_of(options), options.target, progress=True)
    show(options, verdict, f"{options.target}: {count(verdict.articles, 'article')}, checked")
    return DONE


def restore(options: argparse.Namespace) -> int:
    """Make the collection what it was when a backup was written."""
    verdict = restore_backup(
        options.source, folder_of(options), replace=options.replace, progress=True
    )
    show(options, verdict, f"{folder_of(options)}: {count(verdict.articles, 'article')} restored")
    return DONE


def reembed(options: argparse.Namespace) -> int:
    """Make all vectors anew with another model."""
    embedder = packaged.named(options.model)
    with collection(options, any_embedder=True) as opened:
        passages = opened.reembed(embedder, progress=True)
    show(
        options,
        {"passages": passages, "embedder": embedder.fingerprint},
        f"{folder_of(options)}: {count(passages, 'passage')} embedded with {embedder.fingerprint}; "
        f"from now on it is opened with --embedder {options.model}",
    )
    return DONE
