"""Choosing the runs of a comparison: in the list of runs, from a run, or on the page."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from core import recorded
from core.catalog import dataset_info
from core.catalog.own import same_test
from core.run import Run, RunSummary
from dashboard.shared import run_words as decide
from dashboard.shared import services
from dashboard.shared.compare_address import ADDRESS, MOST_RUNS, PAGE, Wish, compared
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import changes_of

_CHOSEN = "runs-chosen"
_OFFERED = 200


def go_to(wish: Wish) -> None:
    """Write into the address what is to be shown; what else stands there, such as the language, stays."""
    ADDRESS.write(wish.values())


def chosen() -> tuple[str, ...]:
    """The runs that were ticked in this session, in the order in which they were."""
    return tuple(st.session_state.get(_CHOSEN, ()))


def show_tick(run: RunSummary, t: Language) -> None:
    """A tick box for a line of the run list."""
    key = f"choose-{run.id}"
    ticked = chosen()
    st.session_state[key] = run.id in ticked
    st.checkbox(
        t("compare.tick", name=escaped(decide.name_of(run, t))),
        key=key,
        label_visibility="collapsed",
        disabled=len(ticked) >= MOST_RUNS and run.id not in ticked,
        on_change=_tick,
        args=(run.id, key),
    )


def _tick(run: str, key: str) -> None:
    rest = tuple(one for one in chosen() if one != run)
    st.session_state[_CHOSEN] = (*rest, run) if st.session_state[key] else rest


def show_chosen(t: Language, *, here: bool) -> None:
    """The button that compares what is ticked; `here` on the page of comparisons only the address changes."""
    ticked = chosen()
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            t("compare.chosen", number=len(ticked)) if ticked else t("compare.chosen.none"),
            key="compare-chosen",
            icon=":material/compare_arrows:",
            type="primary" if len(ticked) > 1 else "secondary",
            disabled=len(ticked) < 2,
        )
        if ticked:
            st.button(t("compare.clear"), key="compare-clear", type="tertiary", on_click=_clear)
        told = "compare.tick.more" if len(ticked) == 1 else "compare.tick.most"
        if len(ticked) == 1 or len(ticked) >= MOST_RUNS:
            st.caption(t(told, most=MOST_RUNS), width="content")
    if pressed:
        st.session_state.pop(_CHOSEN)
        if here:
            go_to(Wish().joined_by(ticked))
            st.rerun()
        st.switch_page(PAGE, query_params=compared(ticked))


def _clear() -> None:
    st.session_state.pop(_CHOSEN, None)


def show_compare_with(run: Run, t: Language) -> None:
    """From a run to a comparison with others on the same data."""
    with st.popover(
        t("compare.with"),
        icon=":material/compare_arrows:",
        type="tertiary",
        key="compare-with",
        on_change="rerun",
    ) as popover:
        if not popover.open:  # the list is read when somebody wants it
            return
        others = _choose_others(run.experiment.dataset, {run.id}, MOST_RUNS - 1, t)
        if others and st.button(t("compare.start"), key="compare-start", type="primary"):
            st.switch_page(PAGE, query_params=compared((run.id, *others)))


def show_add(wish: Wish, dataset: str, t: Language) -> None:
    """Take further runs on the same data into a comparison."""
    room = MOST_RUNS - len(wish.runs)
    with st.popover(
        t("compare.add"),
        icon=":material/add:",
        key="compare-add",
        on_change="rerun",
        disabled=room < 1,
        help=t("compare.tick.most", most=MOST_RUNS) if room < 1 else None,
    ) as popover:
        if not popover.open:
            return
        others = _choose_others(dataset, wish.runs, room, t)
        if others and st.button(t("compare.add.start"), key="compare-add-start", type="primary"):
            go_to(wish.joined_by(others))
            st.rerun()


def _choose_others(dataset: str, without: Collection[str], most: int, t: Language) -> list[str]:
    runs = {
        run.id: run
        for run in [
            *(
                run
                for one in same_test(dataset_info(dataset))
                for run in services.store().summaries(dataset=one, limit=_OFFERED)
            ),
            *recorded.summaries(dataset),
        ]
        if run.id not in without and (run.epochs_done or not run.state.is_over)
    }
    if not runs:
        st.markdown(t("compare.with.none", dataset=t(f"option.dataset.{dataset}")))
        return []

    def told(run_id: str) -> str:
        run = runs[run_id]
        facts = [
            decide.name_of(run, t),
            *changes_of(run, t),
            t("runs.epochs", done=run.epochs_done, epochs=run.experiment.epochs),
        ]
        if run.test_accuracy is not None:
            facts.append(t("runs.test_accuracy", value=f"{run.test_accuracy:.1%}"))
        return " · ".join([*facts, run_id])

    return st.multiselect(
        t("compare.others"),
        tuple(runs),
        format_func=told,
        max_selections=most,
        placeholder=t("compare.others.hint"),
        key=f"compare-others-{dataset}",
        help=t("compare.others.help", dataset=t(f"option.dataset.{dataset}")),
    )
