"""Looking back at a run in the file that is taken home: wrong labels, the matrix of each epoch, what was learned."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.analysis import training_dynamics
from core.analysis.classification import ordered_classes
from core.analysis.memorization import label_shares, memorization
from core.analysis.training_dynamics import LearningStatus
from core.analysis.turning_point import turning_point_of
from core.export.web_page import Facts, Part, Widget
from core.run import Run
from dashboard.run import epoch_answers
from dashboard.run.look_back import epoch_player, figures
from dashboard.run.look_back.text import flips_sentence, labels_sentences
from dashboard.run.look_back.wrong_labels import kept_labels
from dashboard.shared.charts.class_matrix import FEW
from dashboard.shared.language import Language
from dashboard.shared.run_words import class_names
from dashboard.shared.web_page import chart, component, text, unmarked

_PLAYER = component(Path(epoch_player.__file__).parent)


def exported(run: Run, t: Language) -> list[Part]:
    """The curves of wrong labels, the same player that the page has, and what became of the samples."""
    back = epoch_answers.kept_answers(run)
    parts: list[Part] = _labels(run, t)
    parts.append(text(*(one.said(t) for one in epoch_answers.remarks(run, back))))
    kept = back.answers
    if kept is None:
        return parts
    names, turn = class_names(run.experiment.dataset, t), turning_point_of(run).loss
    labels = tuple(range(len(names)))
    if len(names) > FEW:
        sizes = np.diag(np.bincount(kept.labels, minlength=len(names)))
        labels = ordered_classes(sizes.tolist(), "size")
    at = turn.epoch if turn.epoch in kept.epochs else kept.epochs[-1]
    data = epoch_player.player_data(run, kept, turn, names, labels, t, form="shares", at=int(at or 0))
    data["words"]["hint"] = t("takehome.hint")  # there are no samples to see below
    parts.append(Widget(_PLAYER, data))
    if len(kept.epochs) > 1:
        said = flips_sentence(kept, turn, t)
        title, figure = t("lookback.flips.title"), figures.learned_and_forgotten(kept, turn, t)
        name = f"learned-forgotten-{run.id}"
        parts.append(chart(figure, name=name, alt=f"{title}. {said}", title=title, caption=said))
        parts.append(_courses(kept.right, t))
    return parts


def _labels(run: Run, t: Language) -> list[Part]:
    history = kept_labels(run)
    if history is None:
        return []
    shares, turn = label_shares(history), turning_point_of(run).loss
    found = memorization(history, shares)
    sentences = labels_sentences(run.experiment, history, shares, found, turn)
    said = unmarked(" ".join(one.said(t) for one in sentences))
    title, figure = t("lookback.labels.title"), figures.labels_learned(history.epochs, shares, turn, t)
    name = f"labels-{run.id}"
    return [chart(figure, name=name, alt=f"{title}. {said}", title=title, caption=said)]


def _courses(right: np.ndarray, t: Language) -> Facts:
    counts = np.bincount(training_dynamics.learning_statuses(right), minlength=len(LearningStatus))
    rows = []
    for status in LearningStatus:
        count = int(counts[status])
        label = t(
            f"lookback.course.{status.name.lower()}",
            count=f"{count:,}",
            share=f"{count / right.shape[1]:.1%}",
        )
        rows.append((unmarked(t(f"lookback.course.{status.name.lower()}.about")), unmarked(label)))
    return Facts(rows)
