"""An own set on the data page: whose it is, or why its samples cannot be seen and which runs it has."""

from __future__ import annotations

import streamlit as st

from core.catalog import DatasetInfo, dataset_info
from core.errors import DataError
from core.own_data import uploads
from core.storage.own_data import OwnDataset
from dashboard.data.own.keeping import facts
from dashboard.data.own.made import show_made
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_links import show_run_links
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
        show_made(one, t, opened=fresh)


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
