"""The data page: what there is, what it is made of, what scaling does to it, and on to the lab."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import streamlit as st

from core import presets
from core.catalog import DATASETS, dataset_info, is_own
from core.datasets import availability, complaint, folder_complaint
from core.errors import DataDamagedError, TurningPointError
from dashboard.data import text as views
from dashboard.data.downloads import SIGNS, Download, downloads, how_to_copy, origin
from dashboard.data.drawing import show_draw_own
from dashboard.data.images import show_images
from dashboard.data.own.keeping import show_kept
from dashboard.data.own.own_set import about_own, show_refused
from dashboard.data.own.place import MINE, OWN
from dashboard.data.own.way_in import say_done, show_entrance, show_way
from dashboard.data.texts import show_texts
from dashboard.shared import services
from dashboard.shared.chart import show_chart
from dashboard.shared.charts import pixels as figures
from dashboard.shared.controls import choose
from dashboard.shared.data_words import arrays_table
from dashboard.shared.data_words import overview as overview_of
from dashboard.shared.formats import megabytes
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language, session_language
from dashboard.shared.offered_sets import offered_sets, set_words
from dashboard.shared.page_body import show_by_itself
from dashboard.shared.page_links import lab_link
from dashboard.shared.preset_words import preset_about, preset_title
from dashboard.shared.run_words import class_names
from dashboard.shared.samples.text_place import DATASET, PART, ROW, SEARCH
from dashboard.shared.url_state import Property, UrlState

_POLL = 0.7  # seconds between two looks at a download
_CHOICE, _OWN_CHOICE = "data-choice", "data-choice-own"
_OWN_WIDTH = 330  # pixels
#: Drawn once for all who look at the same set; nobody changes what is drawn.
_counts_figure = lru_cache(maxsize=32)(figures.class_counts)
_ADDRESS = UrlState(*(Property(name, "") for name in (DATASET, PART, ROW, SEARCH)))


def _to_address(key: str) -> None:
    # Which text of the other data set was shown says nothing about this one.
    if st.session_state[key]:
        _ADDRESS.write({DATASET: st.session_state[key]})


def _choose(now: views.Chosen, t: Language) -> None:
    """The published data sets, each with a sign whether it is here, and own ones; the address remembers the choice."""
    offered = offered_sets(now.name)
    own = tuple(name for name in offered if is_own(name))
    _choose_published(now.name, [name for name in offered if not is_own(name)], t)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if own:
            _choose_own(now.name, own, t)
        show_entrance(t)


def _choose_own(now: str, own: tuple[str, ...], t: Language) -> None:
    """Of own sets there may be many: they can be searched, and take one line."""
    st.session_state[_OWN_CHOICE] = now if now in own else None
    st.selectbox(
        t("data.choose.own"),
        own,
        index=None,
        placeholder=t("data.choose.own.one"),
        format_func=set_words(own, t),
        key=_OWN_CHOICE,
        on_change=_to_address,
        args=(_OWN_CHOICE,),
        width=_OWN_WIDTH,
    )


def _choose_published(now: str, names: Sequence[str], t: Language) -> None:
    signs = {each: SIGNS[availability(each, services.settings()).where] for each in names}
    st.session_state[_CHOICE] = now if now in signs else None
    choose(
        t("data.choose"),
        list(signs),
        lambda name: f":material/{signs[name]}: {t(f'option.dataset.{name}')}",
        key=_CHOICE,
        set_by_page=True,
        on_change=_to_address,
        args=(_CHOICE,),
        help=t("data.choose.help"),
    )


def _about(name: str, t: Language, *, fresh: bool) -> None:
    known = dataset_info(name)
    if known.generated:
        st.badge(t("data.generated"), icon=":material/auto_awesome:", color="orange")
    if known.own:  # of these their title says what they are
        about_own(known, t, fresh=fresh)
        return
    st.markdown(marked(t(f"data.about.{name}"), t))
    st.caption(origin(known, t))


# When it is not here


def _get(name: str, t: Language, damage: TurningPointError | None = None) -> None:
    """How to get a data set: download it, or without a network."""
    known, size = dataset_info(name), megabytes(dataset_info(name).download_bytes)
    download = downloads().get(name)
    if download is not None and download.state == "running":
        _watch(name)
        return
    if damage is not None:
        st.error(t.error(damage), icon=":material/broken_image:")
    incomplete = complaint(name, services.settings())
    if (
        incomplete is not None and folder_complaint(services.settings()) is None
    ):  # of the folder the page speaks above
        st.warning(t.error(incomplete), icon=":material/folder_off:")
    if download is not None and download.state == "failed":
        text = t.error(download.error) if download.error else t("data.download.failed")
        st.error(text, icon=":material/cloud_off:")
    if known.downloads:
        with st.container(border=True):
            st.subheader(t("data.missing" if damage is None else "data.damaged"))
            st.markdown(t("data.missing.about", size=size))
            label = t("data.download", size=size)
            if st.button(label, type="primary", icon=":material/download:", key="data-download"):
                downloads().start(name, services.settings())
                st.rerun()
    with st.container(border=True):
        st.subheader(t("data.offline"))
        st.markdown(how_to_copy(known, t))
        st.markdown(t("data.offline.bundled"))
        for other in DATASETS.values():
            if other.offline and other.kind == known.kind:
                st.page_link(
                    "data/page.py",
                    label=t("data.offline.open", dataset=t(f"option.dataset.{other.name}")),
                    icon=":material/arrow_forward:",
                    query_params={DATASET: other.name},
                )


@st.fragment(run_every=_POLL)
def _watch(name: str) -> None:
    """A download under way; every visitor sees the same one, and leaving the page does not stop it."""
    t = session_language()
    download = downloads().get(name)
    if download is None or download.state != "running":
        st.rerun()
    share, text = _progress(download, t)
    with st.container(border=True):
        st.subheader(t("data.downloading"))
        st.progress(share, text=text)
        st.caption(t("data.downloading.about"))


def _progress(download: Download, t: Language) -> tuple[float, str]:
    progress = download.progress
    if progress is None:
        return 0.0, t("data.downloading.connecting")
    if progress.done_bytes >= progress.total_bytes:
        return 1.0, t("data.downloading.checking")
    done, total = megabytes(progress.done_bytes), megabytes(progress.total_bytes)
    text = t("data.downloading.file", file=progress.file, done=done, total=total)
    return progress.done_bytes / progress.total_bytes, text


# When it is here


def _content(name: str, names: tuple[str, ...], t: Language) -> None:
    """Shapes, types and class counts."""
    overview, kind = overview_of(name), dataset_info(name).kind
    st.subheader(t("data.content"))
    charts = views.count_charts(overview.counts)
    table, chart = st.columns([5, 6] if len(charts) == 1 else [2, 3], gap="large")
    with table:
        st.markdown(marked(t(f"data.content.about.{kind}"), t))
        st.table(arrays_table(overview.shapes, t))
        st.caption(views.content_note(name, overview, t))
        st.caption(marked(t("data.labels.about"), t))
    with chart:
        st.markdown(marked(t("data.counts.about"), t))
        most = max(count.train for count in overview.counts) if len(charts) > 1 else None
        for place, (column, counts) in enumerate(zip(st.columns(len(charts)), charts, strict=True)):
            figure = _counts_figure(tuple(counts), names, t, most=most)
            with column:
                show_chart(figure, t, key=f"data-counts-{place}", alt=None)


def _next(name: str, t: Language) -> None:
    st.subheader(t("data.next"))
    known = dataset_info(name)
    preset = name if known.own else known.first_preset
    with st.container(border=True):
        lab_link(f"**{t('data.next.lab')}**", {presets.PRESET: preset} if preset else {})
        if preset:
            st.caption(f"{preset_title(preset, t)} · {preset_about(preset, t)}")


def _lay_out(t: Language) -> None:
    """Lay out the page."""
    own = OWN.get()
    if own:
        if own == MINE:
            show_kept(t)
        else:
            show_way(own, t)
        return
    now = views.chosen(st.query_params.to_dict())
    st.title(t("data.title"))
    st.markdown(marked(t("data.lead"), t))
    if now.refused is not None:
        st.warning(t.error(now.refused), icon=":material/link_off:")
    unusable = folder_complaint(services.settings())
    if unusable is not None:
        st.warning(t.error(unusable), icon=":material/folder_off:")
    _choose(now, t)
    show_draw_own(t)
    fresh = say_done(now.name, t)
    refusal = services.data_refusal(now.name)
    if refusal is not None:
        show_refused(now.name, refusal, t)
        return
    _about(now.name, t, fresh=fresh)
    if not availability(now.name, services.settings()).here:
        _get(now.name, t)
        return
    try:
        services.dataset(now.name)
    except DataDamagedError as error:
        _get(now.name, t, error)
        return
    downloads().forget(now.name)
    names = class_names(now.name, t)
    _content(now.name, names, t)
    if dataset_info(now.name).kind == "text":
        show_texts(now.name, names)
    else:
        show_images(now.name, names)
    _next(now.name, t)


show_by_itself(_lay_out)
