"""The records that say what a data set is, where it is, and how far a download has come."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.catalog import DATASETS, DataKind, DatasetInfo
from core.datasets.texts import RaggedTokens, Vocabulary

#: The arrays of a data set by its kind, in the order in which they are kept and checked. `vocabulary` is what
#: `Vocabulary.to_bytes` gives.
ARRAYS: dict[DataKind, tuple[str, ...]] = {
    "image": ("x_train", "y_train", "x_test", "y_test"),
    "text": (
        "train_tokens",
        "train_offsets",
        "y_train",
        "test_tokens",
        "test_offsets",
        "y_test",
        "vocabulary",
    ),
}


@dataclass(frozen=True, eq=False)
class Dataset:
    """What every data set has; its samples are in `ImageDataset` or `TextDataset`.

    All arrays are read-only, memory-mapped where they are large, and shared by all readers. Labels are uint8, classes
    from 0.
    """

    name: str
    class_names: tuple[str, ...]
    y_train: NDArray[np.uint8]
    y_test: NDArray[np.uint8]

    @property
    def facts(self) -> DatasetInfo:
        """Sizes, shape and range of the data set."""
        return DATASETS[self.name]


@dataclass(frozen=True, eq=False)
class ImageDataset(Dataset):
    """Grey images of one size: uint8 (samples, height, width)."""

    x_train: NDArray[np.uint8]
    x_test: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class TextDataset(Dataset):
    """Texts as word ranks; `core.datasets.tokenization` turns them into what `keras.datasets` gives."""

    x_train: RaggedTokens
    x_test: RaggedTokens
    vocabulary: Vocabulary


@dataclass(frozen=True)
class Availability:
    """Whether a data set can be opened without a network, as far as file names and sizes tell.

    It is "bundled" with a package, "generated" and shipped, in the program's own "cache", in a "folder" (the one that
    TURNING_POINT_DATASETS names, or Keras' own), or nowhere ("none").
    """

    here: bool
    where: Literal["bundled", "generated", "cache", "folder", "none"]
    path: Path | None = None


@dataclass(frozen=True)
class FetchProgress:
    """Which file is being fetched, and how many bytes of the whole data set have come so far."""

    file: str
    done_bytes: int
    total_bytes: int
