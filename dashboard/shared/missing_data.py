"""What is said where the samples of a data set cannot be shown: they are not here, were removed, or are private."""

from __future__ import annotations

import streamlit as st

from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.samples.text_place import DATASET


def missing_words(dataset: str, t: Language, said: str) -> str:
    """Why there are no samples: of an own set as it is, of a published one the sentence of this key."""
    refusal = services.data_refusal(dataset)
    return t.error(refusal) if refusal is not None else t(said, dataset=t(f"option.dataset.{dataset}"))


def offer_data(dataset: str, t: Language, *, said: str = "sample.no_data") -> None:
    """That there are no samples, and where to get those of a published set."""
    own = services.data_refusal(dataset) is not None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(missing_words(dataset, t, said), width="stretch")
        if not own:
            st.page_link(
                "data/page.py",
                label=t("recorded.get_data"),
                icon=":material/download:",
                query_params={DATASET: dataset},
                width="content",
            )
