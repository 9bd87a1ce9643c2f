"""What the network of a run said of each test sample, beside the samples themselves. No Streamlit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.analysis.classification import predicted_classes
from core.datasets import ImageDataset, TextDataset
from core.errors import DataError
from core.run import Run
from core.training import artifact_names
from dashboard.shared import services
from dashboard.shared.language import Language


@dataclass(frozen=True, eq=False)
class Judged:
    """A test set with the answers of the network that was evaluated.

    Attributes:
        dataset: The data.
        answers: float32 (samples, units), as the network gave them.
        predicted: int64 (samples,), the classes it decided for.
    """

    dataset: ImageDataset | TextDataset
    answers: NDArray[np.float32]
    predicted: NDArray[np.int64]

    @property
    def labels(self) -> NDArray[np.uint8]:
        """uint8 (samples,), the true classes."""
        return self.dataset.y_test

    @property
    def kind(self) -> str:
        """Whether its samples are an "image" or a "text" each."""
        return self.dataset.facts.kind


def judged(run: Run, t: Language) -> Judged | str:
    """The test samples of a run and its answers; or why there are none to be shown, in words.

    Raises:
        StorageError: If the answers were not kept, or storage does not answer.
    """
    name = run.experiment.dataset
    try:
        dataset = services.dataset(name)
    except DataError:
        return t("mistake.data_missing", dataset=t(f"option.dataset.{name}"))
    answers = services.artifacts().load_array(run.id, artifact_names.TEST_PROBABILITIES)
    if len(answers) != len(dataset.y_test):
        return t("mistake.other_data")
    return Judged(dataset, answers, predicted_classes(answers))
