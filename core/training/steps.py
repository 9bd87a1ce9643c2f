"""Many training steps in one call: the data stay in TensorFlow, the loop over the batches runs there too.

Each step is Keras' own `Model.train_step`, so penalties, BatchNormalization's averages, Dropout and the
optimizer do exactly what they do in `fit`; what `fit` spends on fetching batches and on Python between the
steps falls away. With the same order of samples and the same `jit_compile` the numbers equal those of
`fit` bit for bit.
"""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.datasets.encoding import Inputs
from core.training.device_data import to_device
from core.training.graphs import Graphs
from core.training.model_state import reset_metrics
from core.training.translations import Translations, key_of

logger = logging.getLogger(__name__)

_UNTRANSLATABLE = (tf.errors.InvalidArgumentError, tf.errors.UnimplementedError, tf.errors.InternalError)

_MOST_ROWS = 1_000
#: What the outputs of all layers take for the rows that are predicted at a time; those of convolutions, which are
#: many, shall stay near the processor. Measured on `mnist-convnet`: 6.8 ms a thousand rows, with 64 MB 8.7 ms.
_MOST_BYTES = 64_000_000
_MOST_BYTES_OF_CONVOLUTIONS = 24_000_000


@dataclass(frozen=True)
class StepsResult:
    """What a stretch of batches led to."""

    loss: float  # mean loss of the epoch's samples so far; not a number if a batch gave none
    accuracy: float  # the same for accuracy
    #: the first batch of the epoch, from 0, after which the loss was not a number; else None
    bad_batch: int | None


class TrainingSteps:
    """The training steps of one model on one training set.

    The model is compiled and its optimizer built; if it says `jit_compile`, XLA translates the steps. Targets have the
    form that the loss wants. The last step of an epoch takes the samples that are left: a loop of its own, which is
    translated when it is needed, or beside the training from `prepare_last` on. With `translations` programs are taken
    from there, and kept there; `graphs` are those of the model, if others use them too. The samples may be
    `stand_ins` of those that `use` brings.
    """

    def __init__(
        self,
        model: keras.Model,
        x: Inputs,
        y: NDArray[np.generic],
        batch_size: int,
        translations: Translations | None = None,
        graphs: Graphs | None = None,
    ) -> None:
        self._model = model
        self.graphs = graphs or Graphs(model)
        self._x = to_device(x)
        self._y = tf.convert_to_tensor(y)
        self._samples = len(y)
        self._batch_size = min(batch_size, self._samples)
        self._whole, self._left = divmod(self._samples, self._batch_size)
        _build_metrics(model, y)
        self.xla = bool(model.jit_compile)
        self._translations = translations
        self._last: Future[_Loop] | None = None
        self._loop: _Loop
        self._compile()

    def use(self, x: Inputs, y: NDArray[np.generic]) -> None:
        """Learn from these samples, in place of stand-ins for them; a ValueError if they are not as many."""
        if len(y) != self._samples:
            raise ValueError(f"these are {len(y)} samples, but {self._samples} stood in for them")
        self._x, self._y = to_device(x), tf.convert_to_tensor(y)
        self._loop = replace(self._loop, data=(self._x.tensors, self._y))

    @property
    def batches(self) -> int:
        """Batches an epoch."""
        return self._whole + (self._left > 0)

    def begin_epoch(self, order: NDArray[np.int64]) -> None:
        """Start an epoch that visits the samples in this order, a permutation of their row numbers."""
        rows, whole = order.astype(np.int32), self._whole * self._batch_size
        self._batches = tf.constant(rows[:whole].reshape(self._whole, self._batch_size))
        self._last_batch = tf.constant(rows[None, whole:])
        reset_metrics(self._model)

    def sums(self) -> tuple[NDArray[Any], ...]:
        """What the metrics have added up in this epoch so far, so that another process can go on from there."""
        return tuple(variable.numpy().copy() for variable in self._model.metrics_variables)

    def restore_sums(self, sums: tuple[NDArray[Any], ...]) -> None:
        """Put back what `sums` gave, after `begin_epoch`; ValueError if they are those of other metrics."""
        for variable, value in zip(self._model.metrics_variables, sums, strict=True):
            variable.assign(value)

    def run(self, start: int, stop: int) -> StepsResult:
        """Train on the batches from `start` up to but not including `stop` (at least one)."""
        result = None
        if start < self._whole:
            result = self._loop(self._batches, start, min(stop, self._whole))
        if stop > self._whole and (result is None or result.bad_batch is None):
            last = self._last_loop()(self._last_batch, 0, 1)
            bad = None if last.bad_batch is None else self._whole
            result = StepsResult(last.loss, last.accuracy, bad)
        if result is None:
            raise ValueError(f"no batches from {start} to {stop}")
        return result

    def prepare_last(self) -> None:
        """Have the loop translated for an epoch's last, shorter batch in a thread, while the others are trained on.

        Its first call goes over no batch: TensorFlow locks the variables of a translated program as long as it runs.
        """
        if not self._left or self._last is not None:
            return
        if not self.xla:
            self._last = _done(self._make_loop(self._left))
            return
        pool = ThreadPoolExecutor(1, "translation")
        self._last = pool.submit(self._prepared, self._loop, tf.zeros((1, self._left), tf.int32))
        pool.shutdown(wait=False)

    def prepare_evaluation(self) -> None:
        """Trace the evaluation of the network, if it is not yet: something to do while something is waited for."""
        self.graphs.evaluation(self._x, self._y).get_concrete_function()

    def _last_loop(self) -> _Loop:
        self.prepare_last()
        if self._last is None:
            raise ValueError("every batch is a whole one")
        try:
            return self._last.result()
        except _UNTRANSLATABLE:
            if not self.xla:
                raise
            self._last = _done(self._translated(tf.zeros((1, self._left), tf.int32)))
            return self._last.result()

    def _compile(self) -> None:
        """Trace and translate now, by a loop over no batch: nothing is learned yet, and the wait has a name."""
        self._loop = self._translated(tf.zeros((self._whole, self._batch_size), tf.int32))

    def _translated(self, batches: Any) -> _Loop:
        """A loop that is ready to run over batches of this shape.

        Where XLA cannot translate a network, or is not part of TensorFlow, the plain graph is taken.
        """
        # If it was a kept program that failed, it is gone now, and XLA has not been asked yet.
        for _ in range(1 if self._translations is None else 2):
            try:
                return self._prepared(self._make_loop(batches.shape[1]), batches)
            except _UNTRANSLATABLE as error:
                if not self.xla:
                    raise
                logger.warning("A translation by XLA has failed: %s", error)
        logger.warning("XLA cannot translate this network; it is trained without.")
        self.xla = False
        return self._prepared(self._make_loop(batches.shape[1]), batches)

    def _key(self, loop: _Loop, batches: Any) -> str:
        """Trace a loop, if it is not yet; where what XLA makes of it is kept, "" if it is not."""
        if not self.xla:
            return ""
        graph = loop.graph(batches)
        if self._translations is None:
            return ""
        model: Any = self._model
        network = {
            "layers": model.get_config(),
            "compiled": model.get_compile_config(),
            # TensorFlow numbers what it makes in a process; the numbers are part of what XLA compares.
            "graph": graph.name,
            "inputs": [f"{one.dtype.name} {one.shape}" for one in tf.nest.flatten((loop.data, batches))],
        }
        return key_of(network)

    def _prepared(self, loop: _Loop, batches: Any) -> _Loop:
        """Have a loop translated for batches of this shape, or its translation fetched, by a first call."""
        key = self._key(loop, batches)
        kept = self._translations if key else None
        if kept is None:
            loop(batches, 0, 0)
            return loop
        fetched = kept.fetch(key)
        try:
            loop(batches, 0, 0)
        except tf.errors.OpError as error:
            if not fetched:
                raise
            kept.discard(key)
            raise tf.errors.InternalError(None, None, f"a kept program is of no use: {error}") from error
        kept.keep(key, fetched)
        return loop

    def _make_loop(self, size: int) -> _Loop:
        compiled = self.graphs.loop(self._x, self._y, size, self.xla)
        return _Loop(compiled, (self._x.tensors, self._y))


@dataclass(frozen=True, eq=False)
class _Loop:
    """Steps over the batches from one number up to but not including another, each the row numbers of its samples."""

    compiled: Any
    data: tuple[Any, Any]

    def __call__(self, batches: Any, start: int, stop: int) -> StepsResult:
        ends = self.compiled(*self.data, batches, tf.constant(start), tf.constant(stop))
        _, bad, loss, accuracy = (end.numpy() for end in ends)
        return StepsResult(float(loss), float(accuracy), int(bad) if bad >= 0 else None)

    def graph(self, batches: Any) -> Any:
        """What TensorFlow makes of it, for batches of any shape."""
        return self.compiled.get_concrete_function(*self.data, batches, tf.constant(0), tf.constant(0))


def _done(loop: _Loop) -> Future[_Loop]:
    """A loop that need not be waited for."""
    future: Future[_Loop] = Future()
    future.set_result(loop)
    return future


@dataclass(frozen=True, eq=False)
class EvalResult:
    """What a network says about a set of samples, and how good that is."""

    loss: float  # mean loss, penalties included, as `evaluate` gives it
    accuracy: float  # share of samples classified rightly
    probabilities: NDArray[np.float32]  # float32 (samples, output units)


class Evaluator:
    """Evaluates a model on one set of samples, as often as wanted.

    So many rows are predicted at a time; by default as many as memory allows. `graphs` are those of the model, if
    others use them too.
    """

    def __init__(
        self,
        model: keras.Model,
        x: Inputs,
        y: NDArray[np.generic],
        rows: int | None = None,
        graphs: Graphs | None = None,
    ) -> None:
        self._model = model
        self._x = to_device(x)
        self._y = tf.convert_to_tensor(y)
        self._samples = len(y)
        self._rows = rows or _rows_at_a_time(model)
        self._evaluate = (graphs or Graphs(model)).evaluation(self._x, self._y)

    def __call__(self) -> EvalResult:
        """Evaluate the model as it is now; its metrics are reset."""
        reset_metrics(self._model)
        probabilities, losses, accuracy = self._evaluate(self._x.tensors, self._y, tf.constant(self._rows))
        reset_metrics(self._model)
        sizes = (min(self._rows, self._samples - start) for start in range(0, self._samples, self._rows))
        loss = sum(float(part) * size for part, size in zip(losses.numpy(), sizes, strict=True))
        return EvalResult(loss / self._samples, float(accuracy), probabilities.numpy())


def _build_metrics(model: keras.Model, y: NDArray[np.generic]) -> None:
    """Let Keras make the variables of its metrics, which must not happen inside a compiled loop."""
    probabilities = np.zeros((1, *model.output_shape[1:]), dtype=np.float32)
    model.compute_metrics(None, y[:1], probabilities)
    reset_metrics(model)


def _rows_at_a_time(model: keras.Model) -> int:
    """So many rows that the outputs of all layers for them stay within some tens of megabytes."""
    values = sum(int(np.prod(layer.output.shape[1:])) for layer in model.layers)
    convolves = any(isinstance(layer, keras.layers.Conv2D) for layer in model.layers)
    most = _MOST_BYTES_OF_CONVOLUTIONS if convolves else _MOST_BYTES
    return max(1, min(_MOST_ROWS, most // (4 * values)))
