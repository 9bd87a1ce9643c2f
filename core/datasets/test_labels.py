"""The classes of test samples, also where the data are not on this computer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core import recorded
from core.catalog import dataset_info, is_own
from core.datasets import own_files
from core.datasets.sources import open_dataset
from core.errors import DataError
from core.settings import Settings


def test_labels(name: str, settings: Settings) -> NDArray[np.integer]:
    """The classes of the test samples of a data set: its own, those that its recorded runs hold, or that stayed of it.

    Raises:
        DataError: If the data set is not here and nothing was recorded on it.
        StorageError: If storage, which keeps own sets, does not answer.
    """
    try:
        return open_dataset(name, settings, fetch=False).y_test
    except DataError:
        found = (
            own_files.kept_labels(dataset_info(name), settings)
            if is_own(name)
            else recorded.test_labels(name)
        )
        if found is None:
            raise
        return found
