"""The record of an own set of images: the same for the same images, in whatever files they came."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from core.catalog import DatasetInfo, Drawing
from core.catalog.own import own_name
from core.datasets.archives import Arrays, digest
from core.own_data.choices import Choices
from core.own_data.class_names import named
from core.own_data.pictures import Pixels, grey_if_so, is_light_on_dark
from core.plain_text import as_name, as_title

_LARGEST = 255
_DRAWN_SHAPE = (28, 28)
#: For strokes about as wide as those of MNIST, in the middle of the image; where its makers put theirs nobody knows.
_PEN = Drawing("box", pen=12, longest=20)
_LOOKED_AT = 200


def image_record(
    arrays: Arrays, labels: tuple[str, ...], choices: Choices, *, source: str, test_digest: str
) -> DatasetInfo:
    """The record of images with classes of these labels.

    Args:
        source: Where they come from, as the name of the file.
        test_digest: What `digest_of_samples` gives for the test samples as they came.

    Raises:
        DataError: If the names that were chosen for the classes are too many, too few, empty or equal.
    """
    digests = {name: digest(array) for name, array in arrays.items()}
    x_train, y_train = arrays["x_train"], arrays["y_train"]
    shape = tuple(int(side) for side in x_train.shape[1:])
    names = named(labels, choices.class_names)
    facts = {"kind": "image", "classes": len(names), "shape": list(shape), "max_value": _LARGEST}
    title = as_name(choices.title) or as_name(source.rpartition(".")[0] or source)
    return DatasetInfo(
        name=own_name(digests, facts),
        title=title,
        task=title,
        kind="image",
        class_names=names,
        class_counts=tuple(int(one) for one in np.bincount(y_train, minlength=len(names))),
        train_size=len(x_train),
        test_size=len(arrays["x_test"]),
        shape=shape,
        max_value=_LARGEST,
        license=as_title(choices.license_note),
        source=as_title(source),
        digests=digests,
        origin="own",
        test_digest=test_digest,
        drawing=drawing_for(x_train),
    )


def drawing_for(images: NDArray[np.uint8]) -> Drawing | None:
    """How one can draw for such images: with a pen, if they are small, grey, and light on dark; else not."""
    if images.shape[1:] != _DRAWN_SHAPE:
        return None
    some = images[:: max(1, len(images) // _LOOKED_AT)]
    return _PEN if sum(map(is_light_on_dark, some)) > 0.9 * len(some) else None


def sample_digest(pixels: Pixels) -> bytes:
    """What equal pictures have in common, grey ones also if they are written as colours."""
    pixels = grey_if_so(pixels)
    return hashlib.sha256(repr(pixels.shape).encode() + np.ascontiguousarray(pixels).tobytes()).digest()


def digest_of_samples(digests: Iterable[bytes], labels: NDArray[np.integer]) -> str:
    """What test sets of the same pictures and labels have in common, in whatever form they are."""
    whole = hashlib.sha256()
    for one, label in zip(digests, labels.tolist(), strict=True):
        whole.update(one + bytes((label,)))
    return whole.hexdigest()
