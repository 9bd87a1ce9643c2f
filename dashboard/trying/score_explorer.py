"""Softmax and the sigmoid to touch: raw scores on sliders, shares beside them. Needs no network."""

from __future__ import annotations

import streamlit as st

from core import presets
from core.analysis.softmax import sigmoid, softmax
from dashboard.shared.charts.chart_config import chart_config
from dashboard.shared.formats import exact_share
from dashboard.shared.language import Language
from dashboard.trying.scores import (
    EXAMPLES,
    FEWEST,
    LARGEST,
    MOST,
    about_shares,
    about_sigmoid,
    is_shifted,
    name_of_score,
    share_table,
)
from dashboard.trying.sigmoid import sigmoid_figure

SHOW, SCORES = "show", "scores"
_REACH = 10.0  # of the sliders; the boxes beside them take more
_STEP = 0.1
_COUNT, _TEMPERATURE = "scores-count", "scores-temperature"
_SIGMOID = "sigmoid"
#: The presets that end in the one and in the other, and need no download.
_PRESETS = {"softmax": ("digits-first-network", "fashion-single-layer"), "sigmoid": ("mini-reviews",)}


def explore_scores(t: Language) -> None:
    """Both, one below the other."""
    _begin()
    _softmax(t)
    _sigmoid(t)


def _key(place: int | str, widget: str = "") -> str:
    return f"scores-{place}{widget}"


def _begin() -> None:
    """The first example lies there on the first visit."""
    for place, score in enumerate((*EXAMPLES["near"], 0.0, 0.0)):
        _keep(place, st.session_state.get(_key(place), score))
    _keep(_SIGMOID, st.session_state.get(_key(_SIGMOID), 1.0))
    st.session_state.setdefault(_COUNT, len(EXAMPLES["near"]))
    st.session_state.setdefault(_TEMPERATURE, 1.0)


def _keep(place: int | str, score: float) -> None:
    """A score, in its box and on its slider, which ends earlier."""
    score = round(min(max(score, -LARGEST), LARGEST), 4)
    st.session_state[_key(place)] = score
    st.session_state[_key(place, "-box")] = score
    st.session_state[_key(place, "-slider")] = round(min(max(score, -_REACH), _REACH), 4)


# Callbacks: they change what the widgets hold before the page is drawn anew.


def _moved(place: int | str, widget: str) -> None:
    _keep(place, float(st.session_state[_key(place, widget)]))


def _take_example(scores: tuple[float, ...]) -> None:
    st.session_state[_COUNT] = len(scores)
    st.session_state[_TEMPERATURE] = 1.0
    _take(scores)


def _take(scores: tuple[float, ...]) -> None:
    for place, score in enumerate(scores):
        _keep(place, score)


def _scores() -> tuple[float, ...]:
    return tuple(st.session_state[_key(place)] for place in range(st.session_state[_COUNT]))


def _score(place: int | str, label: str, t: Language) -> float:
    """A score to be moved or typed."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.slider(
            label,
            -_REACH,
            _REACH,
            step=_STEP,
            format="%.1f",
            key=_key(place, "-slider"),
            on_change=_moved,
            args=(place, "-slider"),
        )
        st.number_input(
            t("scores.exact", name=label),
            -LARGEST,
            LARGEST,
            step=_STEP,
            format="%g",
            key=_key(place, "-box"),
            on_change=_moved,
            args=(place, "-box"),
            label_visibility="collapsed",
            width=130,
        )
    return float(st.session_state[_key(place)])


@st.fragment
def _softmax(t: Language) -> None:
    st.subheader(t("scores.softmax"), anchor=False)
    st.markdown(t("scores.softmax.about"))
    with st.container(horizontal=True, gap="small"):
        for name, scores in EXAMPLES.items():
            st.button(
                t(f"scores.example.{name}", scores=", ".join(f"{score:.1f}" for score in scores)),
                key=f"scores-example-{name}",
                on_click=_take_example,
                args=(scores,),
            )
        st.button(
            t("scores.add_one"),
            key="scores-add-one",
            on_click=lambda: _take(tuple(score + 1 for score in _scores())),
            help=t("scores.add_one.help"),
        )
        st.button(
            t("scores.double"),
            key="scores-double",
            on_click=lambda: _take(tuple(2 * score for score in _scores())),
            help=t("scores.double.help"),
        )
    moving, shown = st.columns([5, 6], gap="large")
    with moving:
        count = st.segmented_control(t("scores.count"), range(FEWEST, MOST + 1), key=_COUNT, required=True)
        moved = [
            _score(place, t("scores.of", name=name_of_score(place)), t) for place in range(count or FEWEST)
        ]
        temperature = st.slider(
            t("scores.temperature"),
            0.1,
            10.0,
            step=0.1,
            key=_TEMPERATURE,
            help=t("scores.temperature.help"),
        )
    shares = softmax(moved, float(temperature))
    with shown:
        st.html(share_table(shares, float(temperature), t))
        st.markdown(about_shares(shares).said(t))
        if is_shifted(shares, float(temperature)):
            st.caption(t("scores.shifted"))
    _leads_to("softmax", t)


@st.fragment
def _sigmoid(t: Language) -> None:
    st.subheader(t("scores.sigmoid"), anchor=False)
    st.markdown(t("scores.sigmoid.about"))
    moving, shown = st.columns([5, 6], gap="large")
    with moving:
        score = _score(_SIGMOID, t("scores.score"), t)
        st.markdown(f"#### 1 / (1 + e^(−z)) = {exact_share(sigmoid(score))}")
        summary = about_sigmoid(score).said(t)
        st.markdown(summary)
        st.caption(t("scores.sigmoid.two"))
    with shown:
        st.plotly_chart(
            sigmoid_figure(score, t),
            key="scores-sigmoid-chart",
            config=chart_config(t, name="sigmoid"),
            alt=summary,
        )
    _leads_to("sigmoid", t)


def _leads_to(function: str, t: Language) -> None:
    """Presets whose networks end in this."""
    st.caption(t(f"scores.presets.{function}"))
    with st.container(horizontal=True, gap="small"):
        for preset in _PRESETS[function]:
            st.page_link(
                "lab/page.py",
                label=t(f"preset.{preset}.title"),
                icon=":material/science:",
                query_params={presets.PRESET: preset},
                width="content",
            )
