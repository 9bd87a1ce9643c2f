"""What was kept of a run's answers after each epoch, read for looking back; and what to say of it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.analysis.curves import epoch_choice
from core.analysis.training_dynamics import PredictionHistory, epoch_predictions, stacked
from core.analysis.turning_point import turning_point_of
from core.errors import StorageError
from core.run import Run
from core.storage import Artifacts
from core.training import artifact_names
from dashboard.shared import services
from dashboard.shared.language import Message

#: Reading more would take longer than a click may; of more epochs some are chosen evenly.
MOST_EPOCHS = 100
_MOST_SPANS = 6


@dataclass(frozen=True, eq=False)
class KeptAnswers:
    """What could be read.

    Attributes:
        answers: None if there are none to look back at.
        epochs: After how many epochs predictions were kept.
        unreadable: After how many of those chosen they are damaged, or no numbers.
    """

    answers: PredictionHistory | None
    epochs: int
    unreadable: int


def kept_answers(run: Run) -> KeptAnswers:
    """What was kept of a run that is over; read once for all sessions. Raises as `read_answers`."""
    return _kept_answers(run.id, len(run.epochs), run.is_covered, run)


# An entry is five numbers of one or two bytes for each sample and epoch: at most half a megabyte.
@st.cache_resource(show_spinner=False, max_entries=8)
def _kept_answers(run_id: str, epochs: int, covered: bool, _run: Run) -> KeptAnswers:
    return read_answers(services.artifacts(), _run)


def read_answers(artifacts: Artifacts, run: Run) -> KeptAnswers:
    """What a run answered to its first validation samples.

    Raises StorageError if the artifacts do not answer, or the list of the samples is damaged.
    """
    names = set(artifacts.names(run.id))
    epochs = [epoch.number for epoch in run.epochs if artifact_names.predictions(epoch.number) in names]
    if not epochs or not names.issuperset((artifact_names.PREDICTED_ROWS, artifact_names.PREDICTED_LABELS)):
        return KeptAnswers(None, 0, 0)
    rows = artifacts.load_array(run.id, artifact_names.PREDICTED_ROWS)
    labels = artifacts.load_array(run.id, artifact_names.PREDICTED_LABELS)
    best = turning_point_of(run).loss.epoch
    always = [epochs.index(best) + 1] if best in epochs else []
    chosen = [epochs[number - 1] for number in epoch_choice(len(epochs), MOST_EPOCHS, always=always)]
    found = []
    for epoch in chosen:
        try:
            predictions = epoch_predictions(
                artifacts.load_array(run.id, artifact_names.predictions(epoch)), labels
            )
        except StorageError as error:
            if error.code == "artifacts_unavailable":
                raise
            continue
        if predictions is not None:
            found.append((epoch, predictions))
    return KeptAnswers(stacked(found, rows, labels) if found else None, len(epochs), len(chosen) - len(found))


def remarks(run: Run, back: KeptAnswers) -> tuple[Message, ...]:
    """Which samples and which epochs one looks back at, as far as that is not all of them."""
    if back.answers is None:
        if not run.experiment.validation_size:
            return (Message("lookback.no_validation"),)
        return (Message("lookback.unreadable.all" if back.unreadable else "lookback.missing"),)
    samples, shown = len(back.answers.labels), len(back.answers.epochs) + back.unreadable
    first = "lookback.samples.all" if samples >= run.experiment.validation_size else "lookback.samples.first"
    messages = [
        Message(first, {"samples": f"{samples:,}", "validation": f"{run.experiment.validation_size:,}"})
    ]
    if back.epochs < len(run.epochs):
        messages.append(Message("lookback.some_kept", {"kept": back.epochs, "epochs": len(run.epochs)}))
    if shown < back.epochs:
        messages.append(Message("lookback.thinned", {"shown": shown, "kept": f"{back.epochs:,}"}))
    if back.unreadable:
        messages.append(Message("lookback.unreadable", {"count": back.unreadable}))
    return tuple(messages)


def span_words(spans: tuple[tuple[int, int], ...]) -> str:
    """Spans of epochs as "1, 3–7, 9–30"; of more than six only the first ones, and "…"."""
    parts = [str(first) if first == last else f"{first}–{last}" for first, last in spans]
    return ", ".join([*parts[:_MOST_SPANS], *(["…"] if len(parts) > _MOST_SPANS else [])])
