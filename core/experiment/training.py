"""What an experiment says about learning: optimizer, loss, and the callbacks that may change its course."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from core.experiment.config import Config, config_field

Loss = Literal["binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy", "mse"]
Monitor = Literal["val_loss", "val_accuracy", "loss", "accuracy"]

_RATE = "How far each step moves the weights."


def _rate(default: float) -> float:
    rate: float = config_field(_RATE, default=default, gt=0, le=10, step=0.0001)
    return rate


class SGD(Config):
    """Plain stochastic gradient descent, with momentum if wanted."""

    kind: Literal["sgd"] = "sgd"
    learning_rate: float = _rate(0.01)
    momentum: float = config_field(
        "How much of the last step is kept in the next one.", default=0.0, ge=0, lt=1, step=0.1
    )

    BRIEF: ClassVar[tuple[str, ...]] = ("learning_rate", "momentum")


class RMSprop(Config):
    """Divides each step by the recent size of its gradient."""

    kind: Literal["rmsprop"] = "rmsprop"
    learning_rate: float = _rate(0.001)

    BRIEF: ClassVar[tuple[str, ...]] = ("learning_rate",)


class Adam(Config):
    """RMSprop with momentum; the usual first choice."""

    kind: Literal["adam"] = "adam"
    learning_rate: float = _rate(0.001)

    BRIEF: ClassVar[tuple[str, ...]] = ("learning_rate",)


class AdamW(Config):
    """Adam that also shrinks all weights a little at every step."""

    kind: Literal["adamw"] = "adamw"
    learning_rate: float = _rate(0.001)
    weight_decay: float = config_field("How much the weights shrink.", default=0.004, ge=0, le=1, step=0.001)

    BRIEF: ClassVar[tuple[str, ...]] = ("learning_rate", "weight_decay")


class Nadam(Config):
    """Adam with a look ahead (Nesterov momentum)."""

    kind: Literal["nadam"] = "nadam"
    learning_rate: float = _rate(0.001)

    BRIEF: ClassVar[tuple[str, ...]] = ("learning_rate",)


class Adagrad(Config):
    """Slows down each weight by all the steps it has taken so far."""

    kind: Literal["adagrad"] = "adagrad"
    learning_rate: float = _rate(0.001)

    BRIEF: ClassVar[tuple[str, ...]] = ("learning_rate",)


Optimizer = Annotated[SGD | RMSprop | Adam | AdamW | Nadam | Adagrad, Field(discriminator="kind")]

#: Every optimizer by its code, in the order a menu shows them.
OPTIMIZERS: dict[str, type[Config]] = {
    "sgd": SGD,
    "rmsprop": RMSprop,
    "adam": Adam,
    "adamw": AdamW,
    "nadam": Nadam,
    "adagrad": Adagrad,
}


class EarlyStopping(Config):
    """Ends the training when the watched number has not improved for some epochs."""

    monitor: Monitor = config_field("The number that is watched.", default="val_loss")
    patience: int = config_field(
        "Epochs without improvement that are allowed.", default=3, ge=0, le=1000, unit="epochs"
    )
    min_delta: float = config_field("Smaller changes do not count.", default=0.0, ge=0, le=10, step=0.001)
    restore_best: bool = config_field("Go back to the weights of the best epoch at the end.", default=False)

    BRIEF: ClassVar[tuple[str, ...]] = ("monitor", "patience")


class ReduceLROnPlateau(Config):
    """Makes the learning rate smaller when the watched number stands still."""

    monitor: Monitor = config_field("The number that is watched.", default="val_loss")
    factor: float = config_field(
        "The learning rate is multiplied by this.", default=0.5, gt=0, lt=1, step=0.1
    )
    patience: int = config_field(
        "Epochs without improvement that are allowed.", default=3, ge=0, le=1000, unit="epochs"
    )
    min_learning_rate: float = config_field(
        "The learning rate never gets smaller than this.", default=0.0, ge=0, le=1
    )

    BRIEF: ClassVar[tuple[str, ...]] = ("monitor", "factor", "patience")
