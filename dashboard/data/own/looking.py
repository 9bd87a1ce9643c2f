"""What was understood of files, before anything is chosen: classes, samples, and what to know of them."""

from __future__ import annotations

import streamlit as st

from core.own_data.understood import Understood
from dashboard.data import text as views
from dashboard.data.own import text as words
from dashboard.shared.chart import show_chart
from dashboard.shared.charts import pixels as figures
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped


def show_understood(found: Understood, t: Language) -> None:
    """The form of the files in a sentence, how many samples each class has, and the findings."""
    names = [one.name for one in found.classes]
    st.subheader(t("own.understood"))
    st.markdown(
        t(
            "own.understood.about",
            form=t(f"own.form.{found.form}"),
            samples=f"{found.total:,}",
            classes=len(found.classes),
        )
    )
    told, charted = st.columns([1, 1], gap="large")
    with charted:
        for place, counts in enumerate(views.count_charts(words.class_counts(found))):
            show_chart(figures.class_counts(counts, names, t), t, key=f"own-counts-{place}", alt=None)
    with told:
        _facts(found, t)
        if found.findings:
            st.markdown(f"**{t('own.findings')}**")
            st.markdown("\n".join(f"- {words.finding_words(one, t)}" for one in found.findings))
        else:
            st.markdown(t("own.findings.none"))
    if found.kind == "text":
        st.html(words.excerpts_html(words.first_samples(found.samples), names))


def _facts(found: Understood, t: Language) -> None:
    if found.images is not None:
        small, large = found.images.smallest, found.images.largest
        st.markdown(
            t(
                "own.images.colours" if found.images.colours else "own.images.grey",
                smallest=f"{small[0]} × {small[1]}",
                largest=f"{large[0]} × {large[1]}",
            )
        )
    if found.texts is not None:
        st.markdown(
            t(
                "own.texts.lengths",
                shortest=f"{found.texts.shortest:,}",
                median=f"{found.texts.median:,}",
                longest=f"{found.texts.longest:,}",
            )
        )
    if found.table is not None:
        separator = t("own.table.tab") if found.table.separator == "\t" else f"`{found.table.separator}`"
        st.markdown(
            t(
                "own.table",
                encoding=found.table.encoding,
                separator=separator,
                text=escaped(found.table.text),
                label=escaped(found.table.label),
            )
        )
    st.markdown(t("own.split.found" if found.given_split else "own.split.none"))
