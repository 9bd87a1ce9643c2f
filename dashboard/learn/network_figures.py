"""Figures of steps about networks and functions: layers, losses, the division of the samples, sigmoid and softmax."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core import presets
from core.analysis.softmax import sigmoid, softmax
from core.experiment import Experiment
from dashboard.learn import figure_kinds as kinds
from dashboard.learn.charts import fold_chart, parts_chart, share_chart, width_chart
from dashboard.learn.figures import Scene, Values, show_figure
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.sigmoid import sigmoid_figure
from dashboard.shared.formats import exact_share
from dashboard.shared.language import Language
from dashboard.shared.network import show_diagram, show_layers

_COLUMNS = 2


@show_figure.register
def _layers(figure: kinds.LayersFigure, scene: Scene) -> Values:
    show_layers(presets.load(scene.preset(figure)).summary, scene.t)
    return {}


@show_figure.register
def _network(figure: kinds.NetworkFigure, scene: Scene) -> Values:
    show_diagram(presets.load(scene.preset(figure)), scene.t)
    return {}


@show_figure.register
def _compile(figure: kinds.CompileFigure, scene: Scene) -> Values:
    table = compile_table([(name, presets.load(name)) for name in figure.presets], scene.t)
    # So that it fits a phone: of one or two presets a column each.
    st.table(table.T if len(table) <= _COLUMNS else table)
    return {}


def compile_table(experiments: list[tuple[str, Experiment]], t: Language) -> pd.DataFrame:
    """One row a preset: classes, last layer, loss, optimizer, by the preset's title."""
    rows = []
    for name, one in experiments:
        last: Any = one.layers[-1]
        optimizer: Any = one.optimizer
        rows.append(
            {
                t("learn.table.preset"): t(f"preset.{name}.title"),
                t("learn.table.classes"): one.facts.classes,
                t("learn.table.last_layer"): f"Dense({last.units}, {last.activation})",
                t("learn.table.loss"): one.loss.replace("_", "_\u200b"),  # so that it breaks on a narrow page
                t("learn.table.optimizer"): f"{optimizer.kind} ({optimizer.learning_rate:g})",
            }
        )
    return pd.DataFrame(rows).set_index(t("learn.table.preset"))


@show_figure.register
def _parts(figure: kinds.PartsFigure, scene: Scene) -> Values:
    t, experiment = scene.t, presets.load(scene.preset(figure))
    sizes = {
        "train": experiment.train_size,
        "validation": experiment.validation_size,
        "test": experiment.facts.test_size,
    }
    steps = -(-experiment.train_size // experiment.batch_size)
    said = t(
        "learn.figure.parts",
        train=f"{sizes['train']:,}",
        validation=f"{sizes['validation']:,}",
        test=f"{sizes['test']:,}",
        batch=experiment.batch_size,
        steps=f"{steps:,}",
        epochs=experiment.epochs,
    )
    show_chart(parts_chart(sizes, t), t, key=scene.key("parts"), alt=said)
    st.caption(said)
    return {}


@show_figure.register
def _bottleneck(figure: kinds.BottleneckFigure, scene: Scene) -> Values:
    t = scene.t
    for place, (column, name) in enumerate(zip(st.columns(len(figure.presets)), figure.presets, strict=True)):
        experiment = presets.load(name)
        widths = [
            (layer.kind, getattr(layer, "units", 0)) for layer in experiment.layers if hasattr(layer, "units")
        ]
        with column:
            st.markdown(f"**{t(f'preset.{name}.title')}**")
            said = t("learn.figure.widths", widths=" → ".join(str(width) for _, width in widths))
            show_chart(
                width_chart([width for _, width in widths], t), t, key=scene.key(f"widths-{place}"), alt=said
            )
            st.caption(said)
    return {}


@show_figure.register
def _folds(figure: kinds.FoldsFigure, scene: Scene) -> Values:
    t = scene.t
    folds = st.slider(t("learn.figure.folds"), 2, 10, figure.folds, key=scene.key("folds"))
    said = t("learn.figure.folds.about", folds=folds)
    show_chart(fold_chart(folds, t), t, key=scene.key("fold-chart"), alt=said)
    st.caption(said)
    return {"folds": float(folds)}


@show_figure.register
def _sigmoid(figure: kinds.SigmoidFigure, scene: Scene) -> Values:
    t = scene.t
    score = float(st.slider(t("scores.score"), -10.0, 10.0, float(figure.score), 0.1, key=scene.key("score")))
    said = f"1 / (1 + e^(−{score:g})) = {exact_share(sigmoid(score))}".replace("−-", "")
    st.markdown(f"`{said}`")
    show_chart(sigmoid_figure(score, t), t, key=scene.key("sigmoid"), alt=said)
    return {"score": score, "output": sigmoid(score)}


@show_figure.register
def _softmax(figure: kinds.SoftmaxFigure, scene: Scene) -> Values:
    t = scene.t
    names = "ABCDE"[: len(figure.scores)]
    scores = [
        float(
            column.slider(
                t("scores.of", name=name), -10.0, 10.0, float(score), 0.1, key=scene.key(f"score-{name}")
            )
        )
        for column, name, score in zip(st.columns(len(names)), names, figure.scores, strict=True)
    ]
    shares = [one.share for one in softmax(scores)]
    said = " · ".join(f"{name} {share:.1%}" for name, share in zip(names, shares, strict=True))
    show_chart(share_chart(names, scores, shares, t), t, key=scene.key("softmax"), alt=said)
    return {"largest": max(shares), "smallest": min(shares)}
