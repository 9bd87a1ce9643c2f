"""Inside the network of a run: its first weights, a sample's way through it, its weights by epoch, idle units."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.errors import TurningPointError
from core.inference.kinds.first_layer import (
    UNITS_A_PAGE,
    WORD_UNITS_A_PAGE,
    FirstWeightsAnswer,
    FirstWeightsRequest,
    NearestRequest,
)
from core.models.first_layer import FirstLayer, first_layer
from core.run import Run
from dashboard.run.inside import figures, text
from dashboard.run.inside.activations import show_activations
from dashboard.run.inside.weights import show_units, show_weights
from dashboard.shared import run_words, services
from dashboard.shared.ask import ask
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.colours import coloured
from dashboard.shared.controls import choose, paginate
from dashboard.shared.language import Language, session_language
from dashboard.shared.markdown import escaped
from dashboard.shared.samples.sample_grid import Tile, picked_row, tile_grid
from dashboard.shared.theme import stylesheet

_PARTS = ("first", "activations", "weights", "units")
_PICTURES = "inside-pictures"
# Few pictures with something to see in them are shown larger; widths in rem.
_FEW, _SMALL, _LARGE, _USUAL = 16, 7, 8.0, 4.6
STYLE = stylesheet("inside")


def show_inside(run: Run, t: Language) -> None:
    """The parts to choose from, one of which is worked out."""
    st.html(STYLE)
    _show_part(run)


@st.fragment
def _show_part(run: Run) -> None:
    t = session_language()
    part = choose(
        t("inside.part"), _PARTS, lambda one: t(f"inside.part.{one}"), key="inside-part", labelled=False
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
    st.markdown(t(f"inside.first.{layer.form}", layer=layer.name, units=f"{layer.units:,}"))
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
    told = text.strongest_weight(pictures, names, answer.first).said(t)
    if layer.picture[0] == 1:  # no image, but one weight for each of some features
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
            alt=told,
            name=f"weights-{layer.name}",
        )
        st.caption(told)
        return
    each = st.toggle(
        t("inside.pictures.own"),
        key="inside-own",
        help=t("inside.pictures.own.help"),
        persist_state="session",
    )
    picked = st.session_state.get(_PICTURES)
    tiles = []
    for place, picture in enumerate(pictures):
        name = names[answer.first + place]
        reach = float(np.abs(picture).max()) if each else answer.largest
        about = text.picture_about(picture, name).said(t)
        tiles.append(Tile(answer.first + place, coloured(picture, reach), (name,), about))
    st.html(text.scale_html(None if each else answer.largest, t))
    tile_grid(
        tiles,
        t("inside.pictures.label"),
        largest=255,
        picked=picked,
        key=f"{_PICTURES}-grid",
        on_pick=_pick,
        width=_LARGE if len(tiles) <= _FEW and min(layer.picture) > _SMALL else _USUAL,
    )
    st.caption(f"{told} {t('inside.pictures.open')}")
    if picked is not None and 0 <= picked - answer.first < len(pictures):
        picture = pictures[picked - answer.first]
        st.markdown(f"**{escaped(names[picked])}**")
        with st.container(width=460):
            show_chart(
                figures.cells(
                    picture, float(np.abs(picture).max()), across=t("inside.column"), down=t("inside.row")
                ),
                t,
                key="inside-picture",
                alt=text.picture_about(picture, names[picked]).said(t),
                name=f"weights-{layer.name}-{picked}",
            )


def _pick() -> None:
    pressed = picked_row(f"{_PICTURES}-grid")
    st.session_state[_PICTURES] = None if pressed == st.session_state.get(_PICTURES) else pressed


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
    told = t(
        "inside.nearest", word=escaped(answer.word), words=", ".join(w.word for w in answer.neighbours[:5])
    )
    st.markdown(told)
    show_chart(
        figures.near_words(answer.neighbours, t), t, key="inside-nearest", alt=told, name=f"near-{run.id}"
    )
    st.caption(t("inside.epoch", epoch=answer.epoch))
