"""`python -m training NAME`: makes the weights that ship with the project."""

from __future__ import annotations

import argparse
import sys

from training import average, calibrate, marking, quantise, reader, resolver


def main() -> int:
    """Run one command; each is a module with `add_arguments` and `run`."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for module in (reader, average, calibrate, marking, resolver, quantise):
        name = module.__name__.rpartition(".")[2]
        assert module.__doc__ is not None
        command = commands.add_parser(name, help=module.__doc__.splitlines()[0])
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    options = parser.parse_args()
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main())
