"""What was drawn is kept as a data set, and where one goes from there."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.catalog import DATASETS, DatasetInfo
from core.datasets.own_files import write_archive
from core.own_data.adding import add
from core.own_data.choices import Choices
from core.own_data.drawings import Labelled, build_drawn, image_of
from core.presets import PRESET
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.page_links import lab_link
from dashboard.shared.samples.text_place import DATASET

TEST_SHARES = (0.2, 0.5)
LARGEST = DATASETS["mnist"].max_value


def keep_drawn(
    drawings: Sequence[Labelled], labels: Sequence[str], choices: Choices, *, shared: bool
) -> DatasetInfo:
    """Make a set of drawings for this reader; `DataError`, `DrawingError` or `StorageError` if that cannot be."""
    built = build_drawn(drawings, labels, choices)
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / f"{built.info.name}.npz"
        write_archive(archive, built.arrays)
        store, settings = services.store(), services.settings()
        kept = add(
            archive, built.info, store, settings, owner=services.owner(), making=built.making, shared=shared
        )
        return kept.info


@lru_cache(maxsize=4096)
def thumbnail(bits: str) -> NDArray[np.uint8]:
    """A drawing as it will be in the set."""
    image = image_of(bits)
    image.setflags(write=False)
    return image


def show_ways_on(dataset: str, t: Language, *, on_data_page: bool = False) -> None:
    """From a set that was drawn to its samples and to the lab."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if not on_data_page:
            st.page_link(
                "data/page.py",
                label=t("drawn.look"),
                icon=":material/database:",
                query_params={DATASET: dataset},
            )
        # A link to the page where one is opens it and leaves the address in the browser as it was.
        elif st.button(t("drawn.look"), icon=":material/database:", type="tertiary", key="drawn-look"):
            st.query_params[DATASET] = dataset
            st.rerun()
        lab_link(t("drawn.train"), {PRESET: dataset})
