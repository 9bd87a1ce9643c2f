"""A data set in words: its arrays and classes, read once for all sessions, and what scaling does to its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core.datasets.exploration import ArrayShape, ClassCount, ScalingEffect, array_shapes, class_counts
from core.datasets.scaling import ValueCounts
from dashboard.shared import services
from dashboard.shared.formats import file_size, short
from dashboard.shared.language import Language


@dataclass(frozen=True, eq=False)
class Overview:
    """What is to be read of a data set only once: its four arrays, and the samples of each class."""

    shapes: tuple[ArrayShape, ...]
    counts: tuple[ClassCount, ...]


def overview(name: str) -> Overview:
    """Facts of a data set that is here; a `DataError` if it is missing or damaged, as in what follows."""
    services.dataset(name)  # refuses each time whoever may not look into it
    return _overview(name)


@st.cache_resource(show_spinner=False)
def _overview(name: str) -> Overview:
    dataset = services.dataset(name)
    return Overview(array_shapes(dataset), class_counts(dataset))


def grey_values(name: str) -> ValueCounts:
    """How often each grey value occurs in the training images of an image set that is here."""
    services.image_dataset(name)  # refuses each time whoever may not look into it
    return _grey_values(name)


@st.cache_resource(show_spinner=False)
def _grey_values(name: str) -> ValueCounts:
    return ValueCounts.of(services.image_dataset(name).x_train)


def shape_text(shape: ArrayShape) -> str:
    """The shape of an array as Python writes it; of texts with the shortest and the longest one."""
    if shape.lengths is None:
        return str(shape.shape)
    return f"({shape.shape[0]}, {shape.lengths[0]}–{shape.lengths[1]})"


def arrays_table(shapes: Sequence[ArrayShape], t: Language) -> pd.DataFrame:
    """One row an array with its shape, type, range and size, by its name."""
    rows = [
        {
            t("data.column.array"): shape.name,
            t("data.column.shape"): shape_text(shape),
            t("data.column.type"): shape.dtype,
            t("data.column.values"): f"{shape.smallest}–{shape.largest}",
            t("data.column.size"): file_size(shape.size),
        }
        for shape in shapes
    ]
    return pd.DataFrame(rows).set_index(t("data.column.array"))


def formula(effect: ScalingEffect) -> str:
    """A scaling with its numbers put in, as it stands in a book."""
    shift, scale = short(effect.shift), short(effect.scale)
    if effect.scaling == "none":
        return "x"
    return f"x / {scale}" if effect.scaling == "pixel" else f"(x − {shift}) / {scale}"


def fitted(effect: ScalingEffect, t: Language) -> str:
    """Where the numbers of a scaling come from."""
    key = "data.fitted.zero" if effect.replaced else f"data.fitted.{effect.scaling}"
    return t(key, shift=short(effect.shift), scale=short(effect.scale))


def remark(effect: ScalingEffect, t: Language) -> str:
    """What is worth saying of a scaling on this data; "" if nothing is."""
    if effect.does_nothing:
        return t("data.scaling.nothing")
    if effect.same_as:
        return t("data.scaling.same", other=t(f"option.scaling.{effect.same_as}"))
    return ""


def numbers(effect: ScalingEffect, t: Language) -> str:
    """The range, mean and spread of the scaled values."""
    return t(
        "data.scaling.numbers",
        smallest=short(effect.smallest),
        largest=short(effect.largest),
        mean=short(effect.mean),
        deviation=short(effect.deviation),
    )
