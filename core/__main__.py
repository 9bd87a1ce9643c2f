"""The command line: the same code as the pages use, for batch work."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from core.command_line import commands
from core.command_line.output import Parser, prepare, say
from core.errors import TurningPointError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 if it did what was asked, 1 if a run did not finish, 2 if it could not be done."""
    prepare()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    options = _parser().parse_args(arguments)
    from core.command_line.own_records import OwnRecords  # neither is needed for `--help`
    from core.settings import Settings

    try:
        settings = Settings.from_environment()
        own_records = OwnRecords(settings)  # asked as long as it is there
        status: int = options.command(options, settings)
        del own_records
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
    commands.add_to(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
