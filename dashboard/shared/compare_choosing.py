"""Choosing the runs of a comparison: in the list of runs, from a run, on the page, or by training a pair."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields

import streamlit as st

from core import presets
from core.datasets import availability
from core.experiment import Dropout, Experiment
from core.run import Run, RunSummary
from dashboard.shared import run_words as decide
from dashboard.shared import services
from dashboard.shared.changes import changes_of
from dashboard.shared.compare_address import MOST_RUNS, RUNS, STUDY, Wish, compared
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.training import start_once

PAGE = "compare/page.py"
_NAMES = frozenset({RUNS, STUDY, *(field.name for field in fields(Wish))})
_CHOSEN = "runs-chosen"
_OFFERED = 200


def go_to(wish: Wish) -> None:
    """Write into the address what is to be shown; what else stands there, such as the language, stays."""
    rest = {name: value for name, value in st.query_params.items() if name not in _NAMES}
    st.query_params.from_dict({**rest, **wish.parameters()})


def chosen() -> tuple[str, ...]:
    """The runs that were ticked in this session, in the order in which they were."""
    return tuple(st.session_state.get(_CHOSEN, ()))


def show_tick(run: RunSummary, say: Language) -> None:
    """A tick box for a line of the run list."""
    key = f"choose-{run.id}"
    ticked = chosen()
    st.session_state[key] = run.id in ticked
    st.checkbox(
        say("compare.tick", name=escaped(decide.name_of(run, say))),
        key=key,
        label_visibility="collapsed",
        disabled=len(ticked) >= MOST_RUNS and run.id not in ticked,
        on_change=_tick,
        args=(run.id, key),
    )


def _tick(run: str, key: str) -> None:
    rest = tuple(one for one in chosen() if one != run)
    st.session_state[_CHOSEN] = (*rest, run) if st.session_state[key] else rest


def show_chosen(say: Language, *, here: bool) -> None:
    """The button that compares what is ticked.

    Args:
        say: The language.
        here: Whether this is the page of comparisons, so that only its address changes.
    """
    ticked = chosen()
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            say("compare.chosen", number=len(ticked)) if ticked else say("compare.chosen.none"),
            key="compare-chosen",
            icon=":material/compare_arrows:",
            type="primary" if len(ticked) > 1 else "secondary",
            disabled=len(ticked) < 2,
        )
        if ticked:
            st.button(say("compare.clear"), key="compare-clear", type="tertiary", on_click=_clear)
        told = "compare.tick.more" if len(ticked) == 1 else "compare.tick.most"
        if len(ticked) == 1 or len(ticked) >= MOST_RUNS:
            st.caption(say(told, most=MOST_RUNS), width="content")
    if pressed:
        st.session_state.pop(_CHOSEN)
        if here:
            go_to(Wish().joined_by(ticked))
            st.rerun()
        st.switch_page(PAGE, query_params=compared(ticked))


def _clear() -> None:
    st.session_state.pop(_CHOSEN, None)


def show_compare_with(run: Run, say: Language) -> None:
    """From a run to a comparison with others on the same data."""
    with st.popover(
        say("compare.with"),
        icon=":material/compare_arrows:",
        type="tertiary",
        key="compare-with",
        on_change="rerun",
    ) as popover:
        if not popover.open:  # the list is read when somebody wants it
            return
        others = _choose_others(run.experiment.dataset, {run.id}, MOST_RUNS - 1, say)
        if others and st.button(say("compare.start"), key="compare-start", type="primary"):
            st.switch_page(PAGE, query_params=compared((run.id, *others)))


def show_add(wish: Wish, dataset: str, say: Language) -> None:
    """Take further runs on the same data into a comparison."""
    room = MOST_RUNS - len(wish.runs)
    with st.popover(
        say("compare.add"),
        icon=":material/add:",
        key="compare-add",
        on_change="rerun",
        disabled=room < 1,
        help=say("compare.tick.most", most=MOST_RUNS) if room < 1 else None,
    ) as popover:
        if not popover.open:
            return
        others = _choose_others(dataset, wish.runs, room, say)
        if others and st.button(say("compare.add.start"), key="compare-add-start", type="primary"):
            go_to(wish.joined_by(others))
            st.rerun()


def _choose_others(dataset: str, without: Collection[str], most: int, say: Language) -> list[str]:
    runs = {
        run.id: run
        for run in services.store().summaries(dataset=dataset, limit=_OFFERED)
        if run.id not in without and (run.epochs_done or not run.state.is_over)
    }
    if not runs:
        st.markdown(say("compare.with.none", dataset=say(f"option.dataset.{dataset}")))
        return []

    def told(run_id: str) -> str:
        run = runs[run_id]
        facts = [
            decide.name_of(run, say),
            *changes_of(run, say),
            say("runs.epochs", done=run.epochs_done, epochs=run.experiment.epochs),
        ]
        if run.test_accuracy is not None:
            facts.append(say("runs.test_accuracy", value=f"{run.test_accuracy:.1%}"))
        return " · ".join([*facts, run_id])

    return st.multiselect(
        say("compare.others"),
        tuple(runs),
        format_func=told,
        max_selections=most,
        placeholder=say("compare.others.hint"),
        key=f"compare-others-{dataset}",
        help=say("compare.others.help", dataset=say(f"option.dataset.{dataset}")),
    )


# A first pair


@dataclass(frozen=True)
class _Half:
    """One of two networks to train: its experiment, the preset it comes from, and the key of a title of its own."""

    experiment: Experiment
    preset: str
    title: str = ""


def _fashion() -> tuple[_Half, ...]:
    return tuple(_Half(presets.load(name), name) for name in ("fashion-shallow", "fashion-deep"))


def _reviews() -> tuple[_Half, ...]:
    plain = presets.load("mini-reviews")
    first, *rest = plain.layers
    spared = plain.with_changes(layers=[first, Dropout(rate=0.5), *rest])
    return _Half(plain, "mini-reviews"), _Half(spared, "mini-reviews", "compare.pair.reviews.dropout")


_PAIRS: dict[str, Callable[[], tuple[_Half, ...]]] = {"fashion": _fashion, "reviews": _reviews}


def show_pairs(say: Language) -> None:
    """Two networks to train together where there is nothing yet to compare."""
    for column, (name, halves) in zip(st.columns(len(_PAIRS)), _PAIRS.items(), strict=True):
        pair = halves()
        dataset = pair[0].experiment.dataset
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{say(f'compare.pair.{name}')}**")
            st.markdown(say(f"compare.pair.{name}.about"))
            if not availability(dataset, services.settings()).here:
                st.caption(say("home.to_fetch", dataset=say(f"option.dataset.{dataset}")))
            if st.button(say("compare.pair.train"), key=f"compare-pair-{name}", icon=":material/play_arrow:"):
                _train(pair, say)


def _train(pair: Sequence[_Half], say: Language) -> None:
    runs = [
        start_once(
            services.store(),
            half.experiment,
            by=services.viewer(),
            preset=half.preset,
            title=say(half.title) if half.title else "",
        )
        for half in pair
    ]
    go_to(Wish().joined_by(runs))
    st.rerun()
