"""`/try` lists networks to ask; `/try?run=ID` asks one about a text or a drawing; `/try?show=scores` needs none."""

from __future__ import annotations

import streamlit as st

from core import presets
from core.errors import TurningPointError, UnknownRunError
from core.run import Run
from core.training import artifact_names
from dashboard.shared import run_words as decide
from dashboard.shared import services
from dashboard.shared.language import Language, session_language
from dashboard.shared.markdown import escaped
from dashboard.shared.trouble import come_back_when, tell
from dashboard.trying.answer_html import STYLE
from dashboard.trying.image import ask_about_image
from dashboard.trying.runs import BEGIN_WITH, offered, open_run
from dashboard.trying.score_explorer import SCORES, SHOW, explore_scores
from dashboard.trying.test_words import show_test_words
from dashboard.trying.text import ask_about_text


def _choose(t: Language) -> None:
    """The networks to choose from, or how to get one."""
    st.title(t("try.title"), anchor=False)
    st.markdown(t("try.lead"))
    labels = [t("try.tab.ask"), t("scores.tab")]
    shown = labels[st.query_params.get(SHOW) == SCORES]
    networks, scores = st.tabs(labels, default=shown)
    with scores:
        explore_scores(t)
    with networks:
        _networks(t)


def _networks(t: Language) -> None:
    runs = offered(services.store(), services.owner())
    if not runs:
        st.markdown(t("try.none"))
        for preset in BEGIN_WITH:
            st.page_link(
                "lab/page.py",
                label=t("try.none.lab", preset=t(f"preset.{preset}.title")),
                icon=":material/science:",
                query_params={presets.PRESET: preset},
            )
        return
    st.subheader(t("try.choose"), anchor=False)
    for run in runs:
        with st.container(border=True, gap=None):
            st.button(
                f"**{escaped(decide.name_of(run, t))}**",
                key=f"try-open-{run.id}",
                type="tertiary",
                on_click=open_run,
                args=(run.id,),
            )
            facts = [t(f"option.dataset.{run.experiment.dataset}")]
            facts.append(t(f"option.encoding.{run.experiment.encoding.kind}"))
            if run.test_accuracy is not None:
                facts.append(t("runs.test_accuracy", value=f"{run.test_accuracy:.1%}"))
            st.caption(" · ".join(facts))


def _one(run_id: str, t: Language) -> None:
    run = services.store().get(run_id)
    st.button(
        t("try.others"),
        key="try-others",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=open_run,
        args=("",),
    )
    st.title(escaped(decide.name_of(run, t)), anchor=False)
    problem = _problem(run)
    if problem:
        st.markdown(t(problem))
    else:
        facts = [t(f"option.dataset.{run.experiment.dataset}")]
        facts.append(t("try.network", epoch=artifact_names.evaluated_checkpoint(run)[1]))
        if run.evaluation is not None:
            facts.append(t("runs.test_accuracy", value=f"{run.evaluation.accuracy:.1%}"))
        st.caption(" · ".join(facts))
    st.page_link(
        "run/page.py", label=t("try.run"), icon=":material/show_chart:", query_params={"run": run.id}
    )
    if problem:
        if not run.state.is_over:
            come_back_when(lambda: services.store().get(run_id).state.is_over)
        return
    if run.experiment.facts.kind == "text":
        ask_about_text(run, t)
        show_test_words(run, t)
    else:
        ask_about_image(run, t)
        st.page_link(
            "trying/page.py", label=t("scores.link"), icon=":material/tune:", query_params={SHOW: SCORES}
        )


def _problem(run: Run) -> str:
    """Why the network of a run cannot be asked: a key of the language files, or "" if it can."""
    if not run.state.is_over:
        return "try.not_over"
    if not run.epochs or not services.artifacts().exists(run.id, artifact_names.evaluated_checkpoint(run)[0]):
        return "try.no_network"
    return ""


def show() -> None:
    """Lay out the page."""
    t = session_language()
    st.html(STYLE)
    run_id = st.query_params.get("run", "")
    try:
        if run_id:
            _one(run_id, t)
        else:
            _choose(t)
    except UnknownRunError:
        st.title(t("run.missing"), anchor=False)
        st.markdown(t("try.missing", run=escaped(run_id[:40])))
        st.button(t("try.others"), key="try-others", on_click=open_run, args=("",))
    except TurningPointError as error:
        tell(error, t)


show()
