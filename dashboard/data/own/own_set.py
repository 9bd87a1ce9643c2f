"""An own set on the data page: whose it is and how it was made, or why it cannot be seen and which runs it has."""

from __future__ import annotations

import streamlit as st

from core.catalog import DatasetInfo, dataset_info
from core.errors import DataError
from core.own_data import uploads
from core.own_data.making import Making, making_of
from core.storage.own_data import OwnDataset
from dashboard.data.own import text as words
from dashboard.data.own.keeping import facts
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.page_links import show_run_links
from dashboard.shared.trouble import told

_RUNS = 10


def about_own(known: DatasetInfo, t: Language, *, fresh: bool = False) -> None:
    """Whose it is, since when, from which files and under which terms; how it was made, opened if that is `fresh`."""
    found: list[OwnDataset] = []
    with told(t, level="warning"):
        found = [one for one in services.store().own_data(services.owner()) if one.info.name == known.name]
        for one in found:
            whose = t("own.mine" if one.mine else "own.others")
            st.caption(" · ".join((whose, *([t("own.shared")] if one.shared else []), *facts(one, t))))
    if known.kind == "text":
        st.caption(t("own.made.text", tokens=t(f"own.tokens.{known.tokens}")))
    if known.source and known.source != uploads.FILES:  # of several files it knows no name of their own
        st.caption(t("own.made.from", source=escaped(known.source)))
    for one in found:
        _show_made(one, t, opened=fresh)


def _show_made(one: OwnDataset, t: Language, *, opened: bool) -> None:
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


def show_refused(name: str, refusal: DataError, t: Language) -> None:
    """That it is gone or somebody else's, and the runs that learned from it."""
    known = dataset_info(name)
    st.subheader(escaped(known.title))
    st.warning(t.error(refusal), icon=":material/folder_off:")
    with told(t):
        runs = services.store().summaries(dataset=name, limit=_RUNS)
        if runs:
            st.markdown(t("own.runs", runs=services.store().count(dataset=name)))
            show_run_links(runs, t)
