"""What a training has before its first step: its data, and made ready beside them the network and its steps."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from core.datasets import Prepared
from core.experiment import Experiment
from core.training.graphs import KeptGraphs
from core.training.stand_ins import stand_ins
from core.training.steps import TrainingSteps
from core.training.translations import Translations

_TURN = 0.0005  # seconds


@dataclass(frozen=True, eq=False)
class Ready:
    """A training before its first step."""

    prepared: Prepared
    steps: TrainingSteps  # of the network on the prepared samples, with its graphs


def make_ready(
    experiment: Experiment,
    prepare: Callable[[], Prepared],
    kept: KeptGraphs,
    translations: Translations | None,
) -> Ready:
    """Call `prepare` in a thread, and meanwhile build the network and have its steps traced and translated.

    Both take about as long. The thread has the data, because Keras traces in one thread at a time. What `prepare`
    raises is raised once the steps are ready.
    """
    with _short_turns(), ThreadPoolExecutor(1, "data") as pool:
        data = pool.submit(prepare)
        graphs = kept.of(experiment)
        x, y = stand_ins(experiment)
        steps = TrainingSteps(graphs.model, x, y, experiment.batch_size, translations, graphs)
        if not data.done():
            steps.prepare_evaluation()
        prepared = data.result()
    steps.use(prepared.x_train, prepared.y_train)
    return Ready(prepared, steps)


@contextmanager
def _short_turns() -> Iterator[None]:
    """Have threads take shorter turns at Python: one that unpacks files needs it for a moment, a hundred times.

    With Python's own turns of 5 ms it would wait up to half a second for those moments beside one that traces.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
