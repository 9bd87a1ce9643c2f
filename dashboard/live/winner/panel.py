"""The panel that asks which of two runs will win on new data, and tells what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.comparison import comparison_key
from core.run import Run
from dashboard.live.winner.question import Onlooker, Question, opened_by_guess
from dashboard.live.winner.text import Outcome, differing, outcome_messages, outcome_of, when_said
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.page_links import run_link
from dashboard.shared.run_list import reader_timezone
from dashboard.shared.trouble import Refusal

_REFUSED = Refusal("guess-refused")
_NONE = ""


def show_question(
    runs: Sequence[Run],
    question: Question,
    looks: Onlooker,
    names: Mapping[str, str],
    t: Language,
    *,
    called: Mapping[str, str] | None = None,
) -> Outcome | None:
    """The question of two runs, or what came of it, which it gives then; nothing where nothing is asked.

    `names` are what there is to choose from, by the ids of the runs, and come escaped; in sentences these are `called`
    so, if that is something shorter.
    """
    if question.stage == "none":
        return None
    found = None
    with st.container(border=True, key="guess"):
        if question.prediction is not None:
            found = outcome_of(runs, question.prediction)
            st.markdown(f"**:material/psychology_alt: {t('guess.title')}**")
            st.markdown("  \n".join(one.said(t) for one in outcome_messages(found, called or names)))
            st.caption(when_said(question.prediction, reader_timezone()).said(t))
        else:
            st.subheader(t("guess.title"), anchor=False)
            _ask(runs, question, looks, names, t)
    _REFUSED.tell(t)
    return found


def _ask(
    runs: Sequence[Run], question: Question, looks: Onlooker, names: Mapping[str, str], t: Language
) -> None:
    samples = runs[0].experiment.facts.test_size
    st.markdown(f"{t('guess.about', samples=f'{samples:,}')} {differing(runs, t)}")
    if question.stage == "covered":
        st.markdown(f":material/visibility_off: {t('guess.covered')}")
        for run in runs:
            if run.is_covered:
                run_link(run.id, t("guess.covered.go", name=names[run.id]))
        return
    if question.stage == "wait":
        st.markdown(f":material/hourglass_empty: {t('guess.wait')}")
        return
    ids = [run.id for run in runs]
    key = f"guess-{comparison_key(ids)}"
    chosen = st.radio(
        t("guess.choose"),
        [*ids, _NONE],
        index=None,
        format_func=lambda run: names[run] if run else t("guess.choice.none"),
        key=key,
    )
    _say_opening(runs, t)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t("guess.submit"),
            key="guess-submit",
            type="primary",
            icon=":material/task_alt:",
            disabled=chosen is None,
            on_click=_guess,
            args=(ids, looks, key),
        )
        st.button(
            t("guess.show"),
            key="guess-show",
            icon=":material/visibility:",
            help=t("guess.show.help"),
            on_click=_show,
            args=(ids, looks),
        )


def _say_opening(runs: Sequence[Run], t: Language) -> None:
    """That an answer opens what is sealed, and how often one has looked by now."""
    owners = opened_by_guess(runs)
    if owners:
        dataset = runs[0].experiment.dataset
        looks = sum(services.store().looks(owner, dataset) for owner in set(owners))
        called = t(f"option.dataset.{dataset}")
        st.caption(t("guess.opens", sealed=len(owners), dataset=called, looks=looks))


def _guess(ids: Sequence[str], looks: Onlooker, key: str) -> None:
    chosen = st.session_state.get(key)
    if chosen is None:
        return
    with _REFUSED.kept():
        services.store().predict_winner(looks.owner, ids, chosen or None, also_of=looks.also_of)


def _show(ids: Sequence[str], looks: Onlooker) -> None:
    with _REFUSED.kept():
        services.store().show_winner(looks.owner, ids, also_of=looks.also_of)
