"""How sure a network is of its answers: epoch by epoch on validation samples, and at the end on the test set."""

from __future__ import annotations

import math

import streamlit as st

from core.analysis.calibration import BINS, Calibration, calibration
from core.analysis.training_dynamics import PredictionHistory
from core.analysis.turning_point import turning_point_of
from core.errors import DataError, StorageError
from core.run import Run
from core.training import artifact_names
from dashboard.run import epoch_answers
from dashboard.run.confidence import text
from dashboard.run.confidence.figures import FEW, calibration_by_epoch, confidences, reliability, tallest_bars
from dashboard.shared import services
from dashboard.shared.chart import show_chart
from dashboard.shared.controls import choose
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language, session_language
from dashboard.shared.missing_data import missing_words


def show_confidence(run: Run, t: Language) -> None:
    """Everything about the confidence of a run that is over and has epochs."""
    st.markdown(marked(t("calibration.about"), t))
    _show(run)


@st.fragment
def _show(run: Run) -> None:
    t = session_language()
    bins = _choose_bins(t)
    try:
        back = epoch_answers.kept_answers(run)
    except StorageError as error:
        st.caption(t.error(error))
    else:
        _by_epoch(run, back, bins, t)
    if run.evaluation is not None:
        _test(run, bins, t)
    st.caption(t("calibration.figures", few=FEW))


def _choose_bins(t: Language) -> int:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        bins = choose(
            t("calibration.bins"),
            text.BIN_CHOICES,
            key="calibration-bins",
            default=BINS,
            help=t("calibration.bins.help"),
        )
        with st.popover(t("calibration.how"), icon=":material/functions:", type="tertiary"):
            st.markdown(marked(t("calibration.how.about", bins=bins), t))
            st.latex(
                r"\mathrm{ECE} = \sum_{m=1}^{M} \frac{|B_m|}{n}"
                r"\,\bigl|\,\mathrm{acc}(B_m) - \mathrm{conf}(B_m)\,\bigr|"
            )
            st.caption(t("calibration.how.source"))
    return bins


def _by_epoch(run: Run, back: epoch_answers.KeptAnswers, bins: int, t: Language) -> None:
    st.subheader(t("calibration.validation"), anchor=False)
    st.caption("  \n".join(sentence.said(t) for sentence in epoch_answers.remarks(run, back)))
    if back.answers is None:
        return
    epochs, found = back.answers.epochs, text.by_epoch(back.answers, bins)
    turn = turning_point_of(run).loss
    place = back.answers.place(turn.epoch)
    here = len(epochs) - 1 if place is None else place
    messages = text.course(found[here], found[-1], epochs[here], epochs[-1])
    chart_side, words_side = st.columns([3, 2], gap="large")
    with chart_side:
        show_chart(
            calibration_by_epoch(epochs, found, t, at=turn.epoch, confirmed=turn.confirmed),
            t,
            key="calibration-epochs",
            alt=f"{t('calibration.validation')}. {text.joined(messages, t)}",
            name=f"calibration-{run.id}",
        )
    with words_side:
        for sentence in messages:
            st.markdown(sentence.said(t))
        st.caption(marked(t("calibration.epochs.about"), t))
    _before_and_after(back.answers, found, here, confirmed=turn.confirmed, t=t)


def _before_and_after(
    answers: PredictionHistory, found: tuple[Calibration, ...], here: int, *, confirmed: bool, t: Language
) -> None:
    """The diagrams of the turning point beside those of the end, on the same scales."""
    last = len(found) - 1
    if here == last:
        st.markdown(f"**{t('calibration.last')}**")
        _side_by_side(found[last], t, key="calibration-last")
        return
    tallest = tallest_bars([found[here], found[last]])
    st.markdown(f"**{t('calibration.before_after')}**")
    for place, name, column in zip(
        (here, last), ("turn" if confirmed else "lowest", "last"), st.columns(2, gap="large"), strict=True
    ):
        with column:
            st.markdown(t(f"calibration.at.{name}", epoch=answers.epochs[place]))
            _reliability(found[place], t, key=f"calibration-{name}")
            _histogram(found[place], tallest, t, key=f"calibration-{name}")


def _side_by_side(found: Calibration, t: Language, *, key: str) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        _reliability(found, t, key=key)
    with right:
        _histogram(found, tallest_bars([found]), t, key=key)


def _reliability(found: Calibration, t: Language, *, key: str) -> None:
    sentence = text.joined(text.state(found), t)
    show_chart(reliability(found, t), t, key=f"{key}-reliability", alt=sentence)
    st.caption(sentence)


def _histogram(found: Calibration, tallest: tuple[int, int], t: Language, *, key: str) -> None:
    sentence = text.sureness(found).said(t)
    show_chart(confidences(found, t, tallest=tallest), t, key=f"{key}-confidences", alt=sentence)
    st.caption(sentence)


def _test(run: Run, bins: int, t: Language) -> None:
    st.subheader(t("calibration.test"), anchor=False)
    try:
        labels = services.test_labels(run.experiment.dataset)
        probabilities = services.test_probabilities(run.id)
    except DataError:
        st.caption(missing_words(run.experiment.dataset, t, "calibration.data_missing"))
        return
    except StorageError as error:
        st.caption(t.error(error))
        return
    if probabilities.ndim != 2 or len(probabilities) != len(labels):
        st.caption(t("calibration.other_data"))
        return
    found = calibration(probabilities, labels, n_bins=bins)
    if math.isnan(found.error):
        st.caption(t("calibration.no_numbers"))
        return
    _, epoch = artifact_names.evaluated_checkpoint(run)
    st.caption(t("calibration.test.about", epoch=epoch, samples=f"{found.samples:,}"))
    if found.left_out:
        st.caption(t("calibration.left_out", count=f"{found.left_out:,}"))
    _side_by_side(found, t, key="calibration-test")
