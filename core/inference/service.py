"""Answers requests, in a process that stays: trained networks are kept open, with all that makes their inputs."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.datasets import ImageDataset, TextDataset, open_dataset
from core.datasets.dataset import RaggedTokens
from core.datasets.encoding import Inputs, TextEncoder
from core.datasets.preparation import ImageEncoder, encoder_of
from core.disclosure import check_may_ask
from core.errors import DataError, RunError
from core.experiment import MultiHotEncoding, PaddedEncoding
from core.inference.kept import OnceEach
from core.inference.request import AnswerT, InferenceRequest
from core.run import Run
from core.settings import Settings
from core.storage import Artifacts, Store
from core.training import artifact_names

if TYPE_CHECKING:
    from core.models.predicting import Predictor

Part = Literal["train", "test"]
KeptT = TypeVar("KeptT")

MOST_NETWORKS = 4
"""So many networks are kept open, those that were asked last."""


@dataclass(frozen=True, eq=False)
class OpenNetwork:
    """The network whose test result a run shows, as it was after `epoch`."""

    run: Run
    epoch: int
    predict: Predictor


@dataclass(frozen=True, eq=False)
class TextNetwork(OpenNetwork):
    """A network that learned texts, with the encoder, the encoding and the data of its training."""

    encode: TextEncoder
    encoding: MultiHotEncoding | PaddedEncoding
    dataset: TextDataset

    def samples(self, part: Part, rows: NDArray[np.int64]) -> RaggedTokens:
        """The raw texts of some rows of a part of the data."""
        return (self.dataset.x_train if part == "train" else self.dataset.x_test).take(rows)

    def inputs(self, part: Part, rows: NDArray[np.int64]) -> Inputs:
        """What the network gets of them."""
        return self.encode(self.samples(part, rows))


@dataclass(frozen=True, eq=False)
class ImageNetwork(OpenNetwork):
    """A network that learned images, with the encoder and the data of its training."""

    encode: ImageEncoder
    dataset: ImageDataset

    def samples(self, part: Part, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The raw images of some rows of a part of the data."""
        images: NDArray[np.uint8] = (self.dataset.x_train if part == "train" else self.dataset.x_test)[rows]
        return images

    def inputs(self, part: Part, rows: NDArray[np.int64]) -> Inputs:
        """What the network gets of them."""
        return self.encode(self.samples(part, rows))


Network: TypeAlias = TextNetwork | ImageNetwork


def open_network(run: Run, settings: Settings, artifacts: Artifacts) -> Network:
    """Open the network of a run that is over. Loads Keras.

    Raises:
        RunError: If the run is not over ("run_not_over").
        ArtifactMissingError: If no network of it was kept.
        StorageError: If the file of its network is damaged ("artifact_damaged").
        DataError: If its data are not on this computer any more.
    """
    alone, experiment = open_weights(run, artifacts), run.experiment
    epoch, predict = alone.epoch, alone.predict
    dataset = open_dataset(experiment.dataset, settings, fetch=False)
    if isinstance(dataset, TextDataset):
        encode = encoder_of(experiment, dataset)
        return TextNetwork(run, epoch, predict, encode, experiment.text_encoding, dataset)
    return ImageNetwork(run, epoch, predict, encoder_of(experiment, dataset), dataset)


def open_weights(run: Run, artifacts: Artifacts) -> OpenNetwork:
    """Open the network of a run without its data; it raises what `open_network` does but for these."""
    from core.models.predicting import Predictor

    if not run.state.is_over:
        raise RunError("run_not_over", run=run.id, state=run.state.value)
    name, epoch = artifact_names.evaluated_checkpoint(run)
    with artifacts.fetch_model(run.id, name) as path:
        return OpenNetwork(run, epoch, Predictor.load(path))


def check_test_row(network: Network, row: int) -> None:
    """Refuse a row that the test set does not have with a RunError ("run_no_such_sample")."""
    last = len(network.dataset.y_test) - 1
    if not 0 <= row <= last:
        raise RunError("run_no_such_sample", received=row, dataset=network.dataset.name, last=last)


class InferenceService:
    """Answers requests; any number of threads may ask at once."""

    def __init__(self, settings: Settings, *, store: Store, artifacts: Artifacts) -> None:
        self.artifacts = artifacts
        self._settings = settings
        self._store = store
        self._networks: OnceEach[str, Network] = OnceEach(MOST_NETWORKS)
        self._alone: OnceEach[str, OpenNetwork] = OnceEach(1)
        self._kept: dict[type, Any] = {}
        self._making = Lock()

    def answer(self, request: InferenceRequest[AnswerT]) -> AnswerT:
        """Answer a request; it raises what its kind refuses, what `network` does, and `check_may_ask`."""
        check_may_ask(self._store.get(request.run), about_test=request.about_test)
        return request.answer(self)

    def kept(self, make: type[KeptT]) -> KeptT:
        """What a kind of request keeps from question to question: the one instance of a class of its own."""
        with self._making:
            if make not in self._kept:
                self._kept[make] = make()
        kept: KeptT = self._kept[make]
        return kept

    def network(self, run_id: str) -> Network:
        """The network of a run; it raises what `open_network` does, UnknownRunError and StorageError."""
        return self._opened(self._store.get(run_id))  # each time: it may have been deleted

    def weights(self, run_id: str) -> OpenNetwork:
        """The network of a run as far as that can be had: with the words of texts; of images also without the data."""
        run = self._store.get(run_id)
        try:
            return self._opened(run)
        except DataError:
            if run.experiment.facts.kind == "text":
                raise
        return self._alone.get(run.id, lambda: open_weights(run, self.artifacts))

    def text_network(self, run_id: str) -> TextNetwork:
        """The network of a run on texts; of another one a RunError ("run_not_about_texts")."""
        run = self._store.get(run_id)
        opened = self._opened(run) if run.experiment.facts.kind == "text" else None
        if not isinstance(opened, TextNetwork):
            raise RunError("run_not_about_texts", run=run_id, dataset=run.experiment.dataset)
        return opened

    def image_network(self, run_id: str) -> ImageNetwork:
        """The network of a run on images; of another one a RunError ("run_not_about_images")."""
        run = self._store.get(run_id)
        opened = self._opened(run) if run.experiment.facts.kind == "image" else None
        if not isinstance(opened, ImageNetwork):
            raise RunError("run_not_about_images", run=run_id, dataset=run.experiment.dataset)
        return opened

    def other_dataset(self, name: str) -> ImageDataset | TextDataset:
        """A data set that is here, whatever the runs learned from; `DataError` if it is not."""
        return open_dataset(name, self._settings, fetch=False)

    def _opened(self, run: Run) -> Network:
        return self._networks.get(run.id, lambda: open_network(run, self._settings, self.artifacts))
