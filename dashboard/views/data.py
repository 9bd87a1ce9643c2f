"""What the data page decides: which data set, its facts read once for all sessions, how numbers are written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core import presets
from core.datasets import catalog, entry
from core.datasets.exploration import (
    ArrayShape,
    ClassCount,
    Sample,
    ScalingEffect,
    array_shapes,
    class_counts,
)
from core.datasets.values import ValueCounts
from core.errors import DataError
from dashboard import services
from dashboard.language import Language

#: The address parameter that names the data set.
DATASET = "dataset"
_LONGEST = 40
_MEGA = 1_000_000


@dataclass(frozen=True)
class Chosen:
    """The data set a visitor looks at.

    Attributes:
        name: Its code.
        refused: Why the one in the address cannot be shown; None if it is this one.
    """

    name: str
    refused: DataError | None = None


@dataclass(frozen=True, eq=False)
class Overview:
    """What is to be read of a data set only once.

    Attributes:
        shapes: Of the four arrays.
        counts: Samples of each class.
        values: How often each grey value occurs in the training images.
    """

    shapes: tuple[ArrayShape, ...]
    counts: tuple[ClassCount, ...]
    values: ValueCounts


def chosen(parameters: Mapping[str, str]) -> Chosen:
    """The data set that the address names; the first one if it names none, or one that does not exist."""
    first = catalog()[0].name
    # Whatever stands in an address is shown as plain, short text: nothing in it is markdown.
    asked = re.sub(r"[^\w.-]", " ", parameters.get(DATASET, first))[:_LONGEST]
    try:
        return Chosen(entry(asked).name)
    except DataError as error:
        return Chosen(first, error)


@st.cache_resource(show_spinner=False)
def overview(name: str) -> Overview:
    """Facts of a data set that is here.

    Raises:
        DataError: If it is missing or damaged.
    """
    dataset = services.dataset(name)
    return Overview(array_shapes(dataset), class_counts(dataset), ValueCounts.of(dataset.x_train))


def first_preset(name: str) -> str:
    """The first preset that learns from a data set."""
    return next(preset for preset in presets.NAMES if presets.load(preset).dataset == name)


def answer(one: Sample, names: Sequence[str], say: Language) -> str:
    """A sample's label as the array holds it, with the class's name where that says more."""
    array, name = f"y_{one.part}[{one.row}]", names[one.label]
    if name == str(one.label):
        return say("data.sample.label", array=array, label=one.label)
    return say("data.sample", array=array, label=one.label, name=name)


def megabytes(size: int) -> str:
    """A number of bytes in 10**6 bytes."""
    return f"{size / _MEGA:,.1f}"


def size(count: int) -> str:
    """A number of bytes, in the unit that suits it."""
    return f"{megabytes(count)} MB" if count >= _MEGA else f"{count / 1000:,.1f} kB"


def short(value: float) -> str:
    """A number with at most four digits that count; what is 0 but for rounding is 0."""
    return f"{round(value, 4) + 0.0:.4g}".replace("-", "−")


def formula(effect: ScalingEffect) -> str:
    """A scaling with its numbers put in, as it stands in a book."""
    shift, scale = short(effect.shift), short(effect.scale)
    if effect.scaling == "none":
        return "x"
    return f"x / {scale}" if effect.scaling == "pixel" else f"(x − {shift}) / {scale}"


def fitted(effect: ScalingEffect, say: Language) -> str:
    """Where the numbers of a scaling come from."""
    key = "data.fitted.zero" if effect.replaced else f"data.fitted.{effect.scaling}"
    return say(key, shift=short(effect.shift), scale=short(effect.scale))


def remark(effect: ScalingEffect, say: Language) -> str:
    """What is worth saying of a scaling on this data; "" if nothing is."""
    if effect.does_nothing:
        return say("data.scaling.nothing")
    if effect.same_as:
        return say("data.scaling.same", other=say(f"option.scaling.{effect.same_as}"))
    return ""


def numbers(effect: ScalingEffect, say: Language) -> str:
    """The range, mean and spread of the scaled values."""
    return say(
        "data.scaling.numbers",
        smallest=short(effect.smallest),
        largest=short(effect.largest),
        mean=short(effect.mean),
        deviation=short(effect.deviation),
    )
