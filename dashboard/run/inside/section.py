"""Inside the network of a run: its first weights, a sample's way through it, its weights by epoch, idle units."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.analysis.classification import predicted_classes
from core.analysis.predictions import class_probabilities
from core.datasets import ImageDataset, TextDataset
from core.datasets.decoded_text import read
from core.errors import StorageError, TurningPointError
from core.experiment import LayerSummary
from core.inference.kinds.activations import ActivationsAnswer, ActivationsRequest, LayerActivation
from core.inference.kinds.first_layer import (
    UNITS_A_PAGE,
    WORD_UNITS_A_PAGE,
    FirstWeightsAnswer,
    FirstWeightsRequest,
    NearestRequest,
)
from core.models.first_layer import FirstLayer, first_layer
from core.recorded import is_recorded
from core.run import Run
from core.training import artifact_names
from dashboard.run.inside import figures, text
from dashboard.run.inside.weights import show_units, show_weights
from dashboard.shared import run_words, services
from dashboard.shared.ask import ask
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.colours import CHANNELS, coloured
from dashboard.shared.controls import choose, fitting, paginate, step
from dashboard.shared.formats import certainty
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language, session_language
from dashboard.shared.markdown import escaped
from dashboard.shared.samples.sample_grid import Tile, picked_row, tile_grid
from dashboard.shared.samples.sample_html import excerpt_html, png_address
from dashboard.shared.theme import stylesheet

_PARTS = ("first", "activations", "weights", "units")
_PICTURES = "inside-pictures"
_MOST_MAPS = 32
# Few pictures with something to see in them are shown larger; widths in rem.
_THIRD = 250  # pixels that one of three figures beside each other is high
_FEW, _SMALL, _LARGE, _USUAL = 16, 7, 8.0, 4.6
STYLE = stylesheet("inside")


def show_inside(run: Run, t: Language) -> None:
    """The parts to choose from, one of which is worked out."""
    st.html(STYLE)
    _show_part(run)


@st.fragment
def _show_part(run: Run) -> None:
    t = session_language()
    parts: tuple[str, ...] = _PARTS
    if is_recorded(run.id):
        st.caption(t("recorded.no_network"))
        drawn = services.artifacts().exists(run.id, artifact_names.FIRST_WEIGHTS)
        parts = ("first", "weights") if drawn else ("weights",)
    part = choose(
        t("inside.part"), parts, lambda one: t(f"inside.part.{one}"), key="inside-part", labelled=False
    )
    show = {
        "first": _show_first,
        "activations": show_activations,
        "weights": show_weights,
        "units": show_units,
    }
    show[part](run, t)


# The first layer


def _show_first(run: Run, t: Language) -> None:
    layer = first_layer(run.experiment)
    st.markdown(text.first_about(layer).said(t))
    if layer.form in ("pictures", "filters", "words"):
        _show_weights(run, layer, t)
    elif layer.form == "vectors" and run.experiment.facts.kind == "text":
        _show_neighbours(run, t)


def _show_weights(run: Run, layer: FirstLayer, t: Language) -> None:
    a_page = WORD_UNITS_A_PAGE if layer.form == "words" else UNITS_A_PAGE
    with paginate(layer.units, a_page, key=f"inside-page-{run.id}") as shown:
        request = FirstWeightsRequest(run.id, shown.start)
        answer = ask(request, t, key="inside-again-first", tell=st.caption)
        if answer is None:
            return
        names = text.unit_names(layer, run_words.class_names(run.experiment.dataset, t), t)
        if layer.form == "words":
            st.html(text.words_html(answer.words, names, answer.largest, t))
            st.caption(t("inside.words.about", largest=f"{answer.largest:.3f}"))
        else:
            _pictures(answer, layer, names, t)
    st.caption(t("inside.epoch", epoch=answer.epoch))


def _pictures(answer: FirstWeightsAnswer, layer: FirstLayer, names: tuple[str, ...], t: Language) -> None:
    if answer.pictures is None:
        return
    pictures = answer.pictures.array()
    sentence = text.strongest_weight(pictures, names, answer.first).said(t)
    if layer.picture[0] == 1 and not layer.in_colours:  # no image, but one weight for each of some features
        show_chart(
            figures.cells(
                pictures[:, 0],
                answer.largest,
                across=t("inside.feature"),
                down=t("inside.unit"),
                square=False,
            ),
            t,
            key="inside-features",
            alt=sentence,
            name=f"weights-{layer.name}",
        )
        st.caption(sentence)
        return
    each = st.toggle(
        t("inside.pictures.own"),
        key="inside-own",
        help=t("inside.pictures.own.help"),
        persist_state="session",
    )
    tiles = []
    for place, picture in enumerate(pictures):
        name = names[answer.first + place]
        reach = float(np.abs(picture).max()) if each else answer.largest
        about = text.picture_about(picture, name).said(t)
        tiles.append(Tile(answer.first + place, text.painted(picture, reach), (name,), about))
    scale = text.lights_scale_html if layer.in_colours else text.scale_html
    st.html(scale(None if each else answer.largest, t))
    width = _LARGE if len(tiles) <= _FEW and min(layer.picture) > _SMALL else _USUAL
    picked = _picture_grid(tiles, t("inside.pictures.label"), key=_PICTURES, width=width)
    st.caption(f"{sentence} {t('inside.pictures.open')}")
    if picked is not None:
        picture, name = pictures[picked - answer.first], names[picked]
        st.markdown(f"**{escaped(name)}**")
        about, largest = text.picture_about(picture, name).said(t), float(np.abs(picture).max())
        file = f"weights-{layer.name}-{picked}"
        if layer.in_colours:
            _channels(picture, largest, t, alt=about, name=file)
        else:
            _enlarged(picture, largest, t, key="inside-picture", alt=about, name=file)


def _channels(picture: NDArray[np.floating], largest: float, t: Language, *, alt: str, name: str) -> None:
    """The weights of each of the three colours by their signs, on one scale."""
    for place, (column, colour) in enumerate(zip(st.columns(len(CHANNELS)), CHANNELS, strict=True)):
        said = t(f"data.channel.{colour}")
        with column:
            st.caption(said)
            _enlarged(
                picture[..., place],
                largest,
                t,
                key=f"inside-picture-{colour}",
                alt=f"{alt} · {said}",
                name=f"{name}-{colour}",
                height=_THIRD,
            )


def _picture_grid(tiles: Sequence[Tile], label: str, *, key: str, width: float = _USUAL) -> int | None:
    """Small pictures to press; the row of the one that is picked, until it is pressed again."""
    picked = st.session_state.get(key)

    def pick() -> None:
        pressed = picked_row(f"{key}-grid")
        st.session_state[key] = None if pressed == picked else pressed

    tile_grid(tiles, label, largest=255, picked=picked, key=f"{key}-grid", on_pick=pick, width=width)
    return picked if picked in [tile.row for tile in tiles] else None


def _enlarged(
    picture: NDArray[np.floating],
    largest: float,
    t: Language,
    *,
    key: str,
    alt: str,
    name: str,
    height: int | None = None,
) -> None:
    figure = figures.cells(picture, largest, across=t("inside.column"), down=t("inside.row"))
    if height is not None:
        figure.layout.height = height
    with st.container(width=460):
        show_chart(figure, t, key=key, alt=alt, name=name)


# An Embedding


def _show_neighbours(run: Run, t: Language) -> None:
    try:
        vocabulary = services.text_dataset(run.experiment.dataset).vocabulary
    except TurningPointError as error:
        st.caption(t.error(error))
        return
    key = f"inside-word-{run.id}"
    if key not in st.session_state:
        st.session_state[key] = text.first_word(vocabulary, run.experiment.text_encoding.num_words)
    word = st.text_input(
        t("inside.word"),
        key=key,
        max_chars=60,
        help=t("inside.word.help"),
        persist_state="session",
        width=320,
    )
    answer = ask(NearestRequest(run.id, word or ""), t, key="inside-again-nearest", tell=st.caption)
    if answer is None:
        return
    near = ", ".join(escaped(one.word) for one in answer.neighbours[:5])
    sentence = t("inside.nearest", word=escaped(answer.word), words=near)
    st.markdown(sentence)
    show_chart(
        figures.near_words(answer.neighbours, t), t, key="inside-nearest", alt=sentence, name=f"near-{run.id}"
    )
    st.caption(t("inside.epoch", epoch=answer.epoch))


# A sample on its way through the layers


def show_activations(run: Run, t: Language) -> None:
    """Choose a sample, see it, and what each layer makes of it."""
    if run.is_sealed:
        st.info(t("seal.no_samples"), icon=":material/lock:")
        return
    try:
        dataset = services.dataset(run.experiment.dataset)
    except TurningPointError as error:
        st.caption(t.error(error))
        return
    st.markdown(marked(t("inside.activations.about"), t))
    row = _choose_sample(run, dataset, t)
    answer = ask(ActivationsRequest(run.id, row), t, key="inside-again-activations", tell=st.caption)
    if answer is None:
        return
    names = run_words.class_names(run.experiment.dataset, t)
    _show_sample(run, dataset, answer, names, t)
    for place, (summary, layer) in enumerate(zip(run.experiment.summary.rows, answer.layers, strict=True)):
        with st.container(border=True):
            _show_layer(place, summary, layer, names, is_last=place == len(answer.layers) - 1, t=t)
    st.caption(t("inside.epoch", epoch=answer.epoch))


def _choose_sample(run: Run, dataset: ImageDataset | TextDataset, t: Language) -> int:
    """Which sample, by number, one after the other, or any."""
    key, only = f"inside-row-{run.id}", "inside-mistakes"
    last = len(dataset.y_test) - 1
    here = min(int(st.session_state.get(key) or 0), last)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            t("inside.sample", last=f"{last:,}"), 0, last, key=key, width=200, persist_state="session"
        )
        rows = _fitting(run, dataset, mistakes=bool(st.session_state.get(only)))
        step(rows, here, partial(_go_to, key), t, key="inside")
        st.toggle(t("inside.sample.mistakes"), key=only, persist_state="session")
    return here


def _go_to(key: str, row: int) -> None:
    st.session_state[key] = row


def _fitting(run: Run, dataset: ImageDataset | TextDataset, *, mistakes: bool) -> np.ndarray:
    probabilities = None
    if mistakes:
        with suppress(StorageError):
            probabilities = services.test_probabilities(run.id)
    return fitting(dataset.y_test, probabilities, mistakes=mistakes)


def _show_sample(
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


def _show_layer(
    place: int,
    summary: LayerSummary,
    layer: LayerActivation,
    names: tuple[str, ...],
    *,
    is_last: bool,
    t: Language,
) -> None:
    st.markdown(f"**{text.layer_title(place, summary, t)}**")
    nothing = text.passes_on(summary)
    if nothing is not None:
        st.caption(nothing.said(t))
        return
    sentence = text.layer_sentence(layer).said(t)
    values = layer.values.array()
    if values.ndim == 3:
        _maps(summary.name, layer, values, t)
    elif values.size > 1:
        if values.ndim == 2:
            largest = max(abs(layer.lowest), abs(layer.highest))
            figure = figures.cells(
                values.T, largest, across=t("inside.step"), down=t("inside.feature"), square=False
            )
        else:
            classes = names if is_last and len(names) == len(values) else ()
            figure = figures.units(values, t, names=classes)
        show_chart(figure, t, key=f"inside-layer-{place}", alt=sentence, name=f"activations-{summary.name}")
    st.caption(sentence)


def _maps(name: str, layer: LayerActivation, values: np.ndarray, t: Language) -> None:
    """Feature maps, one picture a channel; the one that is pressed is enlarged."""
    largest = max(abs(layer.lowest), abs(layer.highest))
    key = f"inside-maps-{name}"
    shown, word = values[..., :_MOST_MAPS], t("inside.filter")
    tiles = [
        Tile(channel, coloured(shown[..., channel], largest), (str(channel),), f"{word} {channel}")
        for channel in range(shown.shape[-1])
    ]
    st.html(text.scale_html(largest, t))
    picked = _picture_grid(tiles, t("inside.maps.label"), key=key)
    if len(tiles) < layer.shape[-1]:
        st.caption(t("inside.maps.some", shown=len(tiles), total=layer.shape[-1]))
    if picked is not None:
        map_name = f"map-{name}-{picked}"
        _enlarged(shown[..., picked], largest, t, key=f"{key}-picture", alt=f"{word} {picked}", name=map_name)
