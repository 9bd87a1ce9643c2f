"""A sample of the test set on its way through the layers of a network."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import numpy as np
import streamlit as st

from core.analysis.classification import predicted_classes
from core.analysis.predictions import class_probabilities
from core.datasets import ImageDataset, TextDataset
from core.datasets.decoded_text import read
from core.errors import StorageError, TurningPointError
from core.experiment import LayerSummary
from core.inference.kinds.activations import ActivationsAnswer, ActivationsRequest, LayerActivation
from core.run import Run
from dashboard.run.inside import figures, text
from dashboard.shared import run_words, services
from dashboard.shared.ask import ask
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.colours import coloured
from dashboard.shared.controls import fitting, step
from dashboard.shared.formats import certainty
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.samples.sample_grid import Tile, picked_row, tile_grid
from dashboard.shared.samples.sample_html import excerpt_html, png_address

_MOST_MAPS = 32


def show_activations(run: Run, t: Language) -> None:
    """Choose a sample, see it, and what each layer makes of it."""
    try:
        dataset = services.dataset(run.experiment.dataset)
    except TurningPointError as error:
        st.caption(t.error(error))
        return
    st.markdown(t("inside.activations.about"))
    row = _choose(run, dataset, t)
    answer = ask(ActivationsRequest(run.id, row), t, key="inside-again-activations", tell=st.caption)
    if answer is None:
        return
    names = run_words.class_names(run.experiment.dataset, t)
    _input(run, dataset, answer, names, t)
    for place, (layer, told) in enumerate(zip(run.experiment.summary.rows, answer.layers, strict=True)):
        with st.container(border=True):
            _layer(place, layer, told, names, is_last=place == len(answer.layers) - 1, t=t)
    st.caption(t("inside.epoch", epoch=answer.epoch))


def _choose(run: Run, dataset: ImageDataset | TextDataset, t: Language) -> int:
    """Which sample, by number, one after the other, or any."""
    key, only = f"inside-row-{run.id}", "inside-mistakes"
    last = len(dataset.y_test) - 1
    here = min(int(st.session_state.get(key) or 0), last)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            t("inside.sample", last=f"{last:,}"), 0, last, key=key, width=200, persist_state="session"
        )
        rows = _fitting(run, dataset, mistakes=bool(st.session_state.get(only)))
        step(rows, here, partial(_go, key), t, key="inside")
        st.toggle(t("inside.sample.mistakes"), key=only, persist_state="session")
    return here


def _go(key: str, row: int) -> None:
    st.session_state[key] = row


def _fitting(run: Run, dataset: ImageDataset | TextDataset, *, mistakes: bool) -> np.ndarray:
    probabilities = None
    if mistakes:
        with suppress(StorageError):
            probabilities = services.test_probabilities(run.id)
    return fitting(dataset.y_test, probabilities, mistakes=mistakes)


def _input(
    run: Run,
    dataset: ImageDataset | TextDataset,
    answer: ActivationsAnswer,
    names: tuple[str, ...],
    t: Language,
) -> None:
    """The sample, what it is and what the network takes it for."""
    probabilities = answer.layers[-1].values.array()[np.newaxis]
    taken = int(predicted_classes(probabilities)[0])
    sure = float(class_probabilities(probabilities)[0, taken])
    picture, words = st.columns([1, 3], vertical_alignment="center")
    with picture if isinstance(dataset, ImageDataset) else st.container():
        if isinstance(dataset, ImageDataset):
            source = png_address(np.asarray(dataset.x_test[answer.row]), dataset.facts.max_value)
            alt = t("data.grid.sample", name=names[answer.label], row=f"{answer.row:,}")
            st.html(f'<img class="tp-input" src="{source}" alt="{alt}">')
        else:
            reading = read(dataset, "test", answer.row, run.experiment.text_encoding.num_words)
            st.html(excerpt_html(reading, t))
    with words if isinstance(dataset, ImageDataset) else st.container():
        st.markdown(t("try.decision", label=f"**{escaped(names[taken])}**", value=certainty(sure)))
        right = "try.right" if taken == answer.label else "try.wrong"
        st.markdown(t(right, label=escaped(names[answer.label])))


def _layer(
    place: int,
    row: LayerSummary,
    layer: LayerActivation,
    names: tuple[str, ...],
    *,
    is_last: bool,
    t: Language,
) -> None:
    st.markdown(f"**{text.layer_title(place, row, t)}**")
    nothing = text.passes_on(row)
    if nothing is not None:
        st.caption(nothing.said(t))
        return
    told = text.layer_sentence(layer).said(t)
    values = layer.values.array()
    if values.ndim == 3:
        _maps(row.name, layer, values, t)
    elif values.size > 1:
        if values.ndim == 2:
            largest = max(abs(layer.lowest), abs(layer.highest))
            figure = figures.cells(
                values.T, largest, across=t("inside.step"), down=t("inside.feature"), square=False
            )
        else:
            classes = names if is_last and len(names) == len(values) else ()
            figure = figures.units(values, t, names=classes)
        show_chart(figure, t, key=f"inside-layer-{place}", alt=told, name=f"activations-{row.name}")
    st.caption(told)


def _maps(name: str, layer: LayerActivation, values: np.ndarray, t: Language) -> None:
    """Feature maps, one picture a channel; the one that is pressed is enlarged."""
    largest = max(abs(layer.lowest), abs(layer.highest))
    key = f"inside-maps-{name}"
    shown = values[..., :_MOST_MAPS]
    picked = st.session_state.get(key)
    tiles = [
        Tile(
            channel,
            coloured(shown[..., channel], largest),
            (str(channel),),
            f"{t('inside.filter')} {channel}",
        )
        for channel in range(shown.shape[-1])
    ]

    def pick() -> None:
        pressed = picked_row(f"{key}-grid")
        st.session_state[key] = None if pressed == picked else pressed

    st.html(text.scale_html(largest, t))
    tile_grid(tiles, t("inside.maps.label"), largest=255, picked=picked, key=f"{key}-grid", on_pick=pick)
    if shown.shape[-1] < layer.shape[-1]:
        st.caption(t("inside.maps.some", shown=shown.shape[-1], total=layer.shape[-1]))
    if picked is not None and picked < shown.shape[-1]:
        with st.container(width=460):
            show_chart(
                figures.cells(shown[..., picked], largest, across=t("inside.column"), down=t("inside.row")),
                t,
                key=f"{key}-picture",
                alt=f"{t('inside.filter')} {picked}",
                name=f"map-{name}-{picked}",
            )
