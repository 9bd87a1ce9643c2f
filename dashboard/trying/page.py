"""`/try` lists networks to ask; `/try?run=ID` asks one about a text or a drawing; `/try?show=scores` needs none."""

from __future__ import annotations

import streamlit as st

from core import presets
from core.errors import UnknownRunError
from core.recorded import is_recorded
from core.run import Run, RunState, RunSummary
from core.storage import Store
from core.training import artifact_names
from dashboard.shared import services
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language, session_language
from dashboard.shared.markdown import escaped
from dashboard.shared.page_links import lab_link, run_link
from dashboard.shared.recorded_runs import show_recorded
from dashboard.shared.run_words import name_of
from dashboard.shared.trouble import come_back_when
from dashboard.shared.url_state import RUN, Property, UrlState, one_of
from dashboard.shared.viewer import COMMAND_LINE
from dashboard.trying.answers import STYLE
from dashboard.trying.asking import ROW
from dashboard.trying.images import ask_about_image
from dashboard.trying.scores import explore_scores
from dashboard.trying.texts import ask_about_text, show_global_importance

_SHOW = Property("show", "networks", one_of(("networks", "scores")))
_ADDRESS = UrlState(RUN, _SHOW, ROW)
#: The presets for whoever has no network yet: they need no download and learn in seconds.
_BEGIN_WITH = ("digits-first-network", "mini-reviews")
_MOST, _LOOK_AT = 12, 200


def offered(store: Store, owner: str) -> list[RunSummary]:
    """The last evaluated networks of a browser and of the command line, newest first."""
    runs = [
        run
        for each in dict.fromkeys((owner, COMMAND_LINE))
        for run in store.summaries(owner=each, states=(RunState.FINISHED, RunState.STOPPED), limit=_LOOK_AT)
        if run.test_accuracy is not None
    ]
    return sorted(runs, key=lambda run: run.created, reverse=True)[:_MOST]


def _open_run(run_id: str) -> None:
    """Ask the network of a run, or with "" choose another one; for buttons."""
    _ADDRESS.write({"run": run_id})


def _choose(t: Language) -> None:
    """The networks to choose from, or how to get one."""
    st.title(t("try.title"), anchor=False)
    st.markdown(marked(t("try.lead"), t))
    labels = {"networks": t("try.tab.ask"), "scores": t("scores.tab")}
    networks, scores = st.tabs(list(labels.values()), default=labels[_SHOW.get()])
    with scores:
        explore_scores(t)
    with networks:
        _networks(t)


def _networks(t: Language) -> None:
    runs = offered(services.store(), services.owner())
    if not runs:
        st.markdown(t("try.none"))
        for preset in _BEGIN_WITH:
            lab_link(t("try.none.lab", preset=t(f"preset.{preset}.title")), {presets.PRESET: preset})
        return
    st.subheader(t("try.choose"), anchor=False)
    for run in runs:
        with st.container(border=True, gap=None):
            st.button(
                f"**{escaped(name_of(run, t))}**",
                key=f"try-open-{run.id}",
                type="tertiary",
                on_click=_open_run,
                args=(run.id,),
            )
            _facts(run, t(f"option.encoding.{run.experiment.encoding.kind}"), run.test_accuracy, t)


def _facts(run: Run | RunSummary, network: str, test_accuracy: float | None, t: Language) -> None:
    facts = [t(f"option.dataset.{run.experiment.dataset}"), network]
    if test_accuracy is not None:
        facts.append(t("runs.test_accuracy", value=f"{test_accuracy:.1%}"))
    st.caption(" · ".join(facts))


def _one(run_id: str, t: Language) -> None:
    run = services.store().get(run_id)
    st.button(
        t("try.others"),
        key="try-others",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=_open_run,
        args=("",),
    )
    st.title(escaped(name_of(run, t)), anchor=False)
    problem, refusal = _problem(run), services.data_refusal(run.experiment.dataset)
    if refusal is not None:
        st.info(t.error(refusal), icon=":material/folder_off:")
    elif problem:
        st.markdown(t(problem))
        show_recorded(run, t)
    else:
        network = t("try.network", epoch=artifact_names.evaluated_checkpoint(run)[1])
        _facts(run, network, run.evaluation.accuracy if run.evaluation else None, t)
    run_link(run.id, t("try.run"))
    if refusal is not None:
        return
    if problem:
        if not run.state.is_over:
            come_back_when(lambda: services.store().get(run_id).state.is_over)
    elif run.experiment.facts.kind == "text":
        ask_about_text(run, t)
        show_global_importance(run, t)
    else:
        ask_about_image(run, t)
        link = _ADDRESS.parameters({"show": "scores"})
        st.page_link("trying/page.py", label=t("scores.link"), icon=":material/tune:", query_params=link)


def _problem(run: Run) -> str:
    """Why the network of a run cannot be asked: a key of the language files, or "" if it can."""
    if not run.state.is_over:
        return "try.not_over"
    if run.is_covered:
        return "try.covered"
    if not run.epochs or not services.artifacts().exists(run.id, artifact_names.evaluated_checkpoint(run)[0]):
        return "recorded.no_network" if is_recorded(run.id) else "try.no_network"
    return ""


def show() -> None:
    """Lay out the page."""
    t = session_language()
    st.html(STYLE)
    run_id = RUN.get()
    if not run_id:
        _choose(t)
        return
    try:
        _one(run_id, t)
    except UnknownRunError:
        st.title(t("run.missing"), anchor=False)
        st.markdown(t("try.missing", run=escaped(run_id[:40])))
        st.button(t("try.others"), key="try-others", on_click=_open_run, args=("",))


show()
