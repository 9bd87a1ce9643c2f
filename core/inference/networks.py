"""Trained networks that are kept open to be asked, each with all that turns a sample into its input. Loads Keras."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.datasets import ImageDataset, TextDataset, open_dataset
from core.datasets.encoding import Inputs, TextEncoder
from core.datasets.preparation import ImageEncoder, encoder_of
from core.datasets.texts import RaggedTokens
from core.errors import RunError
from core.experiment import MultiHotEncoding, PaddedEncoding
from core.inference.once import OnceEach
from core.models.predicting import Predictor
from core.run import Run
from core.settings import Settings
from core.storage import Artifacts, Store
from core.training import artifact_names

Config = Literal["train", "test"]

MOST_NETWORKS = 4
"""So many networks are kept open, those that were asked last."""


@dataclass(frozen=True, eq=False)
class Opened:
    """A trained network: the one whose test result its run shows.

    Attributes:
        run: Its run.
        epoch: After which epoch it is as it is.
        predict: The network.
    """

    run: Run
    epoch: int
    predict: Predictor


@dataclass(frozen=True, eq=False)
class OpenedTexts(Opened):
    """A network that learned texts.

    Attributes:
        encode: The encoder of its training.
        encoding: The encoder's encoding.
        dataset: The data of its training.
    """

    encode: TextEncoder
    encoding: MultiHotEncoding | PaddedEncoding
    dataset: TextDataset

    def samples(self, part: Config, rows: NDArray[np.int64]) -> RaggedTokens:
        """The raw texts of some rows of a part of the data."""
        return (self.dataset.x_train if part == "train" else self.dataset.x_test).take(rows)

    def inputs(self, part: Config, rows: NDArray[np.int64]) -> Inputs:
        """What the network gets of them."""
        return self.encode(self.samples(part, rows))


@dataclass(frozen=True, eq=False)
class OpenedImages(Opened):
    """A network that learned images.

    Attributes:
        encode: What turns raw images into its inputs, as in its training.
        dataset: The data of its training.
    """

    encode: ImageEncoder
    dataset: ImageDataset

    def samples(self, part: Config, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The raw images of some rows of a part of the data."""
        images: NDArray[np.uint8] = (self.dataset.x_train if part == "train" else self.dataset.x_test)[rows]
        return images

    def inputs(self, part: Config, rows: NDArray[np.int64]) -> Inputs:
        """What the network gets of them."""
        return self.encode(self.samples(part, rows))


def check_test_row(opened: OpenedTexts | OpenedImages, row: int) -> None:
    """Refuse a row that the test set does not have.

    Raises:
        RunError: If there is no such sample ("run_no_such_sample").
    """
    last = len(opened.dataset.y_test) - 1
    if not 0 <= row <= last:
        raise RunError("run_no_such_sample", received=row, dataset=opened.dataset.name, last=last)


class Networks:
    """The networks asked last; any number of threads may ask for one."""

    def __init__(self, settings: Settings, *, store: Store, artifacts: Artifacts) -> None:
        self._settings = settings
        self._store = store
        self._artifacts = artifacts
        self._networks: OnceEach[str, OpenedTexts | OpenedImages] = OnceEach(MOST_NETWORKS)

    def of(self, run_id: str) -> OpenedTexts | OpenedImages:
        """The network of a run.

        Raises:
            UnknownRunError: If there is no such run.
            RunError: If it is not over ("run_not_over").
            ArtifactMissingError: If no network of it was kept.
            DataError: If its data are not on this computer any more.
            StorageError: If storage does not answer.
        """
        return self._opened(self._store.get(run_id))  # each time: it may have been deleted

    def of_texts(self, run_id: str) -> OpenedTexts:
        """The network of a run on texts.

        Raises:
            RunError: If it is about images ("run_not_about_texts"); and all that `of` raises.
        """
        run = self._store.get(run_id)
        opened = self._opened(run) if run.experiment.facts.kind == "text" else None
        if not isinstance(opened, OpenedTexts):
            raise RunError("run_not_about_texts", run=run_id, dataset=run.experiment.dataset)
        return opened

    def of_images(self, run_id: str) -> OpenedImages:
        """The network of a run on images.

        Raises:
            RunError: If it is about texts ("run_not_about_images"); and all that `of` raises.
        """
        run = self._store.get(run_id)
        opened = self._opened(run) if run.experiment.facts.kind == "image" else None
        if not isinstance(opened, OpenedImages):
            raise RunError("run_not_about_images", run=run_id, dataset=run.experiment.dataset)
        return opened

    def _opened(self, run: Run) -> OpenedTexts | OpenedImages:
        return self._networks.get(run.id, lambda: open_network(run, self._settings, self._artifacts))


def open_network(run: Run, settings: Settings, artifacts: Artifacts) -> OpenedTexts | OpenedImages:
    """Open the network of a run that is over, the one whose test result the run has.

    Raises:
        RunError: If the run is not over ("run_not_over").
        ArtifactMissingError: If no network of it was kept.
        StorageError: If the file of its network is damaged ("artifact_damaged").
        DataError: If its data are not on this computer any more.
    """
    if not run.state.is_over:
        raise RunError("run_not_over", run=run.id, state=run.state.value)
    experiment = run.experiment
    name, epoch = artifact_names.evaluated_checkpoint(run)
    with artifacts.fetch_model(run.id, name) as path:
        predict = Predictor.load(path)
    dataset = open_dataset(experiment.dataset, settings, fetch=False)
    if isinstance(dataset, TextDataset):
        encode = encoder_of(experiment, dataset)
        return OpenedTexts(run, epoch, predict, encode, experiment.text_encoding, dataset)
    return OpenedImages(run, epoch, predict, encoder_of(experiment, dataset), dataset)
