"""Softmax and the sigmoid to touch: raw scores on sliders, shares beside them. Needs no network."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from core import presets
from core.analysis.softmax import SoftmaxShare, sigmoid, sigmoid_slope, softmax
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.sigmoid import sigmoid_figure
from dashboard.shared.controls import choose
from dashboard.shared.formats import exact_share, plain
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language, Message

_COUNTS = (2, 3, 4, 5)
#: The two examples of the course, by the name under which the language files have them.
_EXAMPLES: dict[str, tuple[float, ...]] = {"near": (3.1, 3.0, 2.9), "spread": (2.0, 1.0, 0.7)}
_LARGEST = 1000.0
_PLAIN = 10.0  # the largest exponent whose power is shown as it is
_NAMES = "ABCDE"
_UNSURE, _SURE = 0.5, 0.9
#: From here on the sigmoid's slope is less than a twentieth of its largest.
_SATURATED = 0.0125
_REACH = 10.0  # of the sliders; the boxes beside them take more
_STEP = 0.1
_COUNT, _TEMPERATURE = "scores-count", "scores-temperature"
_SIGMOID = "sigmoid"
#: The presets that end in the one and in the other, and need no download.
_PRESETS = {"softmax": ("digits-first-network", "fashion-single-layer"), "sigmoid": ("mini-reviews",)}
#: What a button makes of each score.
_CHANGES: dict[str, Callable[[float], float]] = {
    "add_one": lambda score: score + 1,
    "double": lambda score: 2 * score,
}


def explore_scores(t: Language) -> None:
    """Both, one below the other."""
    _begin()
    _softmax(t)
    _sigmoid(t)


def _key(place: int | str, widget: str = "") -> str:
    return f"scores-{place}{widget}"


def _begin() -> None:
    """The first example lies there on the first visit."""
    for place, score in enumerate((*_EXAMPLES["near"], 0.0, 0.0)):
        _keep(place, st.session_state.get(_key(place), score))
    _keep(_SIGMOID, st.session_state.get(_key(_SIGMOID), 1.0))
    st.session_state.setdefault(_COUNT, len(_EXAMPLES["near"]))
    st.session_state.setdefault(_TEMPERATURE, 1.0)


def _keep(place: int | str, score: float) -> None:
    """A score, in its box and on its slider, which ends earlier."""
    score = round(min(max(score, -_LARGEST), _LARGEST), 4)
    st.session_state[_key(place)] = score
    st.session_state[_key(place, "-box")] = score
    st.session_state[_key(place, "-slider")] = round(min(max(score, -_REACH), _REACH), 4)


# Callbacks: they change what the widgets hold before the page is drawn anew.


def _moved(place: int | str, widget: str) -> None:
    _keep(place, float(st.session_state[_key(place, widget)]))


def _take_example(scores: tuple[float, ...]) -> None:
    st.session_state.update({_COUNT: len(scores), _TEMPERATURE: 1.0})
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
            -_LARGEST,
            _LARGEST,
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
    st.markdown(marked(t("scores.softmax.about"), t))
    with st.container(horizontal=True, gap="small"):
        for name, scores in _EXAMPLES.items():
            st.button(
                t(f"scores.example.{name}", scores=", ".join(f"{score:.1f}" for score in scores)),
                key=f"scores-example-{name}",
                on_click=_take_example,
                args=(scores,),
            )
        for name, change in _CHANGES.items():
            st.button(
                t(f"scores.{name}"),
                key=f"scores-{name.replace('_', '-')}",
                on_click=lambda change=change: _take(tuple(map(change, _scores()))),
                help=t(f"scores.{name}.help"),
            )
    moving, shown = st.columns([5, 6], gap="large")
    with moving:
        count = choose(t("scores.count"), _COUNTS, key=_COUNT, set_by_page=True)
        moved = [_score(place, t("scores.of", name=_NAMES[place]), t) for place in range(count)]
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
        st.html(_share_table(shares, float(temperature), t))
        st.markdown(about_shares(shares).said(t))
        if _is_shifted(shares, float(temperature)):
            st.caption(t("scores.shifted"))
    _leads_to("softmax", t)


@st.fragment
def _sigmoid(t: Language) -> None:
    st.subheader(t("scores.sigmoid"), anchor=False)
    st.markdown(marked(t("scores.sigmoid.about"), t))
    moving, shown = st.columns([5, 6], gap="large")
    with moving:
        score = _score(_SIGMOID, t("scores.score"), t)
        st.markdown(f"#### 1 / (1 + e^(−z)) = {exact_share(sigmoid(score))}")
        summary = about_sigmoid(score).said(t)
        st.markdown(summary)
        st.caption(t("scores.sigmoid.two"))
    with shown:
        show_chart(sigmoid_figure(score, t), t, key="scores-sigmoid-chart", alt=summary, name="sigmoid")
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


# What is said of scores


def about_shares(shares: Sequence[SoftmaxShare]) -> Message:
    """What the shares show."""
    ordered = sorted(shares, key=lambda each: -each.share)
    first, second = ordered[0], ordered[1]
    details = {
        "name": _NAMES[list(shares).index(first)],
        "share": f"{first.share:.1%}",
        "ratio": f"{first.share / second.share:.2f}" if second.share else "\N{INFINITY}",
    }
    if first.score == second.score:
        return Message("scores.about.equal", details)
    if first.share < _UNSURE:
        return Message("scores.about.near", details)
    return Message("scores.about.sure" if first.share >= _SURE else "scores.about.clear", details)


def about_sigmoid(score: float) -> Message:
    """What the sigmoid makes of a score, and whether it is saturated there."""
    slope = sigmoid_slope(score)
    key = "scores.sigmoid.saturated" if slope < _SATURATED else "scores.sigmoid.steep"
    return Message(key, {"value": exact_share(sigmoid(score)), "slope": exact_share(slope)})


def _share_table(shares: Sequence[SoftmaxShare], temperature: float, t: Language) -> str:
    """The way from scores to shares as a table with bars, in HTML; its style is in static/answers.css."""
    shifted = _is_shifted(shares, temperature)
    powers = [each.power if shifted else math.exp(each.score / temperature) for each in shares]
    exponent = f"(z \N{MINUS SIGN} {plain(max(each.score for each in shares))})" if shifted else "z"
    if temperature != 1:
        exponent += f" / {plain(temperature)}"
    heads = [escape(t(f"scores.{head}")) for head in ("class", "score", "share")]
    heads.insert(2, f"e<sup>{exponent}</sup>")
    rows = "".join(
        f'<tr><th scope="row">{_NAMES[place]}</th><td>{plain(each.score)}</td>'
        f"<td>{_power(power)}</td>"
        f'<td><div class="tp-score-share"><b><i style="width:{100 * each.share:.2f}%"></i></b>'
        f"<span>{exact_share(each.share)}</span></div></td></tr>"
        for place, (each, power) in enumerate(zip(shares, powers, strict=True))
    )
    total, label = _power(math.fsum(powers)), escape(t("scores.sum"))
    foot = f'<tr><th scope="row" colspan="2">{label}</th><td>{total}</td><td>1</td></tr>'
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    return (
        f'<table class="tp-scores"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>'
        f"<tfoot>{foot}</tfoot></table>"
    )


def _is_shifted(shares: Sequence[SoftmaxShare], temperature: float) -> bool:
    """Whether powers are shown of scores from which the largest was taken off, for plain ones would be too large."""
    return max(abs(each.score) for each in shares) / temperature > _PLAIN


def _power(value: float) -> str:
    return f"{value:.4f}" if value >= 1 else exact_share(value)
