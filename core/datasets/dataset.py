"""The records that say what a data set is, where it is, and how far a download has come."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.experiment import DATASETS, DatasetFacts

#: The arrays of an image set, in the order in which they are kept and checked.
ARRAYS = ("x_train", "y_train", "x_test", "y_test")


@dataclass(frozen=True, eq=False)
class Dataset:
    """The raw arrays of a data set: read-only, memory-mapped where they are large, shared by all readers.

    Attributes:
        name: The code of the data set.
        x_train: uint8 (samples, height, width), grey values.
        y_train: uint8 (samples,), classes from 0.
        x_test: uint8 (samples, height, width).
        y_test: uint8 (samples,).
        class_names: What the classes are called in English, by class.
    """

    name: str
    x_train: NDArray[np.uint8]
    y_train: NDArray[np.uint8]
    x_test: NDArray[np.uint8]
    y_test: NDArray[np.uint8]
    class_names: tuple[str, ...]

    @property
    def facts(self) -> DatasetFacts:
        """Sizes, shape and range of the data set."""
        return DATASETS[self.name]


@dataclass(frozen=True)
class Availability:
    """Whether a data set can be opened without a network.

    Attributes:
        here: Whether it can, as far as file names and sizes tell.
        where: "bundled" with the program, in the program's own "cache", in a "folder" (the one that
            TURNING_POINT_DATASETS names, or Keras' own), or "none".
        path: The file or folder that would be read; None if it is bundled or nowhere.
    """

    here: bool
    where: Literal["bundled", "cache", "folder", "none"]
    path: Path | None = None


@dataclass(frozen=True)
class FetchProgress:
    """How far a download has come.

    Attributes:
        file: The file that is being fetched.
        done_bytes: Bytes of the data set fetched so far, over all its files.
        total_bytes: Bytes of all its files.
    """

    file: str
    done_bytes: int
    total_bytes: int
