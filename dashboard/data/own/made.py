"""How an own set was made, kept since it was: what came, what was chosen, and what was left out."""

from __future__ import annotations

import streamlit as st

from core.own_data.making import Making, making_of
from core.storage.own_data import OwnDataset
from dashboard.data.own import text as words
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped


def show_made(one: OwnDataset, t: Language, *, opened: bool) -> None:
    """A set's making, for whoever may use it; nothing of a set that is older than such records."""
    making = making_of(one)
    if making is None:
        return
    with st.expander(t("own.how"), icon=":material/construction:", expanded=opened):
        st.markdown(" ".join(making_sentences(making, t)))
        if making.findings:
            st.markdown(f"**{t('own.findings')}**")
            st.markdown("\n".join(f"- {words.finding_words(each, t)}" for each in making.findings))
        else:
            st.markdown(t("own.findings.none"))


def making_sentences(making: Making, t: Language) -> list[str]:
    """What came and what was chosen, as Markdown."""
    choices = making.choices
    said = [t("own.how.form", form=t(f"own.form.{making.form}"))]
    if making.form.startswith("text"):
        if choices.text_column or choices.label_column:
            columns = {"text": escaped(choices.text_column), "label": escaped(choices.label_column)}
            said.append(t("own.how.columns", **columns))
        said.append(t("own.how.tokens", tokens=t(f"own.tokens.{choices.tokens}")))
    elif making.form != "drawings":  # those have one form
        shape, fit = t(f"own.shape.{choices.image_shape}"), t(f"own.fit.{choices.fit}")
        said.append(t("own.how.images", shape=shape, fit=fit))
        if choices.invert:
            said.append(t("own.how.inverted"))
    if choices.most is not None:
        said.append(t("own.how.most", most=f"{choices.most:,}", seed=choices.seed))
    if making.given_split:
        said.append(t("own.how.given"))
    else:
        said.append(t("own.how.drawn", share=f"{choices.test_share:.0%}", seed=choices.seed))
    return said
