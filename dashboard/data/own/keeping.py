"""The own sets that a reader may use: their size and words, who may use them, and giving them up."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.own_data import adding
from core.storage.own_data import MOST_SETS, OwnDataset
from dashboard.data.own.choosing import class_name_fields
from dashboard.data.own.place import NEW, OWN
from dashboard.shared import services
from dashboard.shared.controls import paginate
from dashboard.shared.formats import file_size, megabytes, moment
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.page_links import show_run_links
from dashboard.shared.run_files import data_content
from dashboard.shared.run_list import reader_timezone
from dashboard.shared.samples.text_place import DATASET
from dashboard.shared.take_home import Offer, save_button
from dashboard.shared.trouble import told

_A_PAGE, _RUNS = 10, 10


def show_kept(t: Language) -> None:
    """The list, and how much of the room for one's own is taken."""
    st.button(
        t("own.back"),
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=OWN.set,
        args=("",),
        key="own-away",
    )
    st.title(t("own.keep"))
    with told(t):
        _room(t)
        sets = services.store().own_data(services.owner())
        if not sets:
            st.markdown(t("own.keep.none"))
        with paginate(len(sets), _A_PAGE, key="own-page") as shown:
            for one in sets[shown]:
                with st.container(border=True):
                    _set(one, t)
    st.button(t("own.begin"), icon=":material/upload_file:", on_click=OWN.set, args=(NEW,), key="own-begin")


def _room(t: Language) -> None:
    held, limit = services.store().held_bytes(services.owner()), services.settings().data_megabytes
    if not limit:
        st.caption(t("own.room.free", held=megabytes(held), sets=MOST_SETS))
        return
    said = t("own.room", held=megabytes(held), limit=limit, sets=MOST_SETS)
    st.progress(min(1.0, held / (limit * 1_000_000)), text=said)


def _set(one: OwnDataset, t: Language) -> None:
    info = one.info
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(f"**{escaped(info.title)}**", key=f"own-open-{info.name}", type="tertiary"):
            OWN.set("")
            st.query_params[DATASET] = info.name
            st.rerun()
        st.badge(t("own.mine" if one.mine else "own.others"), color="blue" if one.mine else "gray")
        if one.shared:
            st.badge(t("own.shared"), icon=":material/group:", color="green")
    st.caption(" · ".join(facts(one, t)))
    make = partial(data_content, info)
    archive = Offer("data", t("own.take"), f"{info.name}.npz", "application/octet-stream", make)
    save_button(archive, key=f"own-save-{info.name}")
    if one.named:
        with st.expander(
            t("own.edit"), icon=":material/edit:", key=f"own-edit-{info.name}", on_change="rerun"
        ) as box:
            if box.open:
                _edit(one, t)
    elif one.mine:
        st.caption(t("own.not_first"))
    if one.mine:
        _share(one, t)
        with st.expander(
            t("own.delete"), icon=":material/delete:", key=f"own-drop-{info.name}", on_change="rerun"
        ) as box:
            if box.open:
                _delete(one, t)


def facts(one: OwnDataset, t: Language) -> list[str]:
    """Its samples, classes, size, and since when it is here."""
    info = one.info
    return [
        t(f"own.facts.{info.kind}", train=f"{info.train_size:,}", test=f"{info.test_size:,}"),
        t("own.facts.classes", classes=info.classes),
        file_size(one.size),
        moment(one.added, reader_timezone()),
        *([escaped(info.license)] if info.license else []),
    ]


def _edit(one: OwnDataset, t: Language) -> None:
    info = one.info
    with st.form(f"own-words-{info.name}", border=False), told(t, level="warning"):
        title = st.text_input(t("own.title"), info.title, max_chars=60)
        licence = st.text_input(t("own.license"), info.license, max_chars=200)
        names = class_name_fields(list(info.class_names), f"own-named-{info.name}", t)
        if st.form_submit_button(t("own.save"), icon=":material/check:"):
            services.store().name_own_data(
                info.name, owner=services.owner(), title=title, class_names=names, license_note=licence
            )
            st.rerun()


def _share(one: OwnDataset, t: Language) -> None:
    key = f"own-share-{one.info.name}"

    def share() -> None:
        with told(t, level="warning"):
            services.store().share_own_data(
                one.info.name, owner=services.owner(), shared=bool(st.session_state[key])
            )

    st.toggle(t("own.share_it"), value=one.shared, key=key, on_change=share, help=t("own.for.help"))


def _delete(one: OwnDataset, t: Language) -> None:
    name, store = one.info.name, services.store()
    with told(t, level="warning"):
        runs = store.count(dataset=name)
        st.markdown(t("own.delete.runs", runs=runs) if runs else t("own.delete.no_runs"))
        show_run_links(store.summaries(dataset=name, limit=_RUNS), t)
        st.caption(t("own.delete.about"))
        sure = st.checkbox(t("own.delete.sure"), key=f"own-sure-{name}")
        if st.button(t("own.delete"), key=f"own-delete-{name}", icon=":material/delete:", disabled=not sure):
            gone = adding.remove(name, store, services.settings(), owner=services.owner())
            st.toast(t("own.deleted" if gone else "own.given_up"))
            st.rerun()
