"""An image for a network: drawn, or taken from the test set and distorted; and what the network says of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from core.catalog import Drawing
from core.datasets import ImageDataset
from core.datasets.distortion import Distortion, Kind, distorted, series
from core.datasets.drawing import Grey, as_drawn, as_in_set, filled, from_bits
from core.datasets.exploration import Sample, sample
from core.errors import DrawingError
from core.inference.kinds.images import ImageAnswer
from core.run import Run
from dashboard.shared import services
from dashboard.shared.chart import show_chart
from dashboard.shared.controls import choose
from dashboard.shared.drawing_pad import drawing_pad, sent_by
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import class_names
from dashboard.shared.samples.sample_html import pixels_html
from dashboard.trying.answers import (
    KINDS,
    StrengthCurve,
    class_shares,
    decision,
    how_long_right,
    on_slider,
    said_of,
    strength,
    strength_curve,
    strengths_of,
)
from dashboard.trying.asking import (
    ROW,
    ask_about,
    choose_sample,
    follow_address,
    row_key,
    show_decision,
    take_row,
)
from dashboard.trying.figures import strength_figure

_WAYS, _WAY = ("draw", "sample"), "try-image-way"
_PREPARED = ("centred", "drawn")
_SEED = "try-noise-seed"


def ask_about_image(run: Run, t: Language) -> None:
    """Draw an image, or take one from the test set; an address that names a test image opens the second.

    Only the second, where nobody can draw for the data set; only the first while the test result is sealed.
    """
    drawing = run.experiment.facts.drawing
    if run.is_sealed:
        st.info(t("seal.no_samples"), icon=":material/lock:")
        if drawing is not None:
            _draw_and_ask(run, drawing, t)
        return
    if drawing is None:
        kind = "colour" if run.experiment.facts.channels > 1 else "grey"
        st.caption(f":material/draw: {t(f'try.no_drawing.{kind}')}")
        _distort_and_ask(run, t)
        return
    if ROW.name in st.query_params:
        st.session_state[_WAY] = "sample"
    st.session_state.setdefault(_WAY, _WAYS[0])
    way = choose(
        t("try.image.way"),
        _WAYS,
        lambda each: t(f"try.image.{each}"),
        key=_WAY,
        set_by_page=True,
        labelled=False,
        on_change=lambda: ROW.set(None),
    )
    if way == "sample":
        _distort_and_ask(run, t)
    else:
        _draw_and_ask(run, drawing, t)


# A drawing


@st.fragment
def _draw_and_ask(run: Run, pen: Drawing, t: Language) -> None:
    """The pad on one side, the answer on the other; each change of the drawing runs only this."""
    key = f"try-pad-{run.id}"
    dataset = run.experiment.dataset
    pad, seen, said = st.columns([4, 3, 4], gap="medium")
    # Above the pad, for on a phone the answer itself stands below it, out of sight of whoever draws.
    # It never changes its height: the pad must not move below a pen.
    above = pad.container(key="try-answer-above")
    taken = ""
    with seen:
        way, fill = _choose_preparation(pen.outlines, t)
    try:
        drawing = _drawing(sent_by(key).bits, fill)
        images = {"centred": as_in_set(drawing, dataset), "drawn": as_drawn(drawing, dataset)}
    except DrawingError as error:
        with said:
            st.info(t.error(error), icon=":material/draw:")
    else:
        with seen:
            _show_pixels(images[way], run, way, t)
        with said:
            taken = _answer_drawing(run, images, way, t)
    above.html(f'<p class="tp-answer-short" aria-hidden="true">{escape(taken) or "&nbsp;"}</p>')
    # Last, for it says that this drawing is answered: the pad sends what was drawn since, and never two at once.
    with pad:
        drawing_pad(t, name=key, width=pen.pen, key=key)
        about = f"try.draw.about.{dataset}"
        st.caption(t(about if t.has(about) else "try.draw.about.own"))


def _drawing(content: object, fill: bool) -> Grey:
    """What the pad sent; one that was never touched is as empty as one that was cleared."""
    if content is None:
        raise DrawingError("drawing_empty")
    drawing = from_bits(content)
    return filled(drawing) if fill else drawing


def _choose_preparation(outlines: bool, t: Language) -> tuple[str, bool]:
    """How the drawing becomes pixels, and whether outlines are filled."""
    way = choose(
        t("try.draw.way"),
        _PREPARED,
        lambda each: t(f"try.draw.{each}"),
        key="try-draw-way",
        help=t("try.draw.way.help"),
    )
    fill = outlines and st.toggle(
        t("try.draw.fill"), value=True, key="try-draw-fill", persist_state="session"
    )
    return way, fill


def _show_pixels(image: Grey, run: Run, way: str, t: Language) -> None:
    height, width = image.shape
    facts = run.experiment.facts
    st.html(pixels_html(image, facts.max_value, t("try.pixels.seen", height=height, width=width), t))
    if way != "centred":
        how = "try.draw.how.drawn"
    elif facts.own and facts.drawing is not None:
        how = f"try.draw.how.own.{facts.drawing.way}"
    else:
        how = f"try.draw.how.{facts.name}"
    st.caption(t(how))


def _answer_drawing(run: Run, images: dict[str, Grey], way: str, t: Language) -> str:
    """Show what the network says of both ways; returns it in short, or "" if it says nothing."""
    answers = ask_about(list(images.values()), run, t, place=f"try-drawing-{run.id}")
    if answers is None:
        return ""
    names = class_names(run.experiment.dataset, t)
    by_way = dict(zip(images, answers, strict=True))
    answer, direction = by_way.pop(way), next(iter(by_way))
    other = by_way[direction]
    show_decision(answer, class_shares(answer), names, t)
    label, value = said_of(other, names)
    same = "same" if decision(other) == decision(answer) else "other"
    st.caption(t(f"try.draw.{same}.{direction}", label=escaped(label), value=value))
    st.caption(t("try.draw.must_choose", count=len(names)))
    label, value = said_of(answer, names)
    return t("try.decision", label=label, value=value)


# An image of the test set


@st.fragment
def _distort_and_ask(run: Run, t: Language) -> None:
    """Choose an image and distort it on one side, the answer on the other; a slider runs only this."""
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
            _answer_distorted(one, answers[0], None if how.does_nothing else answers[1], names, t)
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


def _answer_distorted(
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
