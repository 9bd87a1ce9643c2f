"""The settings in which several experiments differ, as few rows as tell the difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.experiment import Experiment
from core.experiment.config import Config


@dataclass(frozen=True)
class SettingRow:
    """One setting that is not the same in all experiments.

    Attributes:
        setting: Its dotted name: "epochs", "optimizer.learning_rate", "layers.0.units". Parts of different
            kinds are told whole ("optimizer"), and so are layers that differ in number or kind ("layers").
        values: Its value in each experiment, in their order: a number, a word, a part, or all layers; None where
            it is not set.
    """

    setting: str
    values: tuple[Any, ...]


def differing_settings(experiments: Sequence[Experiment]) -> tuple[SettingRow, ...]:
    """The settings that are not the same in all experiments, in the order of their fields."""
    if not experiments:
        return ()
    return tuple(_rows_of_fields("", experiments))


def _rows_of_fields(prefix: str, parts: Sequence[Config]) -> Iterator[SettingRow]:
    for name in type(parts[0]).model_fields:
        yield from _rows(f"{prefix}{name}", [getattr(part, name) for part in parts])


def _rows(name: str, values: Sequence[Any]) -> Iterator[SettingRow]:
    first = values[0]
    if all(value == first for value in values):
        return
    if isinstance(first, Config) and all(type(value) is type(first) for value in values):
        yield from _rows_of_fields(f"{name}.", values)
    elif isinstance(first, tuple) and len({tuple(map(type, value)) for value in values}) == 1:
        for place, parts in enumerate(zip(*values, strict=True)):
            yield from _rows(f"{name}.{place}", parts)
    else:
        yield SettingRow(name, tuple(values))
