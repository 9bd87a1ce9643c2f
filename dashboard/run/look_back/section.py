"""Looking back at a run: what it answered to its validation samples after any epoch, learned and forgot."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.analysis import training_dynamics
from core.analysis.classification import ordered_classes
from core.analysis.training_dynamics import LearningStatus, PredictionHistory
from core.analysis.turning_point import Turn, turning_point_of
from core.errors import StorageError
from core.run import Run
from dashboard.run import epoch_answers
from dashboard.run.epoch_answers import span_words
from dashboard.run.look_back import figures
from dashboard.run.look_back.epoch_player import came_to_rest, epoch_player, player_data
from dashboard.run.look_back.opening import is_narrow, open_one, show_course
from dashboard.run.look_back.text import course_card, flips_sentence, gained_card, mistake_card
from dashboard.run.look_back.wrong_labels import show_wrong_labels
from dashboard.run.matrix_reading import show_flows, show_reader
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.class_matrix import FEW, Form
from dashboard.shared.controls import choose
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language, session_language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import class_names
from dashboard.shared.samples.matrix_cell import (
    cell_boxes,
    choose_cell,
    choose_form,
    choose_number,
    kept_cell,
)
from dashboard.shared.samples.sample_cards import SampleCard

_COURSES = tuple(course.name.lower() for course in LearningStatus)
_PARTS = ("epochs", "courses")
_PLAYER, _CELL, _WHICH = "lookback-player", "lookback-cell", "lookback-which"


def show_look_back(run: Run, t: Language) -> None:
    """Everything about the answers after each epoch."""
    if show_wrong_labels(run, t):
        st.divider()
    try:
        back = epoch_answers.kept_answers(run)
    except StorageError as error:
        st.caption(t.error(error))
        return
    st.markdown("  \n".join(sentence.said(t) for sentence in epoch_answers.remarks(run, back)))
    if back.answers is None:
        return
    _show_part(run, back.answers)


@st.fragment
def _show_part(run: Run, kept: PredictionHistory) -> None:
    """One of the parts, which is worked out; of a single epoch there is but one."""
    t = session_language()
    part = "epochs"
    if len(kept.epochs) > 1:
        part = choose(
            t("lookback.part"),
            _PARTS,
            lambda one: t(f"lookback.part.{one}"),
            key="lookback-part",
            labelled=False,
        )
    show = {"epochs": _show_epochs, "courses": _show_courses}
    show[part](run, kept, t)


def _show_epochs(run: Run, kept: PredictionHistory, t: Language) -> None:
    """The player, and below it the mistakes of the epoch where it stands."""
    names = class_names(run.experiment.dataset, t)
    turn = turning_point_of(run).loss
    at = f"lookback-at-{run.id}"
    if st.session_state.get(at) not in kept.epochs:
        st.session_state[at] = turn.epoch if turn.epoch in kept.epochs else kept.epochs[-1]

    def rest() -> None:
        found = came_to_rest(_PLAYER, kept, len(names))
        if found is None:
            return
        st.session_state[at] = found.epoch
        if found.cell is not None:
            choose_cell(_CELL, found.cell)
            st.session_state[_WHICH] = "wrong"

    with st.container(horizontal=True, vertical_alignment="bottom"):
        form = choose_form(len(names), f"lookback-form-{min(len(names), 3)}", t, labelled=True)
        labels = _choose_classes(kept, len(names), t)
    here = st.session_state[at]
    cells: Form = "shares" if form == "flows" else form
    data = player_data(run, kept, turn, names, labels, t, form=cells, at=here)
    epoch_player(data, key=_PLAYER, on_rest=rest)
    place = kept.place(here)
    if place is not None:
        _read(run, kept, place, names, labels, t, as_flows=form == "flows")
        _mistakes(run, kept, place, turn, names, t)


def _read(
    run: Run,
    kept: PredictionHistory,
    place: int,
    names: tuple[str, ...],
    labels: tuple[int, ...],
    t: Language,
    *,
    as_flows: bool,
) -> None:
    """The matrix of the epoch where the player stands, as flows if they are asked for, and in words."""
    epoch, key = kept.epochs[place], f"{_PLAYER}-read-{run.id}"
    matrix = training_dynamics.confusion_matrices(kept, len(names))[place].tolist()
    st.markdown(f"**{t('lookback.reading', epoch=epoch)}**")
    if as_flows:
        show_flows(matrix, names, labels, t, key=f"{key}-flows", name=f"flows-{run.id}-{epoch}")
    show_reader(matrix, names, labels, t, key=key, chosen=kept_cell(_CELL))


def _choose_classes(kept: PredictionHistory, classes: int, t: Language) -> tuple[int, ...]:
    """Which of many classes to show: the most frequent ones first; few in the order of their labels."""
    if classes <= FEW:
        return tuple(range(classes))
    sizes = np.diag(np.bincount(kept.labels, minlength=classes))
    return ordered_classes(sizes.tolist(), "size")[: choose_number(classes, "lookback", t)]


def _mistakes(
    run: Run, kept: PredictionHistory, place: int, turn: Turn, names: tuple[str, ...], t: Language
) -> None:
    epoch = kept.epochs[place]
    wrong = int((~kept.right[place]).sum())
    st.subheader(t("lookback.mistakes", epoch=epoch), anchor=False)
    st.markdown(t("lookback.mistakes.about", wrong=f"{wrong:,}", samples=f"{len(kept.labels):,}"))
    then = kept.place(turn.epoch)
    which = "wrong"
    changed = None
    if then is not None:
        changed = training_dynamics.change(kept, place, then)
        st.markdown(_compared(epoch, turn, changed, t))
        counts = {"wrong": wrong, "newly_wrong": len(changed.wrong), "newly_right": len(changed.right)}
        kind = "turn" if turn.confirmed else "lowest"
        st.session_state.setdefault(_WHICH, "wrong")  # no default: pressing a cell sets it too
        which = choose(
            t("lookback.which"),
            tuple(counts),
            lambda one: t(
                "lookback.which.wrong" if one == "wrong" else f"lookback.which.{one}.{kind}",
                count=f"{counts[one]:,}",
            ),
            key=_WHICH,
            set_by_page=True,
            labelled=False,
        )
    if which == "newly_right" and changed is not None and then is not None:
        shown = changed.right[np.argsort(-kept.confidence[place, changed.right], kind="stable")]

        def card(sample: int) -> SampleCard:
            return gained_card(kept, place, then, sample, names, t)
    else:
        pair = cell_boxes(names, _CELL, t)
        only = changed.wrong if which == "newly_wrong" and changed is not None else None
        shown = training_dynamics.mistaken(kept, place, only, pair)

        def card(sample: int) -> SampleCard:
            return mistake_card(
                training_dynamics.sample_prediction(kept, place, sample), names, t, narrow=is_narrow(run)
            )

    _show_samples(run, kept, shown, card, place, turn, f"lookback-{which}", t)


def _compared(epoch: int, turn: Turn, changed: training_dynamics.Change, t: Language) -> str:
    kind = "turn" if turn.confirmed else "lowest"
    if turn.epoch is None or epoch == turn.epoch:
        return t(f"lookback.{kind}.here")
    when = "after" if epoch > turn.epoch else "before"
    return t(
        f"lookback.{kind}.{when}",
        epoch=turn.epoch,
        wrong=f"{len(changed.wrong):,}",
        right=f"{len(changed.right):,}",
    )


def _show_samples(
    run: Run,
    kept: PredictionHistory,
    samples: NDArray[np.integer],
    card: Callable[[int], SampleCard],
    place: int,
    turn: Turn,
    key: str,
    t: Language,
) -> None:
    """Samples to look through, and how the answer to the one that is open changed."""
    sample = open_one(run, kept.rows, samples, card, key, t, hint="lookback.open")
    if sample is None:
        return
    names, row = class_names(run.experiment.dataset, t), int(kept.rows[sample])
    spans = span_words(training_dynamics.correct_spans(kept.epochs, kept.right[:, sample]))
    sentence = t(
        "lookback.course" if spans else "lookback.course.unknown",
        row=f"{row:,}",
        name=escaped(names[int(kept.labels[sample])]),
        epochs=spans,
    )
    figure = figures.answer_course(kept, sample, kept.epochs[place], turn, t)
    show_course(sentence, figure, row, key, t)


def _show_courses(run: Run, kept: PredictionHistory, t: Language) -> None:
    """What was learned and forgotten when, and the samples with the same fate."""
    names = class_names(run.experiment.dataset, t)
    turn = turning_point_of(run).loss
    st.markdown(marked(t("lookback.courses.about"), t))
    courses = training_dynamics.learning_statuses(kept.right)
    forgotten = training_dynamics.forgetting_events(kept.right)
    chart_side, choice_side = st.columns(2, gap="large")
    with chart_side:
        _flips(run, kept, turn, t)
    counts = np.bincount(courses, minlength=len(LearningStatus))
    with choice_side:
        chosen = st.radio(
            t("lookback.course.choose"),
            _COURSES,
            index=LearningStatus.LOST,
            format_func=lambda one: t(
                f"lookback.course.{one}",
                count=f"{counts[_COURSES.index(one)]:,}",
                share=f"{counts[_COURSES.index(one)] / len(courses):.1%}",
            ),
            captions=[t(f"lookback.course.{one}.about") for one in _COURSES],
            key="lookback-course",
            persist_state="session",
        )
    members = np.flatnonzero(courses == _COURSES.index(chosen))
    last = len(kept.epochs) - 1
    in_order = members[np.lexsort((kept.of_true[last, members], -forgotten[members]))]

    def card(sample: int) -> SampleCard:
        return course_card(kept, sample, int(forgotten[sample]), names, t, narrow=is_narrow(run))

    _show_samples(run, kept, in_order, card, last, turn, "lookback-courses", t)


def _flips(run: Run, kept: PredictionHistory, turn: Turn, t: Language) -> None:
    sentence = flips_sentence(kept, turn, t)
    st.markdown(f"**{t('lookback.flips.title')}**")
    show_chart(
        figures.learned_and_forgotten(kept, turn, t),
        t,
        key="lookback-flips",
        alt=sentence,
        name=f"learned-forgotten-{run.id}",
    )
    st.caption(sentence)
