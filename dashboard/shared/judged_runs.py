"""What several networks answered to the same test samples, to be judged together. No Streamlit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.analysis.classification import confusion_matrix, predicted_classes
from core.catalog import dataset_info
from core.errors import ArtifactMissingError, StorageError
from core.run import Run
from core.storage import Artifacts
from core.training import artifact_names
from dashboard.shared.language import Message


@dataclass(frozen=True, eq=False)
class JudgedRuns:
    """True classes of the same test samples, the classes that each run answered, and why others are not among them."""

    labels: NDArray[np.uint8]
    answers: Mapping[str, NDArray[np.uint8]]
    obstacles: tuple[Message, ...]


def judged_runs(
    runs: Sequence[Run],
    dataset: str,
    labels: NDArray[np.integer],
    artifacts: Artifacts,
    letters: Mapping[str, str],
) -> JudgedRuns:
    """Read what each network answered to the test samples of a data set, and keep one byte of each answer."""
    true = np.asarray(labels, dtype=np.uint8)
    answers: dict[str, NDArray[np.uint8]] = {}
    obstacles = []
    for run in runs:
        found = _obstacle(run, dataset) or _answers(run, true, artifacts)
        if isinstance(found, str):
            details = {"letter": letters[run.id], "dataset": run.experiment.dataset, "state": run.state.value}
            obstacles.append(Message(f"verdicts.obstacle.{found}", details))
        else:
            answers[run.id] = found
    return JudgedRuns(true, answers, tuple(obstacles))


def _obstacle(run: Run, dataset: str) -> str | None:
    """Why a run cannot be judged, as far as its record tells."""
    if run.experiment.test_set != dataset_info(dataset).test_set:
        return "other_dataset"
    if run.evaluation is not None and run.evaluation.samples:
        return None
    if run.is_covered:
        return "covered"
    if run.is_sealed and run.state.is_over:
        return "sealed"
    return "no_evaluation" if run.state.is_over else "under_way"


def _answers(run: Run, labels: NDArray[np.uint8], artifacts: Artifacts) -> NDArray[np.uint8] | str:
    """The answered classes, or why there are none."""
    try:
        probabilities = artifacts.load_array(run.id, artifact_names.TEST_PROBABILITIES)
    except ArtifactMissingError:
        return "answers_gone"
    except StorageError:
        return "answers_unreadable"
    if len(probabilities) != len(labels):
        return "other_samples"
    answered = predicted_classes(probabilities).astype(np.uint8)
    # Other samples in the same number would show here.
    matrix = run.evaluation.matrix if run.evaluation else ()
    if confusion_matrix(labels, answered, len(matrix)).tolist() != [list(row) for row in matrix]:
        return "other_samples"
    return answered
