"""One text on the data page in the two forms in which a network may get it, and what each keeps and costs."""

from __future__ import annotations

import streamlit as st

from core.datasets import TextDataset
from core.datasets.decoded_text import DecodedText, pad_text, places
from core.datasets.word_counts import encoding_cost
from core.experiment import PaddedEncoding
from core.experiment.data import Side
from dashboard.data import figures
from dashboard.data.text_facts import text_facts
from dashboard.data.text_html import legend_html, padded_html
from dashboard.shared.charts.template import STILL
from dashboard.shared.choose import choose
from dashboard.shared.formats import file_size
from dashboard.shared.language import Language
from dashboard.shared.samples.text_place import FIRST_PADDED_LENGTH, PADDED_LENGTHS

_SIDES: tuple[Side, ...] = ("start", "end")


def show_encodings(dataset: TextDataset, reading: DecodedText, t: Language) -> None:
    """The two ways to feed the text to a network, and what each keeps and costs."""
    st.subheader(t("data.encodings"))
    st.markdown(t("data.encodings.about"))
    one, other = st.columns(2, gap="large")
    with other.container(border=True, height="stretch"):
        length = _padded(dataset, reading, t)
    with one.container(border=True, height="stretch"):
        _multi_hot(dataset, reading, length, t)


def _multi_hot(dataset: TextDataset, reading: DecodedText, length: int, t: Language) -> None:
    num_words = reading.num_words or 0
    taken = places(reading)
    cost = encoding_cost(text_facts(dataset.name).counts, num_words, length)
    st.markdown(f"**{t('option.encoding.multi_hot')}** &nbsp; `({num_words},)`")
    st.markdown(
        t(
            "data.multi_hot.about",
            ones=f"{len(taken):,}",
            places=f"{num_words:,}",
            numbers=f"{len(reading.tokens):,}",
        )
    )
    figure = figures.multi_hot(taken, num_words, t)
    st.plotly_chart(figure, key="data-multi-hot", config=STILL)
    st.caption(t("data.multi_hot.picture"))
    st.markdown(
        t(
            "data.multi_hot.cost",
            texts=f"{len(dataset.x_train):,}",
            dense=file_size(cost.dense),
            sparse=file_size(cost.sparse),
            share=f"{cost.occupied:.2%}",
        )
    )


def _padded(dataset: TextDataset, reading: DecodedText, t: Language) -> int:
    """Returns the length that was chosen."""
    title = st.empty()
    length = int(
        st.select_slider(
            t("data.padded.length"),
            PADDED_LENGTHS,
            value=FIRST_PADDED_LENGTH,
            key="data-padded-length",
            persist_state="session",
        )
    )
    sides: dict[str, Side] = {
        what: choose(
            t(f"data.padded.{what}"),
            _SIDES,
            lambda side: t(f"data.padded.{side}"),
            key=f"data-padded-{what}",
            place=column,
        )
        for what, column in zip(("fill", "cut"), st.columns(2), strict=True)
    }
    encoding = PaddedEncoding(
        num_words=reading.num_words or PaddedEncoding().num_words,
        length=length,
        fill=sides["fill"],
        cut=sides["cut"],
    )
    made = pad_text(reading, encoding, dataset)
    title.markdown(f"**{t('option.encoding.padded')}** &nbsp; `({length},)`")
    key = "filled" if made.filled else "cut" if made.cut else "fits"
    st.markdown(
        t(
            f"data.padded.{key}.about",
            count=f"{made.filled or made.cut:,}",
            numbers=f"{len(reading.tokens):,}",
        )
    )
    st.html(padded_html(made, sides["cut"], t, name=t("option.encoding.padded")))
    st.html(legend_html(("padding", "start", "unknown"), t))
    cost = encoding_cost(text_facts(dataset.name).counts, encoding.num_words, length)
    st.markdown(t("data.padded.cost", texts=f"{len(dataset.x_train):,}", size=file_size(cost.padded)))
    return length
