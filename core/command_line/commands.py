"""The commands there are. What one of them needs is imported once it is the one that was named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.command_line.output import Parser


def add_to(parser: Parser) -> None:
    """Add all commands; the arguments of each are read when it is named."""
    commands: Any = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (fill, help_text) in _COMMANDS.items():
        commands.add_parser(name, help=help_text, fill=fill)


def _presets(parser: Parser) -> None:
    from core.command_line.experiments import add_presets

    add_presets(parser)


def _train(parser: Parser) -> None:
    from core.command_line.training import add_train

    add_train(parser)


def _study(parser: Parser) -> None:
    from core.command_line.studying import add_study

    add_study(parser)


def _data(parser: Parser) -> None:
    from core.command_line.data import add_data

    add_data(parser)


def _runs(parser: Parser) -> None:
    from core.command_line.stored_runs import add_runs

    add_runs(parser)


def _export(parser: Parser) -> None:
    from core.command_line.stored_runs import add_export

    add_export(parser)


def _compare(parser: Parser) -> None:
    from core.command_line.stored_runs import add_compare

    add_compare(parser)


_COMMANDS: dict[str, tuple[Callable[[Parser], None], str]] = {
    "presets": (_presets, "list the experiments that come with the product"),
    "train": (_train, "train presets or TOML files here and store the runs"),
    "study": (_study, "repeat a preset or a TOML file with several seeds, vary it, or cross-validate it"),
    "data": (_data, "show which data sets are here, or fetch one"),
    "runs": (_runs, "list the stored runs, newest first"),
    "export": (_export, "write a run to a file"),
    "compare": (_compare, "put two runs side by side"),
}
