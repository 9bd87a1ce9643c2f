"""The sections of the run page, in their order. A new one is a folder beside this file, and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from core.run import Run
from core.training import artifact_names
from dashboard.run.confidence.section import show_confidence
from dashboard.run.evidence.section import show_evidence
from dashboard.run.inside.section import show_inside
from dashboard.run.look_back.section import show_look_back
from dashboard.run.other_set.section import reads_others, show_other_sets
from dashboard.run.test_result.section import show_test_result
from dashboard.shared import network, services
from dashboard.shared.glossary import begin_part, marks
from dashboard.shared.language import Language, session_language
from dashboard.shared.run_files import epochs_offer, model_offer, stem_of
from dashboard.shared.run_tables import epoch_table
from dashboard.shared.run_words import environment_of, settings_of, timing_of
from dashboard.shared.take_home import save_button
from dashboard.shared.theme import table_height

# The sections that only list


def show_epochs(run: Run, t: Language) -> None:
    """The numbers of each epoch, also as a file."""
    rows = epoch_table(run.epochs, t)
    four = st.column_config.NumberColumn(format="%.4f")
    st.dataframe(
        rows,
        hide_index=True,
        height=table_height(rows),
        column_config={
            **{t(f"column.{name}"): four for name in ("loss", "val_loss", "accuracy", "val_accuracy")},
            t("column.learning_rate"): st.column_config.NumberColumn(format="%.4g"),
            t("column.seconds"): st.column_config.NumberColumn(format="%.2f"),
        },
    )
    save_button(epochs_offer(run, t, label=t("run.csv")))


def show_network(run: Run, t: Language) -> None:
    """The layers, their diagram, and the network that was evaluated as a file."""
    network.show_layers(run.experiment.summary, t)
    network.show_diagram(run.experiment, t)
    _save_network(run, t)


def _save_network(run: Run, t: Language) -> None:
    """The network that was evaluated as a file, if it is kept and whole."""
    if run.evaluation is None or not services.artifacts().exists(
        run.id, artifact_names.evaluated_checkpoint(run)[0]
    ):
        return
    offer = model_offer(run, t)
    if offer.make is None:
        st.warning(offer.about, icon=":material/error:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        save_button(replace(offer, about=""))
        st.caption(offer.about)


def show_code(run: Run, t: Language) -> None:
    """The network as a program."""
    network.show_code(run.experiment, t, name=stem_of(run, t))


def show_settings(run: Run, t: Language) -> None:
    """All settings, how long it took, and on what computer."""
    left, right = st.columns(2, gap="large")
    with left:
        _listed(t("run.settings"), settings_of(run.experiment, t))
    with right:
        timing = timing_of(run, t)
        if timing:
            _listed(t("run.timing"), timing)
        if run.environment:
            _listed(t("run.environment"), environment_of(run, t), hint=t("run.environment.help"))


def _listed(title: str, words: dict[str, str], *, hint: str | None = None) -> None:
    st.markdown(f"**{title}**", help=hint)
    rows = pd.DataFrame({"": list(words.values())}, index=list(words))
    st.table(rows, hide_header=True, border="horizontal")


# All of them, in their order


def _always(run: Run) -> bool:
    return True


def _has_epochs(run: Run) -> bool:
    return bool(run.epochs)


def _shows_validation(run: Run) -> bool:
    """Also for what asks the network: of a covered run it does not answer."""
    return bool(run.epochs) and not run.is_covered


@dataclass(frozen=True)
class Section:
    """A tab of the page of a run that is over.

    Attributes:
        title: The key of what the tab is called.
        show: Lays it out; called only while it is open.
        is_available: Whether there is anything in it for a run.
    """

    title: str
    show: Callable[[Run, Language], None]
    is_available: Callable[[Run], bool] = _always


SECTIONS = (
    Section("run.tab.mistakes", show_test_result, lambda run: run.evaluation is not None),
    Section("run.tab.other", show_other_sets, reads_others),
    Section("run.tab.turning", show_evidence, _shows_validation),
    Section("run.tab.confidence", show_confidence, _shows_validation),
    Section("run.tab.lookback", show_look_back, _shows_validation),
    Section("run.tab.inside", show_inside, _shows_validation),
    Section("run.tab.epochs", show_epochs, _has_epochs),
    Section("run.tab.network", show_network),
    Section("run.tab.code", show_code),
    Section("run.tab.settings", show_settings),
)


def show_sections(run: Run) -> None:
    """A tab for each section; only what is open is worked out, and what stands above stays when another is opened."""
    _show(run, marks())


@st.fragment
def _show(run: Run, marked_above: dict[str, str]) -> None:
    begin_part(marked_above)
    t = session_language()
    shown = [section for section in SECTIONS if section.is_available(run)]
    tabs = st.tabs([t(section.title) for section in shown], key="run-tabs", on_change="rerun")
    for section, tab in zip(shown, tabs, strict=True):
        if tab.open:
            with tab:
                section.show(run, t)
