"""The teacher's side: ask for drawings, see them come in, take bad ones out, make a set of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from core.classroom import Classroom
from core.classroom.drawings import (
    DIGITS,
    MOST_OF_A_SEAT,
    MOST_OF_EACH,
    Collection,
    Drawn,
    checked_labels,
)
from core.errors import ClassError, StorageError
from core.own_data.choices import Choices
from core.own_data.drawings import Labelled
from dashboard.classroom.drawings.reading import show_reading
from dashboard.classroom.seat_menu import shown_name
from dashboard.classroom.snapshot import snapshots
from dashboard.shared import services
from dashboard.shared.controls import choose, paginate
from dashboard.shared.drawn_set import LARGEST, TEST_SHARES, keep_drawn, show_ways_on, thumbnail
from dashboard.shared.formats import moment
from dashboard.shared.language import Language
from dashboard.shared.run_list import reader_timezone
from dashboard.shared.samples.sample_grid import Tile, picked_row, tile_grid
from dashboard.shared.trouble import told

_LOOK = 2.0  # seconds between two looks at what has come in
_A_PAGE, _ON_SCREEN = 48, 60


def show_wall(classroom: Classroom, t: Language, *, presented: bool) -> None:
    """The drawings of the class as they come in; nothing if it does not draw."""
    with told(t, level="warning"):
        current = services.store().current_collection(classroom.code)
        if current is None:
            return
        with st.container(border=True, key="drawings-current"):
            st.markdown(f":material/draw: **{t('drawings.on', title=current.title)}**")
            st.fragment(_wall, run_every=_LOOK)(current, classroom, t, presented)
            if not presented and st.button(
                t("drawings.end"), key="drawings-end", type="primary", icon=":material/check:"
            ):
                services.store().end_collection(current.id, teacher=services.owner())
                snapshots.forget()
                st.rerun()


def show_drawings(classroom: Classroom, t: Language) -> None:
    """What to have drawn next, and what was drawn before."""
    with told(t, level="warning"):
        store = services.store()
        found = store.collections(classroom.code)
        over = [one for one in found if not one.is_on]
        st.subheader(t("drawings.title"), anchor=False)
        if classroom.is_on and len(over) == len(found):
            with st.expander(
                t("drawings.ask"), icon=":material/draw:", key="drawings-asking", on_change="rerun"
            ) as box:
                if box.open:
                    _ask(classroom, t)
        if over:
            _show_over(over, classroom, t)


# Asking


def _ask(classroom: Classroom, t: Language) -> None:
    st.markdown(t("drawings.ask.about"))
    what = choose(
        t("drawings.what"), ("digits", "own"), lambda one: t(f"drawings.what.{one}"), key="draw-what"
    )
    labels: tuple[str, ...] = DIGITS
    if what == "own":
        written = st.text_input(t("drawings.labels"), key="draw-labels", help=t("drawings.labels.help"))
        labels = tuple(one.strip() for one in written.split(","))
    number = len([one for one in labels if one])
    most = max(1, min(MOST_OF_EACH, MOST_OF_A_SEAT // max(1, number)))
    each = st.number_input(t("drawings.each"), 1, most, min(2, most), key=f"draw-each-{most}")
    title = st.text_input(t("drawings.name"), t("drawings.name.default"), key="draw-title", max_chars=60)
    if st.button(t("drawings.open"), key="draw-open", type="primary", icon=":material/draw:"):
        checked_labels(labels)
        services.store().open_collection(
            classroom.code,
            title or t("drawings.name.default"),
            labels,
            int(each),
            teacher=services.owner(),
        )
        snapshots.forget()
        st.rerun()


# What came in


def _wall(collection: Collection, classroom: Classroom, t: Language, presented: bool) -> None:
    try:
        drawn = services.store().drawings(collection.id, teacher=services.owner())
        seats = len(services.store().seats(classroom.code))
    except (ClassError, StorageError):  # deleted, or away: the page says which
        return
    done = sum(number >= collection.wanted for number in Counter(one.seat for one in drawn).values())
    kept = [one for one in drawn if not one.removed]
    st.markdown(t("drawings.count", number=len(kept), done=done, seats=seats))
    _by_label(collection, kept)
    newest = kept[::-1]
    if presented:
        _grid(newest[:_ON_SCREEN], collection, classroom, t, pressed=False)
        return
    _choose_and_remove(newest, collection, classroom, t)


def _by_label(collection: Collection, kept: Sequence[Drawn]) -> None:
    counts = Counter(one.label for one in kept)
    st.caption(" · ".join(f"{name}: {counts[label]}" for label, name in enumerate(collection.labels)))


def _choose_and_remove(
    drawn: Sequence[Drawn], collection: Collection, classroom: Classroom, t: Language
) -> None:
    """A page of the wall; one that is pressed can be taken out, or put back."""
    if not drawn:
        st.caption(t("drawings.none"))
        return
    with paginate(len(drawn), _A_PAGE, key=f"drawings-page-{collection.id}") as page:
        shown = drawn[page]
        _grid(shown, collection, classroom, t, pressed=True)
    chosen = st.session_state.get(_chosen(collection))
    one = next((each for each in drawn if each.number == chosen), None)
    if one is None:
        st.caption(t("drawings.press"))
        return
    st.button(
        t("drawings.back" if one.removed else "drawings.remove", label=collection.labels[one.label]),
        key=f"drawings-remove-{collection.id}",
        icon=":material/undo:" if one.removed else ":material/delete:",
        on_click=_remove,
        args=(collection, one.number, not one.removed),
    )


def _chosen(collection: Collection) -> str:
    return f"drawings-chosen-{collection.id}"


def _remove(collection: Collection, number: int, removed: bool) -> None:
    services.store().remove_drawing(collection.id, number, teacher=services.owner(), removed=removed)
    st.session_state.pop(_chosen(collection), None)


def _grid(
    drawn: Sequence[Drawn], collection: Collection, classroom: Classroom, t: Language, *, pressed: bool
) -> None:
    names = {}
    if classroom.shown.names:
        seats = services.store().seats(classroom.code)
        names = {seat.number: shown_name(seat, t, names=True) for seat in seats}
    key = f"drawings-wall-{collection.id}"

    def pick() -> None:
        if pressed:
            st.session_state[_chosen(collection)] = picked_row(key)

    tiles = []
    for one in drawn:
        label = collection.labels[one.label]
        lines = (label, names[one.seat]) if one.seat in names else (label,)
        tiles.append(Tile(one.number, thumbnail(one.bits), lines, ", ".join(lines)))
    tile_grid(
        tiles,
        t("drawings.wall"),
        largest=LARGEST,
        picked=st.session_state.get(_chosen(collection)),
        key=key,
        on_pick=pick,
    )


# What was drawn before


def _show_over(over: Sequence[Collection], classroom: Classroom, t: Language) -> None:
    chosen = over[0]
    if len(over) > 1:
        by_id = {one.id: one for one in over}
        picked = st.selectbox(
            t("drawings.choose"),
            list(by_id),
            format_func=lambda each: f"{by_id[each].title} · {moment(by_id[each].opened, reader_timezone())}",
            key="drawings-chosen",
        )
        chosen = by_id[picked]
    with st.container(border=True, key="drawings-over"):
        st.markdown(f"**{chosen.title}**")
        st.fragment(_look_through)(chosen, classroom, t)
        if chosen.dataset:
            st.success(t("drawings.made", title=chosen.title), icon=":material/check_circle:")
            show_ways_on(chosen.dataset, t)
            show_reading(chosen.dataset, classroom, t)
        with st.expander(
            t("drawings.make.again" if chosen.dataset else "drawings.make"),
            icon=":material/dataset:",
            expanded=not chosen.dataset,
        ):
            _make(chosen, t)
        with st.popover(t("drawings.delete"), icon=":material/delete:"):
            st.markdown(t("drawings.delete.about"))
            if st.button(t("drawings.delete.press"), key=f"drawings-delete-{chosen.id}"):
                services.store().delete_collection(chosen.id, teacher=services.owner())
                snapshots.forget()
                st.rerun()


def _look_through(collection: Collection, classroom: Classroom, t: Language) -> None:
    with told(t, level="warning"):
        drawn = services.store().drawings(collection.id, teacher=services.owner())
        kept = [one for one in drawn if not one.removed]
        out = [one for one in drawn if one.removed]
        st.caption(t("drawings.kept", number=len(kept), removed=len(out)))
        _by_label(collection, kept)
        which = "kept"
        if out:
            key = f"drawings-which-{collection.id}"
            which = choose(
                t("drawings.which"), ("kept", "out"), lambda one: t(f"drawings.which.{one}"), key=key
            )
        _choose_and_remove((kept if which == "kept" else out)[::-1], collection, classroom, t)


def _make(collection: Collection, t: Language) -> None:
    st.markdown(t("drawings.make.about"))
    title = st.text_input(
        t("drawings.name"), collection.title, key=f"make-title-{collection.id}", max_chars=60
    )
    share = choose(
        t("drawings.share"),
        TEST_SHARES,
        lambda one: f"{one:.0%}",
        key="make-share",
        help=t("drawings.share.help"),
    )
    shared = st.toggle(t("drawings.shared"), True, key="make-shared", help=t("drawings.shared.help"))
    if st.button(t("drawings.make.press"), key="make-set", type="primary", icon=":material/dataset:"):
        drawn = services.store().drawings(collection.id, teacher=services.owner())
        kept = [Labelled(one.bits, one.label) for one in drawn if not one.removed]
        choices = Choices(title=title or collection.title, test_share=share)
        info = keep_drawn(kept, collection.labels, choices, shared=bool(shared))
        services.store().keep_collection_data(collection.id, info.name, teacher=services.owner())
        snapshots.forget()
        st.rerun()
