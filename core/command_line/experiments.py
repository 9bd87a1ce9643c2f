"""Which experiment a command is about: a preset or a file, with settings changed."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from core import presets
from core.command_line.output import Parser, show
from core.errors import PresetError
from core.experiment import Experiment
from core.experiment.changes import Level, changed
from core.experiment.link import settings_of
from core.experiment.toml import is_file_name
from core.sentences import counted
from core.settings import Settings


def add_presets(listing: Parser) -> None:
    """Make `presets` of a command without arguments."""
    listing.set_defaults(command=_presets)


def add_arguments(parser: argparse.ArgumentParser, *, several: bool = False) -> None:
    """The arguments that `chosen` reads: of one experiment its `name`, of `several`, may be none, their `names`."""
    what = "a preset, or a file that ends in .toml"
    if several:
        what += "; several are trained one after the other, each with the same changes"
        parser.add_argument("names", nargs="*", metavar="NAME_OR_FILE", help=what)
    else:
        parser.add_argument("name", metavar="NAME_OR_FILE", help=what)
    parser.add_argument("--epochs", help="train for so many epochs")
    parser.add_argument("--seed", help="the number behind all chance")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="change a setting: batch_size=64, optimizer=adam:0.01, layers.0.units=32, depth=3; may be repeated",
    )


def preset_of(name: str) -> str:
    """The preset that a name names; "" if it is a file's."""
    return "" if is_file_name(name) else name


def chosen(
    options: argparse.Namespace, levels: Mapping[str, Level] | None = None, *, name: str | None = None
) -> Experiment:
    """The experiment that the arguments name, judged when all changes are made, in whatever order they stand.

    Changes of `levels`, by the name of the setting, go before those of the arguments; `name` is which one it is of
    several. PresetError if there is no such preset or file, or a change cannot be read; ExperimentError if the
    experiment cannot be.
    """
    experiment = presets.load_named_or_file(options.name if name is None else name)
    changes = [("epochs", options.epochs), ("seed", options.seed), *map(_pair, options.set)]
    texts: dict[str, str] = {}
    for field, text in changes:
        if text is None:
            continue
        if field in texts:
            raise PresetError("given_twice", field=field)
        texts[field] = text
    return changed(experiment, {**settings_of(texts), **(levels or {})}).checked()


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise PresetError("set_needs_value", received=text)
    return name.strip(), value.strip()


def _presets(options: argparse.Namespace, settings: Settings) -> int:
    for name in presets.NAMES:
        experiment = presets.load(name)
        layers = " > ".join(row.kind for row in experiment.summary.rows)
        show(
            f"{name:22} {experiment.dataset:14} {counted(experiment.epochs, 'epoch'):>10}  "
            f"{experiment.summary.parameters:9,} parameters  {layers}"
        )
    return 0
