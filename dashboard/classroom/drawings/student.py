"""What a student draws: one thing after the other, with the way back to the last one."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.classroom import Seat
from core.classroom.drawings import Collection, asked_next
from core.errors import ClassError
from dashboard.shared import services
from dashboard.shared.draw_one import draw_one, undo_button
from dashboard.shared.drawn_set import show_ways_on
from dashboard.shared.language import Language
from dashboard.shared.trouble import told


def show_drawing_task(seat: Seat, t: Language) -> None:
    """What the class draws now; of the last that has ended what became of it; nothing if it never drew."""
    found = services.store().collections(seat.classroom)
    if not found:
        return
    newest = found[0]
    if newest.is_on:
        with st.container(border=True, key="drawings-seat"):
            st.fragment(_panel)(newest, seat, t)
    elif newest.dataset and services.store().may_use(newest.dataset, services.owner()):
        with st.container(border=True, key="drawings-made"):
            st.markdown(f":material/draw: **{t('drawings.made', title=newest.title)}**")
            show_ways_on(newest.dataset, t)


def _panel(collection: Collection, seat: Seat, t: Language) -> None:
    with told(t, level="warning"):
        store, owner = services.store(), services.owner()
        try:
            sent = store.drawings_of(collection.id, owner)
        except ClassError:  # deleted
            st.caption(t("drawings.over"))
            return
        label = asked_next(collection, seat.number, [one.label for one in sent])
        key = f"drawings-pad-{collection.id}-{len(sent)}"
        undo = partial(store.undo_drawing, collection.id, owner=owner)
        st.markdown(f":material/draw: **{collection.title}**")
        if label is None:
            st.success(t("drawings.done", number=len(sent)), icon=":material/check_circle:")
            undo_button(t, key=key, sent=len(sent), undo=undo)
            return
        draw_one(
            collection.labels[label],
            t,
            key=key,
            sent=len(sent),
            wanted=collection.wanted,
            send=partial(_send, collection.id, label),
            undo=undo,
        )
        st.caption(t("drawings.privacy"))


def _send(collection: str, label: int, bits: str) -> None:
    services.store().send_drawing(collection, bits, label=label, owner=services.owner())
