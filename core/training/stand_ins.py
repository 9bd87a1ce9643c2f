"""Samples with nothing in them, by which a training is made ready before its data are there.

What TensorFlow and XLA make of the steps follows from the shapes and types of the samples, which an experiment tells.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from core.datasets.aligned import aligned
from core.datasets.encoding import Inputs
from core.datasets.preparation import targets
from core.experiment import Experiment, MultiHotEncoding, PaddedEncoding


def stand_ins(experiment: Experiment) -> tuple[Inputs, NDArray[np.generic]]:
    """Inputs and targets of as many training samples as `prepare` gives, in the same form.

    Nobody may look at the values: of an array they are whatever is in its memory, which is not even fetched from the
    system as long as nobody writes into it.
    """
    samples = experiment.train_size
    y = targets(np.zeros(samples, dtype=np.uint8), experiment)
    if isinstance(experiment.encoding, MultiHotEncoding):
        return csr_matrix((samples, experiment.encoding.num_words), dtype=np.float32), y
    x = aligned((samples, *experiment.input_shape))
    return x.view(np.int32) if isinstance(experiment.encoding, PaddedEncoding) else x, y
