"""The whole changeable state of a network at the end of an epoch, held in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class ModelState:
    """Weights, running averages, random states and the optimizer's memory after an epoch."""

    epoch: int  # after which one, from 1; 0 before the first
    variables: tuple[NDArray[Any], ...]  # a copy of every variable, in the order of the model

    @classmethod
    def take(cls, model: keras.Model, epoch: int) -> ModelState:
        """Copy the state of a compiled model."""
        return cls(epoch, tuple(map(_copied, _variables(model))))

    def weights(self, model: keras.Model) -> dict[str, NDArray[np.float32]]:
        """The values of each tensor that learns, by its name without that of the model: "dense/kernel", ..."""
        learning = {id(variable): variable.path for variable in model.trainable_variables}
        return {
            learning[id(variable)].partition("/")[2]: value
            for variable, value in zip(_variables(model), self.variables, strict=True)
            if id(variable) in learning
        }

    def restore(self, model: keras.Model) -> None:
        """Put the state into the model it was taken from, or one built from the same experiment."""
        for variable, value in zip(_variables(model), self.variables, strict=True):
            variable.assign(value)


def seed_states(model: keras.Model) -> NDArray[np.uint32]:
    """The states of all random generators of a model, (generators, 2) uint32: Keras' files leave them out."""
    states = [variable.numpy() for variable in _seeds(model)]
    return np.array(states, dtype=np.uint32).reshape(-1, 2)


def restore_seed_states(model: keras.Model, states: NDArray[np.uint32]) -> None:
    """Put back what `seed_states` gave, so that Dropout goes on where it was."""
    for variable, state in zip(_seeds(model), states, strict=True):
        variable.assign(state)


def _copied(variable: Any) -> NDArray[Any]:
    # What `variable.numpy()` gives, in a third of the time: the variables of a small network are read a thousand times.
    read = tf.raw_ops.ReadVariableOp(resource=variable.value.handle, dtype=variable.value.dtype)
    copy: NDArray[Any] = read.numpy().copy()
    return copy


def reset_metrics(model: keras.Model) -> None:
    """Do what `Model.reset_metrics` does, whose means begin with zeros, in a fifth of the time."""
    for variable in model.metrics_variables:
        zero = tf.zeros(variable.shape, variable.value.dtype)
        tf.raw_ops.AssignVariableOp(resource=variable.value.handle, value=zero)


def _variables(model: keras.Model) -> list[Any]:
    return [*model.variables, *model.optimizer.variables]


def _seeds(model: keras.Model) -> list[Any]:
    weights = {id(variable) for variable in model.weights}
    return [variable for variable in model.variables if id(variable) not in weights]
