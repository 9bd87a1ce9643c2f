"""A test image turned, moved, with noise; what the network said before, what it says now."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.datasets import ImageDataset
from core.datasets.distortion import Distortion, Kind, distorted, series
from core.datasets.exploration import Sample, sample
from core.inference.kinds.images import ImageAnswer
from core.run import Run
from dashboard.shared import services
from dashboard.shared.chart import show_chart
from dashboard.shared.controls import choose
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import class_names
from dashboard.shared.samples.sample_html import pixels_html
from dashboard.trying.answering import ask_about, show_decision
from dashboard.trying.answers import (
    KINDS,
    StrengthCurve,
    class_shares,
    how_long_right,
    on_slider,
    said_of,
    strength,
    strength_curve,
    strengths_of,
)
from dashboard.trying.figures import strength_figure
from dashboard.trying.sample_choice import choose_sample, follow_address, row_key, take_row

_SEED = "try-noise-seed"


@st.fragment
def distort_and_ask(run: Run, t: Language) -> None:
    """Choose an image and distort it on one side, the answer on the other; a slider runs only this.

    Raises:
        DataError: If the data are not on this computer.
    """
    dataset = services.image_dataset(run.experiment.dataset)
    names = class_names(dataset.name, t)
    take = partial(take_row, run)
    follow_address(run, dataset, take)
    choosing, images, said = st.columns([4, 3, 4], gap="medium")
    with choosing:
        st.markdown(f"**{t('try.from_test.image')}**", help=t("try.from_test.image.help"))
        choose_sample(run, dataset, names, take, t)
        one = sample(dataset, "test", st.session_state[row_key(run)])
        how = _sliders(dataset, t)
    largest = dataset.facts.max_value
    after = distorted(one.pixels, how, largest)
    with images:
        caption = t("try.image.row", row=f"{one.row:,}", label=names[one.label])
        shown = pixels_html(one.pixels, largest, caption, t)
        if not how.does_nothing:
            shown += pixels_html(after, largest, t("try.image.distorted"), t)
        st.html(f'<div class="tp-pixels-both">{shown}</div>')
    st.subheader(t("try.curve"), anchor=False)
    kind = choose(t("try.curve.kind"), KINDS, lambda each: t(f"try.distort.{each}"), key="try-curve-kind")
    values = strengths_of(kind, dataset.facts).values
    with said:
        ways = series(how, kind, values)
        asked = [one.pixels, after, *(distorted(one.pixels, way, largest) for way in ways)]
        answers = ask_about(asked, run, t, place=f"try-distorted-{run.id}")
        if answers is not None:
            _answer(one, answers[0], None if how.does_nothing else answers[1], names, t)
    if answers is not None:
        curve = strength_curve(kind, values, answers[2:], one.label)
        _curve(run, curve, one.label, getattr(how, kind), names, t)


def _slider_key(kind: Kind, dataset: ImageDataset) -> str:
    return f"try-distort-{kind}-{dataset.name}"


def _sliders(dataset: ImageDataset, t: Language) -> Distortion:
    st.markdown(f"**{t('try.distort')}**")
    found: dict[Kind, float] = {}
    for kind in KINDS:
        range_of = strengths_of(kind, dataset.facts)
        found[kind] = st.slider(
            t(f"try.distort.{kind}"),
            on_slider(kind, range_of.lowest),
            on_slider(kind, range_of.highest),
            0,
            on_slider(kind, range_of.step),
            format=t(f"try.strength.{kind}", value="@").replace("%", "%%").replace("@", "%d"),
            key=_slider_key(kind, dataset),
            persist_state="session",
        )
    with st.container(horizontal=True, gap="small"):
        st.button(
            t("try.distort.other_noise"),
            icon=":material/casino:",
            key="try-other-noise",
            disabled=not found["noise"],
            on_click=_other_noise,
        )
        st.button(
            t("try.distort.reset"),
            icon=":material/restart_alt:",
            key="try-distort-reset",
            disabled=not any(found.values()),
            on_click=_reset,
            args=(dataset,),
        )
    return Distortion(
        degrees=float(found["degrees"]),
        right=int(found["right"]),
        down=int(found["down"]),
        noise=found["noise"] / 100,
        seed=st.session_state.get(_SEED, 0),
    )


def _other_noise() -> None:
    st.session_state[_SEED] = st.session_state.get(_SEED, 0) + 1


def _reset(dataset: ImageDataset) -> None:
    for kind in KINDS:
        st.session_state[_slider_key(kind, dataset)] = 0


def _answer(
    one: Sample, before: ImageAnswer, after: ImageAnswer | None, names: tuple[str, ...], t: Language
) -> None:
    answer = after or before
    show_decision(answer, class_shares(answer, before if after else None), names, t, true=one.label)
    if after:
        label, value = said_of(before, names)
        st.caption(t("try.distort.before", label=escaped(label), value=value))


def _curve(
    run: Run, curve: StrengthCurve, label: int, here: float, names: Sequence[str], t: Language
) -> None:
    summary = how_long_right(curve, label, t).said(t)
    st.markdown(summary)
    show_chart(
        strength_figure(curve, label, names, t, here=here),
        t,
        key="try-curve",
        alt=summary,
        name=f"distorted-{run.id}",
    )
    st.caption(t("try.curve.read", here=strength(curve.kind, here, t)))
