"""Images on the data page: samples, one of them enlarged; and what scaling does to their values."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from core.datasets import ImageDataset
from core.datasets.dataset import Subset
from core.datasets.exploration import ScalingEffect, random_samples, sample, scaling_effects
from core.datasets.scaling import ValueCounts
from dashboard.data.text import choose_class, enter_row, label_answer
from dashboard.shared import services
from dashboard.shared.cards import cards
from dashboard.shared.chart import show_chart
from dashboard.shared.charts import pixels as figures
from dashboard.shared.charts.colours import CHANNELS
from dashboard.shared.controls import choose
from dashboard.shared.data_words import fitted, formula, grey_values, numbers, remark
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language, session_language
from dashboard.shared.samples.sample_cards import show_enlarged
from dashboard.shared.samples.sample_grid import picked_row, tile_grid, tiles_of
from dashboard.shared.samples.text_place import PARTS

_EFFECTS_A_ROW = 3
_SAMPLES = 20  # fill four or five columns
_TOGETHER = "together"
_SEED, _GRID, _PART = "data-seed", "data-grid", "data-part"

#: Drawn once for all who look at the same set; nobody changes what is drawn.
_scaling_figure = lru_cache(maxsize=64)(figures.scaling)


@st.fragment
def show_images(name: str, names: tuple[str, ...]) -> None:
    """Samples, one of them enlarged, or what scaling does: a choice in here draws only this anew."""
    t = session_language()
    dataset = services.image_dataset(name)
    samples, scaling = st.tabs([t("data.samples"), t("data.scaling")], key="data-images", on_change="rerun")
    if samples.open:
        with samples:
            grid, enlarged = st.columns([5, 6], gap="large")
            with grid:
                part = _grid(dataset, names, t)
            with enlarged:
                _enlarged(dataset, part, names, t)
    if scaling.open:
        with scaling:
            _scaling(dataset, names, t)


def _row_key(name: str, part: Subset) -> str:
    return f"data-row-{name}-{part}"


def _chosen(dataset: ImageDataset) -> tuple[Subset, int]:
    """The sample that is enlarged, also while the other tab is open: from which set, and its row."""
    part: Subset = st.session_state.get(_PART) or PARTS[0]
    return part, int(st.session_state.get(_row_key(dataset.name, part)) or 0)


def _pick(name: str, part: Subset) -> None:
    row = picked_row(_GRID)
    if row is not None:
        st.session_state[_row_key(name, part)] = row


def _others() -> None:
    st.session_state[_SEED] = st.session_state.get(_SEED, 0) + 1


def _grid(dataset: ImageDataset, names: tuple[str, ...], t: Language) -> Subset:
    """Choose from which set and class, and press one; returns the set."""
    st.markdown(marked(t("data.samples.about"), t))
    which, label = st.columns(2)
    part = choose(t("data.part"), PARTS, lambda one: t(f"data.part.{one}"), key=_PART, place=which)
    wanted = choose_class(label, names, t, key=f"data-class-{dataset.name}")
    key = _row_key(dataset.name, part)
    shown = random_samples(dataset, part, _SAMPLES, seed=st.session_state.get(_SEED, 0), label=wanted)
    tile_grid(
        tiles_of(shown, names, t),
        t("data.grid"),
        largest=dataset.facts.max_value,
        picked=st.session_state.get(key, 0),
        key=_GRID,
        on_pick=lambda: _pick(dataset.name, part),
    )
    st.button(t("data.others"), icon=":material/shuffle:", on_click=_others, key="data-others")
    return part


def _enlarged(dataset: ImageDataset, part: Subset, names: tuple[str, ...], t: Language) -> None:
    """One sample with its pixel values."""
    last = len(dataset.part(part)[1]) - 1
    row = enter_row(part, last, t, key=_row_key(dataset.name, part), width="stretch")
    one = sample(dataset, part, row)
    answer = label_answer(part, one.row, one.label, names, t)
    st.markdown(answer)
    in_colours = dataset.facts.channels > 1
    channel = _choose_channel(t) if in_colours else None
    show_enlarged(dataset, part, one.row, t, key="data-pixels", alt=answer, channel=channel)
    height, width = one.pixels.shape[:2]
    about = "data.sample.about.colour" if in_colours else "data.sample.about"
    st.caption(t(about, height=height, width=width, largest=dataset.facts.max_value))


def _choose_channel(t: Language) -> int | None:
    """One of the three colours alone, which is a matrix of numbers as a grey image is; None for the picture."""
    shown = choose(
        t("data.channel"),
        (_TOGETHER, *CHANNELS),
        lambda one: t(f"data.channel.{one}"),
        key="data-channel",
        labelled=False,
    )
    return None if shown == _TOGETHER else CHANNELS.index(shown)


def _scaling(dataset: ImageDataset, names: tuple[str, ...], t: Language) -> None:
    """What every scaling makes of the values of all images, or of the one that was chosen."""
    st.markdown(marked(t("data.scaling.about"), t))
    if dataset.facts.channels > 1:
        st.caption(t("data.scaling.colour"))
    scope = choose(
        t("data.scaling.of"),
        ("all", "sample"),
        lambda each: t(f"data.scaling.of.{each}"),
        key="data-scaling-of",
    )
    shown = training = grey_values(dataset.name)
    if scope == "sample":
        part, row = _chosen(dataset)
        one = sample(dataset, part, row)
        st.markdown(label_answer(part, one.row, one.label, names, t))
        shown = ValueCounts.of(one.pixels)
    effects = scaling_effects(shown, training, dataset.facts)
    tallest = max(max(effect.shares) for effect in effects)
    for card, effect in cards(effects, _EFFECTS_A_ROW):
        with card:
            _effect(effect, tallest, t)


def _effect(effect: ScalingEffect, tallest: float, t: Language) -> None:
    st.markdown(f"**{t(f'option.scaling.{effect.scaling}')}** &nbsp; `{formula(effect)}`")
    st.caption(fitted(effect, t))
    figure = _scaling_figure(effect, t, tallest=tallest)
    show_chart(figure, t, key=f"data-scaling-{effect.scaling}", alt=None)
    st.caption(numbers(effect, t))
    said = remark(effect, t)
    if said:
        st.info(said)
