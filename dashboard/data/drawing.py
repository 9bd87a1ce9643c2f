"""A set that one draws alone: labels, the pad, and the set of it."""

from __future__ import annotations

from collections import Counter
from functools import partial

import streamlit as st

from core.classroom.drawings import DIGITS, MOST_LABELS, checked_labels
from core.datasets.drawing import from_bits, ink_box
from core.errors import DataError
from core.own_data.choices import Choices
from core.own_data.division import needed
from core.own_data.drawings import Labelled
from dashboard.shared.controls import choose
from dashboard.shared.draw_one import draw_one
from dashboard.shared.drawn_set import LARGEST, keep_drawn, show_ways_on, thumbnail
from dashboard.shared.language import Language, session_language
from dashboard.shared.samples.sample_grid import Tile, tile_grid
from dashboard.shared.trouble import told

_DRAWN, _MADE = "draw-own-drawn", "draw-own-made"
_MOST, _SHOWN = 500, 48


def show_draw_own(t: Language) -> None:
    """The way in: closed until somebody wants to draw."""
    with st.expander(t("draw.own"), icon=":material/draw:", key="draw-own", on_change="rerun") as box:
        if box.open:
            _draw()


@st.fragment
def _draw() -> None:
    t = session_language()
    drawn: list[tuple[str, str]] = st.session_state.setdefault(_DRAWN, [])
    st.markdown(t("draw.own.about"))
    with told(t, level="warning"):
        what = choose(
            t("drawings.what"), ("digits", "own"), lambda one: t(f"drawings.what.{one}"), key="own-what"
        )
        labels = DIGITS
        if what == "own":
            written = st.text_input(t("drawings.labels"), key="own-labels", help=t("drawings.labels.help"))
            if not written.strip():
                return
            labels = checked_labels(written.split(","))
        # What has the fewest drawings comes next, unless one chooses.
        counts = Counter(label for label, _ in drawn)
        asked = min(labels, key=counts.__getitem__)
        draw_one(
            asked,
            t,
            key=f"own-pad-{len(drawn)}",
            sent=len(drawn),
            wanted=None,
            send=partial(_send, asked),
            undo=_undo,
        )
        if drawn:
            _show(drawn, t)
        enough = needed([counts[one] for one in {*labels, *counts}], Choices().test_share)
        if len(drawn) >= enough:
            _make(drawn, t)
        else:
            st.caption(t("draw.own.few", number=enough))
        made = st.session_state.get(_MADE)
        if made:
            st.success(t("drawn.made"), icon=":material/check_circle:")
            show_ways_on(made, t, on_data_page=True)


def _send(label: str, bits: str) -> None:
    ink_box(from_bits(bits))
    drawn: list[tuple[str, str]] = st.session_state[_DRAWN]
    if len(drawn) >= _MOST:
        raise DataError("own_samples_too_many", received=len(drawn) + 1, limit=_MOST)
    drawn.append((label, bits))


def _undo() -> None:
    if st.session_state[_DRAWN]:
        st.session_state[_DRAWN].pop()


def _show(drawn: list[tuple[str, str]], t: Language) -> None:
    newest = list(enumerate(drawn))[::-1][:_SHOWN]
    tiles = [Tile(place, thumbnail(bits), (label,), label) for place, (label, bits) in newest]
    tile_grid(tiles, t("drawings.wall"), largest=LARGEST, picked=None, key="own-wall", on_pick=lambda: None)


def _make(drawn: list[tuple[str, str]], t: Language) -> None:
    title = st.text_input(t("drawings.name"), t("draw.own.name"), key="own-title", max_chars=60)
    shared = st.toggle(t("drawings.shared"), False, key="own-shared", help=t("drawings.shared.help"))
    if st.button(t("drawings.make.press"), key="own-make", type="primary", icon=":material/dataset:"):
        labels = tuple(dict.fromkeys(label for label, _ in drawn))
        labels = tuple(one for one in DIGITS if one in labels) + tuple(
            one for one in labels if one not in DIGITS
        )
        found = [Labelled(bits, labels.index(label)) for label, bits in drawn]
        info = keep_drawn(
            found, labels[:MOST_LABELS], Choices(title=title or t("draw.own.name")), shared=bool(shared)
        )
        st.session_state[_MADE] = info.name
