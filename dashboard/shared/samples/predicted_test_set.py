"""The test set of a run with what its network answered to each sample."""

from __future__ import annotations

from dataclasses import dataclass

from core.analysis.predictions import Predictions
from core.datasets import ImageDataset, TextDataset
from core.errors import DataError
from core.run import Run
from dashboard.shared import services
from dashboard.shared.language import Language


@dataclass(frozen=True, eq=False)
class PredictedTestSet:
    """A test set with the answers of the network that was evaluated."""

    dataset: ImageDataset | TextDataset
    predictions: Predictions

    @property
    def kind(self) -> str:
        """Whether its samples are an "image" or a "text" each."""
        return self.dataset.facts.kind


def predicted_test_set(run: Run, t: Language) -> PredictedTestSet | str:
    """The test samples of a run and the answers; or why there are none to be shown, in words.

    Raises:
        StorageError: If the answers were not kept, or storage does not answer.
    """
    name = run.experiment.dataset
    try:
        dataset = services.dataset(name)
    except DataError:
        return t("mistake.data_missing", dataset=t(f"option.dataset.{name}"))
    answers = services.test_probabilities(run.id)
    if len(answers) != len(dataset.y_test):
        return t("mistake.other_data")
    return PredictedTestSet(dataset, Predictions.of(answers, dataset.y_test))
