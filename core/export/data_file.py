"""A data set as one file that an exported script reads: for sets that no script can fetch by itself."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

from core.datasets.dataset import ImageDataset, TextDataset


def data_file(dataset: ImageDataset | TextDataset) -> bytes:
    """A NumPy archive (.npz, compressed) with the plain arrays of a data set.

    Images: `x_train`, `y_train`, `x_test`, `y_test`. Texts: `train_tokens`, `train_offsets`, `y_train`,
    `test_tokens`, `test_offsets`, `y_test` (ranks; text i is `tokens[offsets[i]:offsets[i + 1]]`) and
    `vocabulary`, the words by rank as UTF-8, one a line; of own texts also `train_texts`, `train_text_offsets`,
    `test_texts` and `test_text_offsets`, the texts as they were written. It needs no pickle to be read.
    """
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **_arrays(dataset))
    return stream.getvalue()


def _arrays(dataset: ImageDataset | TextDataset) -> dict[str, NDArray[np.generic]]:
    labels: dict[str, NDArray[np.generic]] = {"y_train": dataset.y_train, "y_test": dataset.y_test}
    if isinstance(dataset, ImageDataset):
        return {"x_train": dataset.x_train, "x_test": dataset.x_test, **labels}
    written: dict[str, NDArray[np.generic]] = {}
    if dataset.raw_train is not None and dataset.raw_test is not None:
        written = {
            "train_texts": dataset.raw_train.content,
            "train_text_offsets": dataset.raw_train.offsets,
            "test_texts": dataset.raw_test.content,
            "test_text_offsets": dataset.raw_test.offsets,
        }
    return {
        "train_tokens": dataset.x_train.tokens,
        "train_offsets": dataset.x_train.offsets,
        "test_tokens": dataset.x_test.tokens,
        "test_offsets": dataset.x_test.offsets,
        "vocabulary": dataset.vocabulary.to_bytes(),
        **labels,
        **written,
    }
