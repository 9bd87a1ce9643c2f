"""How sure a network was, in the file that is taken home."""

from __future__ import annotations

import math

from core.analysis.calibration import BINS, Calibration, calibration
from core.analysis.turning_point import turning_point_of
from core.errors import TurningPointError
from core.export.web_page import Part
from core.run import Run
from core.training import artifact_names
from dashboard.run import epoch_answers
from dashboard.run.confidence import text as words
from dashboard.run.confidence.figures import FEW, calibration_by_epoch, confidences, reliability, tallest_bars
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.web_page import chart, text


def exported(run: Run, t: Language) -> list[Part]:
    """Confidence by epoch on validation samples, and at the end on the test set."""
    parts: list[Part] = [text(t("calibration.about")), *_by_epoch(run, t)]
    if run.evaluation is not None:
        try:
            parts += _test(run, t)
        except TurningPointError as error:
            parts.append(text(t.error(error, plain=True), quiet=True))
    return [*parts, text(t("calibration.figures", few=FEW), quiet=True)]


def _by_epoch(run: Run, t: Language) -> list[Part]:
    back = epoch_answers.kept_answers(run)
    remarks = text(*(one.said(t) for one in epoch_answers.remarks(run, back)), quiet=True)
    if back.answers is None:
        return [remarks]
    epochs, found = back.answers.epochs, words.by_epoch(back.answers, BINS)
    turn = turning_point_of(run).loss
    place = back.answers.place(turn.epoch)
    here = len(epochs) - 1 if place is None else place
    said = words.joined(words.course(found[here], found[-1], epochs[here], epochs[-1]), t)
    title = t("calibration.validation")
    figure = calibration_by_epoch(epochs, found, t, at=turn.epoch, confirmed=turn.confirmed)
    name = f"calibration-{run.id}"
    return [remarks, chart(figure, name=name, alt=f"{title}. {said}", title=title, caption=said)]


def _test(run: Run, t: Language) -> list[Part]:
    labels = services.test_labels(run.experiment.dataset)
    probabilities = services.test_probabilities(run.id)
    if probabilities.ndim != 2 or len(probabilities) != len(labels):
        return [text(t("calibration.other_data"), quiet=True)]
    found = calibration(probabilities, labels, n_bins=BINS)
    if math.isnan(found.error):
        return [text(t("calibration.no_numbers"), quiet=True)]
    _, epoch = artifact_names.evaluated_checkpoint(run)
    about = t("calibration.test.about", epoch=epoch, samples=f"{found.samples:,}")
    return [text(about, quiet=True), *_diagrams(run, found, t)]


def _diagrams(run: Run, found: Calibration, t: Language) -> list[Part]:
    state, sureness = words.joined(words.state(found), t), words.sureness(found).said(t)
    bars = confidences(found, t, tallest=tallest_bars([found]))
    return [
        chart(
            reliability(found, t),
            name=f"reliability-{run.id}",
            alt=state,
            title=t("calibration.test"),
            caption=state,
        ),
        chart(bars, name=f"confidences-{run.id}", alt=sureness, caption=sureness),
    ]
