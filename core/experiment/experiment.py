"""The Experiment itself: one frozen record of everything that decides a training, and what is wrong with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import (
    Field,
    ModelWrapValidatorHandler,
    SerializeAsAny,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError, PydanticKnownError

from core.catalog import DATASETS, DatasetInfo, dataset_info, find_dataset, is_own
from core.errors import ExperimentError, Issue
from core.experiment.config import Config, config_field
from core.experiment.data import (
    FEWEST_NUMBERS,
    SEED_LIMIT,
    Encoding,
    FlatEncoding,
    FoldSplit,
    GivenLabels,
    Labels,
    MultiHotEncoding,
    NoSplit,
    PaddedEncoding,
    Scaling,
    Split,
    encodings_for,
)
from core.experiment.layers import Dense, Embedding, Flatten, Layer
from core.experiment.summary import Footprint, ModelSummary, footprint, summarize
from core.experiment.training import EarlyStopping, Loss, Optimizer, ReduceLROnPlateau, RMSprop
from core.experiment.validation_errors import issues_of

MOST_LAYERS = 32
MOST_PARAMETERS = 30_000_000
MOST_MEGABYTES = 4_000
_MEGA = 1_000_000


class Experiment(Config):
    """Everything that decides the result of a training.

    Two equal experiments give the same history on the same machine with the same number of threads. One that exists
    has sound fields, each by itself; whether they go together is what `problems` says. Only in the lab is an
    experiment with problems worked on: whoever trains, keeps or hands on one asks for it `checked`, as `from_dict` and
    `with_changes` do.

    Raises:
        ExperimentError: On construction, if a field is unknown, of another type or out of bounds; it lists all of them.
    """

    dataset: str = config_field("The data to learn from.")
    train_limit: int | None = config_field(
        "Use only the first N training samples (before the validation split); empty for all.",
        default=None,
        ge=10,
        le=1_000_000,
        unit="samples",
    )
    encoding: SerializeAsAny[Encoding] = config_field(
        "The form in which a sample enters the network.", default=FlatEncoding()
    )
    scaling: Scaling = config_field("How raw values become inputs.", default="pixel")
    split: SerializeAsAny[Split] = config_field("What is kept back for validation.", default=NoSplit())
    labels: SerializeAsAny[Labels] = config_field(
        "Whether training samples have the labels of the data, or some or all are wrong on purpose.",
        default=GivenLabels(),
    )
    layers: Annotated[tuple[SerializeAsAny[Layer], ...], Field(max_length=MOST_LAYERS, strict=False)] = (
        config_field("The layers, from the input to the output.")
    )
    optimizer: SerializeAsAny[Optimizer] = config_field(
        "How the weights are moved after each batch.", default=RMSprop()
    )
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
    def _say_errors(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            raise ExperimentError(issues_of(error, data, cls)) from error

    @field_validator("dataset")
    @classmethod
    def _known(cls, name: str) -> str:
        if find_dataset(name) is None:
            if is_own(name):
                raise PydanticCustomError("own_data_unknown", "not on this server")
            raise PydanticKnownError("literal_error", {"expected": ", ".join(DATASETS)})
        return name

    # What follows from it

    @property
    def test_set(self) -> str:
        """What two experiments have in common if their networks are tested on the same samples."""
        return self.facts.test_set

    @property
    def facts(self) -> DatasetInfo:
        """What is known of the data set."""
        return dataset_info(self.dataset)

    @property
    def callbacks(self) -> tuple[EarlyStopping | ReduceLROnPlateau, ...]:
        """Those that may change the course, in the order in which they are asked after each epoch."""
        return tuple(one for one in (self.early_stopping, self.reduce_lr) if one is not None)

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
        return self.encoding.input_shape(self.facts)

    @property
    def is_penalized(self) -> bool:
        """Whether the loss counts the size of weights too."""
        return any(getattr(layer, name, 0) > 0 for layer in self.layers for name in ("l1", "l2"))

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

    @cached_property
    def summary(self) -> ModelSummary:
        """The layers with their shapes and parameter counts, as far as they fit; none for samples in a wrong form."""
        fits = self.facts.kind == self.encoding.FOR
        return summarize(self.layers if fits else (), self.input_shape)

    @property
    def footprint(self) -> Footprint:
        """Estimated memory of the training."""
        sparse = isinstance(self.encoding, MultiHotEncoding)
        return footprint(self.summary, self.optimizer, self.batch_size, sparse=sparse)

    @property
    def digest(self) -> str:
        """64 hex digits that two experiments share exactly if they are equal."""
        text = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    # Its plain form

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and strings, from which `from_dict` makes an equal one; None is left out.

        So are the labels where they are those of the data: an experiment without a word of them is the same as ever.
        """
        plain: dict[str, Any] = plain_form(self)
        if isinstance(self.labels, GivenLabels):
            del plain["labels"]
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Experiment:
        """The experiment that `to_dict` described.

        Raises:
            ExperimentError: If it cannot be.
        """
        return cls.model_validate(dict(plain)).checked()

    def with_changes(self, **changes: Any) -> Experiment:
        """A copy with some settings changed, checked anew; parts may be given as records or in plain form.

        Raises:
            ExperimentError: If the result cannot be.
        """
        return self.from_dict({**self.to_dict(), **plain_form(changes)})

    # What is wrong with it

    def checked(self) -> Self:
        """The experiment itself.

        Raises:
            ExperimentError: If it cannot be trained.
        """
        if self.problems:
            raise ExperimentError(self.problems)
        return self

    @cached_property
    def problems(self) -> tuple[Issue, ...]:
        """Everything that makes it impossible as a whole, in the order in which a person would mend it."""
        # Samples in a form that they cannot have give the layers no shape to judge.
        sound = self.facts.kind == self.encoding.FOR
        network = _network_problems(self) if sound else ()
        return (*_data_problems(self), *network, *_callback_problems(self))


def plain_form(value: Any) -> Any:
    """A value with all records in it, also in lists and dicts, as plain dicts."""
    if isinstance(value, Config):
        return value.model_dump(mode="json", exclude_none=True)
    if isinstance(value, list | tuple):
        return [plain_form(item) for item in value]
    return {name: plain_form(item) for name, item in value.items()} if isinstance(value, Mapping) else value


def _data_problems(experiment: Experiment) -> Iterator[Issue]:
    facts, encoding, split = experiment.facts, experiment.encoding, experiment.split
    about, details = {"dataset": facts.name}, dict[str, Any]()
    if facts.kind != encoding.FOR:
        details = {
            "received": encoding.kind,
            "kind": facts.kind,
            "known": ", ".join(encodings_for(facts.kind)),
        }
        yield Issue("encoding_not_for_data", "encoding", {**about, **details})
    if facts.kind == "text" and experiment.scaling != "none":
        yield Issue("text_scaled", "scaling", {**about, "received": experiment.scaling})
    if isinstance(encoding, MultiHotEncoding | PaddedEncoding) and facts.kind == "text":
        # However few words there are, a row has the fewest numbers that it may have.
        received, most = encoding.num_words, max(facts.max_value + 1, FEWEST_NUMBERS)
        if received > most:
            details = {"received": received, "words": facts.words, "bound": most}
            yield Issue("num_words_larger_than_data", "encoding.num_words", {**about, **details})
    rows, kept = experiment.rows, experiment.validation_size
    if rows > facts.train_size:
        details = {"received": rows, "rows": facts.train_size}
        yield Issue("limit_larger_than_data", "train_limit", {**about, **details})
    elif isinstance(split, FoldSplit) and split.fold >= split.folds:
        yield Issue("fold_not_there", "split.fold", {"received": split.fold, "last": split.folds - 1})
    elif kept >= rows:
        yield Issue("split_too_large", "split", {"received": kept, "rows": rows})
    elif experiment.batch_size > experiment.train_size:
        details = {"received": experiment.batch_size, "rows": experiment.train_size}
        yield Issue("batch_larger_than_data", "batch_size", details)


def _network_problems(experiment: Experiment) -> Iterator[Issue]:
    if not experiment.layers:
        yield Issue("no_layers", "layers", {"classes": experiment.facts.classes})
        return
    yield from _embedding_problems(experiment) or _first_layer_problems(experiment)
    summary = experiment.summary
    if summary.problem is not None:
        yield summary.problem
        return
    yield from _output_problems(experiment)
    megabytes = round(experiment.footprint.total / _MEGA)
    if summary.parameters > MOST_PARAMETERS:
        details = {"received": summary.parameters, "limit": MOST_PARAMETERS}
        yield Issue("too_many_parameters", "layers", details)
    elif megabytes > MOST_MEGABYTES:
        yield Issue("too_much_memory", "batch_size", {"received": megabytes, "limit": MOST_MEGABYTES})


def _first_layer_problems(experiment: Experiment) -> Iterator[Issue]:
    """What the encoding of texts asks of the first layer."""
    encoding, first = experiment.encoding, experiment.layers[0]
    if isinstance(encoding, MultiHotEncoding) and not isinstance(first, Dense):
        yield Issue("multi_hot_needs_dense", "layers.0", {"layer": type(first).__name__})
    elif isinstance(encoding, PaddedEncoding) and not isinstance(first, Embedding):
        yield Issue("padded_needs_embedding", "layers.0", {"layer": type(first).__name__})


def _embedding_problems(experiment: Experiment) -> list[Issue]:
    """What an Embedding asks of its place, and of the numbers that come to it."""
    encoding, facts = experiment.encoding, experiment.facts
    largest = encoding.num_words - 1 if isinstance(encoding, PaddedEncoding) else facts.max_value
    found = []
    for place, layer in enumerate(experiment.layers):
        if not isinstance(layer, Embedding):
            continue
        code, details = "", dict[str, Any]()
        if place or not isinstance(encoding, FlatEncoding | PaddedEncoding):
            code, details = "embedding_not_first", {"encoding": "padded" if facts.kind == "text" else "flat"}
        elif experiment.scaling != "none":
            code, details = "embedding_scaled", {"received": experiment.scaling}
        elif largest >= layer.vocabulary:
            code = "embedding_vocabulary"
            details = {"vocabulary": layer.vocabulary, "received": largest, "needed": largest + 1}
        if code:
            found.append(Issue(code, f"layers.{place}", {"position": place + 1, **details}))
    return found


def _output_problems(experiment: Experiment) -> Iterator[Issue]:
    facts, loss, where = experiment.facts, experiment.loss, f"layers.{len(experiment.layers) - 1}"
    shape = experiment.summary.output_shape
    binary = loss == "binary_crossentropy" or (loss == "mse" and facts.classes == 2 and shape == (1,))
    needed = 1 if binary else facts.classes
    about: dict[str, Any] = {"loss": loss, "dataset": facts.name, "classes": facts.classes}
    if binary and facts.classes > 2:
        yield Issue("binary_loss_with_classes", "loss", about)
        return
    if len(shape) != 1:
        yield Issue("output_rank", where, {"shape": list(shape), "needed": needed})
        return
    if shape[0] != needed:
        code = "categorical_loss_with_one_unit" if shape[0] == 1 and not binary else "output_units"
        yield Issue(code, where, {**about, "received": shape[0], "needed": needed})
    wanted, activation = "sigmoid" if binary else "softmax", _last_activation(experiment)
    if activation == "sigmoid" and not binary:
        yield Issue("sigmoid_with_classes", where, about)
    elif activation != wanted:
        yield Issue("output_activation", where, {**about, "received": activation, "needed": wanted})


def _last_activation(experiment: Experiment) -> str:
    """The activation that the network ends with; Flatten layers behind it change nothing."""
    last = next((layer for layer in reversed(experiment.layers) if not isinstance(layer, Flatten)), None)
    return getattr(last, "activation", "linear")


def _callback_problems(experiment: Experiment) -> Iterator[Issue]:
    for field in ("early_stopping", "reduce_lr"):
        callback = getattr(experiment, field)
        if callback is not None and callback.monitor.startswith("val_") and not experiment.validation_size:
            details = {
                "callback": type(callback).__name__,
                "monitor": callback.monitor,
                "instead": callback.monitor.removeprefix("val_"),
            }
            yield Issue("monitor_needs_validation", f"{field}.monitor", details)
