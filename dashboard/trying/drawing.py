"""Drawing for a network: the pad, the pixels that the network gets, and what it says while one draws."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import streamlit as st

from core.datasets.drawing import Grey, as_drawn, as_in_set, filled, from_bits
from core.errors import DrawingError
from core.inference.questions import ImageAnswer, ImagesRequest
from core.run import Run
from dashboard.shared.ask import ask
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import class_names
from dashboard.shared.samples.pixel_html import pixels_html
from dashboard.trying.answer_html import answer_bars
from dashboard.trying.drawing_pad import drawing_pad, sent_by
from dashboard.trying.image_answers import each_answer, pixels_of, said_of
from dashboard.trying.text_answers import class_shares, decision

_WAYS = ("centred", "drawn")
#: How wide the pen is at first, in pixels of the pad: strokes then are about as thick as those of the set.
PEN = {"mnist": 12, "digits": 15, "fashion_mnist": 8}
_GARMENTS = "fashion_mnist"


@dataclass(frozen=True)
class Asked:
    """The last question about a drawing, and what came of it.

    Attributes:
        question: The drawing as it would stand in the data set, and as it was drawn.
        answers: What the network says of each.
    """

    question: ImagesRequest
    answers: tuple[ImageAnswer, ...]


@st.fragment
def draw_and_ask(run: Run, t: Language) -> None:
    """The pad on one side, the answer on the other; each change of the drawing runs only this."""
    key = f"try-pad-{run.id}"
    dataset = run.experiment.dataset
    pad, seen, said = st.columns([4, 3, 4], gap="medium")
    # Above the pad, for on a phone the answer itself stands below it, out of sight of whoever draws.
    # It never changes its height: the pad must not move below a pen.
    above = pad.container(key="try-answer-above")
    taken = ""
    with seen:
        way, fill = _choices(dataset, t)
    try:
        drawing = _drawing(sent_by(key).bits, fill)
        centred, drawn = as_in_set(drawing, dataset), as_drawn(drawing, dataset)
    except DrawingError as error:
        with said:
            st.info(t.error(error), icon=":material/draw:")
    else:
        with seen:
            _pixels(centred if way == "centred" else drawn, run, way, t)
        with said:
            taken = _answer(run, centred, drawn, way, t)
    above.html(f'<p class="tp-answer-short" aria-hidden="true">{escape(taken) or "&nbsp;"}</p>')
    # Last, for it says that this drawing is answered: the pad sends what was drawn since, and never two at once.
    with pad:
        drawing_pad(t, name=key, width=PEN[dataset], key=key)
        st.caption(t(f"try.draw.about.{dataset}"))


def _drawing(content: object, fill: bool) -> Grey:
    """What the pad sent; one that was never touched is as empty as one that was cleared."""
    if content is None:
        raise DrawingError("drawing_empty")
    drawing = from_bits(content)
    return filled(drawing) if fill else drawing


def _choices(dataset: str, t: Language) -> tuple[str, bool]:
    """How the drawing becomes pixels, and whether outlines are filled."""
    way = st.segmented_control(
        t("try.draw.way"),
        _WAYS,
        default=_WAYS[0],
        required=True,
        format_func=lambda each: t(f"try.draw.{each}"),
        key="try-draw-way",
        persist_state="session",
        help=t("try.draw.way.help"),
    )
    fill = dataset == _GARMENTS and st.toggle(
        t("try.draw.fill"), value=True, key="try-draw-fill", persist_state="session"
    )
    return way, fill


def _pixels(image: Grey, run: Run, way: str, t: Language) -> None:
    height, width = image.shape
    facts = run.experiment.facts
    st.html(pixels_html(image, facts.max_value, t("try.pixels.seen", height=height, width=width), t))
    st.caption(t(f"try.draw.how.{facts.name}") if way == "centred" else t("try.draw.how.drawn"))


def _answer(run: Run, centred: Grey, drawn: Grey, way: str, t: Language) -> str:
    """Show what the network says; returns it in short, or "" if it says nothing."""
    question = ImagesRequest(run.id, (pixels_of(centred), pixels_of(drawn)))
    place = f"try-drawing-{run.id}"
    asked: Asked | None = st.session_state.get(place)
    if asked is None or asked.question != question:
        said = ask(question, t, key="try-again")
        if said is None:
            return ""
        asked = st.session_state[place] = Asked(question, each_answer(said))
    names = class_names(run.experiment.dataset, t)
    answer, other = asked.answers if way == "centred" else asked.answers[::-1]
    label, value = said_of(answer, names)
    short = t("try.decision", label=label, value=value)
    st.markdown(f"#### {t('try.decision', label=escaped(label), value=value)}")
    st.html(answer_bars(class_shares(answer), names, None, t))
    label, value = said_of(other, names)
    same = "same" if decision(other) == decision(answer) else "other"
    direction = "drawn" if way == "centred" else "centred"
    st.caption(t(f"try.draw.{same}.{direction}", label=escaped(label), value=value))
    st.caption(t("try.draw.must_choose", count=len(names)))
    return short
