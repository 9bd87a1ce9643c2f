"""Which of many samples are nearest to one: distances, and the search for the smallest ones part by part.

Tests compare both with scikit-learn's `NearestNeighbors`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class Neighbour:
    """A sample near another one."""

    row: int  # where it stands in its set, from 0
    distance: float  # how far it is, at least 0


class Nearest:
    """The nearest samples found so far; of equally near ones those with the smaller rows."""

    def __init__(self, count: int) -> None:
        self._count = count
        # In one place, so that whoever reads while another thread adds gets both as they belong together.
        self._best = np.empty(0, dtype=np.int64), np.empty(0)

    def add(self, rows: NDArray[np.int64], distances: NDArray[np.float64]) -> None:
        """Look at some more samples, each but once: int64 rows, float64 distances; NaN counts for nothing."""
        known = ~np.isnan(distances)
        rows = np.concatenate([self._best[0], rows[known]])
        distances = np.concatenate([self._best[1], distances[known]])
        order = np.lexsort((rows, distances))[: self._count]
        self._best = rows[order], distances[order]

    def found(self) -> tuple[Neighbour, ...]:
        """The nearest of all that were added, the nearest first."""
        return tuple(Neighbour(int(row), float(distance)) for row, distance in zip(*self._best, strict=True))


def pixel_distances(images: NDArray[np.uint8], one: NDArray[np.uint8], largest: int) -> NDArray[np.float64]:
    """Euclidean distances, float64 (n,), between the values of images, uint8 (n, height, width), and of one.

    The largest value counts 1. Of images in colours, (n, height, width, 3), each colour of a pixel is a
    value. The sum of squared differences under the root is exact.
    """
    apart = images.reshape(len(images), -1).astype(np.int32) - one.reshape(-1).astype(np.int32)
    squares: NDArray[np.int64] = np.einsum("ij,ij->i", apart, apart, dtype=np.int64)
    return np.sqrt(squares) / largest


def euclidean_distances(values: NDArray[np.float32], one: NDArray[np.float32]) -> NDArray[np.float64]:
    """Euclidean distances of rows to one: float32 (n, width) and (1, width) give float64 (n,)."""
    apart = values.astype(np.float64) - one
    squares: NDArray[np.float64] = np.einsum("ij,ij->i", apart, apart)
    return np.sqrt(squares)


def cosine_distances(words: csr_matrix, one: csr_matrix) -> NDArray[np.float64]:
    """1 minus the cosine, float64 (n,), of CSR rows of zeros and ones and a single one; 1 where either has no ones.

    For texts as sets of words the cosine is the number of words in common, divided by the geometric mean of the numbers
    of words that each of the two has.
    """
    wanted = np.zeros(words.shape[1])
    wanted[one.indices] = 1
    common = np.asarray(words @ wanted)
    lengths = np.sqrt(np.diff(words.indptr) * float(len(one.indices)))
    # Rounded as it is for a set with itself, whose distance is to be 0 and not a little less.
    cosines: NDArray[np.float64] = np.divide(common, lengths, out=np.zeros(len(common)), where=lengths > 0)
    return 1 - np.minimum(1, cosines)
