"""The Experiment itself: one frozen record, refused where it cannot be trained."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, ModelWrapValidatorHandler, ValidationError, model_validator

from core.catalog import DATASETS, DatasetInfo
from core.errors import ExperimentError
from core.experiment import checks
from core.experiment.config import Config, config_field
from core.experiment.data import (
    SEED_LIMIT,
    Encoding,
    FlatEncoding,
    MultiHotEncoding,
    NoSplit,
    PaddedEncoding,
    Scaling,
    Split,
    input_shape,
)
from core.experiment.layers import Layer
from core.experiment.shapes import Footprint, ModelSummary, footprint, summarize
from core.experiment.training import EarlyStopping, Loss, Optimizer, ReduceLROnPlateau, RMSprop
from core.experiment.validation_errors import issues_of

MOST_LAYERS = 32


class Experiment(Config):
    """Everything that decides the result of a training.

    Two equal experiments give the same history on the same machine with the same number of threads.

    Raises:
        ExperimentError: On construction, if a field is unknown or out of bounds or the parts do not fit
            together; it lists every problem found.
    """

    dataset: str = config_field("The data to learn from.")
    train_limit: int | None = config_field(
        "Use only the first N training samples (before the validation split); empty for all.",
        default=None,
        ge=10,
        le=1_000_000,
        unit="samples",
    )
    encoding: Encoding = config_field(
        "The form in which a sample enters the network.", default=FlatEncoding()
    )
    scaling: Scaling = config_field("How raw values become inputs.", default="pixel")
    split: Split = config_field("What is kept back for validation.", default=NoSplit())
    layers: Annotated[tuple[Layer, ...], Field(max_length=MOST_LAYERS, strict=False)] = config_field(
        "The layers, from the input to the output."
    )
    optimizer: Optimizer = config_field("How the weights are moved after each batch.", default=RMSprop())
    loss: Loss = config_field(
        "The number that training makes small.", default="sparse_categorical_crossentropy"
    )
    epochs: int = config_field(
        "How often the network sees all training samples.", default=10, ge=1, le=1000, unit="epochs"
    )
    batch_size: int = config_field(
        "Samples between two steps of the optimizer.", default=128, ge=1, le=65_536, unit="samples"
    )
    seed: int = config_field(
        "The number behind all chance: first weights, order of the samples, dropout.",
        default=777,
        ge=0,
        le=SEED_LIMIT,
    )
    early_stopping: EarlyStopping | None = config_field("End early when nothing improves.", default=None)
    reduce_lr: ReduceLROnPlateau | None = config_field(
        "Make the learning rate smaller when nothing improves.", default=None
    )

    @model_validator(mode="wrap")
    @classmethod
    def _refuse(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if isinstance(data, cls):
            return data
        try:
            experiment = handler(data)
        except ValidationError as error:
            raise ExperimentError(issues_of(error, data, cls)) from error
        found = checks.problems(experiment)
        if found:
            raise ExperimentError(found)
        return experiment

    @property
    def facts(self) -> DatasetInfo:
        """What is known of the data set."""
        return DATASETS[self.dataset]

    @property
    def text_encoding(self) -> MultiHotEncoding | PaddedEncoding:
        """The encoding of an experiment on texts.

        Raises:
            TypeError: If it is none for texts.
        """
        if not isinstance(self.encoding, MultiHotEncoding | PaddedEncoding):
            raise TypeError(f"{self.encoding.kind} is no encoding for texts")
        return self.encoding

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one encoded sample, without the batch dimension."""
        return input_shape(self.facts, self.encoding)

    @property
    def rows(self) -> int:
        """Samples before the validation split."""
        return self.train_limit or self.facts.train_size

    @property
    def validation_size(self) -> int:
        """Samples kept back for validation (stratified: give or take one a class)."""
        return self.split.validation_size(self.rows)

    @property
    def train_size(self) -> int:
        """Samples learned from."""
        return self.rows - self.validation_size

    @property
    def summary(self) -> ModelSummary:
        """The layers with their shapes and parameter counts."""
        return summarize(self.layers, self.input_shape)

    @property
    def footprint(self) -> Footprint:
        """Estimated memory of the training."""
        sparse = isinstance(self.encoding, MultiHotEncoding)
        return footprint(self.summary, self.optimizer, self.batch_size, sparse=sparse)

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and strings; settings that are None are left out.

        `Experiment.model_validate` of it gives an equal experiment.
        """
        return self.model_dump(mode="json", exclude_none=True)

    @property
    def digest(self) -> str:
        """64 hex digits that two experiments share exactly if they are equal."""
        text = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def with_changes(self, **changes: Any) -> Experiment:
        """A copy with some settings changed, checked anew.

        Raises:
            ExperimentError: If the result cannot be.
        """
        plain: dict[str, Any] = {
            name: value.to_dict() if isinstance(value, Experiment) else _plain(value)
            for name, value in changes.items()
        }
        return Experiment.model_validate({**self.to_dict(), **plain})

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Experiment:
        """The experiment that `to_dict` described.

        Raises:
            ExperimentError: If it cannot be.
        """
        return cls.model_validate(dict(plain))


def _plain(value: Any) -> Any:
    if isinstance(value, Config):
        return value.model_dump(mode="json", exclude_none=True)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
