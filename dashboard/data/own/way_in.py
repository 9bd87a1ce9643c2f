"""The way in: choose files, see what was understood, choose, and the data set is open."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.own_data.choices import Choices
from core.own_data.limits import LIMITS
from dashboard.data.own import text as words
from dashboard.data.own.choosing import choose_all
from dashboard.data.own.looking import show_understood
from dashboard.data.own.place import MINE, NEW, OWN
from dashboard.data.own.ways import Way, ways
from dashboard.shared import services
from dashboard.shared.controls import choose
from dashboard.shared.language import Language, session_language
from dashboard.shared.samples.text_place import DATASET
from dashboard.shared.trouble import told

_POLL = 0.4  # seconds between two looks
_DONE = "own-done"
_UPLOADER = """<style>
[data-testid="stFileUploaderDropzoneInstructions"], [data-testid="stFileUploaderDropzoneInstructions"] * {{
  white-space: normal !important; overflow: visible !important;
}}
[data-testid="stFileUploaderDropzone"] {{ height: auto !important; }}
[data-testid="stFileUploaderDropzoneInstructions"] span {{ font-size: 0 !important; }}
[data-testid="stFileUploaderDropzoneInstructions"] span::after {{ content: "{limit}"; font-size: .85rem; }}
[data-testid="stFileUploaderDropzone"] button p {{ font-size: 0 !important; }}
[data-testid="stFileUploaderDropzone"] button p::after {{ content: "{button}"; font-size: .95rem; }}
</style>"""


def show_entrance(t: Language) -> None:
    """On the data page: the buttons to bring one's own, and to what one keeps."""
    st.button(t("own.begin"), icon=":material/upload_file:", key="own-begin", on_click=OWN.set, args=(NEW,))
    st.button(t("own.keep"), icon=":material/folder_shared:", key="own-keep", on_click=OWN.set, args=(MINE,))


def show_way(token: str, t: Language) -> None:
    """The way that the address names, wherever it is."""
    st.button(t("own.back"), icon=":material/arrow_back:", type="tertiary", on_click=_away, args=(token,))
    st.title(t("own.begin"))
    way = None if token == NEW else ways().get(token, services.owner())
    if way is None:
        if token != NEW:
            st.warning(t("own.gone"), icon=":material/link_off:")
        _files(t)
    elif way.stage in ("reading", "building"):
        _watch(token)
    elif way.stage == "done":
        _open(way)
    else:
        _understood(way, t)


def say_done(name: str, t: Language) -> bool:
    """Above a set that was just made: that it is there; whether that is so."""
    done: Way | None = st.session_state.get(_DONE)
    if done is None or done.name != name:
        return False
    st.success(t("own.done"), icon=":material/check_circle:")
    return True


def _away(token: str) -> None:
    if token != NEW:
        ways().leave(token, services.owner())
    OWN.set("")


def _other_files(token: str) -> None:
    ways().leave(token, services.owner())
    OWN.set(NEW)


def _files(t: Language) -> None:
    st.markdown(t("own.files.about"))
    with st.expander(t("own.files.forms"), icon=":material/help:"):
        st.markdown(t("own.files.forms.about"))
    how = choose(
        t("own.files.how"),
        ("files", "folder"),
        lambda one: t(f"own.files.{one}"),
        key="own-how",
        labelled=False,
    )
    megabytes = LIMITS.packed // 1_000_000
    st.html(
        _UPLOADER.format(limit=t("own.files.limit", megabytes=megabytes), button=t(f"own.files.{how}.choose"))
    )
    files: Any = st.file_uploader(
        t(f"own.files.{how}.label"),
        accept_multiple_files=True if how == "files" else "directory",
        key=f"own-files-{how}",
    )
    if files and st.button(
        t("own.files.read", files=len(files)), type="primary", icon=":material/search:", key="own-read"
    ):
        with told(t):
            OWN.set(_begin(files))
            st.rerun()


def _begin(files: Sequence[Any]) -> str:
    return ways().begin([(one.name, one) for one in files], services.owner(), services.settings())


@st.fragment(run_every=_POLL)
def _watch(token: str) -> None:
    """What a process does with the files; nothing but this is drawn anew meanwhile."""
    t = session_language()
    way = ways().get(token, services.owner())
    if way is None or way.stage not in ("reading", "building"):
        st.rerun()
    with st.container(border=True):
        st.subheader(t(f"own.{way.stage}"))
        share = min(1.0, way.done / way.total) if way.done is not None and way.total else 0.0
        text = (
            t("own.progress", done=f"{way.done:,}", total=f"{way.total:,}") if way.done else t("own.waiting")
        )
        st.progress(share, text=f"{text} · {t('own.seconds', seconds=round(time.time() - way.since))}")
        st.caption(t("own.progress.about"))
        if st.button(t("own.cancel"), icon=":material/close:", key="own-cancel"):
            _other_files(token)
            st.rerun()


def _understood(way: Way, t: Language) -> None:
    if way.error is not None:
        st.error(t.error(way.error), icon=":material/error:")
    if way.understood is not None:
        show_understood(way.understood, t)
        choices, shared = choose_all(way, way.understood, t)
        _make(way, choices, shared, t)
    st.button(
        t("own.files.others"),
        icon=":material/upload_file:",
        key="own-others",
        on_click=_other_files,
        args=(way.token,),
    )


def _make(way: Way, choices: Choices, shared: bool, t: Language) -> None:
    wrong = words.wrong_names(choices.title, choices.class_names)
    if wrong is not None:
        st.warning(t.error(wrong), icon=":material/error:")
    if st.button(
        t("own.make"), type="primary", icon=":material/check:", key="own-make", disabled=wrong is not None
    ):
        store, settings = services.store(), services.settings()
        ways().build(
            way.token, choices, shared=shared, owner=services.owner(), store=store, settings=settings
        )
        st.rerun()


def _open(way: Way) -> None:
    st.session_state[_DONE] = way
    ways().leave(way.token, way.owner)
    st.query_params.pop(OWN.name, None)
    st.query_params[DATASET] = way.name
    st.rerun()
