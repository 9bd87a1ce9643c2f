"""How well a network reads the samples of another data set, such as the digits that a class drew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from core.analysis.other_set import OtherResult, class_places, other_result
from core.catalog import DataKind, dataset_info
from core.datasets import ImageDataset
from core.errors import DataError
from core.inference.request import InferenceRequest
from core.inference.service import InferenceService

MOST_SAMPLES = 20_000
"""So many samples one question may be about; of a larger set the first ones of its test part are taken."""
_ROWS = 1_024


@dataclass(frozen=True)
class OtherSetAnswer:
    """What came out, and of the network after which epoch; `whole` if of all samples, both parts of the set."""

    result: OtherResult
    whole: bool
    epoch: int


@dataclass(frozen=True)
class OtherSetRequest(InferenceRequest[OtherSetAnswer]):
    """How well does a network read the samples of another set, none of which chose anything for its run?

    A sealed run is not asked: who brings the test images of its data along as a set of one's own would learn what is
    sealed.
    """

    run: str
    dataset: str
    kind: Literal["other_set"] = "other_set"
    about_test: ClassVar[bool] = True
    about_data: ClassVar[tuple[DataKind, ...]] = ()

    @property
    def other_data(self) -> tuple[str, ...]:
        """The set that is read."""
        return (self.dataset,)

    def answer(self, service: InferenceService) -> OtherSetAnswer:
        """What comes out; a DataError ("other_set_unfit", or that it is not here) if it cannot be read."""
        network = service.image_network(self.run)
        learned, other = network.run.experiment.facts, dataset_info(self.dataset)
        places = class_places(learned, other)
        if places is None:
            shape = " x ".join(map(str, learned.shape))
            raise DataError("other_set_unfit", other=other.title, shape=shape)
        found = service.other_dataset(self.dataset)
        if not isinstance(found, ImageDataset):
            raise DataError("other_set_unfit", other=other.title, shape="")
        whole = other.train_size + other.test_size <= MOST_SAMPLES
        if whole:
            images = np.concatenate([found.x_train, found.x_test])
            labels = np.concatenate([found.y_train, found.y_test])
        else:
            images, labels = found.x_test[:MOST_SAMPLES], found.y_test[:MOST_SAMPLES]
        step = min(_ROWS, network.predict.rows_at_a_time)
        said = [
            network.predict(network.encode(images[start : start + step]))
            for start in range(0, len(images), step)
        ]
        true = np.array(places, dtype=np.int64)[labels.astype(np.int64)]
        return OtherSetAnswer(other_result(np.concatenate(said), true, learned.classes), whole, network.epoch)
