"""Figures of steps that show runs: the reader's own or recorded ones."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from core.analysis.classification import (
    classification_report,
    ordered_classes,
    predicted_classes,
)
from core.analysis.predictions import class_probabilities
from core.analysis.turning_point import turning_point_of
from core.analysis.weight_history import weight_distribution
from core.datasets import ImageDataset
from core.datasets.decoded_text import read
from core.run import Run
from core.training.weight_histograms import load_weights
from dashboard.learn import figure_kinds as kinds
from dashboard.learn.figures import Scene, Values, show_figure
from dashboard.live.live_curves import show_replay
from dashboard.shared import services
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.class_matrix import FEW
from dashboard.shared.charts.predictions import class_bars, confusion
from dashboard.shared.charts.run_curves import Axes, Measure, RunCurves, apart, axes_for
from dashboard.shared.charts.template import axis_sentences
from dashboard.shared.charts.weight_spread import weight_spread
from dashboard.shared.formats import certainty
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_tables import averages_table, report_table
from dashboard.shared.run_words import class_names, short_names, turn_label
from dashboard.shared.samples.matrix_words import matrix_sentence
from dashboard.shared.samples.sample_cards import show_enlarged
from dashboard.shared.samples.sample_html import excerpt_html
from dashboard.shared.theme import run_colours, table_height, theme


@show_figure.register
def _curves(figure: kinds.CurvesFigure, scene: Scene) -> Values:
    """Both measures as on the page of the run, with replay; a single one as a chart of its own."""
    run, t = scene.run(figure), scene.t
    if run is None:
        return {}
    if figure.measure == "both":
        show_replay(run, t, key=scene.key("curves"), start=figure.start)
        return {}
    curve = curves_of(
        run, figure.measure, letter="A", name=escaped(short_names([run], t)[0]), colour=run_colours()[0]
    )
    axes = axes_for([curve], figure.measure, "epoch")
    chart, said = apart(curve, axes, t), _said(run, axes, t)
    chart.update_layout(showlegend=True, margin={"t": 36})
    chart.for_each_trace(lambda trace: trace.update(showlegend=trace.mode != "markers"))
    show_chart(chart, t, key=scene.key("curves"), alt=said, height=340)
    st.caption(said)
    return {}


@show_figure.register
def _side_by_side(figure: kinds.SideBySideFigure, scene: Scene) -> Values:
    """The curves of runs beside each other, on axes of equal scale."""
    t, runs = scene.t, []
    for name in figure.runs:
        run = scene.seen(scene.runs.named(name), name)
        if run is None:
            return {}
        runs.append(run)
    measures: tuple[Measure, ...] = ("loss", "accuracy") if figure.measure == "both" else (figure.measure,)
    names = [escaped(name) for name in short_names(runs, t)]
    for measure in measures:
        curves = [
            curves_of(run, measure, letter=letter, name=name, colour=colour)
            for run, letter, name, colour in zip(runs, "ABC", names, run_colours(), strict=False)
        ]
        axes = axes_for(curves, measure, "epoch")
        for column, run, curve in zip(st.columns(len(runs)), runs, curves, strict=True):
            with column:
                st.markdown(f"**{curve.name}**")
                said = _said(run, axes, t)
                chart = apart(curve, axes, t)
                show_chart(chart, t, key=scene.key(f"{measure}-{curve.letter}"), alt=said, height=230)
                if measure == measures[-1]:
                    st.caption(said)
    return {}


def _said(run: Run, axes: Axes, t: Language) -> str:
    """The turn of a run, and where the axis of its losses is cut."""
    return " ".join([_turn_sentence(run, t), *axis_sentences(axes.loss, t)])


def curves_of(run: Run, measure: Measure, *, letter: str, name: str, colour: str) -> RunCurves:
    """The curves of a run by epoch, as they were recorded."""
    turning = turning_point_of(run)
    which = {"loss": ("loss", "val_loss"), "accuracy": ("accuracy", "val_accuracy")}[measure]
    training, validation = (
        [math.nan if (value := getattr(epoch, one)) is None else value for epoch in run.epochs]
        for one in which
    )
    return RunCurves(
        letter=letter,
        name=name,
        colour=colour,
        x=[epoch.number for epoch in run.epochs],
        training=training,
        validation=validation,
        turn=turning.loss if measure == "loss" else turning.accuracy,
    )


def _turn_sentence(run: Run, t: Language) -> str:
    """Parameters and turning point of a run."""
    turning = turning_point_of(run)
    return t(
        "learn.figure.turn",
        parameters=f"{run.experiment.summary.parameters:,}",
        turn=turn_label(turning.loss, t, learned=turning.learned),
    )


@show_figure.register
def _confusion(figure: kinds.ConfusionFigure, scene: Scene) -> Values:
    """The matrix; of many classes the largest ones."""
    run, t = scene.run(figure, sealed=True), scene.t
    if run is None or run.evaluation is None:
        return {}
    names, matrix = class_names(run.experiment.dataset, t), run.evaluation.matrix
    labels = tuple(range(len(names)))
    if len(names) > FEW:
        labels = ordered_classes(matrix, "size")[:FEW]
        st.caption(t("learn.figure.largest_classes", number=FEW))
    drawn = confusion(matrix, names, t, form="counts", labels=labels, dark=theme() == "dark")
    said = matrix_sentence(run.evaluation.matrix, names, t)
    show_chart(drawn, t, key=scene.key("confusion"), alt=said)
    st.caption(said)
    return {}


@show_figure.register
def _report(figure: kinds.ReportFigure, scene: Scene) -> Values:
    run, t = scene.run(figure, sealed=True), scene.t
    if run is None or run.evaluation is None:
        return {}
    found = classification_report(run.evaluation.matrix)
    columns = {
        t(f"report.{name}"): st.column_config.NumberColumn(format="%.3f")
        for name in ("precision", "recall", "f1")
    }
    for rows in (report_table(found, class_names(run.experiment.dataset, t), t), averages_table(found, t)):
        st.dataframe(rows, hide_index=True, height=table_height(rows), column_config=columns)
    st.caption(t("report.about", accuracy=f"{found.accuracy:.2%}", samples=f"{run.evaluation.samples:,}"))
    return {}


@show_figure.register
def _prediction(figure: kinds.PredictionFigure, scene: Scene) -> Values:
    """A test sample with what the network gives each class, and others at each press."""
    run, t = scene.run(figure, sealed=True), scene.t
    if run is None or run.evaluation is None:
        return {}
    if not run.state.is_over:
        st.info(t("learn.finding.running"), icon=":material/hourglass_empty:")
        return {}
    _answer(run, scene)
    return {}


def _answer(run: Run, scene: Scene) -> None:
    t, seed = scene.t, scene.key("seed")
    name = run.experiment.dataset
    names, dataset = class_names(name, t), services.dataset(name)
    answers = class_probabilities(services.test_probabilities(run.id))
    # Mistakes are rare, so the second sample that is shown is one of them, if there is any.
    order = np.random.default_rng(1).permutation(len(answers))
    wrong = order[predicted_classes(answers[order]) != dataset.y_test[order]]
    shown = [int(order[0]), *wrong[:1].tolist(), *order[1:].tolist()]
    row = shown[st.session_state.get(seed, 0) % len(shown)]
    shares, true = np.asarray(answers[row], dtype=np.float64), int(dataset.y_test[row])
    taken = int(shares.argmax())
    said = t(
        "learn.figure.answer",
        row=f"{row:,}",
        true=names[true],
        predicted=names[taken],
        share=certainty(float(shares[taken])),
    )
    with st.container(horizontal=True):
        with st.container(width=200):
            if isinstance(dataset, ImageDataset):
                show_enlarged(dataset, "test", row, t, key=scene.key("pixels"), alt=names[true])
            else:
                st.html(excerpt_html(read(dataset, "test", row), t))
        with st.container():
            written = [certainty(float(share)) for share in shares]
            bars = class_bars(shares, written, names, t, true=true, predicted=taken)
            show_chart(bars, t, key=scene.key("bars"), alt=said)
    st.caption(said)
    st.caption(t("learn.figure.sum", total=f"{shares.sum():.4f}"))
    st.button(
        t("data.others"), icon=":material/shuffle:", on_click=_next, args=(seed,), key=scene.key("others")
    )


def _next(seed: str) -> None:
    st.session_state[seed] = st.session_state.get(seed, 0) + 1


@show_figure.register
def _weights(figure: kinds.WeightsFigure, scene: Scene) -> Values:
    run, t = scene.run(figure), scene.t
    history = load_weights(services.artifacts(), run.id) if run is not None else None
    if run is None or history is None:
        if run is not None:
            st.info(t("inside.weights.none"), icon=":material/info:")
        return {}
    turn = turning_point_of(run).loss
    tensor = history.tensors[0]
    found = weight_distribution(history, tensor, always=() if turn.epoch is None else (turn.epoch,))
    said = t("learn.figure.weights", tensor=tensor)
    st.markdown(f"**{said}**")
    show_chart(weight_spread(found, turn, t), t, key=scene.key("weights"), alt=said)
    return {}
