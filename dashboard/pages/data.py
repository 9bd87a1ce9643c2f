"""The data page: what there is, what it is made of, what scaling does to it, and on to the lab."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core import presets
from core.datasets import Dataset, availability, catalog, entry
from core.datasets.exploration import Part, Sample, ScalingEffect, choose, sample, scaling_effects
from core.datasets.values import ValueCounts
from core.errors import DataDamagedError, TurningPointError
from dashboard import services
from dashboard.components.sample_grid import picked_row, sample_grid
from dashboard.figures import data as figures
from dashboard.language import Language, session_language
from dashboard.views import data as views
from dashboard.views.downloads import Download, downloads
from dashboard.views.run import class_names

_EFFECTS_A_ROW = 3
_SAMPLES = 20  # fill four or five columns
_POLL = 0.7  # seconds between two looks at a download
_CHOICE, _SEED, _GRID = "data-choice", "data-seed", "data-grid"
_PARTS: tuple[Part, ...] = ("train", "test")
#: A figure has a height in pixels, but an image is to be as high as its column is wide, on a phone too.
_SQUARE = "<style>.st-key-data-pixels-frame { aspect-ratio: 1; max-height: 85vh; }</style>"
_STILL = {"displayModeBar": False}


def _to_address() -> None:
    st.query_params[views.DATASET] = st.session_state[_CHOICE]


def _choose(now: views.Chosen, say: Language) -> None:
    """The data sets, each with a sign whether it is here; the address remembers the choice."""
    signs = {
        known.name: "check_circle" if availability(known.name, services.settings()).here else "download"
        for known in catalog()
    }
    st.session_state[_CHOICE] = now.name
    st.segmented_control(
        say("data.choose"),
        list(signs),
        format_func=lambda name: f":material/{signs[name]}: {say(f'option.dataset.{name}')}",
        key=_CHOICE,
        on_change=_to_address,
        required=True,
        help=say("data.choose.help"),
    )


def _about(name: str, say: Language) -> None:
    known = entry(name)
    st.markdown(say(f"data.about.{name}"))
    st.caption(say("data.origin", source=known.source, license=known.license))


# When it is not here


def _get(name: str, say: Language, damage: TurningPointError | None = None) -> None:
    """How to get a data set: download it, or without a network."""
    known, size = entry(name), views.megabytes(entry(name).download_bytes)
    download = downloads().get(name)
    if download is not None and download.state == "running":
        _watch(name)
        return
    if damage is not None:
        st.error(say.error(damage), icon=":material/broken_image:")
    if download is not None and download.state == "failed":
        text = say.error(download.error) if download.error else say("data.download.failed")
        st.error(text, icon=":material/cloud_off:")
    with st.container(border=True):
        st.subheader(say("data.missing" if damage is None else "data.damaged"))
        st.markdown(say("data.missing.about", size=size))
        label = say("data.download", size=size)
        if st.button(label, type="primary", icon=":material/download:", key="data-download"):
            downloads().start(name, services.settings())
            st.rerun()
    with st.container(border=True):
        st.subheader(say("data.offline"))
        files = ", ".join(f"`{file}`" for file in known.files)
        st.markdown(say("data.offline.files", files=files))
        st.markdown(say("data.offline.bundled"))
        for other in catalog():
            if other.bundled:
                st.page_link(
                    "pages/data.py",
                    label=say("data.offline.open", dataset=say(f"option.dataset.{other.name}")),
                    icon=":material/arrow_forward:",
                    query_params={views.DATASET: other.name},
                )


@st.fragment(run_every=_POLL)
def _watch(name: str) -> None:
    """A download under way; every visitor sees the same one, and leaving the page does not stop it."""
    say = session_language()
    download = downloads().get(name)
    if download is None or download.state != "running":
        st.rerun()
    share, text = _progress(download, say)
    with st.container(border=True):
        st.subheader(say("data.downloading"))
        st.progress(share, text=text)
        st.caption(say("data.downloading.about"))


def _progress(download: Download, say: Language) -> tuple[float, str]:
    progress = download.progress
    if progress is None:
        return 0.0, say("data.downloading.connecting")
    if progress.done_bytes >= progress.total_bytes:
        return 1.0, say("data.downloading.checking")
    done, total = views.megabytes(progress.done_bytes), views.megabytes(progress.total_bytes)
    text = say("data.downloading.file", file=progress.file, done=done, total=total)
    return progress.done_bytes / progress.total_bytes, text


# When it is here


def _content(name: str, names: tuple[str, ...], say: Language) -> None:
    """Shapes, types and class counts."""
    overview = views.overview(name)
    st.subheader(say("data.content"))
    table, chart = st.columns([5, 6], gap="large")
    with table:
        st.markdown(say("data.content.about"))
        rows = [
            {
                say("data.column.array"): shape.name,
                say("data.column.shape"): str(shape.shape),
                say("data.column.type"): shape.dtype,
                say("data.column.values"): f"{shape.smallest}–{shape.largest}",
                say("data.column.size"): views.size(shape.size),
            }
            for shape in overview.shapes
        ]
        st.table(pd.DataFrame(rows).set_index(say("data.column.array")))
        st.caption(say(f"data.content.{name}"))
    with chart:
        st.markdown(say("data.counts.about"))
        figure = figures.class_counts(overview.counts, names, say)
        st.plotly_chart(figure, key="data-counts", config=_STILL)


@st.fragment
def _look(name: str, names: tuple[str, ...]) -> None:
    """Samples, one of them enlarged, and what scaling does: a choice in here draws only this anew."""
    say = session_language()
    dataset = services.dataset(name)
    st.subheader(say("data.samples"))
    grid, enlarged = st.columns([5, 6], gap="large")
    with grid:
        part = _grid(dataset, names, say)
    with enlarged:
        one = _enlarged(dataset, part, names, say)
    _scaling(dataset, one, say)


def _row_key(name: str, part: Part) -> str:
    return f"data-row-{name}-{part}"


def _pick(name: str, part: Part) -> None:
    row = picked_row(_GRID)
    if row is not None:
        st.session_state[_row_key(name, part)] = row


def _others() -> None:
    st.session_state[_SEED] = st.session_state.get(_SEED, 0) + 1


def _grid(dataset: Dataset, names: tuple[str, ...], say: Language) -> Part:
    """Choose from which set and class, and press one; returns the set."""
    st.markdown(say("data.samples.about"))
    which, label = st.columns(2)
    part = which.segmented_control(
        say("data.part"),
        _PARTS,
        default="train",
        required=True,
        format_func=lambda one: say(f"data.part.{one}"),
        key="data-part",
        persist_state="session",
    )
    wanted = label.selectbox(
        say("data.class"),
        [None, *range(len(names))],
        format_func=lambda one: say("data.class.all") if one is None else _class_name(one, names[one]),
        key=f"data-class-{dataset.name}",
        persist_state="session",
    )
    part = part or "train"
    key = _row_key(dataset.name, part)
    shown = choose(dataset, part, _SAMPLES, seed=st.session_state.get(_SEED, 0), label=wanted)
    sample_grid(
        shown,
        names,
        say,
        largest=dataset.facts.largest,
        picked=st.session_state.get(key, 0),
        key=_GRID,
        on_pick=lambda: _pick(dataset.name, part),
    )
    st.button(say("data.others"), icon=":material/shuffle:", on_click=_others, key="data-others")
    return part


def _class_name(label: int, name: str) -> str:
    return name if name == str(label) else f"{label} · {name}"


def _enlarged(dataset: Dataset, part: Part, names: tuple[str, ...], say: Language) -> Sample:
    """One sample with its pixel values."""
    last = len(dataset.y_train if part == "train" else dataset.y_test) - 1
    row = st.number_input(
        say("data.row", part=say(f"data.part.{part}"), last=f"{last:,}"),
        min_value=0,
        max_value=last,
        step=1,
        key=_row_key(dataset.name, part),
        persist_state="session",
    )
    one = sample(dataset, part, int(row or 0))
    st.markdown(views.answer(one, names, say))
    figure = figures.pixels(one, dataset.facts.largest, say)
    st.html(_SQUARE)
    with st.container(key="data-pixels-frame"):
        st.plotly_chart(figure, key="data-pixels", height="stretch", config=_STILL)
    height, width = one.pixels.shape
    st.caption(say("data.sample.about", height=height, width=width, largest=dataset.facts.largest))
    return one


def _scaling(dataset: Dataset, one: Sample, say: Language) -> None:
    """What every scaling makes of the values."""
    st.subheader(say("data.scaling"))
    st.markdown(say("data.scaling.about"))
    scope = st.segmented_control(
        say("data.scaling.of"),
        ("all", "sample"),
        default="all",
        required=True,
        format_func=lambda each: say(f"data.scaling.of.{each}"),
        key="data-scaling-of",
        persist_state="session",
    )
    fitted = views.overview(dataset.name).values
    shown = ValueCounts.of(one.pixels) if scope == "sample" else fitted
    effects = scaling_effects(shown, fitted, dataset.facts)
    tallest = max(max(effect.shares) for effect in effects)
    for start in range(0, len(effects), _EFFECTS_A_ROW):
        row = effects[start : start + _EFFECTS_A_ROW]
        for column, effect in zip(st.columns(_EFFECTS_A_ROW), row, strict=False):
            with column.container(border=True, height="stretch"):
                _effect(effect, tallest, say)


def _effect(effect: ScalingEffect, tallest: float, say: Language) -> None:
    st.markdown(f"**{say(f'option.scaling.{effect.scaling}')}** &nbsp; `{views.formula(effect)}`")
    st.caption(views.fitted(effect, say))
    figure = figures.scaling(effect, say, tallest=tallest)
    st.plotly_chart(figure, key=f"data-scaling-{effect.scaling}", config=_STILL)
    st.caption(views.numbers(effect, say))
    remark = views.remark(effect, say)
    if remark:
        st.info(remark)


def _next(name: str, say: Language) -> None:
    st.subheader(say("data.next"))
    preset = views.first_preset(name)
    with st.container(border=True):
        st.page_link(
            "pages/lab.py",
            label=f"**{say('data.next.lab')}**",
            icon=":material/science:",
            query_params={presets.PRESET: preset},
        )
        st.caption(f"{say(f'preset.{preset}.title')} · {say(f'preset.{preset}.about')}")


def show() -> None:
    """Lay out the page."""
    say = session_language()
    now = views.chosen({name: st.query_params[name] for name in st.query_params})
    st.title(say("data.title"))
    st.markdown(say("data.lead"))
    if now.refused is not None:
        st.warning(say.error(now.refused), icon=":material/link_off:")
    _choose(now, say)
    _about(now.name, say)
    if not availability(now.name, services.settings()).here:
        _get(now.name, say)
        return
    try:
        services.dataset(now.name)
    except DataDamagedError as error:
        _get(now.name, say, error)
        return
    except TurningPointError as error:
        st.error(say.error(error))
        return
    downloads().forget(now.name)
    names = class_names(now.name, say)
    _content(now.name, names, say)
    _look(now.name, names)
    _next(now.name, say)


show()
