"""Where commands write: words for people to stderr, results to stdout, files where they were asked for.

Titles, file names and what an error repeats came from somebody else. So nothing goes to a terminal by another way than
this one, which drops no word where the terminal's encoding has no sign for it, and writes no sign that drives it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

from core.errors import StorageError
from core.plain_text import for_terminal


def prepare() -> None:
    r"""Let stdout and stderr write what their encoding has no sign for as an escape: `\ud55c`, say."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Tell whoever sits before the terminal; results go to stdout."""
    print(for_terminal(text), file=sys.stderr, flush=True)


def show(text: str) -> None:
    """Write a line of the result."""
    print(for_terminal(text), flush=True)


def local(when: datetime) -> str:
    """A point in time as the clock of this computer shows it, with its zone: "2026-11-21 14:05+09:00"."""
    return when.astimezone().isoformat(sep=" ", timespec="minutes")


class Parser(argparse.ArgumentParser):
    """Reads the words of a command, and repeats a wrong one as `say` would.

    Args:
        fill: Adds the arguments, once somebody needs them: what a command imports is not there for the others.
    """

    def __init__(self, *args: Any, fill: Callable[[Parser], None] | None = None, **named: Any) -> None:
        super().__init__(*args, **named)
        self._fill = fill

    def parse_known_args(  # type: ignore[override]  # of its three forms the one that covers them
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """Read what is known, as whoever reads a subcommand does."""
        if self._fill is not None:
            fill, self._fill = self._fill, None
            fill(self)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and end."""
        super().error(for_terminal(message))


def write(name: str, content: bytes) -> None:
    """Write a file, or raise a StorageError ("file_unwritable")."""
    try:
        Path(name).write_bytes(content)
    except OSError as error:
        raise StorageError("file_unwritable", name=name, reason=error.strerror or str(error)) from error
