"""The command line: the same code as the pages use, for batch work."""

from __future__ import annotations

import argparse
import atexit
import logging
import os
import sys
from collections.abc import Callable, Sequence

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


def _end_at_once() -> Callable[[int], None]:
    """Have this process end without taking apart, object by object, what it has imported; told the status then.

    After a training that takes Python a tenth of a second, and the system gives all memory back without it. Files are
    closed by then, threads waited for; and what others want done at the end, if they say so later, has been done.
    """
    said: list[int] = []

    def end() -> None:
        if said:
            sys.stderr.flush()
            os._exit(said[0])

    atexit.register(end)
    return said.append


if __name__ == "__main__":
    ends_with = _end_at_once()
    ends_with(main())
