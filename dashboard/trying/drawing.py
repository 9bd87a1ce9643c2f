"""Drawing for a network: the pad, the pixels that the network gets, and what it says while one draws."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.catalog import Drawing
from core.datasets.drawing import Grey, as_drawn, as_in_set, filled, from_bits
from core.errors import DrawingError
from core.run import Run
from dashboard.shared.controls import choose
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import class_names
from dashboard.shared.samples.sample_html import pixels_html
from dashboard.trying.answering import ask_about, show_decision
from dashboard.trying.answers import class_shares, decision, said_of
from dashboard.trying.drawing_pad import drawing_pad, sent_by

_WAYS = ("centred", "drawn")


@st.fragment
def draw_and_ask(run: Run, pen: Drawing, t: Language) -> None:
    """The pad on one side, the answer on the other; each change of the drawing runs only this."""
    key = f"try-pad-{run.id}"
    dataset = run.experiment.dataset
    pad, seen, said = st.columns([4, 3, 4], gap="medium")
    # Above the pad, for on a phone the answer itself stands below it, out of sight of whoever draws.
    # It never changes its height: the pad must not move below a pen.
    above = pad.container(key="try-answer-above")
    taken = ""
    with seen:
        way, fill = _choices(pen.outlines, t)
    try:
        drawing = _drawing(sent_by(key).bits, fill)
        images = {"centred": as_in_set(drawing, dataset), "drawn": as_drawn(drawing, dataset)}
    except DrawingError as error:
        with said:
            st.info(t.error(error), icon=":material/draw:")
    else:
        with seen:
            _pixels(images[way], run, way, t)
        with said:
            taken = _answer(run, images, way, t)
    above.html(f'<p class="tp-answer-short" aria-hidden="true">{escape(taken) or "&nbsp;"}</p>')
    # Last, for it says that this drawing is answered: the pad sends what was drawn since, and never two at once.
    with pad:
        drawing_pad(t, name=key, width=pen.pen, key=key)
        st.caption(t(f"try.draw.about.{dataset}"))


def _drawing(content: object, fill: bool) -> Grey:
    """What the pad sent; one that was never touched is as empty as one that was cleared."""
    if content is None:
        raise DrawingError("drawing_empty")
    drawing = from_bits(content)
    return filled(drawing) if fill else drawing


def _choices(outlines: bool, t: Language) -> tuple[str, bool]:
    """How the drawing becomes pixels, and whether outlines are filled."""
    way = choose(
        t("try.draw.way"),
        _WAYS,
        lambda each: t(f"try.draw.{each}"),
        key="try-draw-way",
        help=t("try.draw.way.help"),
    )
    fill = outlines and st.toggle(
        t("try.draw.fill"), value=True, key="try-draw-fill", persist_state="session"
    )
    return way, fill


def _pixels(image: Grey, run: Run, way: str, t: Language) -> None:
    height, width = image.shape
    facts = run.experiment.facts
    st.html(pixels_html(image, facts.max_value, t("try.pixels.seen", height=height, width=width), t))
    st.caption(t(f"try.draw.how.{facts.name}") if way == "centred" else t("try.draw.how.drawn"))


def _answer(run: Run, images: dict[str, Grey], way: str, t: Language) -> str:
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
