"""What TensorFlow makes of the steps and the evaluation of one network: traced once, whatever samples go through it.

To trace a function takes longer than a small network takes to learn. So the samples are arguments, the evaluation is
traced once for all sets of samples, and whoever trains another network of the same structure may take the graphs of the
one before, with its variables put back to where the other begins.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import keras
import tensorflow as tf

from core.experiment import Experiment
from core.models.build import build
from core.models.execution import kind
from core.models.row_sums import sums_by_scipy
from core.training.device_data import DeviceData
from core.training.model_state import ModelState

#: Layers with which steps of a plain graph take a tenth to a third less time if it is for batches of one size.
_OF_ONE_SIZE = (keras.layers.Conv2D, keras.layers.RNN, keras.layers.Bidirectional)


class Graphs:
    """The functions of one compiled model."""

    def __init__(self, model: keras.Model) -> None:
        self.model = model
        self._loops: dict[int | None, Any] = {}
        self._evaluation: Any = None

    def loop(self, source: DeviceData, y: Any, size: int, xla: bool) -> Any:
        """Training steps over batches of this size: most often one graph for any size, and any number of samples.

        Called with the tensors of `source`, the targets, the row numbers of the samples of each batch, int32 (batches,
        size), and the numbers of the first batch and of the one after the last. XLA translates the graph for the shapes
        it is called with. What it shall translate is traced anew each time, since that may fail.
        """
        if xla:
            return self._new_loop(source, y, None, xla)
        known = size if any(isinstance(layer, _OF_ONE_SIZE) for layer in self.model.layers) else None
        if known not in self._loops:
            self._loops[known] = self._new_loop(source, y, known, xla)
        return self._loops[known]

    def evaluation(self, source: DeviceData, y: Any) -> Any:
        """Evaluates samples so many at a time: all probabilities, the loss of each part, the accuracy of all.

        Called with the tensors of `source`, the targets and that number. One graph serves all sets of samples of a
        network: how many there are is not part of it.
        """
        if self._evaluation is None:
            self._evaluation = tf.function(
                partial(self._evaluate, source.form),
                input_signature=(*_any_number_of(source, y), tf.TensorSpec((), tf.int32)),
                autograph=False,
            )
        return self._evaluation

    def _new_loop(self, source: DeviceData, y: Any, size: int | None, xla: bool) -> Any:
        train_step, form = self.model.train_step, source.form

        def loop(x: Any, y: Any, batches: Any, start: Any, stop: Any) -> Any:
            def wanted(batch: Any, bad: Any, loss: Any, accuracy: Any) -> Any:
                return (batch < stop) & (bad < 0)

            def step(batch: Any, bad: Any, loss: Any, accuracy: Any) -> Any:
                rows = batches[batch]
                with sums_by_scipy(not xla):
                    logs = train_step((form.gather(x, rows), tf.gather(y, rows)))
                bad = tf.where(tf.math.is_finite(logs["loss"]), bad, batch)
                return batch + 1, bad, logs["loss"], logs["accuracy"]

            nothing = tf.constant(0.0)
            # One step after the other: they share the weights anyway, and batches need no memory ahead.
            return tf.while_loop(
                wanted, step, (start, tf.constant(-1), nothing, nothing), parallel_iterations=1
            )

        number = tf.TensorSpec((), tf.int32)
        signature = (*_any_number_of(source, y), tf.TensorSpec((None, size), tf.int32), number, number)
        return tf.function(loop, signature, jit_compile=xla, autograph=False)

    def _evaluate(self, form: DeviceData, x: Any, y: Any, rows: Any) -> Any:
        samples = tf.shape(y)[0]
        starts = tf.range(0, samples, rows)
        parts = tf.size(starts)

        def part(number: Any, probabilities: Any, losses: Any, accuracy: Any) -> Any:
            start = starts[number]
            stop = tf.minimum(start + rows, samples)
            given, loss, accuracy = self._evaluate_part(form, x, y, start, stop)
            return number + 1, probabilities.write(number, given), losses.write(number, loss), accuracy

        shape = (None, *self.model.output_shape[1:])
        nothing = (
            tf.TensorArray(tf.float32, parts, infer_shape=False, element_shape=shape),
            tf.TensorArray(tf.float32, parts),
            tf.constant(0.0),
        )
        # One part after the other: there is memory for one.
        _, probabilities, losses, accuracy = tf.while_loop(
            lambda number, *_: number < parts, part, (tf.constant(0), *nothing), parallel_iterations=1
        )
        return probabilities.concat(), losses.stack(), accuracy

    def _evaluate_part(self, form: DeviceData, x: Any, y: Any, start: Any, stop: Any) -> Any:
        """Probabilities and loss of the samples from one number up to but not including another; accuracy so far."""
        # In one graph with the network, so that Keras finds what went into softmax or sigmoid and
        # takes the loss from that; from rounded probabilities, a sure mistake would cost too little.
        wanted = y[start:stop]
        probabilities = self.model(form.slice(x, start, stop), training=False)
        loss = self.model.compute_loss(y=wanted, y_pred=probabilities, training=False)
        return probabilities, loss, self.model.compute_metrics(None, wanted, probabilities)["accuracy"]


def _any_number_of(source: DeviceData, y: Any) -> tuple[Any, ...]:
    """Shapes of inputs and targets of any number of samples."""
    shapes: tuple[Any, ...] = tf.nest.map_structure(_of_any_length, (source.tensors, y))
    return shapes


def _of_any_length(tensor: Any) -> tf.TensorSpec:
    return tf.TensorSpec((None, *tensor.shape[1:]), tensor.dtype)


class KeptGraphs:
    """The graphs of the network that a process has trained last, for the next one if that is of the same kind."""

    def __init__(self) -> None:
        self._kind = ""
        self._graphs: Graphs | None = None

    def of(self, experiment: Experiment) -> Graphs:
        """Those of a network as `build` makes it; ExperimentError if the experiment has problems."""
        wanted = kind(experiment)
        if self._graphs is not None and wanted == self._kind:
            begins = ModelState.take(build(experiment, named_anew=False), 0)
            begins.restore(self._graphs.model)
            return self._graphs
        graphs = Graphs(build(experiment))
        self._kind, self._graphs = wanted, graphs if wanted else None
        return graphs


@cache
def kept_graphs() -> KeptGraphs:
    """What this process keeps from run to run."""
    return KeptGraphs()
