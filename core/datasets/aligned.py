"""Arrays that begin where TensorFlow wants its own to begin, so that it can compute with them as they are."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

BOUNDARY = 64
"""Bytes. The widest vectors of a processor are read from multiples of it; NumPy begins an array at multiples of 16."""


def aligned(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """An array of float32 with whatever is in its memory, the first value on the boundary."""
    size = 4 * math.prod(shape)
    memory = np.empty(size + BOUNDARY, dtype=np.uint8)
    start = -memory.ctypes.data % BOUNDARY
    return memory[start : start + size].view(np.float32).reshape(shape)


def is_aligned(array: NDArray[np.generic]) -> bool:
    """Whether the values of an array stand one after the other from the boundary on."""
    return bool(array.flags.c_contiguous and array.ctypes.data % BOUNDARY == 0)
