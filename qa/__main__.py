"""The shell: `article-qa`, or `python -m qa`."""

from __future__ import annotations

import argparse
import getpass
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from index.errors import ArticleQAError, DamageError, LockedError
from qa import settings
from qa.commands import collection
from qa.factory import assistant
from qa.options import parser
from qa.printing import (
    DAMAGED,
    DONE,
    USER_ERROR,
    drop_output,
    fail,
    print_anything,
    report_refused,
)
from qa.records import Records


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 when done, 1 for a damaged collection, 2 for a user error."""
    print_anything()
    options = parser(serve, password).parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO if options.verbose else logging.ERROR, format="%(name)s: %(message)s"
    )
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except DamageError as error:
        return fail(str(error), DAMAGED)
    except ArticleQAError as error:
        return fail(str(error), USER_ERROR)
    except KeyboardInterrupt:
        return fail("stopped; what was finished is kept", 130)
    except BrokenPipeError:  # the reader of our output has gone, as with `| head`
        drop_output()
        return DONE
    except OSError as error:
        drop_output()
        return fail(str(error), USER_ERROR)


def serve(options: argparse.Namespace) -> int:
    """The chat in the browser."""
    folder: Path | None = options.folder
    if folder is not None and not folder.exists():
        return fail(f"{folder}: no such file or folder", USER_ERROR)
    if folder is not None and options.collection is None:
        options.collection = settings.collection_of(folder)
    import app  # Gradio takes seconds to import, and only this command needs it

    app.check_address(options.host, options.port, options.password)  # now, not after a long add
    if options.log:
        app.start_log(options.log, with_questions=options.log_questions)
    history = None if options.no_history else settings.history_file()
    with collection(options, create=True) as opened:
        asking = assistant(opened, options.reader)
        if folder is not None:
            try:
                report = opened.add(folder, progress=True)
                report_refused(report)
                print(f"{folder}: {report}", flush=True)
            except LockedError as error:  # what is there can be asked meanwhile
                print(f"article-qa: not added: {error}", file=sys.stderr)
        app.serve(
            asking,
            opened,
            host=options.host,
            port=options.port,
            records=Records(history) if history else None,
            closed=options.closed,
            password_file=options.password,
        )
    return DONE


def password(options: argparse.Namespace) -> int:
    """Set a password of a served chat; it is typed, or read from a pipe."""
    if sys.stdin.isatty():
        typed = getpass.getpass("Password: ")
        if getpass.getpass("Once more: ") != typed:
            return fail("the two are not the same: nothing was changed", USER_ERROR)
    else:
        typed = sys.stdin.readline().rstrip("\r\n")
    import app

    role = "editors" if options.editors else "readers"
    app.set_password(options.file, role, typed)
    print(f"{options.file}: the password of {role} is set")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
