"""Which experiment a command is about: a preset or a file, with settings changed."""

from __future__ import annotations

import argparse
import json
from typing import Any

from core import presets
from core.errors import PresetError
from core.experiment import Experiment
from core.experiment.link import from_link
from core.experiment.variation import WHOLE, Level, varied
from core.settings import Settings


def add_to(commands: Any) -> None:
    """Add the command that lists presets."""
    listing = commands.add_parser("presets", help="list the experiments that come with the product")
    listing.set_defaults(command=_presets)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that `chosen` reads."""
    parser.add_argument("name", metavar="NAME_OR_FILE", help="a preset, or a file that ends in .toml")
    parser.add_argument("--epochs", help="train for so many epochs")
    parser.add_argument("--seed", help="the number behind all chance")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="change a setting: batch_size=64, optimizer=adam:0.01, layers.0.units=32, depth=3; may be repeated",
    )


def preset_of(options: argparse.Namespace) -> str:
    """The preset that was named; "" if it was a file."""
    return "" if options.name.endswith(".toml") else str(options.name)


def chosen(options: argparse.Namespace) -> Experiment:
    """The experiment that the arguments name.

    Raises:
        PresetError: If there is no such preset or file, or a change cannot be read.
        ExperimentError: If the experiment cannot be.
    """
    experiment = presets.load_named_or_file(options.name)
    changes = [("epochs", options.epochs), ("seed", options.seed)]
    changes += [_pair(text) for text in options.set]
    for name, text in changes:
        if text is not None:
            experiment = _changed(experiment, name, text)
    return experiment


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise PresetError("set_needs_value", received=text)
    return name.strip(), value.strip()


def _changed(experiment: Experiment, name: str, text: str) -> Experiment:
    if name not in WHOLE and "." not in name:
        return from_link({name: text}, experiment)
    return varied(experiment, name, level(text))


def level(text: str) -> Level:
    """What a word of the command line stands for: a number, true or false, or itself."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, Level) else text


def _presets(options: argparse.Namespace, settings: Settings) -> int:
    for name in presets.NAMES:
        experiment = presets.load(name)
        layers = " > ".join(row.kind for row in experiment.trace.rows)
        print(
            f"{name:22} {experiment.dataset:14} {experiment.epochs:3} epochs  "
            f"{experiment.trace.parameters:9,} parameters  {layers}"
        )
    return 0
