"""The command line: the same code as the pages use, for batch work."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from core.command_line import data, experiments, stored_runs, studying, training
from core.command_line.output import Parser, prepare, say
from core.errors import TurningPointError
from core.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 if it did what was asked, 1 if a run did not finish, 2 if it could not be done."""
    prepare()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    options = _parser().parse_args(arguments)
    try:
        status: int = options.command(options, Settings.from_environment())
        sys.stdout.flush()
    except TurningPointError as error:
        say(str(error))
        return 2
    except BrokenPipeError:
        # Whoever read the output has enough, as `head` does. Python must not try to write the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m core", description="Train and compare networks without a browser.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in (experiments, training, studying, data, stored_runs):
        module.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
