"""Figures of steps that show a data set: samples, arrays, scaling, labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.datasets import ImageDataset
from core.datasets.decoded_text import pad_text, places, read
from core.datasets.exploration import random_samples, sample, scaling_effects
from core.datasets.scaling import ValueCounts
from core.experiment import PaddedEncoding
from dashboard.learn import figure_kinds as kinds
from dashboard.learn.figures import Scene, Values, show_figure
from dashboard.shared import services
from dashboard.shared.cards import cards
from dashboard.shared.chart import show_chart
from dashboard.shared.charts import pixels
from dashboard.shared.charts.multi_hot import multi_hot
from dashboard.shared.data_words import arrays_table, formula, grey_values, numbers, overview
from dashboard.shared.run_words import class_names
from dashboard.shared.samples.sample_cards import show_enlarged
from dashboard.shared.samples.sample_grid import tile_grid, tiles_of
from dashboard.shared.samples.sample_html import excerpt_html
from dashboard.shared.samples.text_place import PADDED_LENGTHS, word_limits
from dashboard.shared.samples.token_html import STYLE, legend_html, padded_html, text_html

_NINE, _THREE, _TWO = 9, 3, 2
_MANY = 12  # classes: more of them are shown by size


@show_figure.register
def _tensors(figure: kinds.TensorsFigure, scene: Scene) -> Values:
    st.table(arrays_table(overview(scene.dataset(figure)).shapes, scene.t))
    return {}


@show_figure.register
def _class_counts(figure: kinds.ClassCountsFigure, scene: Scene) -> Values:
    name, t = scene.dataset(figure), scene.t
    counts = overview(name).counts
    if len(counts) > _MANY:
        counts = tuple(sorted(counts, key=lambda one: -one.train)[:_MANY])
        st.caption(t("learn.figure.largest_classes", number=_MANY))
    show_chart(
        pixels.class_counts(counts, class_names(name, t), t),
        t,
        key=scene.key("counts"),
        alt=t("learn.alt.counts"),
    )
    return {}


@show_figure.register
def _grid(figure: kinds.GridFigure, scene: Scene) -> Values:
    """Samples with the names of their classes, others at each press."""
    name, t = scene.dataset(figure), scene.t
    dataset, names, seed = services.dataset(name), class_names(name, t), scene.key("seed")
    if isinstance(dataset, ImageDataset):
        shown = random_samples(dataset, "train", _NINE, seed=st.session_state.get(seed, 0))
        with st.container(width=420):
            tile_grid(
                tiles_of(shown, names, t),
                t("data.grid"),
                largest=dataset.facts.max_value,
                picked=None,
                key=scene.key("grid"),
                on_pick=lambda: None,
                width=7,
            )
    else:
        order = np.random.default_rng(st.session_state.get(seed, 0)).permutation(len(dataset.y_train))
        for row in order[:_THREE].tolist():
            with st.container(border=True):
                st.markdown(f"**{names[int(dataset.y_train[row])]}**")
                st.html(excerpt_html(read(dataset, "train", row), t))
    st.button(
        t("data.others"), icon=":material/shuffle:", on_click=_others, args=(seed,), key=scene.key("others")
    )
    return {}


def _others(seed: str) -> None:
    st.session_state[seed] = st.session_state.get(seed, 0) + 1


@show_figure.register
def _sample(figure: kinds.SampleFigure, scene: Scene) -> Values:
    name, t = scene.dataset(figure), scene.t
    dataset, names = services.dataset(name), class_names(name, t)
    label = int(dataset.y_train[figure.row])
    said = t("learn.figure.label", label=label) if names[label] == str(label) else f"{label} · {names[label]}"
    st.markdown(f"`y_train[{figure.row}]` → **{said}**")
    if isinstance(dataset, ImageDataset):
        show_enlarged(dataset, "train", figure.row, t, key=scene.key("pixels"), alt=said)
    else:
        st.html(excerpt_html(read(dataset, "train", figure.row), t))
    return {}


@show_figure.register
def _scaling(figure: kinds.ScalingFigure, scene: Scene) -> Values:
    """The values of one image, scaled in some ways with numbers from all training images."""
    name, t = scene.dataset(figure), scene.t
    dataset = services.image_dataset(name)
    one = sample(dataset, "train", figure.row)
    effects = scaling_effects(ValueCounts.of(one.pixels), grey_values(name), dataset.facts)
    shown = [effect for effect in effects if effect.scaling in figure.ways]
    tallest = max(max(effect.shares) for effect in shown)
    for card, effect in cards(shown, _TWO):
        with card:
            st.markdown(f"**{t(f'option.scaling.{effect.scaling}')}** &nbsp; `{formula(effect)}`")
            chart = pixels.scaling(effect, t, tallest=tallest)
            show_chart(chart, t, key=scene.key(f"scaling-{effect.scaling}"), alt=numbers(effect, t))
            st.caption(numbers(effect, t))
    return {}


@show_figure.register
def _labels(figure: kinds.LabelsFigure, scene: Scene) -> Values:
    """The first labels as whole numbers and one-hot."""
    name, t = scene.dataset(figure), scene.t
    dataset, names = services.dataset(name), class_names(name, t)
    labels = np.asarray(dataset.y_train[: figure.rows], dtype=np.int64)
    hot = one_hot(labels, len(names))
    st.markdown(f"`y_train[:{figure.rows}]` → `{labels.tolist()}`")
    st.table(
        pd.DataFrame(
            hot.astype(np.int64),
            index=[f"{names[label]}" for label in labels.tolist()],
            columns=list(map(str, range(len(names)))),
        )
    )
    st.caption(t("learn.figure.one_hot", rows=figure.rows, classes=len(names)))
    return {}


def one_hot(labels: NDArray[np.int64], classes: int) -> NDArray[np.float32]:
    """What `keras.utils.to_categorical` makes of labels, (n,): (n, classes)."""
    rows = np.zeros((len(labels), classes), dtype=np.float32)
    rows[np.arange(len(labels)), labels] = 1
    return rows


# Texts as a network gets them


@show_figure.register
def _encoding(figure: kinds.EncodingFigure, scene: Scene) -> Values:
    """A real text decoded, multi-hot or padded, with words to keep, and of padded ones the length to bring it to."""
    name, t = scene.dataset(figure), scene.t
    dataset, names = services.text_dataset(name), class_names(name, t)
    limits = word_limits(len(dataset.vocabulary))
    num_words = int(
        st.select_slider(
            t("data.num_words"),
            limits,
            value=min(limits, key=lambda limit: abs(limit - figure.num_words)),
            format_func=lambda limit: t("data.num_words.all") if limit == limits[-1] else f"{limit:,}",
            key=scene.key(f"num-words-{name}"),
        )
    )
    reading = read(dataset, "train", figure.row, num_words)
    length = figure.length
    if figure.form == "padded":
        lengths = sorted({*PADDED_LENGTHS, figure.length})
        length = int(
            st.select_slider(
                t("data.padded.length"), lengths, value=figure.length, key=scene.key(f"length-{name}")
            )
        )
    st.html(STYLE)
    kept = reading.kept / max(1, len(reading.words))
    st.caption(
        t(
            "learn.figure.kept",
            kept=f"{reading.kept:,}",
            words=f"{len(reading.words):,}",
            share=f"{kept:.0%}",
            label=names[reading.label],
        )
    )
    if figure.form == "multi_hot":
        taken = places(reading)
        said = t("learn.figure.multi_hot", ones=f"{len(taken):,}", places=f"{num_words:,}")
        show_chart(multi_hot(taken, num_words, t), t, key=scene.key("multi-hot"), alt=said)
        st.caption(said)
    elif figure.form == "padded":
        encoding = PaddedEncoding(num_words=num_words, length=length)
        made = pad_text(reading, encoding, dataset)
        st.html(padded_html(made, encoding.cut, t, name=t("option.encoding.padded")))
        st.html(legend_html(("padding", "start", "unknown"), t))
    else:
        st.html(text_html(reading, t, with_numbers=True, name=t("data.text.one")))
        st.html(legend_html(("start", "unknown"), t))
    return {"kept": kept, "num_words": float(num_words), "length": float(length)}
