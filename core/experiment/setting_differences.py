"""The settings in which experiments differ: for a table, one by one, and as what a person varied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.experiment import Experiment, FlatEncoding, ImageEncoding, RowsEncoding
from core.experiment.config import Config
from core.experiment.experiment import plain_form


@dataclass(frozen=True)
class SettingRow:
    """One setting that is not the same in all experiments."""

    #: its dotted name: "epochs", "optimizer.learning_rate", "layers.0.units". Parts of different kinds are
    #: told whole ("optimizer"), and so are layers that differ in number or kind ("layers").
    setting: str
    #: its value in each experiment, in their order: a number, a word, a part, or all layers; None where it is
    #: not set
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


#: What decides by chance or by choice of samples; none of it is a property of a design.
CIRCUMSTANCES = ("seed", "split", "train_limit")
# The same pixels, only arranged as the first layer wants them.
_ARRANGEMENTS = (FlatEncoding, ImageEncoding, RowsEncoding)


def factors(first: Experiment, second: Experiment) -> tuple[str, ...]:
    """The names of the respects in which two experiments differ, in the order of their fields.

    A factor is what a person varies: the layers, where they differ in number or kind; else "layers.units",
    "layers.rate" and so on, each once for all layers it differs in; "optimizer" if it is another one, else
    "optimizer.learning_rate" and so on; "encoding.num_words"; a callback or the split as a whole; any other setting by
    its name. What follows by force is no factor of its own: the arrangement of the pixels beside other layers, the
    vocabulary of an Embedding beside another number of words.
    """
    names = list(dict.fromkeys(_factor(row.setting) for row in differing_settings((first, second))))
    arranged = isinstance(first.encoding, _ARRANGEMENTS) and isinstance(second.encoding, _ARRANGEMENTS)
    if "encoding" in names and "layers" in names and arranged:
        names.remove("encoding")
    if "encoding.num_words" in names and "layers.vocabulary" in names:
        names.remove("layers.vocabulary")
    return tuple(names)


def _factor(setting: str) -> str:
    head, *path = setting.split(".")
    if head == "layers" and path:
        return f"layers.{path[-1]}"
    if head in ("early_stopping", "reduce_lr", "split"):
        return head
    return setting


@dataclass(frozen=True)
class SettingDifference:
    """One setting that is not the same in both experiments."""

    setting: str  # its dotted name: "epochs", "layers.0.units"
    first: Any  # its value in the first; None if it has no such setting
    second: Any  # its value in the second


def setting_differences(first: Experiment, second: Experiment) -> tuple[SettingDifference, ...]:
    """The settings in which two experiments differ, by name."""
    one, two = (dict(_flat("", plain_form(one))) for one in (first, second))
    names = [*one, *(name for name in two if name not in one)]
    return tuple(
        SettingDifference(name, one.get(name), two.get(name))
        for name in names
        if one.get(name) != two.get(name)
    )


def _flat(name: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        pairs = [_flat(f"{name}.{key}" if name else key, inner) for key, inner in value.items()]
    elif isinstance(value, list):
        pairs = [_flat(f"{name}.{index}", inner) for index, inner in enumerate(value)]
    else:
        return [(name, value)]
    return [pair for group in pairs for pair in group]
