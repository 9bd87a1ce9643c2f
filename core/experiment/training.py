"""What an experiment says about learning: optimizer, loss, and the callbacks that may change its course."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from typing_extensions import override

from core.experiment.config import Call, Config, Variant, config_field, keras_call

Loss = Literal["binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy", "mse"]
Monitor = Literal["val_loss", "val_accuracy", "loss", "accuracy"]

Rate = Annotated[float, config_field("How far each step moves the weights.", gt=0, le=10, step=0.0001)]


class Optimizer(Variant):
    """How the weights are moved after each batch."""

    learning_rate: Rate = 0.001

    BRIEF: ClassVar[tuple[str, ...]] = ("learning_rate",)
    SLOTS: ClassVar[int] = 0

    @property
    def slots(self) -> int:
        """How many values Keras keeps for each parameter: the mean square, two moments, the sum of squares, ..."""
        return self.SLOTS

    def call(self) -> Call:
        """The Keras optimizer; what Keras does anyway is left out."""
        return keras_call("optimizers", type(self).__name__, learning_rate=self.learning_rate)


class SGD(Optimizer):
    """Plain stochastic gradient descent, with momentum if wanted."""

    kind: Literal["sgd"] = "sgd"
    learning_rate: Rate = 0.01
    momentum: float = config_field(
        "How much of the last step is kept in the next one.", default=0.0, ge=0, lt=1, step=0.1
    )

    BRIEF: ClassVar[tuple[str, ...]] = ("learning_rate", "momentum")

    @property
    @override
    def slots(self) -> int:
        return 1 if self.momentum else 0

    @override
    def call(self) -> Call:
        momentum = self.momentum or None
        return keras_call("optimizers", "SGD", learning_rate=self.learning_rate, momentum=momentum)


class RMSprop(Optimizer):
    """Divides each step by the recent size of its gradient."""

    kind: Literal["rmsprop"] = "rmsprop"

    SLOTS = 1


class Adam(Optimizer):
    """RMSprop with momentum; the usual first choice."""

    kind: Literal["adam"] = "adam"

    SLOTS = 2


class AdamW(Optimizer):
    """Adam that also shrinks all weights a little at every step."""

    kind: Literal["adamw"] = "adamw"
    weight_decay: float = config_field("How much the weights shrink.", default=0.004, ge=0, le=1, step=0.001)

    BRIEF: ClassVar[tuple[str, ...]] = ("learning_rate", "weight_decay")
    SLOTS = 2

    @override
    def call(self) -> Call:
        return keras_call(
            "optimizers", "AdamW", learning_rate=self.learning_rate, weight_decay=self.weight_decay
        )


class Nadam(Optimizer):
    """Adam with a look ahead (Nesterov momentum)."""

    kind: Literal["nadam"] = "nadam"

    SLOTS = 2


class Adagrad(Optimizer):
    """Slows down each weight by all the steps it has taken so far."""

    kind: Literal["adagrad"] = "adagrad"

    SLOTS = 1


class Callback(Config):
    """What watches a number after each epoch, and may change the course."""

    monitor: Monitor = config_field("The number that is watched.", default="val_loss")


Patience = Annotated[
    int, config_field("Epochs without improvement that are allowed.", ge=0, le=1000, unit="epochs")
]


class EarlyStopping(Callback):
    """Ends the training when the watched number has not improved for some epochs."""

    patience: Patience = 3
    min_delta: float = config_field("Smaller changes do not count.", default=0.0, ge=0, le=10, step=0.001)
    restore_best: bool = config_field("Go back to the weights of the best epoch at the end.", default=False)

    BRIEF: ClassVar[tuple[str, ...]] = ("monitor", "patience")

    def call(self) -> Call:
        """The Keras callback; what Keras does anyway is left out."""
        return keras_call(
            "callbacks",
            "EarlyStopping",
            monitor=self.monitor,
            patience=self.patience,
            min_delta=self.min_delta or None,
            restore_best_weights=self.restore_best or None,
        )


class ReduceLROnPlateau(Callback):
    """Makes the learning rate smaller when the watched number stands still."""

    factor: float = config_field(
        "The learning rate is multiplied by this.", default=0.5, gt=0, lt=1, step=0.1
    )
    patience: Patience = 3
    min_learning_rate: float = config_field(
        "The learning rate never gets smaller than this.", default=0.0, ge=0, le=1
    )

    BRIEF: ClassVar[tuple[str, ...]] = ("monitor", "factor", "patience")

    def call(self) -> Call:
        """The Keras callback; what Keras does anyway is left out."""
        return keras_call(
            "callbacks",
            "ReduceLROnPlateau",
            monitor=self.monitor,
            factor=self.factor,
            patience=self.patience,
            min_lr=self.min_learning_rate or None,
        )
