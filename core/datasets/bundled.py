"""What comes with the program: scikit-learn's digits, and the texts that `tools/generated_texts` has written."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.catalog import ARRAYS, dataset_info
from core.datasets.archives import Arrays
from core.datasets.dataset import ImageDataset

_FILE = Path("datasets", "data", "digits.csv.gz")
_TEXTS = Path(__file__).with_name("generated_texts.npz")


@cache
def digits() -> ImageDataset:
    """1,797 digits of 8 x 8 pixels, values 0 to 16: the first 1,500 for training, the last 297 for testing."""
    table = _table()
    facts = dataset_info("digits")
    images = table[:, :-1].reshape(-1, *facts.shape)
    labels = np.ascontiguousarray(table[:, -1])
    for array in (images, labels):
        array.setflags(write=False)
    cut = facts.train_size
    return ImageDataset(
        name=facts.name,
        class_names=facts.class_names,
        x_train=images[:cut],
        y_train=labels[:cut],
        x_test=images[cut:],
        y_test=labels[cut:],
    )


def _table() -> NDArray[np.uint8]:
    """uint8 (1797, 65): the pixels of an image and its class in each row."""
    # Read where it stands: importing scikit-learn for it takes a second and 170 MB of the web process.
    package = importlib.util.find_spec("sklearn")
    for folder in (package.submodule_search_locations or ()) if package else ():
        if (Path(folder) / _FILE).is_file():
            return np.loadtxt(Path(folder) / _FILE, delimiter=",", dtype=np.uint8)
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return np.column_stack([bunch.data, bunch.target]).astype(np.uint8)


def generated_texts(name: str) -> Arrays:
    """The arrays of a generated text set; some 20 milliseconds."""
    with np.load(_TEXTS, allow_pickle=False) as archive:
        return {array: archive[f"{name}/{array}"] for array in ARRAYS["text"]}
