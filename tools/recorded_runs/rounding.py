"""Probabilities with fewer digits, so that they take little room, but with the same answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.analysis.classification import predicted_classes
from core.recorded.file_format import STEP


def rounded(probabilities: NDArray[np.floating]) -> NDArray[np.floating]:
    """Probabilities (samples, units) as multiples of `STEP`, of the same dtype; each sample keeps its class."""
    found = (np.round(probabilities.astype(np.float64) / STEP) * STEP).astype(probabilities.dtype)
    classes = predicted_classes(probabilities)
    changed = np.flatnonzero(predicted_classes(found) != classes)
    if found.shape[1] == 1:
        found[changed, 0] += np.where(classes[changed] == 1, STEP, -STEP).astype(found.dtype)
    else:  # two classes that share the lead
        found[changed, classes[changed]] += np.array(STEP, dtype=found.dtype)
    if (predicted_classes(found) != classes).any():
        raise ValueError("rounding changed an answer")
    return found
