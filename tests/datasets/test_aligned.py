"""Arrays on the boundary that TensorFlow wants."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets.aligned import BOUNDARY, aligned, is_aligned
from core.datasets.scaling import Scale


@pytest.mark.parametrize("shape", [(1,), (7, 3), (5, 28, 28), (2, 4, 4, 3)])
def test_an_aligned_array_is_one_of_that_shape_on_the_boundary(shape: tuple[int, ...]) -> None:
    for _ in range(20):
        array = aligned(shape)
        assert array.shape == shape
        assert array.dtype == np.float32
        assert array.ctypes.data % BOUNDARY == 0
        assert is_aligned(array)


def test_what_begins_elsewhere_or_has_gaps_is_not_aligned() -> None:
    array = aligned((64, 64))
    assert is_aligned(array[1:])
    assert not is_aligned(array.reshape(-1)[1:])
    assert not is_aligned(array[:, ::2])
    assert not is_aligned(array.T)


@pytest.mark.parametrize(("shift", "scale"), [(0, 1), (0, 255), (33, 78.5)])
def test_scaled_values_are_aligned_and_those_written_out(shift: float, scale: float) -> None:
    raw = np.arange(256, dtype=np.uint8).reshape(4, 8, 8)
    scaled = Scale(np.float32(shift), np.float32(scale))(raw)
    assert is_aligned(scaled)
    assert is_aligned(scaled[..., np.newaxis])
    np.testing.assert_array_equal(scaled, (raw.astype("float32") - np.float32(shift)) / np.float32(scale))
