"""The classes of test samples, also where the data are not on this computer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core import recorded
from core.datasets.sources import open_dataset
from core.errors import DataError
from core.settings import Settings


def test_labels(name: str, settings: Settings) -> NDArray[np.integer]:
    """The classes of the test samples of a data set: its own, or those that its recorded runs hold.

    Raises:
        DataError: If the data set is not here and nothing was recorded on it.
    """
    try:
        return open_dataset(name, settings, fetch=False).y_test
    except DataError:
        found = recorded.test_labels(name)
        if found is None:
            raise
        return found
