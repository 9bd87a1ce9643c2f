"""The pad with what is to be drawn next, a look at what becomes of it, and the buttons to send and to take back."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from core.catalog.published import MNIST_DRAWING
from core.errors import TurningPointError
from dashboard.shared.drawing_pad import drawing_pad, sent_by
from dashboard.shared.drawn_set import LARGEST, thumbnail
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.samples.sample_html import png_address
from dashboard.shared.trouble import Refusal

_REFUSED = Refusal("draw-refused")
_PREVIEW = 110  # pixels


def draw_one(
    label: str,
    t: Language,
    *,
    key: str,
    sent: int,
    wanted: int | None,
    send: Callable[[str], object],
    undo: Callable[[], object],
) -> None:
    """Have one drawing made.

    Args:
        label: What is to be drawn.
        key: Another one for each drawing, so that each has a pad of its own.
        sent: How many were sent already, of so many `wanted`; None where there is no end.
        send: Called with a drawing before the page is drawn anew; what it refuses is said here.
        undo: Takes back the last one.
    """
    _REFUSED.tell(t)
    st.markdown(f"### {t('draw.label', label=escaped(label))}")
    if wanted is None:
        st.caption(t("draw.so_far", number=sent))
    else:
        st.progress(sent / wanted, t("draw.left", number=wanted - sent, wanted=wanted))
    pad_side, seen_side = st.columns([3, 2], gap="medium")
    with seen_side:
        _seen(key, t)
    with pad_side:
        drawing_pad(t, name=key, width=MNIST_DRAWING.pen, key=key)
        with st.container(horizontal=True):
            st.button(
                t("draw.send"),
                key=f"{key}-send",
                type="primary",
                icon=":material/send:",
                on_click=_do,
                args=(lambda: send(_bits(key)),),
            )
            undo_button(t, key=key, sent=sent, undo=undo)


def undo_button(t: Language, *, key: str, sent: int, undo: Callable[[], object]) -> None:
    """The button that takes back the last drawing."""
    st.button(
        t("draw.undo"),
        key=f"{key}-undo",
        icon=":material/undo:",
        disabled=not sent,
        on_click=_do,
        args=(undo,),
    )


def _bits(key: str) -> str:
    bits = sent_by(key).bits
    return bits if isinstance(bits, str) else ""


def _do(action: Callable[[], object]) -> None:
    with _REFUSED.kept():
        action()


def _seen(key: str, t: Language) -> None:
    """What will be kept of the drawing, as it came here."""
    try:
        image = thumbnail(_bits(key))
    except TurningPointError:  # nothing yet
        st.caption(t("draw.begin"))
        return
    said = escape(t("draw.seen"))
    look = f"width:{_PREVIEW}px;image-rendering:pixelated;border-radius:.4rem;display:block"
    st.html(f'<img src="{png_address(image, LARGEST)}" alt="{said}" style="{look}"><span>{said}</span>')
