"""What the data page decides: which data set, its facts read once for all sessions, how numbers are written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.catalog import DATASETS, dataset_info
from core.datasets.dataset import Subset
from core.datasets.decoded_text import DecodedText
from core.datasets.exploration import ArrayShape, ClassCount, ScalingEffect, array_shapes, class_counts
from core.datasets.scaling import ValueCounts
from core.errors import DataError
from dashboard.shared import services
from dashboard.shared.formats import short
from dashboard.shared.language import Language
from dashboard.shared.samples.text_place import DATASET

_LONGEST = 40
_MANY_CLASSES = 12


@dataclass(frozen=True)
class Chosen:
    """The data set a visitor looks at, and why not the one in the address, if it cannot be shown."""

    name: str
    refused: DataError | None = None


@dataclass(frozen=True, eq=False)
class Overview:
    """What is to be read of a data set only once: its four arrays, and the samples of each class."""

    shapes: tuple[ArrayShape, ...]
    counts: tuple[ClassCount, ...]


def chosen(parameters: Mapping[str, str]) -> Chosen:
    """The data set that the address names; the first one if it names none, or one that does not exist."""
    first = next(iter(DATASETS))
    # Whatever stands in an address is shown as plain, short text: nothing in it is markdown.
    asked = re.sub(r"[^\w.-]", " ", parameters.get(DATASET, first))[:_LONGEST]
    try:
        return Chosen(dataset_info(asked).name)
    except DataError as error:
        return Chosen(first, error)


@st.cache_resource(show_spinner=False)
def overview(name: str) -> Overview:
    """Facts of a data set that is here; a `DataError` if it is missing or damaged, as in what follows."""
    dataset = services.dataset(name)
    return Overview(array_shapes(dataset), class_counts(dataset))


@st.cache_resource(show_spinner=False)
def grey_values(name: str) -> ValueCounts:
    """How often each grey value occurs in the training images of an image set that is here."""
    return ValueCounts.of(services.image_dataset(name).x_train)


def shape_text(shape: ArrayShape) -> str:
    """The shape of an array as Python writes it; of texts with the shortest and the longest one."""
    if shape.lengths is None:
        return str(shape.shape)
    return f"({shape.shape[0]}, {shape.lengths[0]}–{shape.lengths[1]})"


def count_charts(counts: Sequence[ClassCount]) -> tuple[tuple[ClassCount, ...], ...]:
    """The classes for one chart; many of them by size, the largest first, for two charts side by side."""
    if len(counts) <= _MANY_CLASSES:
        return (tuple(counts),)
    by_size = sorted(counts, key=lambda count: -count.train)
    half = -(-len(by_size) // 2)
    return (tuple(by_size[:half]), tuple(by_size[half:]))


def content_note(name: str, overview: Overview, t: Language) -> str:
    """What the shape of the training samples means."""
    first = overview.shapes[0]
    if first.lengths is None:
        count, height, width = first.shape
        return t(
            "data.content.image",
            shape=shape_text(first),
            images=f"{count:,}",
            height=height,
            width=width,
            type=first.dtype,
            largest=DATASETS[name].max_value,
        )
    return t(
        "data.content.text",
        shape=shape_text(first),
        texts=f"{first.shape[0]:,}",
        shortest=f"{first.lengths[0]:,}",
        longest=f"{first.lengths[1]:,}",
        largest=f"{first.largest:,}",
    )


def class_name(label: int, name: str) -> str:
    """A class with its number, where the name is not the number."""
    return name if name == str(label) else f"{label} · {name}"


def choose_class(place: DeltaGenerator, names: Sequence[str], t: Language, *, key: str) -> int | None:
    """A class by its name; None for all of them."""
    chosen: int | None = place.selectbox(
        t("data.class"),
        [None, *range(len(names))],
        format_func=lambda one: t("data.class.all") if one is None else class_name(one, names[one]),
        key=key,
        persist_state="session",
    )
    return chosen


def enter_row(part: Subset, last: int, t: Language, *, key: str, width: int | Literal["stretch"]) -> int:
    """The number of a sample, from 0 to the last one."""
    label = t("data.row", part=t(f"data.part.{part}"), last=f"{last:,}")
    return int(
        st.number_input(
            label, min_value=0, max_value=last, step=1, key=key, width=width, persist_state="session"
        )
        or 0
    )


def fallen_words(one: DecodedText) -> tuple[str, ...]:
    """The words of a text that are not kept, each once, in their order."""
    tokens = zip(one.tokens[1:], one.words, strict=True)
    return tuple(dict.fromkeys(word for token, word in tokens if token.kind == "unknown"))


def label_answer(part: Subset, row: int, label: int, names: Sequence[str], t: Language) -> str:
    """A label as the array holds it, with the class's name where that says more."""
    array, name = f"y_{part}[{row}]", names[label]
    if name == str(label):
        return t("data.sample.label", array=array, label=label)
    return t("data.sample", array=array, label=label, name=name)


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
