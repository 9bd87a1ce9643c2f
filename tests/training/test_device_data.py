"""Arrays that a training takes over without a copy."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from core.datasets.aligned import aligned
from core.training.device_data import to_device


def images(*shape: int) -> np.ndarray:
    array = aligned(shape)
    array[...] = np.random.default_rng(6).normal(size=shape)
    return array


SHARED = {
    "rows": images(40, 49),
    "images": images(40, 7, 7)[..., np.newaxis],
    "colours": images(40, 7, 7, 3),
    "one image": images(1, 7, 7)[..., np.newaxis],
}
NOT_ALIGNED = images(40, 49).reshape(-1)[1:49].reshape(4, 12)
READ_ONLY = images(40, 49)
READ_ONLY.setflags(write=False)
COPIED = {
    "not aligned": NOT_ALIGNED,
    "read only": READ_ONLY,
    "with gaps": images(40, 49)[:, ::2],
    "whole numbers": np.arange(60, dtype=np.int32).reshape(5, 12)[1:],
    "nothing": images(0, 49),
}


@pytest.mark.parametrize("name", [*SHARED, *COPIED])
def test_the_tensor_has_the_values_of_the_array(name: str) -> None:
    array = {**SHARED, **COPIED}[name]
    tensor = to_device(array).tensors
    assert tuple(tensor.shape) == array.shape
    assert tensor.dtype.as_numpy_dtype == array.dtype
    np.testing.assert_array_equal(tensor, array)


@pytest.mark.parametrize("name", SHARED)
def test_an_aligned_array_shares_its_memory(name: str) -> None:
    array = SHARED[name]
    tensor = to_device(array).tensors
    first = array.reshape(-1)[:1]
    before = float(first[0])
    try:
        first[0] = 12_345.0
        assert float(tf.reshape(tensor, [-1])[0]) == 12_345.0
    finally:
        first[0] = before


@pytest.mark.parametrize("jit_compile", [False, True])
def test_the_memory_stays_as_long_as_the_tensor(jit_compile: bool) -> None:
    tensor = to_device(images(2_000, 49)).tensors
    for _ in range(5):
        np.empty((2_000, 49), dtype=np.float32).fill(7)  # would lie where the array was
    rows = tf.function(lambda x: tf.gather(x, [3, 1]), jit_compile=jit_compile)(tensor)
    np.testing.assert_array_equal(rows, images(2_000, 49)[[3, 1]])
